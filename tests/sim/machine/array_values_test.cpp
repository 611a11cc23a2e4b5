// SPDX-License-Identifier: Apache-2.0
// A machine's array is the block mac_array, or mac_array_os: the same bits in the same cycles.
#include "random_machine.h"

#include "design/tile.h"
#include "machine/chip.h"
#include "systemc/context.h"
#include "tessera/quantize.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

extern "C" const struct ts_block ts_block_mac_array;
extern "C" const struct ts_block ts_block_mac_array_os;

namespace
{

using namespace random_machine;
using tessera::OPERAND_A;
using tessera::OPERAND_B;
using tessera::OPERAND_C;

// A tile on a corelet of its own: codes in L0, and the same at a block's ports.
struct tile_run {
    ts_design design{};
    ts_machine machine{};
    std::int64_t params[TS_MAX_PARAMS]{};
    ts_mnk shape{};
    std::vector<std::uint16_t> a, b; // codes at the array's edge
    ts_packed packed_a{}, packed_b{};
    ts_gemm gemm{};
    ts_mpe_mode mode{};

    tile_run() = default;
    tile_run(const tile_run &) = delete;
    tile_run &operator=(const tile_run &) = delete;

    ~tile_run()
    {
        ts_packed_free(&packed_a);
        ts_packed_free(&packed_b);
    }

    bool make(random_source &random, bool output_stationary);

  private:
    std::vector<std::uint16_t> operand(random_source &random, const ts_format &format,
                                       ts_packed &packed, std::int64_t vectors, bool transposed);
};

std::vector<std::uint16_t> tile_run::operand(random_source &random, const ts_format &format,
                                             ts_packed &packed, std::int64_t vectors,
                                             bool transposed)
{
    const std::int64_t k = shape.k, codes = std::int64_t{1} << ts_format_bits(&format);
    std::vector<std::uint16_t> drawn(static_cast<std::size_t>(vectors * k));
    for (std::uint16_t &code : drawn)
        code = static_cast<std::uint16_t>(random.from_to(0, codes - 1));
    const char *error = ts_pack(&packed, &format, vectors, k, drawn.data(), sizeof drawn[0],
                                transposed ? 1 : k, transposed ? vectors : 1);
    EXPECT_EQ(error, nullptr);
    if (mode.fp4 && &format != &ts_format_int4)
        ts_append_phase(drawn.data(), drawn.size(), &format == &ts_format_fp4_r4_odd, drawn.data());
    return drawn;
}

bool tile_run::make(random_source &random, bool output_stationary)
{
    char error[512];
    design = random_design(random);
    design.modes = random.one_in(3) ? TS_MODE_FP16 : TS_MODE_INT4 | TS_MODE_FP4;
    if (design.modes == TS_MODE_FP16)
        design.array.lanes = 1;
    design.accumulator = {design.array.lanes * random.pow2(4), 0, random.from_to(0, 1),
                          random.from_to(0, 1)};
    if (design.modes != TS_MODE_FP16)
        design.accumulator.variant = random.from_to(0, 2);
    else
        design.stages.dot = 0;
    design.dataflow = {output_stationary, TS_PRELOAD_SERIAL, TS_DRAIN_COUNTED};
    mode.fp4 = design.modes != TS_MODE_FP16 && random.one_in(2);
    const std::int64_t bit = design.modes == TS_MODE_FP16 ? TS_MODE_FP16
                             : mode.fp4                   ? TS_MODE_FP4
                                                          : TS_MODE_INT4;
    if (!ts_machine_make(&design, bit, &machine, error, sizeof error))
        return false;
    ts_design_params(&design, params);
    if (ts_block_check(&ts_block_mac_array, params) || design.stages.outer > design.stages.acc)
        return false;

    const std::int64_t rows = output_stationary ? machine.rows * machine.add : machine.depth;
    shape = {random.from_to(1, rows), random.from_to(1, machine.columns),
             random.from_to(1, 5 * machine.rows * machine.lanes)};
    mode.swap = mode.fp4 && random.one_in(2);
    mode.escale = mode.fp4 ? static_cast<int>(random.from_to(-10, 10)) : 0;
    const ts_format &floats = random.one_in(2) ? ts_format_fp4_r4_even : ts_format_fp4_r4_odd;
    const ts_format &first = design.modes == TS_MODE_FP16 ? ts_format_dlfloat16 : ts_format_int4;
    const ts_format &second = mode.fp4 ? floats : first;
    a = operand(random, mode.swap ? second : first, packed_a, shape.m, false);
    b = operand(random, mode.swap ? first : second, packed_b, shape.n, true);
    gemm.a = &packed_a;
    gemm.b = &packed_b;
    gemm.lanes = machine.lanes;
    gemm.chunk = design.accumulator.chunk;
    gemm.variant = design.accumulator.variant;
    gemm.outer = design.accumulator.outer;
    gemm.saturate = design.accumulator.saturate;
    gemm.escale = mode.escale;
    EXPECT_EQ(ts_gemm_check(&gemm), nullptr);
    return true;
}

// A corelet in a simulation of its own, with all of a tile's operands in its L0.
class corelet_bench
{
  public:
    explicit corelet_bench(const tile_run &tile)
        : tile_(tile), context_(std::make_unique<sc_core::sc_simcontext>())
    {
        tessera::in_context here(context_.get());
        corelet_ = std::make_unique<tessera::corelet>("corelet", tile.machine);
        corelet_->array.begin(tile.gemm);
        for (std::int64_t m = 0; m < tile.shape.m; m++)
            for (std::int64_t k = 0; k < tile.shape.k; k++)
                corelet_->l0[OPERAND_A].write(1, m * tile.shape.k + k,
                                              ts_packed_code(&tile.packed_a, m, k));
        for (std::int64_t k = 0; k < tile.shape.k; k++)
            for (std::int64_t n = 0; n < tile.shape.n; n++)
                corelet_->l0[OPERAND_B].write(0, k * tile.shape.n + n,
                                              ts_packed_code(&tile.packed_b, n, k));
    }

