// SPDX-License-Identifier: Apache-2.0
// Packed operands as an array's ports take them.
#include "replay/tiles/port_codes.h"

#include <cstddef>
#include <string>

namespace tessera
{

namespace
{

bool is_radix4(const ts_format &format)
{
    return format.radix_log2 == 2;
}

std::uint16_t port_code(const ts_packed &packed, std::int64_t vector, std::int64_t k)
{
    const std::uint32_t code = ts_packed_code(&packed, vector, k);
    if (!is_radix4(packed.format))
        return static_cast<std::uint16_t>(code);
    return ts_radix4_to_radix2({static_cast<std::uint8_t>(code)}, packed.format.offset != 0).v;
}

ts_mpe_mode control(const ts_gemm &gemm)
{
    if (array_mode(gemm) == TS_MODE_FP16)
        return {};
    const ts_format &a = gemm.a->format, &b = gemm.b->format;
    const bool is_unsigned = a.kind == TS_KIND_UINT || b.kind == TS_KIND_UINT;
    const bool swap = is_radix4(a) || b.kind == TS_KIND_UINT; // B on port a
    return {swap, is_unsigned, is_radix4(a) || is_radix4(b), gemm.escale, false};
}

} // namespace

std::int64_t array_mode(const ts_gemm &gemm)
{
    if (is_radix4(gemm.a->format) || is_radix4(gemm.b->format))
        return TS_MODE_FP4;
    if (ts_format_bits(&gemm.a->format) == 4)
        return TS_MODE_INT4;
    return std::string(gemm.a->format.name) == "dlfloat16" ? TS_MODE_FP16 : TS_MODE_HFP8;
}

port_codes::port_codes(const ts_gemm &gemm, std::int64_t row, std::int64_t rows,
                       std::int64_t column, std::int64_t columns)
    : shape_{rows, columns, gemm.a->k}, mode_(control(gemm))
{
    for (std::int64_t m = 0; m < rows; m++)
        for (std::int64_t k = 0; k < shape_.k; k++)
            a_.push_back(port_code(*gemm.a, row + m, k));
    for (std::int64_t k = 0; k < shape_.k; k++)
        for (std::int64_t n = 0; n < columns; n++)
            b_.push_back(port_code(*gemm.b, column + n, k));
}

} // namespace tessera
