// SPDX-License-Identifier: Apache-2.0
// Parts of the fast GEMM that its results do not show: which kernel, which threads.
#include "tessera/gemm.h"

#include <gtest/gtest.h>

#include <dlfcn.h>
#include <pthread.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cmath>
#include <vector>

extern "C" bool ts_tile_float_holds(const ts_gemm *g);
extern "C" void ts_port_a_values(const ts_gemm *g, double *values);
extern "C" void ts_port_b_values(const ts_gemm *g, double *values);

namespace
{

int created, allowed = INT_MAX;

} // namespace

// The library's calls come here first.
extern "C" int pthread_create(pthread_t *id, const pthread_attr_t *attributes,
                              void *(*start)(void *), void *argument) noexcept
{
    using function = int(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    if (created >= allowed)
        return EAGAIN;
    created++;
    auto *real = reinterpret_cast<function *>(dlsym(RTLD_NEXT, "pthread_create"));
    return real(id, attributes, start, argument);
}

namespace
{

ts_gemm four_bit(std::int64_t modes)
{
    ts_gemm g{};
    g.modes = modes;
    g.lanes = g.chunk = 8;
    return g;
}

TEST(gemm_parts, operands_have_the_values_of_their_formats)
{
    for (std::int64_t modes : {TS_MODE_INT4, TS_MODE_FP4})
        for (bool is_unsigned : {false, true}) {
            ts_gemm g = four_bit(modes);
            g.port_a_unsigned = is_unsigned;
            std::vector<double> a(17, 99), b(33, 99);
            ts_port_a_values(&g, a.data());
            ts_port_b_values(&g, b.data());
            const ts_format *of_a = is_unsigned ? &ts_format_uint4 : &ts_format_int4;
            for (std::uint32_t code = 0; code < 16; code++)
                EXPECT_EQ(a[code], ts_to_double(of_a, code));
            for (std::uint32_t code = 0; code < 32; code++)
                EXPECT_EQ(b[code], modes == TS_MODE_INT4
                                       ? ts_to_double(&ts_format_int4, code & 15)
                                       : ts_to_double(&ts_format_fp5_r2, code) * 64);
            EXPECT_EQ(a[16], 99);
            EXPECT_EQ(b[32], 99);
        }
}

// To 10 significant bits, halves up.
std::int64_t round10(std::int64_t x)
{
    std::int64_t ulp = 1;
    while (x / ulp >= 1024)
        ulp *= 2;
    return (x + ulp / 2) / ulp * ulp;
}

// Whether floats hold all sums, from the largest products, as gemm/tile_float.c explains.
bool floats_hold(const ts_gemm &g)
{
    std::int64_t p = (g.port_a_unsigned ? 15 : 8) * (g.modes == TS_MODE_FP4 ? 1 << 13 : 8);
    p *= g.lanes;
    p = g.variant == TS_VARIANT_SPLIT ? round10(p) : p;
    std::int64_t acc = 0;
    for (std::int64_t k = 0; k < std::min(g.k, g.chunk); k += g.lanes) {
        acc += p;
        if (acc > 1 << 24)
            return false;
        acc = g.variant == TS_VARIANT_INTEGER ? acc : round10(acc);
    }
    double weight = std::ldexp(1, static_cast<int>(g.escale) - (g.modes == TS_MODE_FP4 ? 6 : 0));
    double largest = std::ldexp(2 - std::ldexp(1, -8), 32);
    return g.variant == TS_VARIANT_INTEGER || static_cast<double>(acc) * weight <= largest;
}

TEST(gemm_parts, floats_are_taken_exactly_where_they_hold)
{
    int taken = 0, left = 0;
    for (std::int64_t modes : {TS_MODE_INT4, TS_MODE_FP4})
        for (bool is_unsigned : {false, true})
            for (int variant = 0; variant < 3; variant++)
                for (std::int64_t lanes = 1; lanes <= 64; lanes *= 2)
                    for (std::int64_t chunk = lanes; chunk <= 4096; chunk *= 2)
                        for (std::int64_t k : {lanes, chunk - 1, chunk, 3 * chunk})
                            for (int escale = -64; escale < 64; escale++) {
                                ts_gemm g = four_bit(modes);
                                g.port_a_unsigned = is_unsigned;
                                g.variant = variant;
                                g.lanes = lanes;
                                g.chunk = chunk;
                                g.k = k;
                                g.escale = escale;
                                bool holds = floats_hold(g);
                                ASSERT_EQ(ts_tile_float_holds(&g), holds)
                                    << modes << is_unsigned << variant << " " << lanes << " "
                                    << chunk << " " << k << " " << escale;
                                (holds ? taken : left)++;
                            }
    EXPECT_GT(taken, 1000);
    EXPECT_GT(left, 1000);
}

// A GEMM of many tiles, each element of which is k times a 1.
void expect_ones(int threads, int may_start, int expected)
{
    ts_gemm g = four_bit(TS_MODE_INT4);
    g.m = 200;
    g.n = 300;
    g.k = 16;
    const std::vector<std::uint16_t> ones(static_cast<std::size_t>(g.n * g.k), 1);
    g.a = g.b = ones.data();
    std::vector<std::uint32_t> c(static_cast<std::size_t>(g.m * g.n) + 1, 99);
    created = 0;
    allowed = may_start;
    ts_gemm_run(&g, threads, c.data());
    allowed = INT_MAX;
    EXPECT_EQ(created, expected);
    for (std::size_t i = 0; i + 1 < c.size(); i++)
        ASSERT_EQ(ts_to_double(&ts_format_dlfloat16, c[i]), 16) << i;
    EXPECT_EQ(c.back(), 99U);
}

TEST(gemm_parts, as_many_threads_as_asked_for)
{
    expect_ones(1, 1000, 0);
    expect_ones(0, 1000, 0);
    expect_ones(-1, 1000, 0);
    expect_ones(2, 1000, 1);
    expect_ones(5, 1000, 4);
    expect_ones(256, 1000, 255);
    expect_ones(257, 1000, 255);
}

TEST(gemm_parts, what_a_thread_that_cannot_start_would_do_is_done)
{
    expect_ones(4, 0, 0);
    expect_ones(4, 2, 2);
}

} // namespace