    ~corelet_bench()
    {
        tessera::in_context here(context_.get());
        corelet_.reset();
    }

    corelet_bench(const corelet_bench &) = delete;
    corelet_bench &operator=(const corelet_bench &) = delete;

    // The slice of so many k from k0 on.
    tessera::command slice(std::int64_t k0, std::int64_t k) const
    {
        tessera::command c;
        const ts_mnk s = tile_.shape;
        k = std::min(k, s.k - k0);
        c.moves[OPERAND_A] = {{k0, s.k, 1}, {}, s.m, k, 0, 0};
        c.moves[OPERAND_B] = {{k0 * s.n, s.n, 0}, {}, k, s.n, 0, 0};
        c.k = k0;
        c.ends = k0 + k == s.k;
        return c;
    }

    template <class Do> void with(Do &&what)
    {
        tessera::in_context here(context_.get());
        what(corelet_->array);
    }

    // What has left, of a row and column of the tile; nothing before.
    std::optional<std::uint32_t> result(std::int64_t row, std::int64_t n)
    {
        const auto &codes = corelet_->results[OPERAND_C].half(0);
        const auto i = static_cast<std::size_t>(row * tile_.machine.columns + n);
        return i < codes.size() && codes[i] != kNothing ? std::optional(codes[i]) : std::nullopt;
    }

    void forget()
    {
        auto &codes = corelet_->results[OPERAND_C].half(0);
        codes.assign(static_cast<std::size_t>(tile_.machine.columns * 64), kNothing);
    }

  private:
    static constexpr std::uint32_t kNothing = 0x12345678;

    const tile_run &tile_;
    std::unique_ptr<sc_core::sc_simcontext> context_;
    std::unique_ptr<tessera::corelet> corelet_;
};

// A block's C model, clock by clock.
class block_bench
{
  public:
    block_bench(const ts_block &block, const std::int64_t *params)
        : block_(block), params_(params), in(words(TS_IN)), out(words(TS_OUT)),
          state_(block.state_bytes(params))
    {
        block.reset(params, state_.data());
    }

    bool clock(bool valid)
    {
        return block_.step(params_, state_.data(), valid, in.data(), out.data());
    }

    std::uint64_t *port(int index)
    {
        return in.data() + ts_port_first(&block_, index, params_);
    }

  private:
    std::size_t words(ts_port_dir dir) const
    {
        return static_cast<std::size_t>(ts_block_words(&block_, dir, params_));
    }

    const ts_block &block_;
    const std::int64_t *params_;

  public:
    std::vector<std::uint64_t> in, out;

