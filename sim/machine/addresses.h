// SPDX-License-Identifier: Apache-2.0
/// @file
/// Where the blocks, slices and tiles of a job are: in DRAM, in the halves of L1 and L0, and in
/// the result halves.
#pragma once

#include "machine/command.h"
#include "machine/plan.h"

namespace tessera
{

/// What can be broken on purpose, so that tests see it.
enum class fault { none, stride, half };

/// What an L1 half holds: a part of the job, and in which halves its operands and results are.
struct block {
    ts_mnk at, size; ///< elementwise: m elements
    bool yields;
    std::array<int, OPERANDS> half{};
};

/// What an L0 half holds, of corelet 0: a part of a block.
struct slice {
    ts_mnk at, size;
    bool last; ///< of its tile
    int half;
};

class address_generator
{
  public:
    /// Of a GEMM on arrays of so many columns.
    void begin(ts_mnk shape, const ts_parts &parts, std::int64_t columns);

    /// Between DRAM and L1s.
    move read_a(const block &b) const;
    move read_b(const block &b) const;
    move write_c(const block &b) const;

    /// From an L1 to its L0s.
    move fill_a(const block &b, const slice &s) const;
    move fill_b(const block &b, const slice &s) const;

    /// From an L0 into the array, and to the result half of a tile.
    command enter(const block &b, const slice &s, int tile) const;

    /// From a result half to L1.
    move results(const block &b, const slice &s, int tile) const;

    /// Of an elementwise job: from DRAM to L1s or back; and in L1s, of each corelet.
    static move elements(const block &b, operand_index operand, bool reads, std::int64_t of_core);
    static move elements(const block &b, operand_index operand, std::int64_t of_corelet);

    void inject(fault f)
    {
        fault_ = f;
    }

  private:
    std::int64_t rows_of_corelet(const block &b) const;
    std::int64_t columns_of_corelet(const block &b) const;
    std::int64_t columns_of_core(const block &b) const;
    int l0_half(const slice &s) const;

    ts_mnk shape_{};
    ts_parts parts_{};
    std::int64_t columns_ = 0;
    fault fault_ = fault::none;
};

} // namespace tessera
