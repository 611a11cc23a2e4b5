// SPDX-License-Identifier: Apache-2.0
// tile_sequencer wired to mac_array and to mac_array_os, with an L0 and results around them: a
// GEMM. All as C models, clock by clock; these are the RTL's.
#include "block_model.h"
#include "values_of.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <vector>

extern "C" const struct ts_block ts_block_tile_sequencer;
extern "C" const struct ts_block ts_block_mac_array;
extern "C" const struct ts_block ts_block_mac_array_os;

namespace
{

using namespace random_machine;

struct shape {
    std::int64_t rows, cols, simd, lanes, chunk, slots; ///< of the array; slots: AccStages
    bool output;
    ts_mnk all, tile; ///< of the GEMM; tile.k: of a slice
    std::int64_t group_cycles, load_cycles;

    std::int64_t columns() const
    {
        return cols * simd;
    }
};

std::optional<shape> random_shape(random_source &random, bool output)
{
    shape s{};
    s.output = output;
    s.rows = output ? random.from_to(1, 5) : random.pow2(3);
    s.cols = random.from_to(1, 4);
    s.simd = random.from_to(1, 2);
    s.lanes = random.pow2(2);
    s.chunk = s.lanes * random.pow2(4);
    s.slots = random.from_to(1, 3);
    s.all = {random.from_to(1, 40), random.from_to(1, 20), random.from_to(1, 90)};
    s.tile = {output ? s.rows * s.slots : random.from_to(1, 8), s.columns(),
              output ? s.lanes * random.from_to(1, 4) : s.rows * s.lanes};
    s.group_cycles = (output ? s.slots : 1) + random.from_to(0, 2);
    s.load_cycles = random.from_to(1, 3);
    // Rows leave a mac_array_os before those of the next tile.
    if (output && ceiling(s.all.k, s.lanes) * s.group_cycles < s.rows * s.slots)
        return std::nullopt;
    return s;
}

// Parameters that blocks have in common.
class parameters
{
  public:
    parameters(const ts_block &block, const shape &s) : block_(block)
    {
        ts_block_presets(&block, values);
        set("Rows", s.rows);
        set("Cols", s.cols);
        set("Simd", s.simd);
        set("Lanes", s.lanes);
        set("Chunk", s.chunk);
        set("AccStages", s.slots);
        set("Stationary", s.output);
        set("Depth", 8);
    }

    bool possible() const
    {
        return !ts_block_check(&block_, values);
    }

    std::int64_t values[TS_MAX_PARAMS]{};

  private:
    void set(const char *name, std::int64_t value)
    {
        const int i = ts_block_param(&block_, name);
        if (i >= 0)
            values[i] = value;
    }

    const ts_block &block_;
};

// What is in an L0 half.
struct slice_operands {
    std::int64_t rows = 0, columns = 0, depth = 0;
    std::vector<std::int64_t> a, b;
};

// A unit that takes some cycles.
struct busy_unit {
    std::int64_t left = 0;

    // In this cycle, which may be its first: idle, or the last one.
    bool done()
    {
        left = std::max<std::int64_t>(0, left - 1);
        return left == 0;
    }
};

class sequenced_array
{
  public:
    sequenced_array(const shape &s, const std::int64_t *sequencer, const std::int64_t *array,
                    const ts_gemm &gemm)
        : s_(s), gemm_(gemm), sequencer_(ts_block_tile_sequencer, sequencer),
          array_(s.output ? ts_block_mac_array_os : ts_block_mac_array, array),
          c(static_cast<std::size_t>(s.all.m * s.all.n), ~0U)
    {
    }

    void run(random_source &random)
    {
        const ts_mnk all = s_.all, tile = s_.tile;
        sequencer_.set("size", {all.m, all.n, all.k, s_.output ? tile.k : tile.m, 0});
        sequencer_.set("stride", {tile.m * all.k, tile.k * all.n, tile.m * all.n});
        sequencer_.set("cycles", {s_.load_cycles, s_.group_cycles});
        sequencer_.set("ends", {1});
        for (bool busy = clock(random, true); busy;)
            busy = clock(random, false);
        for (int i = 0; i < 64; i++) // what is still on its way
            clock(random, false);
    }

  private:
    struct tile_results {
        std::int64_t at, rows, columns;
    };

    bool clock(random_source &random, bool begin)
    {
        if (sequencer_.get("fill"))
            fill(random);
        if (sequencer_.get("sfu")) {
            tiles_.push_back({sequencer_.get("sfu_at"), sequencer_.get("sfu_size", 0),
                              sequencer_.get("sfu_size", 1)});
            sfu_.left = random.from_to(0, 30) + (s_.output ? s_.rows * s_.slots : 1);
        }
        drive_array();
        collect();
        sequencer_.set("done", {fill_.done(), sfu_.done()});
        return sequencer_.clock(begin);
    }

    void fill(random_source &random)
    {
        slice_operands &half = l0_[static_cast<std::size_t>(sequencer_.get("half", 1))];
        half = {sequencer_.get("fill_size", 0),
                sequencer_.get("fill_size", 1),
                sequencer_.get("fill_size", 2),
                {},
                {}};
        for (std::int64_t m = 0; m < half.rows; m++)
            for (std::int64_t k = 0; k < half.depth; k++) {
                const std::int64_t at = sequencer_.get("fill_at", 0) + m * s_.all.k + k;
                half.a.push_back(ts_packed_code(gemm_.a, at / s_.all.k, at % s_.all.k));
            }
        for (std::int64_t k = 0; k < half.depth; k++)
            for (std::int64_t n = 0; n < half.columns; n++) {
                const std::int64_t at = sequencer_.get("fill_at", 1) + k * s_.all.n + n;
                half.b.push_back(ts_packed_code(gemm_.b, at % s_.all.n, at / s_.all.n));
            }
        fill_.left = random.from_to(1, 30);
    }