  private:
    std::vector<std::byte> state_;
};

// A row that enters a mac_array now shows in column c latency + c cycles later.
TEST(ArrayValues, IsMacArray)
{
    random_source random(3);
    long rows = 0, not_zero = 0;
    for (int i = 0; i < 150 && !HasFailure();) {
        tile_run tile;
        if (!tile.make(random, false))
            continue;
        i++;
        SCOPED_TRACE(i);
        corelet_bench bench(tile);
        block_bench block(ts_block_mac_array, tile.params);
        const std::int64_t simd = tile.design.array.simd;
        const int latency = ts_block_mac_array.latency(tile.params);
        const tessera::gemm_tile passes = tessera::make_tile(
            tile.params, {tile.shape, tile.a.data(), tile.b.data(), tile.mode}, 0, 0);
        std::int64_t k0 = 0;
        for (const tessera::array_pass &pass : passes.passes) {
            const tessera::command slice = bench.slice(k0, tile.machine.rows * tile.machine.lanes);
            k0 += tile.machine.rows * tile.machine.lanes;
            tessera::fold_driver driver(tile.params);
            driver.start(pass);
            bench.forget();
            bench.with([&](auto &array) { array.start(slice); });
            std::vector<std::vector<std::uint64_t>> expected; // by the cycle of its entry
            std::int64_t loaded = tile.machine.rows, entered = 0;
            while (!driver.done()) {
                const bool valid = driver.next(block.in.data(), random.one_in(4));
                const bool yields = block.clock(valid);
                expected.push_back(yields ? block.out : std::vector<std::uint64_t>());
                if (loaded > 0) {
                    bench.with([&](auto &array) { array.load(slice.moves[OPERAND_B], --loaded); });
                    continue;
                }
                std::optional<tessera::array_values::entering> operands;
                if (valid)
                    operands = {entered++, 0};
                bench.with([&](auto &array) { array.clock(operands); });
                const auto now = static_cast<std::int64_t>(expected.size()) - 1;
                for (std::int64_t row = 0, at = 0; at <= now; at++) {
                    const auto &outer = expected[static_cast<std::size_t>(at)];
                    if (outer.empty())
                        continue;
                    for (std::int64_t n = 0; n < tile.shape.n; n++) {
                        const auto found = bench.result(row, n);
                        ASSERT_EQ(found.has_value(), now - at >= latency + n / simd);
                        if (found) {
                            ASSERT_EQ(*found, outer[static_cast<std::size_t>(n)]);
                        }
                        not_zero += found.value_or(0) != 0;
                    }
                    rows++;
                    row++;
                }
            }
        }
    }
    EXPECT_GT(rows, 10000);
    EXPECT_GT(not_zero, 10000);
}

// Sums stand in the cells of a mac_array_os until they leave, the last row first.
TEST(ArrayValues, IsMacArrayOs)
{
    enum { LEFT, TOP, SWAP, A_UNSIGNED, FP4, ESCALE, CLOSE, FIRST, DRAIN };
    random_source random(4);
    long not_zero = 0;
    for (int i = 0; i < 300 && !HasFailure();) {
        tile_run tile;
        if (!tile.make(random, true))
            continue;
        i++;
        SCOPED_TRACE(i);
        const ts_machine &m = tile.machine;
        std::int64_t params[TS_MAX_PARAMS] = {0};
        ts_block_part_params(&ts_block_mac_array, tile.params, &ts_block_mac_array_os, params);
        ASSERT_EQ(ts_block_check(&ts_block_mac_array_os, params), nullptr);
        corelet_bench bench(tile);
        block_bench block(ts_block_mac_array_os, params);
        const std::int64_t steps = ceiling(tile.shape.k, m.lanes);
        bench.forget();
        bench.with([&](auto &array) { array.start(bench.slice(0, tile.shape.k)); });
        const auto code = [&](const std::vector<std::uint16_t> &codes, bool there,
                              std::int64_t at) -> std::uint64_t {
            return there ? codes[static_cast<std::size_t>(at)] : 0;
        };
        std::vector<std::vector<std::uint64_t>> left;
        for (std::int64_t clock = 0; clock < steps * m.add; clock++) {
            const std::int64_t step = clock / m.add, slot = clock % m.add, k0 = step * m.lanes;
            for (std::int64_t l = 0; l < m.lanes; l++) {
                const std::int64_t k = k0 + l;
                for (std::int64_t r = 0; r < m.rows; r++) {
                    const std::int64_t row = r * m.add + slot;
                    const bool there = row < tile.shape.m && k < tile.shape.k;
                    block.port(LEFT)[r * m.lanes + l] = code(tile.a, there, row * tile.shape.k + k);
                }
                for (std::int64_t n = 0; n < m.columns; n++) {
                    const bool there = n < tile.shape.n && k < tile.shape.k;
                    block.port(TOP)[n * m.lanes + l] = code(tile.b, there, k * tile.shape.n + n);
                }
            }
            *block.port(SWAP) = tile.mode.swap;
            *block.port(FP4) = tile.mode.fp4;
            *block.port(ESCALE) = static_cast<std::uint64_t>(tile.mode.escale) & 0x7F;
            *block.port(CLOSE) = (k0 + m.lanes) % tile.gemm.chunk == 0 || step == steps - 1;
            *block.port(FIRST) = k0 < tile.gemm.chunk;
            *block.port(DRAIN) = clock == steps * m.add - 1;
            if (block.clock(true))
                left.push_back(block.out);
            bench.with([&](auto &array) {
                array.clock(tessera::array_values::entering{step, slot});
            });
        }
        while (block.clock(false))
            left.push_back(block.out);
        ASSERT_EQ(left.size(), static_cast<std::size_t>(m.rows * m.add));
        for (std::int64_t row = m.rows * m.add - 1, at = 0; row >= 0; row--, at++) {
            bench.with([&](auto &array) { array.shift_out(0, row); });
            for (std::int64_t n = 0; row < tile.shape.m && n < tile.shape.n; n++) {
                const std::uint64_t expected =
                    left[static_cast<std::size_t>(at)][static_cast<std::size_t>(n)];
                ASSERT_EQ(bench.result(row, n), expected);
                not_zero += expected != 0;
            }
        }
    }
    EXPECT_GT(not_zero, 4000);
}

} // namespace
