// SPDX-License-Identifier: Apache-2.0
// The protocol of a mac_array: load, stream, drain.
#include "cosim/fold_driver.h"

#include <algorithm>

extern "C" const struct ts_block ts_block_mac_array;

namespace tessera
{

namespace
{

std::size_t parameter(const std::int64_t *params, const char *name)
{
    return static_cast<std::size_t>(params[ts_block_param(&ts_block_mac_array, name)]);
}

} // namespace

fold_driver::fold_driver(const std::int64_t *params)
    : rows_(parameter(params, "Rows")),
      weights_(parameter(params, "Cols") * parameter(params, "Simd") * parameter(params, "Lanes")),
      row_words_(rows_ * parameter(params, "Lanes")), params_(params)
{
}

void fold_driver::start(const array_pass &pass)
{
    pass_ = &pass;
    cycle_ = 0;
    streamed_ = 0;
    auto rows = static_cast<int>(pass.streamed.size() / row_words_);
    end_ = static_cast<std::size_t>(ts_mac_array_fold_cycles(params_, rows));
}

bool fold_driver::next(std::uint64_t *in, bool gap)
{
    bool load = cycle_ < rows_;
    std::uint64_t *weight = in + 1;
    std::uint64_t *stream = weight + weights_;
    std::uint64_t *control = stream + row_words_;
    const ts_fold &fold = pass_->fold;
    const std::uint64_t bits[] = {
        fold.mode.swap, fold.mode.a_unsigned,
        fold.mode.fp4,  static_cast<std::uint64_t>(fold.mode.escale) & 0x7F,
        fold.open,      fold.close,
        fold.first,     fold.last};
    std::copy(std::begin(bits), std::end(bits), control);

    in[0] = load;
    bool valid = !load && !gap && streamed_ * row_words_ < pass_->streamed.size();
    if (load) // the bottom row's operands have the longest way down
        std::copy_n(pass_->stationary.begin() +
                        static_cast<std::ptrdiff_t>((rows_ - 1 - cycle_) * weights_),
                    weights_, weight);
    if (valid)
        std::copy_n(pass_->streamed.begin() + static_cast<std::ptrdiff_t>(streamed_++ * row_words_),
                    row_words_, stream);
    bool held_back = !load && !valid && streamed_ * row_words_ < pass_->streamed.size();
    if (!held_back)
        cycle_++;
    return valid;
}

fold_results::fold_results(const std::int64_t *params)
    : cols_(parameter(params, "Cols")), simd_(parameter(params, "Simd")), valid_(cols_),
      next_(cols_)
{
}

void fold_results::clear()
{
    std::fill(next_.begin(), next_.end(), 0);
    results_.clear();
}

void fold_results::observe(bool valid, const std::uint64_t *outer)
{
    valid_.push_front(valid);
    valid_.pop_back();
    std::size_t width = cols_ * simd_;
    for (std::size_t c = 0; c < cols_; c++) {
        if (!valid_[c])
            continue;
        std::size_t row = next_[c]++;
        if (results_.size() < (row + 1) * width)
            results_.resize((row + 1) * width);
        std::copy_n(outer + c * simd_, simd_,
                    results_.begin() + static_cast<std::ptrdiff_t>(row * width + c * simd_));
    }
}

} // namespace tessera
