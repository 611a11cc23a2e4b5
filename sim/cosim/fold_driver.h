// SPDX-License-Identifier: Apache-2.0
/// @file
/// Drives a mac_array through folds, cycle by cycle, and collects what comes out.
#pragma once

#include "tessera/mac_array.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace tessera
{

/// One pass of streamed rows over one set of stationary operands.
struct array_pass {
    ts_fold fold;
    std::vector<std::uint64_t> stationary; ///< [Rows][Cols * Simd][Lanes]
    std::vector<std::uint64_t> streamed;   ///< [rows][Rows * Lanes]
};

/// The inputs of a mac_array in each cycle of a fold, as ts_block::step takes them.
class fold_driver
{
  public:
    explicit fold_driver(const std::int64_t *params);

    void start(const array_pass &pass);

    /// Whether the fold, its drain included, is over.
    bool done() const
    {
        return cycle_ >= end_;
    }

    /// Fills `in` for the next cycle and returns valid_i. A `gap` holds a streamed row back.
    bool next(std::uint64_t *in, bool gap = false);

  private:
    const array_pass *pass_ = nullptr;
    std::size_t rows_, weights_, row_words_;
    const std::int64_t *params_;
    std::size_t cycle_ = 0, end_ = 0, streamed_ = 0;
};

/// Puts the results of a mac_array, which leave column by column, together again.
class fold_results
{
  public:
    explicit fold_results(const std::int64_t *params);

    /// What the array shows in a cycle.
    void observe(bool valid, const std::uint64_t *outer);

    /// Whether column c's outputs count in the cycle last observed.
    bool counts(std::size_t column) const
    {
        return valid_[column];
    }

    /// Rows whose results have left every column.
    std::size_t rows() const
    {
        return next_.back();
    }

    /// The results so far, [row][Cols * Simd].
    const std::vector<std::uint64_t> &results() const
    {
        return results_;
    }

    void clear();

  private:
    std::size_t cols_, simd_;
    std::deque<bool> valid_;        ///< valid_o of c cycles ago
    std::vector<std::size_t> next_; ///< the next row of each column
    std::vector<std::uint64_t> results_;
};

} // namespace tessera
