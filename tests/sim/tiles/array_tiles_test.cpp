// SPDX-License-Identifier: Apache-2.0
// Random tiles and tiles of captured GEMMs on all arrays that the bench files name, both dataflows:
// SystemC = RTL in every cycle, results = engine, cycles = closed form.
#include "bench_options.h"
#include "array_bench.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <map>
#include <set>
#include <string>

namespace
{

enum { RANDOM_GEMMS = 48, LEAST_TILES = 200, LEAST_SHAPES = 5 };

std::string only_block; // of the command line; else both
bool faulty;

void add_arrays(array_bench &bench)
{
    for (const char *block : {"mac_array", "mac_array_os"})
        for (int i = 0; i < tessera::n_benches; i++)
            if (tessera::benches[i].block.name == std::string(block) &&
                (only_block.empty() || only_block == block))
                bench.add_all(tessera::benches[i], faulty, tessera::seed_option());
}

std::string shape_of(const array_lane &lane)
{
    std::string shape;
    for (const char *name : {"Rows", "Cols", "Simd", "Lanes"})
        shape += (shape.empty() ? "" : "x") +
                 std::to_string(lane.config().params[ts_block_param(&lane.block(), name)]);
    return shape;
}

/// What has been compared, by dataflow: its tiles and shapes.
void expect_no_mismatch(const array_bench &bench, const char *what, std::uint64_t least_tiles)
{
    std::map<std::string, std::uint64_t> tiles;
    std::map<std::string, std::set<std::string>> shapes;
    for (const auto &lane : bench.lanes()) {
        const array_lane::counts &n = lane->count();
        EXPECT_EQ(lane->mismatch(), "") << "seed " << tessera::seed_option();
        EXPECT_GT(n.tiles, 0U);
        EXPECT_GT(n.timed, 0U);
        EXPECT_GT(n.bits, 0U);
        tiles[lane->block().name] += n.tiles;
        shapes[lane->block().name].insert(shape_of(*lane));
        std::printf("%s %-12s %-8s %-10s: %" PRIu64 " tiles of %" PRIu64 " GEMMs (%" PRIu64
                    " timed), %" PRIu64 " cycles, %" PRIu64 " output bits\n",
                    what, lane->block().name, shape_of(*lane).c_str(), lane->config().label,
                    n.tiles, n.gemms, n.timed, n.clocks, n.bits);
    }
    for (const auto &each : tiles) {
        EXPECT_GE(each.second, least_tiles) << each.first;
        EXPECT_GE(shapes[each.first].size(), LEAST_SHAPES) << each.first;
        std::printf("%s %s: %" PRIu64 " tiles, %zu shapes, seed %" PRIu64 "\n", what,
                    each.first.c_str(), each.second, shapes[each.first].size(),
                    tessera::seed_option());
    }
}

TEST(ArrayTiles, RandomOnesEqualRtlInEveryCycle)
{
    array_bench bench;
    add_arrays(bench);
    ts_random random = {tessera::seed_option()};
    bench.run([&](const array_lane &lane, bool &gaps) -> std::unique_ptr<gemm_job> {
        if (lane.count().gemms == RANDOM_GEMMS)
            return nullptr;
        const std::int64_t *params = lane.config().params;
        const ts_design design = design_of_array(lane.block(), params);
        const ts_mnk tile = tile_of_array(lane.block(), params);
        gaps = random_below(random, 2);
        // One tile, whole or not; now and then several in a row.
        const std::int64_t most = random_below(random, 8) ? 1 : 2;
        const std::int64_t k = 3 * std::max(design.accumulator.chunk, tile.k);
        const ts_mnk shape = {1 + random_below(random, most * tile.m),
                              1 + random_below(random, most * tile.n), 1 + random_below(random, k)};
        const std::vector<format_pair> pairs = pairs_of_modes(design.modes);
        return random_job(design, shape, pairs[lane.count().gemms % pairs.size()], random);
    });
    expect_no_mismatch(bench, "random", LEAST_TILES);
}

/// A captured step of a layer, as a design sees it.
class captured
{
  public:
    explicit captured(const ts_design &design) : design_(design)
    {
        trace_ = ts_trace_open(TESSERA_TRACES "/fashion_mnist_sawb_pact.h5", &error_);
        if (!trace_)
            throw std::runtime_error(error_.text);
    }

    ~captured()
    {
        ts_trace_close(trace_);
    }

    captured(const captured &) = delete;
    captured &operator=(const captured &) = delete;

    /// A tile of a pass, from a layer and a place that are drawn.
    std::unique_ptr<gemm_job> tile(ts_pass pass, const ts_mnk &size, ts_random &random)
    {
        const auto step = static_cast<int>(random_below(random, ts_trace_steps(trace_)));
        const auto layer = static_cast<int>(random_below(random, ts_trace_layers(trace_)));
        ts_operands operands;
        if (!ts_operands_make(&operands, trace_, step, layer, &design_, &error_))
            throw std::runtime_error(error_.text);
        const ts_event event = {&operands, ts_trace_layer(trace_, layer),
                                ts_trace_run(trace_)->kept, pass};
        std::size_t m = 0, n = 0, k = 0;
        ts_lowered_shape(event.layer, event.samples, pass, &m, &n, &k);
        const ts_mnk place = {draw_place(static_cast<std::int64_t>(m), size.m, random),
                              draw_place(static_cast<std::int64_t>(n), size.n, random), 0};
        auto tile = std::make_unique<ts_event_tile>();
        bool made = ts_event_tile_run(&event, place, size, tile.get(), &error_);
        ts_operands_free(&operands);
        if (!made)
            throw std::runtime_error(error_.text);
        return std::make_unique<gemm_job>(std::move(tile));
    }

  private:
    static std::int64_t draw_place(std::int64_t all, std::int64_t size, ts_random &random)
    {
        return random_below(random, (all + size - 1) / size) * size;
    }

    ts_design design_;
    ts_error error_{};
    ts_trace *trace_ = nullptr;
};

bool computes(const ts_design &design, ts_pass pass)
{
    return pass != TS_FWD || design.modes & (TS_MODE_INT4 | TS_MODE_FP16);
}

TEST(ArrayTiles, CapturedOnesOfAllPassesEqualRtlInEveryCycle)
{
    enum { TILES_OF_A_PASS = 2 };
    array_bench bench;
    add_arrays(bench);
    ts_random random = {tessera::seed_option()};
    std::map<ts_pass, int> tiles;
    bench.run([&](const array_lane &lane, bool &) -> std::unique_ptr<gemm_job> {
        const ts_design design = design_of_array(lane.block(), lane.config().params);
        const auto done = static_cast<int>(lane.count().gemms);
        const auto pass = static_cast<ts_pass>(TS_PASSES - 1 - done / TILES_OF_A_PASS);
        if (done == TILES_OF_A_PASS * TS_PASSES || !computes(design, pass))
            return nullptr;
        tiles[pass]++;
        return captured(design).tile(pass, tile_of_array(lane.block(), lane.config().params),
                                     random);
    });
    expect_no_mismatch(bench, "captured", 1);
    for (int pass = 0; pass < TS_PASSES; pass++)
        EXPECT_GT(tiles[static_cast<ts_pass>(pass)], TILES_OF_A_PASS);
}

} // namespace

/// array_tiles_test [BLOCK [--faulty-rtl]]
int sc_main(int argc, char **argv)
{
    testing::InitGoogleTest(&argc, argv);
    only_block = argc > 1 ? argv[1] : "";
    faulty = argc > 2 && std::string(argv[2]) == "--faulty-rtl";
    return RUN_ALL_TESTS();
}
