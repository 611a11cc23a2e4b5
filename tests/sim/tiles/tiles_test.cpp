// SPDX-License-Identifier: Apache-2.0
// Tiles of small GEMMs on a small array, and what is said when something is wrong.
#include "replay/tiles/tiles.h"

#include "array_counts.h"
#include "design/schedule.h"
#include "tessera/vectors.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

extern "C" const struct ts_block ts_block_mpe;

namespace
{

namespace fs = std::filesystem;

ts_design small_design()
{
    ts_design design = {};
    design.modes = TS_MODE_INT4 | TS_MODE_FP4;
    design.array = {2, 2, 2, 4, 5};
    design.accumulator = {16, TS_VARIANT_FUSED, TS_OUTER_DLFLOAT16, 0};
    design.stages = {1, 1, 1};
    return design;
}

// A GEMM with random codes and the engine's results.
struct problem {
    ts_gemm gemm = {};
    ts_packed a = {}, b = {};
    std::vector<std::uint32_t> c;

    problem(const ts_design &design, std::int64_t modes, std::int64_t m, std::int64_t n,
            std::int64_t k)
        : c(static_cast<std::size_t>(m * n))
    {
        bool fp4 = modes == TS_MODE_FP4; // gradients are streamed
        const ts_format &integers = modes == TS_MODE_FP16 ? ts_format_dlfloat16 : ts_format_int4;
        pack(a, fp4 ? ts_format_fp4_r4_odd : integers, m, k, k, 1);
        pack(b, integers, n, k, 1, n);
        gemm.a = &a, gemm.b = &b;
        gemm.lanes = design.array.lanes, gemm.chunk = design.accumulator.chunk;
        gemm.variant = design.accumulator.variant, gemm.outer = design.accumulator.outer;
        gemm.saturate = design.accumulator.saturate;
        gemm.escale = fp4 ? -3 : 0;
        EXPECT_EQ(ts_gemm_check(&gemm), nullptr);
        ts_gemm_golden(&gemm, c.data());
    }

    problem(const problem &) = delete;
    problem &operator=(const problem &) = delete;

    ~problem()
    {
        ts_packed_free(&a);
        ts_packed_free(&b);
    }

    ts_tile_request tile(std::int64_t m0, std::int64_t n0) const
    {
        return {&gemm, m0, n0, c.data(), nullptr, nullptr};
    }

  private:
    void pack(ts_packed &packed, const ts_format &format, std::int64_t vectors, std::int64_t k,
              std::int64_t vector_step, std::int64_t k_step)
    {
        std::vector<std::uint16_t> codes(static_cast<std::size_t>(vectors * k));
        for (auto &code : codes)
            code = static_cast<std::uint16_t>(ts_random_next(&random) % 16);
        EXPECT_EQ(ts_pack(&packed, &format, vectors, k, codes.data(), sizeof codes[0], vector_step,
                          k_step),
                  nullptr);
    }

    ts_random random = {1};
};

class Tiles : public testing::Test
{
  protected:
    void SetUp() override
    {
        tiles = ts_tiles_open(&design, error, sizeof error);
        ASSERT_NE(tiles, nullptr) << error;
    }

    void TearDown() override
    {
        ts_tiles_close(tiles);
    }

    ts_tile_report run(const ts_tile_request &request)
    {
        ts_tile_report report;
        EXPECT_TRUE(ts_tiles_run(tiles, &request, &report, error, sizeof error)) << error;
        return report;
    }

    std::string refusal(const ts_tile_request &request)
    {
        ts_tile_report report;
        EXPECT_FALSE(ts_tiles_run(tiles, &request, &report, error, sizeof error));
        return error;
    }