    // B from an address on: Lanes k of all columns; zero where there is none.
    std::vector<std::int64_t> columns_at(const slice_operands &half, std::int64_t at) const
    {
        std::vector<std::int64_t> words;
        for (std::int64_t n = 0; n < s_.columns(); n++)
            for (std::int64_t l = 0; l < s_.lanes; l++) {
                const auto i = static_cast<std::size_t>(at + l * half.columns + n);
                words.push_back(n < half.columns && i < half.b.size() ? half.b[i] : 0);
            }
        return words;
    }

    // A from row and k on, so many k.
    void append_row(const slice_operands &half, std::int64_t row, std::int64_t k, std::int64_t n,
                    std::vector<std::int64_t> &words) const
    {
        for (std::int64_t i = k; i < k + n; i++)
            words.push_back(row < half.rows && i < half.depth
                                ? half.a[static_cast<std::size_t>(row * half.depth + i)]
                                : 0);
    }

    void drive_array()
    {
        const slice_operands &half = l0_[static_cast<std::size_t>(sequencer_.get("half", 0))];
        const bool enter = sequencer_.get("enter"), load = sequencer_.get("load");
        const std::int64_t at = sequencer_.get("l0_at", 0);
        std::vector<std::int64_t> left;
        if (s_.output) {
            for (std::int64_t r = 0; enter && r < s_.rows; r++)
                append_row(half, at / half.depth + r * s_.slots, at % half.depth, s_.lanes, left);
            array_.set("left", left);
            if (enter)
                array_.set("top", columns_at(half, sequencer_.get("l0_at", 1)));
            array_.set("drain", {sequencer_.get("control", 3)});
        } else {
            if (enter)
                append_row(half, at / half.depth, 0, s_.rows * s_.lanes, left);
            array_.set("stream", left);
            if (load)
                array_.set("weight", columns_at(half, sequencer_.get("l0_at", 1)));
            array_.set("load", {load});
            array_.set("open", {sequencer_.get("control", 0)});
            array_.set("last", {sequencer_.get("control", 3)});
        }
        array_.set("close", {sequencer_.get("control", 1)});
        array_.set("first", {sequencer_.get("control", 2)});
        if (!array_.clock(enter))
            return;
        std::vector<std::uint32_t> row;
        for (std::int64_t n = 0; n < s_.columns(); n++)
            row.push_back(
                static_cast<std::uint32_t>(array_.get("outer", static_cast<std::size_t>(n))));
        rows_.push_back(row);
    }

    // The rows of a tile that has been handed over.
    void collect()
    {
        const std::int64_t all = s_.output ? s_.rows * s_.slots : 0;
        while (!tiles_.empty()) {
            const tile_results t = tiles_.front();
            const std::int64_t rows = s_.output ? all : t.rows;
            if (static_cast<std::int64_t>(rows_.size()) < rows)
                return;
            for (std::int64_t i = 0; i < rows; i++, rows_.pop_front()) {
                const std::int64_t row = s_.output ? all - 1 - i : i; // the last one first
                for (std::int64_t n = 0; row < t.rows && n < t.columns; n++)
                    c.at(static_cast<std::size_t>(t.at + row * s_.all.n + n)) =
                        rows_.front()[static_cast<std::size_t>(n)];
            }
            tiles_.pop_front();
        }
    }

    const shape &s_;
    const ts_gemm &gemm_;
    block_model sequencer_, array_;
    std::array<slice_operands, 2> l0_;
    busy_unit fill_, sfu_;
    std::deque<std::vector<std::uint32_t>> rows_;
    std::deque<tile_results> tiles_;

  public:
    std::vector<std::uint32_t> c;
};

void expect_gemms(bool output, std::uint64_t seed)
{
    random_source random(seed);
    for (int i = 0; i < 60 && !testing::Test::HasFailure();) {
        const std::optional<shape> s = random_shape(random, output);
        if (!s)
            continue;
        const parameters sequencer(ts_block_tile_sequencer, *s);
        const parameters array(output ? ts_block_mac_array_os : ts_block_mac_array, *s);
        if (!sequencer.possible() || !array.possible())
            continue;
        i++;
        SCOPED_TRACE("GEMM " + std::to_string(i));
        const packed_ptr a = random_operand(random, ts_format_int4, s->all.m, s->all.k);
        const packed_ptr b = random_operand(random, ts_format_int4, s->all.n, s->all.k);
        ts_gemm gemm{};
        gemm.a = a.get();
        gemm.b = b.get();
        gemm.lanes = s->lanes;
        gemm.chunk = s->chunk;
        std::vector<std::uint32_t> golden(static_cast<std::size_t>(s->all.m * s->all.n));
        ASSERT_EQ(ts_gemm_run(&gemm, 1, golden.data()), nullptr);
        sequenced_array machine(*s, sequencer.values, array.values, gemm);
        machine.run(random);
        EXPECT_EQ(machine.c, golden);
    }
}

TEST(SequencedArray, OfStationaryWeights)
{
    expect_gemms(false, 71);
}

TEST(SequencedArray, OfStationaryOutputs)
{
    expect_gemms(true, 72);
}

} // namespace
