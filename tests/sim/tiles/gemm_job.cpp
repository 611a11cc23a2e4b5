// SPDX-License-Identifier: Apache-2.0
// GEMMs as their makers leave them, and random ones.
#include "gemm_job.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace
{

std::int64_t parameter(const ts_block &block, const std::int64_t *params, const char *name)
{
    return params[ts_block_param(&block, name)];
}

// Most sums stay well in range; others are at one of its ends, or anywhere.
int draw_escale(ts_random &random)
{
    switch (random_below(random, 8)) {
    case 0:
        return static_cast<int>(random_below(random, 128)) - 64;
    case 1:
        return static_cast<int>(random_below(random, 8)) + 20;
    case 2:
        return static_cast<int>(random_below(random, 8)) - 40;
    default:
        return static_cast<int>(random_below(random, 16)) - 8;
    }
}

// In half of the vectors that are multiplied some dot products are of zeros alone.
std::vector<std::uint16_t> draw_codes(const ts_format &format, std::int64_t vectors, std::int64_t k,
                                      ts_random &random)
{
    enum { NAN_INFINITY = 0x7FFF, ONE = 0x3E00, ZEROS = 8 };
    const bool wide = ts_format_bits(&format) > 4;
    std::vector<std::uint16_t> codes;
    for (std::int64_t v = 0; v < vectors; v++) {
        const bool sparse = random_below(random, 2);
        bool zero = false;
        for (std::int64_t i = 0; i < k; i++) {
            if (i % ZEROS == 0)
                zero = sparse && random_below(random, 2);
            std::uint64_t code =
                ts_random_element(&random, wide ? &format : nullptr, ts_format_bits(&format));
            if (wide && code % 0x8000 == NAN_INFINITY && random_below(random, 256))
                code = ONE; // else it would be in all sums
            codes.push_back(zero ? 0 : static_cast<std::uint16_t>(code));
        }
    }
    return codes;
}

} // namespace

std::int64_t random_below(ts_random &random, std::int64_t n)
{
    return static_cast<std::int64_t>(ts_random_next(&random) % static_cast<std::uint64_t>(n));
}

gemm_job::gemm_job(std::unique_ptr<ts_event_tile> tile)
    : tile_(std::move(tile)),
      codes_(tile_->gemm, 0, tile_->gemm.a->vectors, 0, tile_->gemm.b->vectors)
{
}

gemm_job::~gemm_job()
{
    ts_event_tile_free(tile_.get());
}

ts_design design_of_array(const ts_block &block, const std::int64_t *params)
{
    ts_design design = {};
    auto get = [&](const char *name) { return parameter(block, params, name); };
    design.modes = get("Modes");
    design.array.rows = get("Rows");
    design.array.cols = get("Cols");
    design.array.simd = get("Simd");
    design.array.lanes = get("Lanes");
    design.array.depth = 1;
    design.accumulator = {get("Chunk"), get("Variant"), get("Outer"), get("Saturate")};
    design.stages = {get("DotStages"), get("AccStages"), get("OuterStages")};
    design.quantizes = true;
    design.quantization = {0, 1, 6, TS_UNDERFLOW_NEAREST}; // even in BWD, odd in GRAD
    return design;
}

std::vector<format_pair> pairs_of_modes(std::int64_t modes)
{
    if (modes == TS_MODE_FP16)
        return {{&ts_format_dlfloat16, &ts_format_dlfloat16}};
    std::vector<format_pair> pairs;
    const ts_format *const integers[] = {&ts_format_int4, &ts_format_uint4};
    if (modes & TS_MODE_INT4)
        pairs = {
            {integers[0], integers[0]}, {integers[0], integers[1]}, {integers[1], integers[0]}};
    for (const ts_format *gradient : {&ts_format_fp4_r4_even, &ts_format_fp4_r4_odd})
        for (const ts_format *integer : integers)
            if (modes & TS_MODE_FP4) {
                pairs.push_back({gradient, integer});
                pairs.push_back({integer, gradient});
            }
    return pairs;
}

std::unique_ptr<gemm_job> random_job(const ts_design &design, const ts_mnk &shape,
                                     const format_pair &f, ts_random &random)
{
    auto tile = std::make_unique<ts_event_tile>();
    *tile = {};
    const std::vector<std::uint16_t> a = draw_codes(*f.a, shape.m, shape.k, random);
    const std::vector<std::uint16_t> b = draw_codes(*f.b, shape.n, shape.k, random);
    EXPECT_EQ(ts_pack(&tile->a, f.a, shape.m, shape.k, a.data(), sizeof a[0], shape.k, 1), nullptr);
    EXPECT_EQ(ts_pack(&tile->b, f.b, shape.n, shape.k, b.data(), sizeof b[0], shape.k, 1), nullptr);
    ts_gemm &gemm = tile->gemm;
    gemm.a = &tile->a;
    gemm.b = &tile->b;
    gemm.lanes = design.array.lanes;
    gemm.chunk = design.accumulator.chunk;
    gemm.variant = design.accumulator.variant;
    gemm.outer = design.accumulator.outer;
    gemm.saturate = design.accumulator.saturate;
    gemm.escale = design.modes == TS_MODE_FP16 ? 0 : draw_escale(random);
    EXPECT_EQ(ts_gemm_check(&gemm), nullptr);
    tile->c = static_cast<std::uint32_t *>(
        std::malloc(static_cast<std::size_t>(shape.m * shape.n) * sizeof *tile->c));
    EXPECT_EQ(ts_gemm_run(&gemm, 1, tile->c), nullptr);
    return std::make_unique<gemm_job>(std::move(tile));
}
