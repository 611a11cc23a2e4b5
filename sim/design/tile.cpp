// SPDX-License-Identifier: Apache-2.0
// Operands of a GEMM in the order in which a mac_array takes them.
#include "design/tile.h"

#include <algorithm>
#include <cstddef>

extern "C" const struct ts_block ts_block_mac_array;

namespace tessera
{

namespace
{

std::int64_t parameter(const std::int64_t *params, const char *name)
{
    return params[ts_block_param(&ts_block_mac_array, name)];
}

// Codes of a matrix; zero, which is every format's code of zero, where it has none.
struct matrix {
    const std::uint16_t *codes;
    std::int64_t rows, columns;
    std::uint64_t mask;

    std::uint64_t at(std::int64_t row, std::int64_t column) const
    {
        return row < rows && column < columns ? codes[row * columns + column] & mask : 0;
    }
};

} // namespace

gemm_tile make_tile(const std::int64_t *params, const gemm_codes &gemm, std::int64_t m0,
                    std::int64_t n0)
{
    const std::int64_t rows = parameter(params, "Rows"), lanes = parameter(params, "Lanes");
    const std::uint64_t mask = parameter(params, "Modes") == TS_MODE_FP16 ? 0xFFFF : 0x1F;
    const matrix a = {gemm.a, gemm.shape.m, gemm.shape.k, mask};
    const matrix b = {gemm.b, gemm.shape.k, gemm.shape.n, mask};
    const ts_mnk cut = ts_array_tile(params);
    const ts_mnk shape = {std::min(cut.m, gemm.shape.m - m0), std::min(cut.n, gemm.shape.n - n0),
                          gemm.shape.k};

    gemm_tile tile = {m0, n0, static_cast<int>(shape.m), static_cast<int>(shape.n), {}};
    ts_array_schedule schedule;
    ts_array_fold fold;
    ts_array_schedule_start(&schedule, params, shape, gemm.mode);
    while (ts_array_schedule_next(&schedule, &fold)) {
        array_pass pass;
        pass.fold = fold.fold;
        pass.stationary.reserve(static_cast<std::size_t>(cut.n * cut.k));
        for (std::int64_t r = 0; r < rows; r++)
            for (std::int64_t n = 0; n < cut.n; n++)
                for (std::int64_t l = 0; l < lanes; l++)
                    pass.stationary.push_back(b.at(fold.k0 + r * lanes + l, n0 + n));
        pass.streamed.reserve(static_cast<std::size_t>(fold.rows * cut.k));
        for (std::int64_t m = 0; m < fold.rows; m++)
            for (std::int64_t k = 0; k < cut.k; k++)
                pass.streamed.push_back(a.at(m0 + m, fold.k0 + k));
        tile.passes.push_back(std::move(pass));
    }
    return tile;
}

} // namespace tessera
