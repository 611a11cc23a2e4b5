// SPDX-License-Identifier: Apache-2.0
// The interface for C: checks what is asked for, and turns exceptions into lines.
#include "replay/tiles/tiles.h"

#include "replay/tiles/lockstep.h"
#include "replay/tiles/port_codes.h"
#include "rtl_library/rtl_library.h"
#include "rtl_library/tool.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

extern "C" const struct ts_block ts_block_mac_array;

using namespace tessera;

struct ts_tiles {
    std::int64_t params[TS_MAX_PARAMS];
    double build_seconds;
    std::unique_ptr<systemc_arrays> arrays;
    std::unique_ptr<rtl_block> rtl;

    std::int64_t parameter(const char *name) const
    {
        return params[ts_block_param(&ts_block_mac_array, name)];
    }
};

namespace
{

// The array computes only what it was built for.
void check_fit(const ts_tiles &tiles, const ts_gemm &gemm)
{
    const char *wrong = ts_gemm_check(&gemm);
    if (wrong)
        throw std::invalid_argument(wrong);
    const struct {
        const char *name;
        std::int64_t value;
    } same[] = {{"Lanes", gemm.lanes},
                {"Chunk", gemm.chunk},
                {"Variant", gemm.variant},
                {"Outer", gemm.outer},
                {"Saturate", gemm.saturate}};
    for (const auto &each : same)
        if (tiles.parameter(each.name) != each.value)
            throw std::invalid_argument(std::string(each.name) + " of the GEMM is " +
                                        std::to_string(each.value) + ", of the design " +
                                        std::to_string(tiles.parameter(each.name)));
    if (!(tiles.parameter("Modes") & array_mode(gemm)))
        throw std::invalid_argument("the design lacks the mode of the GEMM");
}

// The tile, from its own rows of A and columns of B.
gemm_tile cut_tile(const ts_tiles &tiles, const ts_gemm &gemm, std::int64_t m0, std::int64_t n0)
{
    const ts_mnk cut = ts_array_tile(tiles.params);
    const ts_mnk shape = {std::min(cut.m, gemm.a->vectors - m0),
                          std::min(cut.n, gemm.b->vectors - n0), gemm.a->k};
    const port_codes codes(gemm, m0, shape.m, n0, shape.n);
    gemm_tile tile = make_tile(tiles.params, codes.gemm(), 0, 0);
    tile.m0 = m0;
    tile.n0 = n0;
    return tile;
}

void check_place(const ts_tiles &tiles, const ts_tile_request &request)
{
    const ts_mnk cut = ts_array_tile(tiles.params);
    const ts_gemm &gemm = *request.gemm;
    if (request.m0 < 0 || request.m0 >= gemm.a->vectors || request.m0 % cut.m || request.n0 < 0 ||
        request.n0 >= gemm.b->vectors || request.n0 % cut.n)
        throw std::invalid_argument("no tile of the GEMM begins at row " +
                                    std::to_string(request.m0) + ", column " +
                                    std::to_string(request.n0));
}

// What has left the RTL against what the engine computed.
void compare_results(const ts_tiles &tiles, const ts_tile_request &request, const gemm_tile &tile,
                     const std::vector<std::uint64_t> &results, ts_tile_report &report)
{
    const ts_port &port = ts_block_mac_array.ports[ts_block_mac_array.n_ports - 1]; // outer
    const ts_format *format = ts_port_format(&port, tiles.params);
    const std::int64_t width = ts_array_tile(tiles.params).n;
    const std::size_t left = results.size() / static_cast<std::size_t>(width);
    for (std::int64_t m = 0; m < tile.rows && static_cast<std::size_t>(m) < left; m++)
        for (std::int64_t n = 0; n < tile.columns; n++) {
            std::int64_t row = tile.m0 + m, column = tile.n0 + n;
            std::uint32_t expected = request.expected[row * request.gemm->b->vectors + column];
            auto got = static_cast<std::uint32_t>(results[static_cast<std::size_t>(m * width + n)]);
            if (got != expected)
                add_mismatch(report,
                             "row %" PRId64 ", column %" PRId64 ": RTL has 0x%" PRIx32
                             " (%.9g), the engine 0x%" PRIx32 " (%.9g)",
                             row, column, got, ts_to_double(format, got), expected,
                             ts_to_double(format, expected));
        }
}

void run(ts_tiles &tiles, const ts_tile_request &request, ts_tile_report &report)
{
    check_fit(tiles, *request.gemm);
    check_place(tiles, request);
    const gemm_tile tile = cut_tile(tiles, *request.gemm, request.m0, request.n0);
    report.rows = tile.rows;
    report.columns = tile.columns;

    std::unique_ptr<mpe_recorder> recorder;
    if (request.record_dir) {
        int simd = static_cast<int>(tiles.params[ts_block_param(&ts_block_mac_array, "Simd")]);
        recorder = std::make_unique<mpe_recorder>(*tiles.arrays, tiles.params,
                                                  (tile.columns + simd - 1) / simd,
                                                  request.record_dir, request.record_name);
    }
    lockstep bench(*tiles.rtl, *tiles.arrays, tiles.params);
    bench.run(tile, recorder.get(), report);
    compare_results(tiles, request, tile, bench.results(), report);
    if (recorder)
        recorder->finish();
}

} // namespace

ts_tiles *ts_tiles_open(const ts_design *design, char *error, size_t size)
try {
    auto tiles = std::make_unique<ts_tiles>();
    ts_design_params(design, tiles->params);
    if (const char *wrong = ts_block_check(&ts_block_mac_array, tiles->params))
        throw std::invalid_argument(wrong);
    // SystemC first: it refuses ports that are too wide before tools have run for nothing.
    tiles->arrays = std::make_unique<systemc_arrays>(tiles->params);
    const rtl_library library(ts_block_mac_array, tiles->params);
    tiles->build_seconds = library.build_seconds();
    tiles->rtl = library.make();
    return tiles.release();
} catch (const missing_tool &missing) {
    std::snprintf(error, size, "%s or pass --tiles 0", missing.what());
    return nullptr;
} catch (const std::exception &failure) {
    std::snprintf(error, size, "%s", failure.what());
    return nullptr;
}

double ts_tiles_build_seconds(const ts_tiles *tiles)
{
    return tiles->build_seconds;
}

bool ts_tiles_run(ts_tiles *tiles, const ts_tile_request *request, ts_tile_report *report,
                  char *error, size_t size)
try {
    *report = {};
    run(*tiles, *request, *report);
    return true;
} catch (const std::exception &failure) {
    std::snprintf(error, size, "%s", failure.what());
    return false;
}

void ts_tiles_close(ts_tiles *tiles)
{
    delete tiles;
}
