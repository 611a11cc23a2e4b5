// SPDX-License-Identifier: Apache-2.0
/// @file
/// The special functions of a corelet on elements of an elementwise job: golden functions, with
/// the registers that they have.
#pragma once

#include "machine/values.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tessera
{

class special_functions
{
  public:
    using inputs = std::array<std::uint32_t, 2>;
    using outputs = std::array<std::uint32_t, 2>;

    /// A job of so many elements; `unit` is its random registers, if it has any.
    void begin(const ts_elementwise_values &values, ts_axpy_sr_unit *unit, std::int64_t elements);

    /// A part of a tensor begins: so do the lanes.
    void begin_part()
    {
        lane_ = 0;
    }

    /// The next element.
    outputs element(const inputs &in);

    /// The largest magnitude so far, without its sign.
    std::uint16_t largest() const
    {
        return largest_;
    }

    /// Of a tensor that is whole.
    float clip() const;
    bool fell_back() const;

  private:
    float number(std::uint32_t code) const;
    outputs two_phases(std::uint32_t code) const;
    std::uint32_t axpy(std::uint32_t dw, std::uint32_t w);
    void sum(std::uint32_t w);

    const ts_elementwise_values *values_ = nullptr;
    ts_axpy_sr_unit *unit_ = nullptr;
    std::int64_t elements_ = 0, seen_ = 0;
    std::size_t lane_ = 0;
    std::uint16_t largest_ = 0;
    std::array<std::uint32_t, TS_AXPY_SR_MAX_LANES> random_{};
    std::vector<std::int64_t> sawb_params_; ///< of the block sawb, and its state and ports
    std::vector<std::byte> sawb_;
    std::vector<std::uint64_t> sawb_in_, sawb_out_;
};

} // namespace tessera
