// SPDX-License-Identifier: Apache-2.0
// What the descriptors of the real blocks say, and single cases of theirs.
#include "core/block_common.h"
#include "models/text.h"
#include "tessera/mac_array.h"
#include "tessera/vectors.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

namespace
{

using tessera::text;

std::vector<std::int64_t> draw_parameters(ts_random &random, const ts_block &block)
{
    std::vector<std::int64_t> params(TS_MAX_PARAMS, 0);
    for (int i = 0; i < block.n_params; i++) {
        const ts_param &p = block.params[i];
        auto range = static_cast<std::uint64_t>(p.max - p.min) + 1;
        do
            params[static_cast<std::size_t>(i)] =
                p.min + static_cast<std::int64_t>(ts_random_next(&random) % range);
        while (p.pow2 && (params[static_cast<std::size_t>(i)] &
                          (params[static_cast<std::size_t>(i)] - 1)) != 0);
    }
    return params;
}

void expect_sound(const ts_block &block, const std::int64_t *params)
{
    EXPECT_GE(block.latency(params), 0);
    if (block.state_bytes) {
        EXPECT_GT(block.state_bytes(params), 0U);
    }
    for (int i = 0; i < block.n_ports; i++) {
        const ts_port &port = block.ports[i];
        EXPECT_GE(ts_port_count(&port, params), 1) << port.name;
        EXPECT_GE(ts_port_bits(&port, params), 1) << port.name;
        EXPECT_LE(ts_port_bits(&port, params), 64) << port.name;
        const ts_format *format = ts_port_format(&port, params);
        if (format) {
            EXPECT_LE(ts_format_bits(format), ts_port_bits(&port, params)) << port.name;
        }
    }
}

// Parameters that fit together give sound ports; and a block that checks them refuses some.
TEST(block, every_one_is_sound_where_its_parameters_fit)
{
    for (std::size_t i = 0; ts_blocks[i]; i++) {
        const ts_block &block = *ts_blocks[i];
        SCOPED_TRACE(block.name);
        ts_random random{1};
        int accepted = 0, refused = 0;
        for (int n = 0; n < 1000; n++) {
            std::vector<std::int64_t> params = draw_parameters(random, block);
            bool fits = ts_block_check(&block, params.data()) == nullptr;
            (fits ? accepted : refused)++;
            if (fits) {
                ASSERT_NO_FATAL_FAILURE(expect_sound(block, params.data()));
            }
        }
        EXPECT_GT(accepted, 0);
        EXPECT_EQ(refused > 0, block.check != nullptr);
    }
}

// Steps a block from reset on, on inputs that keep to its protocol. What it needs it has exactly,
// so that sanitizers see what it reads or writes past an end.
void expect_steps(const ts_block &block, const std::int64_t *params, std::uint64_t seed)
{
    std::vector<unsigned char> state(block.state_bytes ? block.state_bytes(params) : 0);
    if (block.state_bytes)
        block.reset(params, state.data());
    std::vector<std::uint64_t> in(static_cast<std::size_t>(ts_block_words(&block, TS_IN, params)));
    std::vector<std::uint64_t> out(
        static_cast<std::size_t>(ts_block_words(&block, TS_OUT, params)));
    ts_random random{seed};
    for (std::uint64_t clock = 0; clock < 8; clock++) {
        ts_random_inputs(&random, &block, params, in.data());
        ts_clock kind = TS_CLOCK_VALID;
        if (block.protocol)
            kind = block.protocol(params, seed, clock, true, in.data());
        if (kind == TS_CLOCK_END)
            return;
        if (!block.step(params, state.data(), kind == TS_CLOCK_VALID, in.data(), out.data()))
            continue;
        for (int i = 0; i < block.n_ports; i++) {
            const ts_port &port = block.ports[i];
            auto first = static_cast<std::size_t>(ts_port_first(&block, i, params));
            auto count = static_cast<std::size_t>(ts_port_count(&port, params));
            int bits = ts_port_bits(&port, params);
            for (std::size_t j = first; port.dir == TS_OUT && j < first + count; j++)
                ASSERT_EQ(bits < 64 ? out[j] >> bits : 0, 0U) << port.name;
        }
    }
}

TEST(block, every_one_steps_where_its_parameters_fit)
{
    for (std::size_t i = 0; ts_blocks[i]; i++) {
        const ts_block &block = *ts_blocks[i];
        SCOPED_TRACE(block.name);
        ts_random random{1};
        for (std::uint64_t n = 0; n < 100; n++) {
            std::vector<std::int64_t> params = draw_parameters(random, block);
            if (ts_block_check(&block, params.data()) == nullptr) {
                ASSERT_NO_FATAL_FAILURE(expect_steps(block, params.data(), n));
            }
        }
    }
}

// An array of two entries is fed two rows a fold, though a sequence has four where there is room.
TEST(block, an_array_is_fed_no_more_rows_than_it_holds)
{
    const ts_block *block = ts_block_find("mac_array");
    for (const char *depth : {"Depth=2", "Depth=64"}) {
        std::vector<std::int64_t> params(TS_MAX_PARAMS);
        ts_block_presets(block, params.data());
        ASSERT_EQ(text(ts_block_set(block, params.data(), depth)), "");
        std::vector<std::uint64_t> in(
            static_cast<std::size_t>(ts_block_words(block, TS_IN, params.data())));
        int rows = std::strcmp(depth, "Depth=2") == 0 ? 2 : 4, fed = 0;
        int cycles = ts_mac_array_fold_cycles(params.data(), rows);
        for (int clock = 0; clock < cycles; clock++)
            fed += block->protocol(params.data(), 1, static_cast<std::uint64_t>(clock), true,
                                   in.data()) == TS_CLOCK_VALID;
        EXPECT_EQ(fed, rows) << depth;
    }
}

TEST(block, a_set_of_modes_may_be_in_any_order)
{
    const ts_block *block = ts_block_find("mpe");
    std::vector<std::int64_t> params(TS_MAX_PARAMS);
    ts_block_presets(block, params.data());
    const auto modes = static_cast<std::size_t>(ts_block_param(block, "Modes"));
    EXPECT_EQ(text(ts_block_set(block, params.data(), "Modes=fp4+int4")), "");
    EXPECT_EQ(params[modes], TS_MODE_INT4 | TS_MODE_FP4);
    EXPECT_EQ(text(ts_block_set(block, params.data(), "Modes=FP16+fp4+int4")), "");
    EXPECT_EQ(params[modes], TS_MODE_INT4 | TS_MODE_FP4 | TS_MODE_FP16);
}

struct port_case {
    const char *block, *assignment, *port, *format; ///< no format: an integer
};

TEST(block, formats_of_ports_follow_the_parameters)
{
    const port_case cases[] = {
        {"chunk_add", "Variant=split", "acc", "dlfloat16"},
        {"chunk_add", "Variant=integer", "acc", ""},
        {"chunk_accumulator", "Outer=fp32", "outer", "fp32"},
        {"chunk_accumulator", "Outer=dlfloat16", "outer", "dlfloat16"},
        {"outer_add", "Outer=fp32", "outer", "fp32"},
        {"outer_add", "Variant=split", "acc", "dlfloat16"},
        {"outer_add", "Variant=integer", "acc", ""},
        {"mac_array", "Outer=fp32", "outer", "fp32"},
        {"mac_array", "Modes=fp16", "weight", "dlfloat16"},
        {"mac_array_os", "Modes=fp16", "left", "dlfloat16"},
        {"mac_array_os", "Modes=int4", "top", "fp5_r2"},
        {"mpe", "Modes=hfp8", "stream", "fp9_153"},
        {"mpe", "Variant=split", "acc", "dlfloat16"},
        {"mpe", "Variant=integer", "acc", ""},
        {"fp8_int4_mac", "Fp8=fp8_143", "b", "fp8_143"},
        {"fp8_int4_mac", "Fp8=fp8_152", "b", "fp8_152"},
        {"l1_norm", "Input=fp32", "x", "fp32"},
        {"l2_norm", "Input=fp32", "x", "fp32"},
        {"sawb", "Input=fp32", "w", "fp32"},
        {"fp_add", "Format=bf16", "a", "bf16"},
        {"fp_mul", "Format=e4m3", "a", "e4m3"},
    };
    for (const port_case &c : cases) {
        const ts_block *block = ts_block_find(c.block);
        ASSERT_NE(block, nullptr) << c.block;
        std::vector<std::int64_t> params(TS_MAX_PARAMS);
        ts_block_presets(block, params.data());
        ASSERT_EQ(text(ts_block_set(block, params.data(), c.assignment)), "");
        int found = 0;
        for (int i = 0; i < block->n_ports; i++) {
            if (std::strcmp(block->ports[i].name, c.port) != 0)
                continue;
            found++;
            const ts_format *format = ts_port_format(&block->ports[i], params.data());
            EXPECT_EQ(text(format ? format->name : nullptr), c.format) << c.block << " " << c.port;
        }
        EXPECT_GT(found, 0) << c.block << " " << c.port;
    }
}

TEST(block, norms_begin_with_zero_after_reset)
{
    for (const char *name : {"l1_norm", "l2_norm"}) {
        const ts_block *block = ts_block_find(name);
        ASSERT_NE(block, nullptr) << name;
        std::vector<std::int64_t> params(TS_MAX_PARAMS);
        ts_block_presets(block, params.data());
        std::vector<unsigned char> state(block->state_bytes(params.data()), 0xFF);
        block->reset(params.data(), state.data());
        std::vector<std::uint64_t> in(
            static_cast<std::size_t>(ts_block_words(block, TS_IN, params.data())));
        in.back() = 1; // the last elements, all zero, without a first
        std::uint64_t norm = 99;
        EXPECT_TRUE(block->step(params.data(), state.data(), true, in.data(), &norm)) << name;
        EXPECT_EQ(norm, 0U) << name;
    }
}

TEST(block, a_clip_of_sawb_may_be_the_largest_weight)
{
    const ts_block *block = ts_block_find("sawb");
    ASSERT_NE(block, nullptr);
    std::vector<std::int64_t> params(TS_MAX_PARAMS);
    ts_block_presets(block, params.data());
    ASSERT_EQ(text(ts_block_set(block, params.data(), "Lanes=1")), "");
    ASSERT_EQ(text(ts_block_set(block, params.data(), "Input=fp32")), "");
    std::vector<unsigned char> state(block->state_bytes(params.data()));
    block->reset(params.data(), state.data());
    const float weights[] = {691, 839, 166};
    std::vector<std::uint64_t> out(2, 99);
    for (std::size_t i = 0; i < 3; i++) {
        const std::uint64_t in[] = {ts_of_double(&ts_format_fp32, static_cast<double>(weights[i])),
                                    i == 0, i == 2, 3};
        EXPECT_EQ(block->step(params.data(), state.data(), true, in, out.data()), i == 2);
    }
    EXPECT_EQ(out[0], ts_of_double(&ts_format_fp32, 839));
    EXPECT_EQ(out[1], 0U) << "falls back";
}

std::string check_array(std::int64_t modes, const std::vector<const char *> &assignments)
{
    const ts_block *block = ts_block_find("mac_array");
    std::vector<std::int64_t> params(TS_MAX_PARAMS);
    ts_block_presets(block, params.data());
    params[static_cast<std::size_t>(ts_block_param(block, "Modes"))] = modes;
    for (const char *assignment : assignments)
        EXPECT_EQ(text(ts_block_set(block, params.data(), assignment)), "") << assignment;
    return text(ts_block_check(block, params.data()));
}

TEST(block, arrays_say_which_parameters_do_not_fit)
{
    const std::string modes = "mac_array: Modes must be 1 to 8: int4, fp4, int4+fp4, fp16";
    EXPECT_EQ(check_array(TS_MODE_INT4, {}), "");
    EXPECT_EQ(check_array(TS_MODES_INTEGER, {}), "");
    EXPECT_EQ(check_array(TS_MODE_HFP8, {}), modes);
    EXPECT_EQ(check_array(TS_MODE_INT4 | TS_MODE_HFP8, {}), modes);
    EXPECT_EQ(check_array(TS_MODE_INT4 | TS_MODE_FP4 | TS_MODE_HFP8, {}), modes);
    EXPECT_EQ(check_array(TS_MODE_FP16, {"Lanes=1", "DotStages=0"}), "");
    EXPECT_EQ(check_array(TS_MODE_FP16, {"Lanes=8"}),
              "Modes=fp16 needs Lanes=1, Variant=fused and DotStages=0");
    const std::string stages = "OuterStages must not exceed AccStages times the rows of a chunk";
    const auto of_chunk_8 = [](const char *rows, const char *acc) {
        return check_array(TS_MODE_FP4, {"Lanes=8", "Chunk=8", rows, acc, "OuterStages=2"});
    };
    EXPECT_EQ(of_chunk_8("Rows=2", "AccStages=1"), stages);
    EXPECT_EQ(of_chunk_8("Rows=2", "AccStages=2"), "");
    EXPECT_EQ(of_chunk_8("Rows=1", "AccStages=1"), "");
}

TEST(block, only_stationary_weights_take_chunks_row_by_row)
{
    const ts_block *block = ts_block_find("tile_sequencer");
    std::vector<std::int64_t> params(TS_MAX_PARAMS);
    const auto check = [&](const char *rows, const char *stationary) {
        ts_block_presets(block, params.data()); // 8 Lanes, a Chunk of 64
        EXPECT_EQ(text(ts_block_set(block, params.data(), rows)), "");
        EXPECT_EQ(text(ts_block_set(block, params.data(), stationary)), "");
        return text(ts_block_check(block, params.data()));
    };
    EXPECT_EQ(check("Rows=3", "Stationary=weight"),
              "Rows times Lanes must divide Chunk or be a multiple of it");
    EXPECT_EQ(check("Rows=3", "Stationary=output"), "");
    EXPECT_EQ(check("Rows=4", "Stationary=weight"), "");
    EXPECT_EQ(check("Rows=16", "Stationary=weight"), "");
}

TEST(block, engines_say_which_parameters_do_not_fit)
{
    const auto check = [](std::int64_t modes, std::int64_t lanes, std::int64_t variant,
                          std::int64_t dot_stages) {
        return text(ts_check_mpe(modes, lanes, 64, variant, dot_stages));
    };
    const std::string fp16 = "Modes=fp16 needs Lanes=1, Variant=fused and DotStages=0";
    EXPECT_EQ(check(TS_MODE_FP16, 1, TS_VARIANT_FUSED, 0), "");
    EXPECT_EQ(check(TS_MODE_FP16, 2, TS_VARIANT_FUSED, 0), fp16);
    EXPECT_EQ(check(TS_MODE_FP16, 1, TS_VARIANT_SPLIT, 0), fp16);
    EXPECT_EQ(check(TS_MODE_FP16, 1, TS_VARIANT_FUSED, 1), fp16);
    EXPECT_EQ(check(TS_MODE_HFP8, 1, TS_VARIANT_FUSED, 1), "");
    EXPECT_EQ(check(TS_MODE_HFP8, 2, TS_VARIANT_SPLIT, 0),
              "Modes with hfp8 or fp16 need Variant=fused");
    EXPECT_EQ(check(TS_MODES_INTEGER, 8, TS_VARIANT_SPLIT, 1), "");
    const std::int64_t both = TS_MODE_INT4 | TS_MODE_HFP8;
    const std::string few = "Modes of integers and floats need Lanes of at least 4";
    EXPECT_EQ(check(both, 2, TS_VARIANT_FUSED, 0), few);
    EXPECT_EQ(check(both, 4, TS_VARIANT_FUSED, 0), "");
    EXPECT_EQ(check(both, 64, TS_VARIANT_FUSED, 0), "");
    EXPECT_EQ(check(TS_MODES_INTEGER, 1, TS_VARIANT_FUSED, 0), "");
    EXPECT_EQ(check(TS_MODES_FLOATING, 1, TS_VARIANT_FUSED, 0),
              "Modes=hfp8+fp16 needs Lanes of at least 2");
    EXPECT_EQ(check(TS_MODES_FLOATING, 2, TS_VARIANT_FUSED, 0), "");
    EXPECT_EQ(check(TS_MODE_HFP8, 16, TS_VARIANT_FUSED, 0), "");
    EXPECT_EQ(check(TS_MODE_HFP8, 32, TS_VARIANT_FUSED, 0),
              "Modes of floats alone need Lanes of at most 16");
    const ts_block *block = ts_block_find("mpe");
    std::vector<std::int64_t> params(TS_MAX_PARAMS);
    ts_block_presets(block, params.data());
    const ts_port *mode = &block->ports[5];
    ASSERT_STREQ(mode->name, "mode");
    EXPECT_EQ(ts_port_bits(mode, params.data()), 1);
    EXPECT_EQ(text(ts_block_set(block, params.data(), "AlignWidth=23")), "");
    EXPECT_EQ(text(ts_block_check(block, params.data())), "");
    params[static_cast<std::size_t>(ts_block_param(block, "Modes"))] = both | TS_MODE_FP16;
    EXPECT_EQ(ts_port_bits(mode, params.data()), 2);
    EXPECT_EQ(text(ts_block_check(block, params.data())),
              "AlignWidth must be at least 24 where fp16 is one of several Modes");
    EXPECT_EQ(text(ts_block_set(block, params.data(), "AlignWidth=24")), "");
    EXPECT_EQ(text(ts_block_check(block, params.data())), "");
    EXPECT_EQ(text(ts_check_lanes_chunk(8, 4)), "Chunk must be a multiple of Lanes");
    EXPECT_EQ(text(ts_check_lanes_chunk(8, 8)), "");
}

// The words of a port among those of its direction.
std::vector<std::uint64_t> words_of(const ts_block *block, const std::int64_t *params,
                                    const char *name, ts_port_dir dir,
                                    const std::vector<std::uint64_t> &all)
{
    for (int i = 0; i < block->n_ports; i++) {
        if (block->ports[i].dir != dir || std::strcmp(block->ports[i].name, name) != 0)
            continue;
        auto first = all.begin() + ts_port_first(block, i, params);
        return {first, first + ts_port_count(&block->ports[i], params)};
    }
    return {};
}

TEST(block, engines_pass_operands_on)
{
    const ts_block *block = ts_block_find("mpe");
    ASSERT_NE(block, nullptr);
    std::vector<std::int64_t> params(TS_MAX_PARAMS);
    ts_block_presets(block, params.data());
    const std::int64_t *p = params.data();
    std::vector<unsigned char> state(block->state_bytes(p));
    block->reset(p, state.data());
    std::vector<std::uint64_t> in(static_cast<std::size_t>(ts_block_words(block, TS_IN, p)));
    std::vector<std::uint64_t> out(static_cast<std::size_t>(ts_block_words(block, TS_OUT, p)));
    ts_random random{1};
    std::vector<std::uint64_t> stationary;
    for (int clock = 0; clock < 50; clock++) {
        ts_random_inputs(&random, block, p, in.data());
        in[0] = clock % 3 == 0; // loads
        if (in[0])
            stationary = words_of(block, p, "weight", TS_IN, in);
        EXPECT_TRUE(block->step(p, state.data(), true, in.data(), out.data()));
        EXPECT_EQ(words_of(block, p, "stream", TS_OUT, out),
                  words_of(block, p, "stream", TS_IN, in));
        EXPECT_EQ(words_of(block, p, "weight", TS_OUT, out), stationary);
    }
}

// The cycle of each port's first and last element.
std::string cycles_of(const char *name, const std::vector<const char *> &assignments, int latency)
{
    const ts_block *block = ts_block_find(name);
    std::int64_t p[TS_MAX_PARAMS];
    ts_block_presets(block, p);
    for (const char *each : assignments)
        EXPECT_EQ(text(ts_block_set(block, p, each)), "");
    std::string all;
    for (int i = 0; i < block->n_ports; i++) {
        const ts_port &port = block->ports[i];
        int last = ts_port_count(&port, p) - 1;
        all += std::string(port.name) + (port.always ? "! " : " ") +
               std::to_string(ts_port_cycle(&port, p, 0, latency)) + " " +
               std::to_string(ts_port_cycle(&port, p, last, latency)) + ", ";
    }
    return all;
}

TEST(block, arrays_and_engines_count_as_their_rtl_says)
{
    EXPECT_EQ(cycles_of("mpe", {"DotStages=2", "AccStages=3"}, 9),
              "load 0 0, weight 0 0, stream 0 0, swap 0 0, a_unsigned 0 0, mode 0 0, escale 0 0, "
              "acc 2 2, acc 9 9, stream! 1 1, weight! 1 1, ");
    EXPECT_EQ(cycles_of("mac_array", {"Cols=5", "Simd=3"}, 9),
              "load 0 0, weight 0 0, stream 0 0, swap 0 0, a_unsigned 0 0, fp4 0 0, escale 0 0, "
              "open 0 0, close 0 0, first 0 0, last 0 0, outer 9 13, ");
    const ts_block *array = ts_block_find("mac_array");
    std::int64_t p[TS_MAX_PARAMS];
    ts_block_presets(array, p);
    ASSERT_EQ(text(ts_block_set(array, p, "Simd=3")), "");
    const ts_port &outer = array->ports[array->n_ports - 1];
    EXPECT_EQ(ts_port_cycle(&outer, p, 2, 4), 4);
    EXPECT_EQ(ts_port_cycle(&outer, p, 3, 4), 5);
}

} // namespace
