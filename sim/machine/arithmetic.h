// SPDX-License-Identifier: Apache-2.0
/// @file
/// The arithmetic of a slice of an mpe in the mode of a GEMM: the golden functions, on operands as
/// they are inside an array.
#pragma once

#include "tessera/gemm.h"

#include <cstdint>

namespace tessera
{

/// Of a GEMM that passes ts_gemm_values_check().
class gemm_arithmetic
{
  public:
    gemm_arithmetic(const ts_gemm &gemm, std::int64_t mode);

    /// Codes at the array's edge: radix 4 gets its phase bit, FP8s are widened.
    std::uint16_t operand_a(std::uint32_t code) const
    {
        return edge(a_, code);
    }

    std::uint16_t operand_b(std::uint32_t code) const
    {
        return edge(b_, code);
    }

    /// `lanes` products of edge operands enter the inner sum.
    std::uint64_t add(const std::uint16_t *a, const std::uint16_t *b, std::uint64_t acc) const;

    /// The inner sum of a chunk enters the sum over chunks.
    std::uint32_t add_outer(std::uint32_t outer, std::uint64_t acc) const;

    /// Of dY: which operand it is, and in which phase.
    bool a_is_radix4() const
    {
        return a_.radix4;
    }

    bool odd() const
    {
        return a_.odd || b_.odd;
    }

    std::int64_t chunk() const
    {
        return chunk_;
    }

  private:
    struct port {
        bool radix4, odd, fp8, is_152;
        int bias;
    };

    static port port_of(const ts_format &format);
    static std::uint16_t edge(const port &p, std::uint32_t code);

    std::int64_t mode_, lanes_, chunk_, variant_, outer_;
    ts_overflow overflow_;
    ts_align align_;
    port a_, b_;
    bool b_is_port_a_, port_a_unsigned_;
    int weight_, acc_bits_;
};

} // namespace tessera
