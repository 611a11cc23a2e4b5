// SPDX-License-Identifier: Apache-2.0
/// @file
/// Blocks whose ports count in different cycles, made to count in one.
#pragma once

#include "cosim/foreign_model.h"
#include "vectors/layout.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace tessera
{

/// In which cycle each word of the inputs and outputs counts, after that of valid_i.
struct timing {
    timing(const ts_layout &layout, int latency);

    std::vector<int> in, out;
    int valid_out; ///< the latency: valid_i to valid_o
    int last;      ///< when all of an operation has come out

    /// Whether all inputs come with valid_i and all outputs with valid_o.
    bool is_aligned() const;
};

/// A model whose inputs all count with valid_i, and whose outputs, valid_o too, all count when the
/// last of them is there.
class aligned_model final : public foreign_model
{
  public:
    aligned_model(std::unique_ptr<foreign_model> model, timing when);

    void drive(bool reset, bool valid, const std::uint64_t *in) override;
    bool sample(std::uint64_t *out) const override;
    void settle() override;
    void rise() override;

    const std::string &stopped() const override
    {
        return model_->stopped();
    }

    void speak() override
    {
        model_->speak();
    }

    void record(const char *path) override
    {
        model_->record(path);
    }

    void annotate(std::uint64_t cycle, bool valid, const std::uint64_t *expected,
                  bool differs) override
    {
        model_->annotate(cycle, valid, expected, differs);
    }

  private:
    /// What the module's pins are in a cycle.
    struct pins {
        bool valid_out = false;
        std::vector<std::uint64_t> in, out;
    };

    const pins &ago(int cycles) const;

    std::unique_ptr<foreign_model> model_;
    timing when_;
    std::vector<pins> cycles_; ///< a ring
    std::size_t now_ = 0;
    bool reset_ = false;
    std::vector<std::uint64_t> delayed_;
};

} // namespace tessera
