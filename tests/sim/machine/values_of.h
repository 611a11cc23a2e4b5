// SPDX-License-Identifier: Apache-2.0
// Jobs with values at random, and runs of them.
#pragma once

#include "random_machine.h"

#include "machine/machine_module.h"

#include <memory>
#include <utility>
#include <vector>

namespace random_machine
{

struct free_packed {
    void operator()(ts_packed *packed) const
    {
        ts_packed_free(packed);
        delete packed;
    }
};
using packed_ptr = std::unique_ptr<ts_packed, free_packed>;

// Codes at random, zeros and small numbers more often than they would be.
inline packed_ptr random_operand(random_source &random, const ts_format &format,
                                 std::int64_t vectors, std::int64_t k)
{
    const int bits = ts_format_bits(&format);
    std::vector<std::uint32_t> codes(static_cast<std::size_t>(vectors * k));
    for (std::uint32_t &code : codes) {
        code = static_cast<std::uint32_t>(random.from_to(0, (1 << bits) - 1));
        if (bits == 16 && !random.one_in(200)) // near one
            code = (code & 0x87FF) + 0x3800;
        if (random.one_in(5))
            code = 0;
    }
    packed_ptr packed(new ts_packed{});
    EXPECT_EQ(ts_pack(packed.get(), &format, vectors, k, codes.data(), 4, k, 1), nullptr);
    return packed;
}

// Operands in the formats of a mode, and how they are summed.
struct random_gemm {
    random_gemm(random_source &random, const ts_machine &machine, const ts_mnk &shape)
    {
        const ts_format *of_a = &ts_format_dlfloat16, *of_b = of_a;
        const bool swap = random.one_in(2);
        const ts_format *integers[] = {&ts_format_int4, &ts_format_uint4};
        const ts_format *floats[] = {&ts_format_fp4_r4_even, &ts_format_fp4_r4_odd};
        const ts_format *fp8s[] = {&ts_format_fp8_143, &ts_format_fp8_152};
        if (machine.mode == TS_MODE_INT4 || machine.mode == TS_MODE_FP4) {
            of_a = integers[random.from_to(0, 1)];
            of_b = machine.mode == TS_MODE_INT4 ? &ts_format_int4 : floats[random.from_to(0, 1)];
        } else if (machine.mode == TS_MODE_HFP8) {
            of_a = fp8s[random.from_to(0, 1)];
            of_b = fp8s[random.from_to(0, 1)];
        }
        if (swap)
            std::swap(of_a, of_b);
        a = random_operand(random, *of_a, shape.m, shape.k);
        b = random_operand(random, *of_b, shape.n, shape.k);
        const bool four_bit = machine.mode <= TS_MODE_FP4;
        gemm.a = a.get();
        gemm.b = b.get();
        gemm.lanes = machine.lanes;
        gemm.chunk = machine.lanes * random.pow2(5);
        gemm.variant = four_bit ? random.from_to(0, 2) : 0;
        gemm.outer = random.from_to(0, 1);
        gemm.saturate = random.one_in(4);
        gemm.escale = four_bit ? static_cast<int>(random.from_to(-30, 20)) : 0;
        gemm.align = {random.one_in(4), 24};
        EXPECT_EQ(ts_gemm_check(&gemm), nullptr);
    }

    std::vector<std::uint32_t> golden() const
    {
        std::vector<std::uint32_t> c(static_cast<std::size_t>(a->vectors * b->vectors));
        EXPECT_EQ(ts_gemm_run(&gemm, 1, c.data()), nullptr);
        return c;
    }

    packed_ptr a, b;
    ts_gemm gemm{};
};

struct pair {
    ts_design design;
    ts_machine machine;
    ts_gemm_job job;
    ts_plan plan;
};

// Small designs, so that most jobs have several of each part.
inline bool make_pair(random_source &random, pair &p)
{
    char error[512];
    p.design = random_design(random);
    const std::int64_t mode = random_mode(random, p.design);
    if (!ts_machine_make(&p.design, mode, &p.machine, error, sizeof error))
        return false;
    const std::int64_t bits = ts_machine_operand_bits(&p.design, mode, false);
    p.job.shape = {random.size(80), random.size(50), random.size(120)};
    p.job.a = p.job.b = {bits, bits, 1, 1};
    p.job.stored = 16;
    p.job.ops = random.from_to(1, 3);
    p.job.count = 1;
    return ts_machine_plan(&p.machine, &p.job, &p.plan, error, sizeof error);
}

// Runs a pair with values: the results. Counts are those of the closed form, whatever they are.
inline std::vector<std::uint32_t> run(const pair &p, const random_gemm &g,
                                      tessera::machine_simulation &simulation, float factor = 1)
{
    std::vector<std::uint32_t> c(static_cast<std::size_t>(p.job.shape.m * p.job.shape.n), ~0U);
    const ts_gemm_values values = {&g.gemm, factor, c.data(), nullptr, 0, TS_UNDERFLOW_NEAREST};
    char error[512] = "";
    ts_counts closed;
    EXPECT_TRUE(ts_gemm_values_check(&p.machine, &p.job, &values, error, sizeof error)) << error;
    EXPECT_TRUE(ts_gemm_counts(&p.machine, &p.job, &closed, error, sizeof error)) << error;
    expect_equal(closed, simulation.run(p.job, p.plan, values));
    return c;
}

} // namespace random_machine