    ts_design design = small_design();
    ts_tiles *tiles = nullptr;
    char error[512] = "";
};

TEST_F(Tiles, EveryTileOfAGemmMatchesInBothModes)
{
    std::int64_t params[TS_MAX_PARAMS];
    ts_design_params(&design, params);
    for (std::int64_t modes : {TS_MODE_INT4, TS_MODE_FP4}) {
        problem p(design, modes, 12, 7, 43); // tails in all three directions
        std::uint64_t cycles = 0, bits = 0;
        for (std::int64_t m0 = 0; m0 < 12; m0 += 5)
            for (std::int64_t n0 = 0; n0 < 7; n0 += 4) {
                ts_tile_report report = run(p.tile(m0, n0));
                EXPECT_EQ(report.mismatches, 0U) << report.first;
                EXPECT_EQ(report.rows, std::min<std::int64_t>(5, 12 - m0));
                EXPECT_EQ(report.columns, std::min<std::int64_t>(4, 7 - n0));
                cycles += report.cycles;
                bits += report.bits;
            }
        EXPECT_EQ(cycles, static_cast<std::uint64_t>(array_counts(params, {12, 7, 43}).cycles));
        EXPECT_EQ(bits, 12U * 8 * 16);
    }
}

TEST_F(Tiles, AnotherResultOfTheEngineIsReportedWithItsPlace)
{
    problem p(design, TS_MODE_INT4, 10, 8, 32);
    p.c[7 * 8 + 6] ^= 0x8000;
    ts_tile_report report = run(p.tile(5, 4));
    EXPECT_EQ(report.mismatches, 1U);
    EXPECT_NE(std::string(report.first).find("row 7, column 6: RTL has 0x"), std::string::npos)
        << report.first;
    EXPECT_EQ(run(p.tile(0, 4)).mismatches, 0U) << "the error is in another tile";
}

TEST_F(Tiles, WhatTheArrayCannotComputeIsRefused)
{
    problem p(design, TS_MODE_INT4, 6, 4, 16);
    EXPECT_EQ(refusal(p.tile(1, 0)), "no tile of the GEMM begins at row 1, column 0");
    EXPECT_EQ(refusal(p.tile(10, 0)), "no tile of the GEMM begins at row 10, column 0");
    p.gemm.chunk = 64;
    EXPECT_EQ(refusal(p.tile(0, 0)), "Chunk of the GEMM is 64, of the design 16");
}

TEST_F(Tiles, TheCacheHasTheLibraryTheSecondTime)
{
    ts_tiles *again = ts_tiles_open(&design, error, sizeof error);
    ASSERT_NE(again, nullptr) << error;
    EXPECT_EQ(ts_tiles_build_seconds(again), 0);
    problem p(design, TS_MODE_INT4, 5, 4, 16);
    ts_tile_request request = p.tile(0, 0);
    ts_tile_report report;
    EXPECT_TRUE(ts_tiles_run(again, &request, &report, error, sizeof error)) << error;
    EXPECT_EQ(report.mismatches, 0U) << report.first;
    EXPECT_EQ(run(request).mismatches, 0U) << "the two do not disturb each other";
    ts_tiles_close(again);
}

TEST_F(Tiles, OtherParametersAreAnotherLibrary)
{
    ts_design other = design;
    other.modes = TS_MODE_FP16;
    other.array = {2, 1, 2, 1, 4};
    other.accumulator.outer = TS_OUTER_FP32;
    other.stages = {0, 2, 1};
    ts_tiles *fp16 = ts_tiles_open(&other, error, sizeof error);
    ASSERT_NE(fp16, nullptr) << error;
    problem p(other, TS_MODE_FP16, 4, 2, 33);
    ts_tile_request request = p.tile(0, 0);
    ts_tile_report report;
    EXPECT_TRUE(ts_tiles_run(fp16, &request, &report, error, sizeof error)) << error;
    EXPECT_EQ(report.mismatches, 0U) << report.first;
    EXPECT_NE(refusal(request), "") << "the small design has no FP16";
    ts_tiles_close(fp16);
}

// A recorded file: field names with their directions, and a row of values per cycle.
struct recording {
    std::vector<std::string> names;
    std::vector<std::vector<std::string>> rows;

    explicit recording(const fs::path &path)
    {
        std::ifstream file(path);
        std::string line, word;
        std::getline(file, line);
        std::istringstream first(line);
        first >> word;
        EXPECT_EQ(word, "#fields");
        while (first >> word)
            names.push_back(word);
        while (std::getline(file, line)) {
            std::istringstream fields(line);
            rows.emplace_back();
            while (fields >> word)
                rows.back().push_back(word);
            EXPECT_EQ(rows.back().size(), names.size());
        }
    }

