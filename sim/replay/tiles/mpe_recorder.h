// SPDX-License-Identifier: Apache-2.0
/// @file
/// Writes what some mpes of an array see and show, cycle by cycle, as vectors for their netlist.
#pragma once

#include "replay/tiles/systemc_arrays.h"

#include <filesystem>
#include <string>
#include <vector>

namespace tessera
{

/// One file per mpe, DIRECTORY/NAME_mpe_ROW_COL.vec. Its first line, `#fields load:1:in ...`,
/// names fields, their bits and directions; every other line is one cycle, in hexadecimal.
/// Fields of a cycle are what the ports show in it; valid_i, always 0 in an array, comes first.
class mpe_recorder
{
  public:
    /// The corners and the middle of the first `working_columns` columns, and one of the last
    /// column, which may hold padding; each once. Throws std::runtime_error.
    mpe_recorder(const systemc_arrays &arrays, const std::int64_t *array_params,
                 int working_columns, const std::filesystem::path &directory,
                 const std::string &name);
    /// Removes what finish() has not put into place.
    ~mpe_recorder();
    mpe_recorder(const mpe_recorder &) = delete;
    mpe_recorder &operator=(const mpe_recorder &) = delete;

    void record();
    void finish();

  private:
    struct field {
        int bits;
        bool out;
        std::size_t port; ///< in inputs() or outputs() of the module
    };

    struct file {
        const mpe *unit;
        std::filesystem::path path, temporary;
        std::FILE *stream;
    };

    void open(const mpe &unit, const std::filesystem::path &path);
    std::string header() const;

    const std::int64_t *params_;
    std::vector<field> fields_;
    std::vector<std::string> names_;
    std::vector<file> files_;
    std::string line_;
};

} // namespace tessera
