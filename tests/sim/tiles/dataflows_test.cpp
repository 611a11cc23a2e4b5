// SPDX-License-Identifier: Apache-2.0
// A result does not depend on dataflow, tiles, array or stages. The same GEMMs on SystemC arrays
// that differ in all of these: each gives the engine's bits, in the cycles of its closed form.
#include "bench_options.h"
#include "array_bench.h"

#include <gtest/gtest.h>

#include <cinttypes>
#include <cstdio>
#include <set>
#include <string>

extern "C" const struct ts_block ts_block_mac_array, ts_block_mac_array_os;

namespace
{

using words = std::vector<std::string>;

// Rows * Lanes below, at and above the chunk of 32; tiles that fit and that do not.
const words weight_stationary[] = {
    {"Rows=1", "Cols=2", "Simd=2", "AccStages=1", "OuterStages=1", "Depth=5"},
    {"Rows=2", "Cols=3", "Simd=1", "AccStages=3", "OuterStages=2", "Depth=4"},
    {"Rows=8", "Cols=8", "Simd=1", "AccStages=1", "OuterStages=1", "Depth=64"},
    {"Rows=4", "Cols=1", "Simd=3", "AccStages=2", "OuterStages=1", "Depth=16"},
    {"Rows=16", "Cols=2", "Simd=2", "AccStages=1", "OuterStages=1", "Depth=3"},
};

const words output_stationary[] = {
    {"Rows=1", "Cols=1", "Simd=1", "AccStages=1", "OuterStages=1"},
    {"Rows=2", "Cols=2", "Simd=2", "AccStages=2", "OuterStages=1"},
    {"Rows=8", "Cols=8", "Simd=1", "AccStages=1", "OuterStages=1"},
    {"Rows=5", "Cols=1", "Simd=3", "AccStages=3", "OuterStages=3"},
    {"Rows=3", "Cols=4", "Simd=1", "AccStages=2", "OuterStages=2"},
};

// The stages that arrays of a dataflow have in turn.
int dot_stages(const words &arithmetic, std::size_t array)
{
    return arithmetic[0] == "Modes=fp16" ? 0 : static_cast<int>(array % 3);
}

tessera::configuration configuration_of(const ts_block &block, const words &arithmetic,
                                        const words &shape, std::size_t array)
{
    static const char *const labels[] = {"0", "1", "2", "3", "4"};
    tessera::configuration config = {labels[array], false, {}};
    ts_block_presets(&block, config.params);
    auto set = [&](const std::string &assignment) {
        EXPECT_EQ(ts_block_set(&block, config.params, assignment.c_str()), nullptr) << assignment;
    };
    for (const words *each : {&arithmetic, &shape})
        for (const std::string &assignment : *each)
            set(assignment);
    set("DotStages=" + std::to_string(dot_stages(arithmetic, array)));
    EXPECT_EQ(ts_block_check(&block, config.params), nullptr);
    return config;
}

// The GEMM of that number is the same for every array.
std::unique_ptr<gemm_job> numbered_job(const ts_design &design, std::uint64_t number)
{
    ts_random random = {tessera::seed_option() + (number << 32)};
    const ts_mnk shape = {1 + random_below(random, 20), 1 + random_below(random, 12),
                          1 + random_below(random, 3 * design.accumulator.chunk)};
    const std::vector<format_pair> pairs = pairs_of_modes(design.modes);
    return random_job(design, shape, pairs[number % pairs.size()], random);
}

class Dataflows : public testing::TestWithParam<words>
{
};

TEST_P(Dataflows, GiveTheBitsOfTheEngine)
{
    enum { GEMMS = 22 }; // twice as many as there are pairs of formats
    std::vector<tessera::configuration> weight, output;
    for (std::size_t i = 0; i < std::size(weight_stationary); i++)
        weight.push_back(configuration_of(ts_block_mac_array, GetParam(), weight_stationary[i], i));
    for (std::size_t i = 0; i < std::size(output_stationary); i++)
        output.push_back(
            configuration_of(ts_block_mac_array_os, GetParam(), output_stationary[i], i));
    array_bench bench;
    for (const tessera::configuration &each : weight)
        bench.add(ts_block_mac_array, each, tessera::seed_option());
    for (const tessera::configuration &each : output)
        bench.add(ts_block_mac_array_os, each, tessera::seed_option());

    bench.run([](const array_lane &lane, bool &) -> std::unique_ptr<gemm_job> {
        const std::uint64_t number = lane.count().gemms;
        if (number == GEMMS)
            return nullptr;
        return numbered_job(design_of_array(lane.block(), lane.config().params), number);
    });

    std::set<std::uint64_t> tilings;
    std::string text;
    for (const auto &lane : bench.lanes()) {
        EXPECT_EQ(lane->mismatch(), "") << "seed " << tessera::seed_option();
        EXPECT_EQ(lane->count().gemms, GEMMS);
        EXPECT_EQ(lane->count().timed, GEMMS);
        tilings.insert(lane->count().tiles);
    }
    EXPECT_GT(tilings.size(), 5U) << "the arrays cut the GEMMs differently";
    for (const std::string &assignment : GetParam())
        text += assignment + " ";
    std::printf("dataflows, %s: %d GEMMs on %zu arrays, %zu tilings, seed %" PRIu64 "\n",
                text.c_str(), GEMMS, bench.lanes().size(), tilings.size(), tessera::seed_option());
}

INSTANTIATE_TEST_SUITE_P(
    Arithmetic, Dataflows,
    testing::Values(words{"Modes=int4+fp4", "Lanes=8", "Chunk=32"},
                    words{"Modes=int4+fp4", "Lanes=4", "Chunk=32", "Outer=fp32"},
                    words{"Modes=int4+fp4", "Lanes=8", "Chunk=32", "Variant=split", "Saturate=1"},
                    words{"Modes=int4+fp4", "Lanes=2", "Chunk=32", "Variant=integer"},
                    words{"Modes=fp4", "Lanes=4", "Chunk=32"},
                    words{"Modes=int4", "Lanes=16", "Chunk=32"},
                    words{"Modes=fp16", "Lanes=1", "Chunk=8"}));

} // namespace
