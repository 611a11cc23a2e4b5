// SPDX-License-Identifier: Apache-2.0
/// @file
/// What of a machine holds values: its memories and arrays, for each core and corelet.
#pragma once

#include "machine/array_values.h"
#include "machine/plan.h"
#include "machine/special_functions.h"

#include <memory>
#include <vector>

namespace tessera
{

/// Which part of a job's dimensions a core or a corelet has.
struct part_index {
    std::int64_t m, n;
};

class corelet : public sc_core::sc_module
{
  public:
    corelet(sc_core::sc_module_name name, const ts_machine &machine);

    memory l0, results; ///< results: c, of the tile before and of the next one
    array_values array;
    special_functions functions; ///< of an elementwise job
};

class core : public sc_core::sc_module
{
  public:
    core(sc_core::sc_module_name name, const ts_machine &machine);

    memory l1;
    std::vector<std::unique_ptr<corelet>> corelets;
};

class chip
{
  public:
    explicit chip(const ts_machine &machine);

    /// Empty memories, for a job that is cut to such parts.
    void begin(const ts_parts &parts);

    /// Parts among all cores; of a core's, among its corelets.
    part_index core_part(std::size_t core) const;
    part_index corelet_part(std::size_t corelet) const;

    void trace(sc_core::sc_trace_file *file) const;

    memory dram;
    std::vector<std::unique_ptr<core>> cores;

  private:
    ts_parts parts_{};
};

} // namespace tessera