    // Elements of a field, as words; `field` is NAME:BITS:DIRECTION.
    std::vector<std::uint64_t> words(std::size_t row, const std::string &field, int bits) const
    {
        auto at = std::find(names.begin(), names.end(), field) - names.begin();
        const std::string &hex = rows.at(row).at(static_cast<std::size_t>(at));
        std::vector<bool> each;
        for (auto digit = hex.rbegin(); digit != hex.rend(); ++digit)
            for (int i = 0, value = std::stoi(std::string(1, *digit), nullptr, 16); i < 4; i++)
                each.push_back(value >> i & 1);
        std::vector<std::uint64_t> words(each.size() / static_cast<std::size_t>(bits));
        for (std::size_t i = 0; i < words.size() * static_cast<std::size_t>(bits); i++)
            words[i / static_cast<std::size_t>(bits)] |= std::uint64_t{each[i]}
                                                         << (i % static_cast<std::size_t>(bits));
        return words;
    }
};

TEST_F(Tiles, RecordedStreamsAreThoseOfTheGoldenMpe)
{
    const fs::path directory = fs::path(testing::TempDir()) / "tessera_tiles_test";
    fs::remove_all(directory);
    problem p(design, TS_MODE_FP4, 5, 4, 40);
    ts_tile_request request = p.tile(0, 0);
    const std::string path = directory.string();
    request.record_dir = path.c_str();
    request.record_name = "layer.bwd";
    ts_tile_report report = run(request);
    EXPECT_EQ(report.mismatches, 0U) << report.first;
    EXPECT_EQ(report.bits, 2U * 5 * 4 * 16) << "both SystemC arrays are compared";

    std::int64_t array[TS_MAX_PARAMS], params[TS_MAX_PARAMS];
    ts_design_params(&design, array);
    ts_block_part_params(&ts_block_mac_array, array, &ts_block_mpe, params);
    ASSERT_EQ(ts_block_check(&ts_block_mpe, params), nullptr);
    for (const char *place : {"0_0", "0_1", "1_0", "1_1"}) {
        recording r(directory / (std::string("layer.bwd_mpe_") + place + ".vec"));
        EXPECT_EQ(r.rows.size(), report.cycles);
        std::vector<std::uint64_t> stationary(8);
        std::size_t sums = 0;
        // DotStages and AccStages are 1: acc_i is a cycle after stream_i, acc_o two.
        for (std::size_t t = 0; t + 2 < r.rows.size(); t++) {
            ts_mpe_mode mode = {
                r.words(t, "swap:1:in", 1)[0] != 0, r.words(t, "a_unsigned:1:in", 1)[0] != 0,
                r.words(t, "mode:1:in", 1)[0] != 0,
                static_cast<int>(ts_sign_extend(r.words(t, "escale:7:in", 7)[0], 7)), false};
            std::vector<std::uint64_t> stream = r.words(t, "stream:20:in", 5);
            std::vector<std::uint64_t> acc = r.words(t + 1, "acc:32:in", 16);
            std::vector<std::uint64_t> shown = r.words(t + 2, "acc:32:out", 16);
            for (std::size_t s = 0; s < 2; s++) {
                std::uint64_t golden =
                    ts_mpe_slice(params, &mode, &stationary[s * 4], stream.data(), acc[s]);
                EXPECT_EQ(shown[s], golden) << place << ", cycle " << t;
                sums += golden != 0;
            }
            if (r.words(t, "load:1:in", 1)[0])
                stationary = r.words(t, "weight:40:in", 5);
        }
        EXPECT_GT(sums, 20U) << "the streams are not empty";
    }
    EXPECT_EQ(std::distance(fs::directory_iterator(directory), fs::directory_iterator()), 4)
        << "no temporary file is left";
    fs::remove_all(directory);
}

TEST(TilesOpen, AMissingToolIsOneLine)
{
    const std::string path = std::getenv("PATH");
    setenv("PATH", "/nonexistent", 1);
    ts_design design = small_design();
    char error[512];
    EXPECT_EQ(ts_tiles_open(&design, error, sizeof error), nullptr);
    setenv("PATH", path.c_str(), 1);
    EXPECT_STREQ(error, "verilator: not found; install it (Debian package verilator) or pass "
                        "--tiles 0");
}

// A verilator that answers questions, and fails at work.
TEST(TilesOpen, AToolThatFailsLeavesItsLog)
{
    const fs::path directory = fs::path(testing::TempDir()) / "tessera_tiles_tools";
    fs::remove_all(directory);
    fs::create_directories(directory);
    const fs::path fake = directory / "verilator";
    std::ofstream(fake) << "#!/bin/sh\ncase $1 in --version) echo 0 ;; --getenv) echo / ;;\n"
                           "*) echo no memory; exit 1 ;; esac\n";
    fs::permissions(fake, fs::perms::owner_all);
    const std::string path = std::getenv("PATH");
    const char *cache = std::getenv("TESSERA_CACHE");
    const std::string old_cache = cache ? cache : "";
    setenv("PATH", (directory.string() + ":" + path).c_str(), 1);
    setenv("TESSERA_CACHE", (directory / "cache").c_str(), 1);
    ts_design design = small_design();
    char error[512] = "";
    EXPECT_EQ(ts_tiles_open(&design, error, sizeof error), nullptr);
    setenv("PATH", path.c_str(), 1);
    if (cache)
        setenv("TESSERA_CACHE", old_cache.c_str(), 1);
    else
        unsetenv("TESSERA_CACHE");

    const std::string line = error, before = "verilator: failed; see ";
    ASSERT_EQ(line.rfind(before, 0), 0U) << line;
    std::ifstream log(line.substr(before.size()));
    std::string text;
    std::getline(log, text);
    EXPECT_EQ(text, "no memory");
    EXPECT_EQ(std::distance(fs::directory_iterator(directory / "cache"), fs::directory_iterator()),
              1)
        << "only the log is left";
    fs::remove_all(directory);
}

} // namespace
