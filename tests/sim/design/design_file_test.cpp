// SPDX-License-Identifier: Apache-2.0
// Design files: what the shipped ones say, and the one line that a wrong one is refused with.
#include "design/design.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include <unistd.h>

extern "C" const struct ts_block ts_block_mac_array;

namespace
{

std::string shipped(const std::string &name)
{
    std::ifstream file(std::string(TESSERA_SHIPPED_DESIGNS) + "/" + name + ".yaml");
    return {std::istreambuf_iterator<char>(file), {}};
}

// A design of this test's own: the shipped ones may be tuned.
const std::string kDesign = R"(name: mine
description: for tests
clock_mhz: 100
modes: int4+fp4
array: {rows: 8, cols: 8, simd: 8, lanes: 8, depth: 64}
accumulator:
  chunk: 64
  variant: fused
  outer: dlfloat16
  saturate: false
stages: {dot: 1, acc: 2, outer: 2}
quantization:
  phase_bwd: even
  phase_grad: odd
  gradscale_target: 6
  underflow: nearest
)";

std::string replace(std::string text, const std::string &from, const std::string &to)
{
    std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

// A file that is gone with the test.
class file
{
  public:
    explicit file(const std::string &text)
        : path_(testing::TempDir() + "tessera_" + std::to_string(getpid()) + ".yaml")
    {
        std::ofstream(path_, std::ios::binary) << text;
    }

    ~file()
    {
        std::remove(path_.c_str());
    }

    const std::string &path() const
    {
        return path_;
    }

  private:
    std::string path_;
};

bool load(const std::string &text, ts_design &design, std::string &error)
{
    file f(text);
    char line[1024];
    bool good = ts_design_load(f.path().c_str(), &design, line, sizeof line);
    error = line;
    if (!good) {
        EXPECT_EQ(error.rfind(f.path() + ": ", 0), 0U) << "names the file: " << error;
        EXPECT_EQ(error.find('\n'), std::string::npos) << "is one line: " << error;
        error.erase(0, f.path().size() + 2);
    }
    return good;
}

// Why a text is refused, without the file's name.
std::string refusal_in_line(const std::string &text)
{
    ts_design design;
    std::string error;
    EXPECT_FALSE(load(text, design, error));
    return error;
}

// And without the line.
std::string refusal(const std::string &text)
{
    const std::string error = refusal_in_line(text);
    const std::size_t end = error.rfind("line ", 0) == 0 ? error.find(": ") : std::string::npos;
    return end == std::string::npos ? error : error.substr(end + 2);
}

// That design with one text replaced.
std::string refusal(const std::string &from, const std::string &to)
{
    return refusal(replace(kDesign, from, to));
}

std::int64_t parameter(const ts_design &design, const char *name)
{
    std::int64_t params[TS_MAX_PARAMS];
    ts_design_params(&design, params);
    return params[ts_block_param(&ts_block_mac_array, name)];
}

TEST(DesignFile, EveryField)
{
    ts_design d;
    std::string error;
    std::string text = replace(kDesign, "lanes: 8", "lanes: 16");
    text = replace(text, "saturate: false", "saturate: true");
    text = replace(text, "outer: dlfloat16", "outer: fp32");
    text = replace(text, "variant: fused", "variant: integer");
    text = replace(text, "underflow: nearest", "underflow: flush");
    ASSERT_TRUE(load(text, d, error)) << error;
    EXPECT_STREQ(d.name, "mine");
    EXPECT_STREQ(d.description, "for tests");
    EXPECT_EQ(d.clock_mhz, 100);
    EXPECT_TRUE(d.quantizes);
    EXPECT_EQ(d.quantization.phase_bwd, 0);
    EXPECT_EQ(d.quantization.phase_grad, 1);
    EXPECT_EQ(d.quantization.gradscale_target, 6);
    EXPECT_EQ(d.quantization.underflow, TS_UNDERFLOW_FLUSH);
    EXPECT_EQ(parameter(d, "Modes"), TS_MODE_INT4 | TS_MODE_FP4);
    EXPECT_EQ(parameter(d, "Rows"), 8);
    EXPECT_EQ(parameter(d, "Cols"), 8);
    EXPECT_EQ(parameter(d, "Simd"), 8);
    EXPECT_EQ(parameter(d, "Lanes"), 16);
    EXPECT_EQ(parameter(d, "Depth"), 64);
    EXPECT_EQ(parameter(d, "Chunk"), 64);
    EXPECT_EQ(parameter(d, "Variant"), TS_VARIANT_INTEGER);
    EXPECT_EQ(parameter(d, "Outer"), TS_OUTER_FP32);
    EXPECT_EQ(parameter(d, "Saturate"), 1);
    EXPECT_EQ(parameter(d, "DotStages"), 1);
    EXPECT_EQ(parameter(d, "AccStages"), 2);
    EXPECT_EQ(parameter(d, "OuterStages"), 2);
    EXPECT_EQ(ts_design_macs_per_cycle(&d), 8 * 8 * 8 * 16);
    EXPECT_DOUBLE_EQ(ts_design_peak_tops(&d), 2 * 8192 * 100e6 / 1e12);
}

TEST(DesignFile, TheTwinDiffersOnlyWhereFp16Must)
{
    ts_design four, fp16;
    std::string error;
    ASSERT_TRUE(load(shipped("int4_fp4_8x8"), four, error)) << error;
    ASSERT_TRUE(load(shipped("fp16_8x8"), fp16, error)) << error;
    EXPECT_TRUE(four.quantizes);
    EXPECT_FALSE(fp16.quantizes);
    EXPECT_EQ(fp16.clock_mhz, four.clock_mhz);
    for (const char *same : {"Rows", "Cols", "Simd", "Depth", "Chunk", "Outer", "Saturate"})
        EXPECT_EQ(parameter(fp16, same), parameter(four, same)) << same;
}

// RaPiD: 64 INT4 or 8 FP16 multiply-accumulates per mpe and cycle; its eight arrays of 8x8 mpes at
// 1.6 GHz give 104.9 TOPS and 13.1 TFLOPS.
TEST(DesignFile, PeakRatesOfRapid)
{
    ts_design d;
    std::string error;
    ASSERT_TRUE(load(shipped("int4_fp4_8x8"), d, error)) << error;
    d.clock_mhz = 1600;
    EXPECT_EQ(ts_design_macs_per_cycle(&d), 64 * 64);
    EXPECT_NEAR(8 * ts_design_peak_tops(&d), 104.9, 0.05);
    ASSERT_TRUE(load(shipped("fp16_8x8"), d, error)) << error;
    d.clock_mhz = 1600;
    EXPECT_EQ(ts_design_macs_per_cycle(&d), 64 * 8);
    EXPECT_NEAR(8 * ts_design_peak_tops(&d), 13.1, 0.05);
}

TEST(DesignFile, EveryMode)
{
    ts_design d;
    std::string error;
    for (const char *modes : {"int4", "fp4", "int4+fp4"})
        EXPECT_TRUE(
            load(replace(kDesign, "modes: int4+fp4", std::string("modes: ") + modes), d, error))
            << error;
    std::string without = kDesign;
    without.erase(without.find("quantization:"));
    EXPECT_TRUE(load(replace(without, "modes: int4+fp4", "modes: int4"), d, error)) << error;
    EXPECT_FALSE(d.quantizes);
    EXPECT_EQ(refusal(replace(without, "modes: int4+fp4", "modes: fp4")),
              "quantization.phase_bwd is missing; it must be even or odd");
}

TEST(DesignFile, DescriptionsMayHaveLines)
{
    ts_design d;
    std::string error;
    std::string text =
        replace(kDesign, "description: for tests", "description: >\n  two lines\n  of text");
    ASSERT_TRUE(load(text, d, error)) << error;
    EXPECT_STREQ(d.description, "two lines of text");
}

// A terminal would obey them; escapes are the way by which YAML has them.
TEST(DesignFile, NamesHaveNoControlCharacters)
{
    const std::string must = "; it must be text of 1 to 63 bytes, without control characters";
    EXPECT_EQ(refusal("name: mine", R"(name: "a\e[2J")"), "name is 'a [2J'" + must);
    EXPECT_EQ(refusal("name: mine", R"(name: "a\nb")"), "name is 'a b'" + must);
    EXPECT_EQ(refusal("name: mine", R"(name: "a\x7f")"), "name is 'a '" + must);
    EXPECT_EQ(refusal("name: mine", R"(name: "\u009b2J")").substr(0, 9), "name is '");
    EXPECT_EQ(refusal("for tests", R"("\e[2J")").substr(0, 14), "description is");
    ts_design d;
    std::string error;
    ASSERT_TRUE(load(replace(kDesign, "name: mine", "name: m\u00b5 `x`"), d, error)) << error;
    EXPECT_STREQ(d.name, "m\u00b5 `x`");
}

TEST(DesignFile, UnknownField)
{
    EXPECT_EQ(refusal("lanes: 8", "lanez: 8"), "array.lanez is no field of a design; "
                                               "array has rows, cols, simd, lanes, depth");
    EXPECT_EQ(refusal("stages:", "stage:").substr(0, 40),
              "stage is no field of a design; the top h");
}

TEST(DesignFile, MissingField)
{
    EXPECT_EQ(refusal("lanes: 8, ", ""),
              "array.lanes is missing; it must be a power of two from 1 to 64");
    EXPECT_EQ(refusal("clock_mhz: 100", "# "), "clock_mhz is missing; it must be 1 to 10000");
    EXPECT_EQ(
        refusal("modes: int4+fp4", "# "),
        "modes is missing; it must be some of int4, fp4, hfp8, fp16, in this order, joined by +");
    EXPECT_EQ(refusal("  variant: fused", "  # "),
              "accumulator.variant is missing; it must be fused, split or integer");
}

TEST(DesignFile, Ranges)
{
    const std::string pow2_64 = "; it must be a power of two from 1 to 64";
    EXPECT_EQ(refusal("lanes: 8", "lanes: 12"), "array.lanes is '12'" + pow2_64);
    EXPECT_EQ(refusal("lanes: 8", "lanes: 128"), "array.lanes is '128'" + pow2_64);
    EXPECT_EQ(refusal("lanes: 8", "lanes: eight"), "array.lanes is 'eight'" + pow2_64);
    EXPECT_EQ(refusal("lanes: 8", "lanes: 8.5"), "array.lanes is '8.5'" + pow2_64);
    EXPECT_EQ(refusal("lanes: 8", "lanes: -8"), "array.lanes is '-8'" + pow2_64);
    EXPECT_EQ(refusal("lanes: 8", "lanes: 99999999999999999999"),
              "array.lanes is '99999999999999999999'" + pow2_64);
    EXPECT_EQ(refusal("lanes: 8", "lanes: ''"), "array.lanes is ''" + pow2_64);
    EXPECT_EQ(refusal("lanes: 8", "lanes: \"8\\n9\""), "array.lanes is '8 9'" + pow2_64);
    EXPECT_EQ(refusal("rows: 8", "rows: 6"), "array.rows is '6'" + pow2_64);
    EXPECT_EQ(refusal("cols: 8", "cols: 0"), "array.cols is '0'; it must be 1 to 64");
    EXPECT_EQ(refusal("simd: 8", "simd: 17"), "array.simd is '17'; it must be 1 to 16");
    EXPECT_EQ(refusal("depth: 64", "depth: 1025"), "array.depth is '1025'; it must be 1 to 1024");
    EXPECT_EQ(refusal("clock_mhz: 100", "clock_mhz: nan"),
              "clock_mhz is 'nan'; it must be 1 to 10000");
    EXPECT_EQ(refusal("clock_mhz: 100", "clock_mhz: 1e5"),
              "clock_mhz is '1e5'; it must be 1 to 10000");
    EXPECT_EQ(refusal("dot: 1", "dot: 3"), "stages.dot is '3'; it must be 0 to 2");
    EXPECT_EQ(refusal("acc: 2", "acc: 0"), "stages.acc is '0'; it must be 1 to 3");
    EXPECT_EQ(refusal("gradscale_target: 6", "gradscale_target: 9"),
              "quantization.gradscale_target is '9'; it must be 5 to 8");
}

TEST(DesignFile, Names)
{
    EXPECT_EQ(refusal("variant: fused", "variant: fusd"),
              "accumulator.variant is 'fusd'; it must be fused, split or integer");
    EXPECT_EQ(refusal("outer: dlfloat16", "outer: 1"),
              "accumulator.outer is '1'; it must be dlfloat16 or fp32");
    EXPECT_EQ(refusal("saturate: false", "saturate: 0"),
              "accumulator.saturate is '0'; it must be false or true");
    EXPECT_EQ(
        refusal("modes: int4+fp4", "modes: int5"),
        "modes is 'int5'; it must be some of int4, fp4, hfp8, fp16, in this order, joined by +");
    EXPECT_EQ(refusal("modes: int4+fp4", "modes: hfp8"),
              "modes must be int4, fp4, int4+fp4 or fp16; modes is hfp8");
    EXPECT_EQ(refusal("phase_bwd: even", "phase_bwd: evn"),
              "quantization.phase_bwd is 'evn'; it must be even or odd");
    EXPECT_EQ(refusal("underflow: nearest", "underflow: none"),
              "quantization.underflow is 'none'; it must be nearest or flush");
    EXPECT_EQ(refusal("name: mine", "name: " + std::string(64, 'x')),
              "name is '" + std::string(60, 'x') +
                  "...'; it must be text of 1 to 63 bytes, without control characters");
}

// With powers of two, Chunk and Rows * Lanes always divide one another unless a slice's dot
// product is longer than the chunk.
TEST(DesignFile, FieldsThatDoNotFitTogether)
{
    std::string text = replace(kDesign, "lanes: 8", "lanes: 32");
    EXPECT_EQ(refusal(replace(text, "chunk: 64", "chunk: 16")),
              "accumulator.chunk must be a multiple of array.lanes; "
              "accumulator.chunk is 16, array.lanes is 32");
    EXPECT_EQ(refusal("chunk: 64", "chunk: 48"),
              "accumulator.chunk is '48'; it must be a power of two from 1 to 4096");
    EXPECT_EQ(refusal("modes: int4+fp4", "modes: fp16"),
              "modes=fp16 needs array.lanes=1, accumulator.variant=fused and stages.dot=0; "
              "modes is fp16, array.lanes is 8, accumulator.variant is fused, stages.dot is 1");
    text = replace(kDesign, "chunk: 64", "chunk: 8");
    text = replace(text, "acc: 2", "acc: 1");
    EXPECT_EQ(refusal(replace(text, "outer: 2", "outer: 3")),
              "stages.outer must not exceed stages.acc times the rows of a chunk; "
              "stages.outer is 3, stages.acc is 1");
}

TEST(DesignFile, Structure)
{
    EXPECT_EQ(refusal_in_line(replace(kDesign, "lanes: 8", "lanes: [8]")),
              "line 5: array.lanes must be one value");
    EXPECT_EQ(refusal_in_line("array: 5\n"), "line 1: array must be a section of fields");
    EXPECT_EQ(refusal("rows: 8", "rows: 8, rows: 4"), "array.rows is there twice");
    EXPECT_EQ(refusal("name: \"a\n"),
              "not YAML, from line 1: name on: found unexpected end of stream");
    EXPECT_EQ(refusal("- 1\n"), "not a design: the file must consist of fields, 'name: ...' first");
    EXPECT_EQ(refusal("hello\n"),
              "not a design: the file must consist of fields, 'name: ...' first");
    EXPECT_EQ(refusal(""), "the file is empty");
    EXPECT_EQ(refusal_in_line(kDesign + "---\nname: other\n"),
              "line 17: a second document begins; a file has one design");
    EXPECT_EQ(refusal_in_line(kDesign + "...\n---\n" + kDesign).substr(0, 8), "line 18:");
    EXPECT_EQ(refusal_in_line(kDesign + "---\n\"open\n").substr(0, 27),
              "line 19: a second document ");
    EXPECT_EQ(refusal(std::string("\x7f\x45\x4c\x46\x01\x00", 6)),
              "not YAML, from the start on: control characters are not allowed");
}

// The field's own line, that of the section it is missing from, or none.
TEST(DesignFile, Lines)
{
    const auto line = [](const std::string &from, const std::string &to) {
        const std::string error = refusal_in_line(replace(kDesign, from, to));
        return error.substr(0, error.find(' ', error.find(' ') + 1));
    };
    EXPECT_EQ(line("clock_mhz: 100", "clock_mhz: 0"), "line 3:");
    EXPECT_EQ(line("lanes: 8", "lanes: 12"), "line 5:");
    EXPECT_EQ(line("variant: fused", "variant: fusd"), "line 8:");
    EXPECT_EQ(line("  variant: fused\n", ""), "line 6:");
    EXPECT_EQ(line("underflow: nearest", "undrflow: nearest"), "line 16:");
    EXPECT_EQ(line("stages:", "stage:"), "line 11:");
    EXPECT_EQ(line("chunk: 64", "chunk: 4"), "line 7:");
    EXPECT_EQ(line("clock_mhz: 100\n", ""), "clock_mhz is");
}

// What surrounds the array, as a file has it.
const std::string kMachine = kDesign + R"(chip: {cores: 2, corelets: 1, cores_split: m,
  corelets_split: n, memories: real, zero_gating: true}
dataflow: {stationary: weight, preload: serial, drain: counted}
l0: {kib: 8, banks: 4, ports: 1, bytes: 16}
l1: {kib: 64, banks: 4, ports: 2, bytes: 16}
dram: {gb_s: 1.5, latency_ns: 100}
sfu: {lanes: 8}
training:
  dy: one_5bit
  skip_zeros: true
  precision: |
    first -> 4bit
    all -> 4bit
link: {chips: 4, gb_s: 2}
)";

std::string machine_refusal(const std::string &from, const std::string &to)
{
    return refusal_in_line(replace(kMachine, from, to));
}

TEST(DesignFile, EveryFieldOfAMachine)
{
    ts_design d;
    std::string error;
    ASSERT_TRUE(load(kDesign, d, error)) << error;
    EXPECT_FALSE(d.is_machine);
    ASSERT_TRUE(load(kMachine, d, error)) << error;
    EXPECT_TRUE(d.is_machine);
    EXPECT_EQ(d.chip.cores, 2);
    EXPECT_EQ(d.chip.corelets, 1);
    EXPECT_EQ(d.chip.cores_split, TS_SPLIT_M);
    EXPECT_EQ(d.chip.corelets_split, TS_SPLIT_N);
    EXPECT_EQ(d.chip.memories, TS_MEMORIES_REAL);
    EXPECT_EQ(d.chip.zero_gating, 1);
    std::int64_t params[TS_MAX_PARAMS];
    ts_design_params(&d, params);
    EXPECT_EQ(params[ts_block_param(&ts_block_mac_array, "ZeroGate")], 1);
    EXPECT_EQ(d.dataflow.stationary, TS_WEIGHT_STATIONARY);
    EXPECT_EQ(d.dataflow.preload, TS_PRELOAD_SERIAL);
    EXPECT_EQ(d.dataflow.drain, TS_DRAIN_COUNTED);
    EXPECT_EQ(d.l0.kib, 8);
    EXPECT_EQ(d.l0.ports, 1);
    EXPECT_EQ(d.l1.kib, 64);
    EXPECT_EQ(d.l1.banks, 4);
    EXPECT_EQ(d.l1.bytes, 16);
    EXPECT_EQ(d.dram.gb_s, 1.5);
    EXPECT_EQ(d.dram.latency_ns, 100);
    EXPECT_EQ(d.sfu.lanes, 8);
    EXPECT_EQ(d.training.dy, TS_DY_ONE_5BIT);
    EXPECT_EQ(d.training.skip_zeros, 1);
    EXPECT_STREQ(d.training.precision, "first -> 4bit\nall -> 4bit");
    EXPECT_EQ(d.link.chips, 4);
    EXPECT_EQ(d.link.gb_s, 2);
    EXPECT_EQ(ts_design_arrays(&d), 2);
}

TEST(DesignFile, MachinesThatDoNotWork)
{
    EXPECT_EQ(machine_refusal("gb_s: 1.5", "gb_s: 0"),
              "line 22: dram.gb_s is '0'; it must be 1 to 100000");
    EXPECT_EQ(machine_refusal("banks: 4, ports: 1", "banks: 0, ports: 1"),
              "line 20: l0.banks is '0'; it must be 1 to 1024");
    EXPECT_EQ(machine_refusal("banks: 4, ports: 1, bytes: 16", "banks: 1, ports: 1, bytes: 1"),
              "line 20: l0.banks times l0.ports times l0.bytes must be at least 2");
    EXPECT_EQ(machine_refusal("gb_s: 1.5", "gb_s: 6.35"),
              "line 21: l1.banks times l1.ports times l1.bytes is half to read, and that must "
              "exceed what dram.gb_s brings a cycle, 64 bytes");
    EXPECT_EQ(machine_refusal("kib: 8", "kib: 4"),
              "line 20: l0.kib is too small: its half, 2048 bytes, must hold the operands of one "
              "streamed row");
    EXPECT_EQ(machine_refusal("kib: 64", "kib: 16"),
              "line 21: l1.kib is too small: its half, 8192 bytes, must hold the operands of a "
              "slice of 64 x 64 x 64 (M, N, K) in each corelet, and the results");
    EXPECT_EQ(machine_refusal("stationary: weight", "stationary: row"),
              "line 19: dataflow.stationary is 'row'; it must be weight or output");
    EXPECT_EQ(machine_refusal("sfu: {lanes: 8}\n", ""),
              "sfu.lanes is missing; it must be 1 to 65536");
    EXPECT_EQ(machine_refusal("first -> 4bit", "first -> hfp8"),
              "line 27: training.precision, rule 1: mode hfp8 is none of the design's modes");
}

TEST(DesignFile, ModesThatNoArrayHas)
{
    ts_design d;
    char line[1024];
    const file all(replace(kMachine, "modes: int4+fp4", "modes: int4+fp4+hfp8+fp16"));
    ASSERT_TRUE(ts_design_load(all.path().c_str(), &d, line, sizeof line)) << line;
    EXPECT_EQ(ts_design_lanes(&d, TS_MODE_INT4), 8);
    EXPECT_EQ(ts_design_lanes(&d, TS_MODE_FP4), 8);
    EXPECT_EQ(ts_design_lanes(&d, TS_MODE_HFP8), 2);
    EXPECT_EQ(ts_design_lanes(&d, TS_MODE_FP16), 1);
    EXPECT_FALSE(ts_design_load_array(all.path().c_str(), &d, line, sizeof line));
    EXPECT_EQ(line, all.path() + ": line 4: modes must be int4, fp4, int4+fp4 or fp16; modes is "
                                 "int4+fp4+hfp8+fp16");
    const file integers(kMachine);
    EXPECT_TRUE(ts_design_load_array(integers.path().c_str(), &d, line, sizeof line)) << line;
}

TEST(DesignFile, NoSuchFile)
{
    ts_design design;
    char line[1024];
    EXPECT_FALSE(ts_design_load("/nowhere/x.yaml", &design, line, sizeof line));
    std::string error = line;
    EXPECT_EQ(error.rfind("/nowhere/x.yaml: no such file, and no shipped design of that name; "
                          "there are ",
                          0),
              0U)
        << error;
    EXPECT_NE(error.find(" int4_fp4_8x8"), std::string::npos) << error;
    EXPECT_FALSE(ts_design_load(testing::TempDir().c_str(), &design, line, sizeof line));
    EXPECT_NE(std::string(line).find(": cannot be read: Is a directory"), std::string::npos)
        << line;
}

TEST(DesignFile, ShippedByName)
{
    ts_design design;
    char line[1024];
    char names[1][TS_DESIGN_NAME];
    EXPECT_GE(ts_design_list(names, 1), 2U);
    for (const char *name : {"fp16_8x8", "int4_fp4_8x8", "int4-fp4-8x8"})
        EXPECT_TRUE(ts_design_load(name, &design, line, sizeof line)) << line;
}

// A message that does not fit is cut, not written past the end.
TEST(DesignFile, ShortBuffer)
{
    ts_design design;
    char line[8] = "xxxxxxx";
    EXPECT_FALSE(ts_design_load("no-such-design", &design, line, sizeof line));
    EXPECT_STREQ(line, "no-such");
}

} // namespace
