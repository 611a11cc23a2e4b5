// SPDX-License-Identifier: Apache-2.0
// Golden functions in the order of an array.
#include "machine/arithmetic.h"

#include "core/aligned_sum.h"
#include "core/block_common.h"

extern "C" {
#include "gemm/pairing.h"
}

#include <algorithm>

namespace tessera
{

gemm_arithmetic::port gemm_arithmetic::port_of(const ts_format &format)
{
    const bool odd = ts_is_format(&format, &ts_format_fp4_r4_odd);
    const bool is_152 = ts_is_format(&format, &ts_format_fp8_152);
    return {odd || ts_is_format(&format, &ts_format_fp4_r4_even), odd,
            is_152 || ts_is_format(&format, &ts_format_fp8_143), is_152, format.bias};
}

gemm_arithmetic::gemm_arithmetic(const ts_gemm &gemm, std::int64_t mode)
    : mode_(mode), lanes_(gemm.lanes), chunk_(gemm.chunk), variant_(gemm.variant),
      outer_(gemm.outer), overflow_(ts_overflow_of(gemm.saturate)), align_(gemm.align),
      a_(port_of(gemm.a->format)), b_(port_of(gemm.b->format)),
      weight_(gemm.escale + ts_product_exp(mode_ == TS_MODE_FP4)),
      acc_bits_(ts_acc_bits(TS_MODES_INTEGER, gemm.chunk, gemm.variant))
{
    const ts_pairing pairing = ts_pairing_of(&gemm.a->format, &gemm.b->format);
    b_is_port_a_ = pairing.b_is_port_a;
    port_a_unsigned_ = pairing.port_a_unsigned;
}

std::uint16_t gemm_arithmetic::edge(const port &p, std::uint32_t code)
{
    if (p.radix4)
        return ts_radix4_to_radix2(ts_fp4_r4{static_cast<std::uint8_t>(code)}, p.odd).v;
    if (p.fp8)
        return ts_hfp8_widen(static_cast<std::uint8_t>(code), p.is_152, p.bias).v;
    return static_cast<std::uint16_t>(code);
}

std::uint64_t gemm_arithmetic::add(const std::uint16_t *a, const std::uint16_t *b,
                                   std::uint64_t acc) const
{
    const ts_dlfloat16 sum = {static_cast<std::uint16_t>(acc)};
    const int lanes = static_cast<int>(lanes_);
    if (mode_ == TS_MODE_FP16 && lanes == 1)
        return ts_dlfloat16_fma({a[0]}, {b[0]}, sum, overflow_).v;
    if (mode_ == TS_MODE_FP16) {
        ts_dlfloat16 x[TS_MAX_DOT_LANES], y[TS_MAX_DOT_LANES];
        std::transform(a, a + lanes, x, [](std::uint16_t code) { return ts_dlfloat16{code}; });
        std::transform(b, b + lanes, y, [](std::uint16_t code) { return ts_dlfloat16{code}; });
        return ts_dlfloat16_dot(x, y, lanes, sum, align_, overflow_).v;
    }
    if (mode_ == TS_MODE_HFP8) {
        ts_fp9_153 x[TS_MAX_DOT_LANES], y[TS_MAX_DOT_LANES];
        std::transform(a, a + lanes, x, [](std::uint16_t code) { return ts_fp9_153{code}; });
        std::transform(b, b + lanes, y, [](std::uint16_t code) { return ts_fp9_153{code}; });
        return ts_hfp8_mac(x, y, lanes, sum, align_, overflow_).v;
    }
    if (b_is_port_a_)
        std::swap(a, b);
    std::int64_t products = 0;
    for (int i = 0; i < lanes; i++)
        products += ts_mac_lane(ts_operand_a(a[i], port_a_unsigned_), b[i], mode_ == TS_MODE_FP4);
    return ts_chunk_add_word(variant_, overflow_, acc_bits_, acc, products, weight_);
}

std::uint32_t gemm_arithmetic::add_outer(std::uint32_t outer, std::uint64_t acc) const
{
    return ts_outer_add_word(variant_, outer_, overflow_, acc_bits_, outer, acc, weight_);
}

} // namespace tessera
