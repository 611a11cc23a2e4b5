// SPDX-License-Identifier: Apache-2.0
// Power of a small mpe: netlist against RTL, and figures against what can be known beforehand.
#include "power/activity_liberty.h"
#include "power/files.h"
#include "power/netlist.h"
#include "power/power.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace
{

constexpr double kPeriod = 8.333; // ns
constexpr int kRows = 400;
constexpr const char *kFields = "#fields valid:1:in load:1:in weight:20:in stream:10:in swap:1:in "
                                "a_unsigned:1:in mode:1:in escale:7:in acc:32:in";

class Power : public testing::Test
{
  protected:
    static void SetUpTestSuite()
    {
        directory_ = fs::temp_directory_path() / ("power_test." + std::to_string(getpid()));
        fs::create_directories(directory_);
        setenv("TESSERA_CACHE", (directory_ / "cache").c_str(), 1);
        liberty_ = ts_library_preset();
        const char *file = liberty_.c_str();
        ts_error error = {};
        ASSERT_TRUE(ts_library_open(&library_, &file, 1, &error)) << error.text;
        mpe_ = ts_block_find("mpe");
        ts_block_presets(mpe_, params_);
        for (const char *each : {"Simd=1", "Lanes=2", "DotStages=1", "AccStages=2"})
            ASSERT_EQ(ts_block_set(mpe_, params_, each), nullptr) << each;
        ASSERT_TRUE(ts_synthesize(mpe_, params_, &library_, kPeriod, &synth_, &error))
            << error.text;
    }

    static void TearDownTestSuite()
    {
        fs::remove_all(directory_);
    }

    // Two slices; the first row loads, as do others now and then.
    static std::string random_rows()
    {
        std::mt19937 random(1);
        std::string text = std::string(kFields) + "\n";
        for (int i = 0; i < kRows; i++) {
            char row[128];
            const unsigned load = i % 100 < 2, escale = random() % 16;
            std::snprintf(row, sizeof row, "1 %x %05x %03x %x 0 %x %02x %04x%04x\n", load,
                          static_cast<unsigned>(random() & 0xFFFFF),
                          static_cast<unsigned>(random() & 0x3FF), i / 200 & 1, i / 100 & 1, escale,
                          0x3C00U + static_cast<unsigned>(random() % 0x400),
                          0x3C00U + static_cast<unsigned>(random() % 0x400));
            text += row;
        }
        return text;
    }

    // The recorded sum is `sum`.
    static std::string constant_rows(const std::string &sum)
    {
        std::string text = std::string(kFields) + " acc:32:out\n";
        for (int i = 0; i < kRows; i++)
            text += "1 1 08421 021 0 0 0 00 3e003e00 " + sum + sum + "\n";
        return text;
    }

    static std::string write(const std::string &name, const std::string &text)
    {
        const fs::path path = directory_ / name;
        tessera::write_text(path, text);
        return path.string();
    }

    static ts_power power(const std::string &file, double period = kPeriod, int slice = 1)
    {
        ts_power result = {};
        ts_error error = {};
        const ts_stimulus stimulus = {file.c_str(), slice};
        EXPECT_TRUE(
            ts_power_of_mpe(&synth_, params_, &library_, period, &stimulus, &result, &error))
            << error.text;
        return result;
    }

    static std::string failure(const ts_synth &synth, const std::string &file, int slice = 0)
    {
        ts_power result = {};
        ts_error error = {};
        const ts_stimulus stimulus = {file.c_str(), slice};
        EXPECT_FALSE(
            ts_power_of_mpe(&synth, params_, &library_, kPeriod, &stimulus, &result, &error));
        return error.text;
    }

    // The directory of the cache that has the figure `mw`.
    static fs::path entry_of(double internal_mw)
    {
        for (const fs::directory_entry &entry : fs::directory_iterator(directory_ / "cache")) {
            std::ifstream file(entry.path() / "result.txt");
            double mw = 0;
            if (file >> mw && mw == internal_mw)
                return entry.path();
        }
        return {};
    }

    static ts_synth altered(const std::string &name, const std::string &from, const std::string &to)
    {
        std::string text = tessera::read_text(synth_.netlist);
        const std::size_t at = text.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        text.replace(at, from.size(), to);
        ts_synth other = synth_;
        std::snprintf(other.netlist, sizeof other.netlist, "%s", write(name, text).c_str());
        return other;
    }

    static fs::path directory_;
    static std::string liberty_;
    static ts_library library_;
    static const ts_block *mpe_;
    static int64_t params_[TS_MAX_PARAMS];
    static ts_synth synth_;
};

fs::path Power::directory_;
std::string Power::liberty_;
ts_library Power::library_;
const ts_block *Power::mpe_;
int64_t Power::params_[TS_MAX_PARAMS];
ts_synth Power::synth_;

// Of input pins, in F, the larger of rise and fall; from a library with a line per attribute.
std::map<std::string, double> capacitances(const std::string &liberty, double unit)
{
    std::map<std::string, double> all;
    std::istringstream lines(liberty);
    std::string cell, pin;
    for (std::string line; std::getline(lines, line);) {
        line.erase(std::remove_if(line.begin(), line.end(),
                                  [](char c) { return c == ' ' || c == '\t' || c == '"'; }),
                   line.end());
        const auto within = [&](const char *open, std::string &name) {
            if (line.rfind(open, 0) == 0)
                name = line.substr(std::string(open).size(),
                                   line.find(')') - std::string(open).size());
        };
        within("cell(", cell);
        within("pin(", pin);
        for (const char *each : {"capacitance:", "rise_capacitance:", "fall_capacitance:"})
            if (line.rfind(each, 0) == 0) {
                double &value = all[cell + "/" + pin];
                const double here = std::atof(line.c_str() + std::string(each).size()) * unit;
                value = std::max(value, here);
            }
    }
    return all;
}

TEST_F(Power, NetlistIsRtlOnEveryCycle)
{
    const ts_power run = power(write("random.vec", random_rows()));
    EXPECT_EQ(run.cycles, kRows);
    EXPECT_EQ(run.mismatches, 0U);
    EXPECT_EQ(run.bits_compared, kRows * (1U + 16 + 10 + 10));
    EXPECT_GT(run.toggles_per_cycle, 0.05);
    EXPECT_FALSE(run.cached);
    EXPECT_NEAR(run.total_mw, run.internal_mw + run.switching_mw + run.leakage_mw,
                1e-6 * run.total_mw);
    const ts_power again = power(write("random.vec", random_rows()));
    EXPECT_TRUE(again.cached);
    EXPECT_EQ(again.total_mw, run.total_mw);
    EXPECT_NE(power(write("random.vec", random_rows()), kPeriod, 0).total_mw, run.total_mw);
}

TEST_F(Power, SwitchingIsHalfCVSquaredPerToggle)
{
    const ts_power run = power(write("random.vec", random_rows()));
    const fs::path entry = entry_of(run.internal_mw);
    const tessera::flat_netlist netlist(tessera::read_text(entry / "netlist.v"));
    std::istringstream toggles(tessera::read_text(entry / "toggles.txt"));
    double cycles, ignored, count;
    std::map<std::string, double> per_cycle;
    toggles >> cycles >> ignored >> ignored;
    for (std::string net; toggles >> net >> count >> ignored;)
        per_cycle[net] = count / cycles;
    EXPECT_EQ(per_cycle["clk_i"], 2);

    const auto farads =
        capacitances(tessera::read_text(library_.liberty), library_.capacitance_unit_f);
    double mw = 0;
    std::map<std::string, double> load;
    for (const tessera::cell_pin &pin : netlist.pins())
        load[pin.net] += farads.at(pin.type + "/" + pin.pin);
    for (const auto &[net, c] : load)
        // What ports drive is their driver's.
        if (net.find("_i") == std::string::npos && net != "rst_ni")
            mw += 0.5 * c * library_.voltage_v * library_.voltage_v * per_cycle.at(net) /
                  (kPeriod * 1e-9) * 1e3;
    EXPECT_NEAR(run.switching_mw, mw, 0.02 * mw);
}

TEST_F(Power, FollowsActivityAndClock)
{
    const ts_power busy = power(write("random.vec", random_rows()));
    const ts_power idle = power(write("constant.vec", constant_rows("0000")));
    EXPECT_LT(idle.switching_mw, 0.02 * busy.switching_mw);
    EXPECT_LT(idle.total_mw, 0.7 * busy.total_mw) << "the clock remains";
    EXPECT_EQ(idle.leakage_mw, busy.leakage_mw);

    const ts_power fast = power(write("random.vec", random_rows()), kPeriod / 2);
    EXPECT_NEAR(fast.switching_mw, 2 * busy.switching_mw, 1e-4 * fast.switching_mw);
    EXPECT_NEAR(fast.internal_mw, 2 * busy.internal_mw, 1e-4 * fast.internal_mw);
    EXPECT_EQ(fast.leakage_mw, busy.leakage_mw);
    EXPECT_EQ(fast.toggles_per_cycle, busy.toggles_per_cycle);
}

TEST_F(Power, RecordedSumsCount)
{
    // Weights, stream and acc of the constant rows.
    std::vector<std::uint64_t> in = {1, 1, 1, 1, 1, 0, 0, 0, 0, 0x3E00};
    std::vector<std::uint64_t> out(8), state(8);
    for (int i = 0; i < 2; i++) // the first loads
        mpe_->step(params_, state.data(), true, in.data(), out.data());
    char sum[8];
    std::snprintf(sum, sizeof sum, "%04x", static_cast<unsigned>(out[0]));
    const ts_power good = power(write("sums.vec", constant_rows(sum)));
    EXPECT_EQ(good.mismatches, 0U);
    EXPECT_GT(good.bits_compared, kRows * 37U) << "recorded bits too";
    out[0] ^= 1;
    std::snprintf(sum, sizeof sum, "%04x", static_cast<unsigned>(out[0]));
    EXPECT_EQ(power(write("other.vec", constant_rows(sum))).mismatches,
              (good.bits_compared - kRows * 37U) / 16);
}

TEST_F(Power, AnAlteredNetlistShows)
{
    const std::string text = tessera::read_text(synth_.netlist);
    // The last gate before the sum: not one that happens to be redundant.
    const std::size_t nand = text.rfind("  NAND2X1 ");
    ASSERT_NE(nand, std::string::npos);
    const std::string line = text.substr(nand, text.find('\n', nand) - nand);
    const ts_synth other = altered("altered.v", line, "  NOR2X1 " + line.substr(10));
    ts_power result = {};
    ts_error error = {};
    const std::string file = write("random.vec", random_rows());
    const ts_stimulus stimulus = {file.c_str(), 0};
    ASSERT_TRUE(ts_power_of_mpe(&other, params_, &library_, kPeriod, &stimulus, &result, &error))
        << error.text;
    EXPECT_GT(result.mismatches, 0U);
}

TEST_F(Power, SaysWhatIsWrong)
{
    const std::string rows = random_rows(), file = write("random.vec", rows);
    EXPECT_EQ(failure(synth_, file, 2), file + ": no slice 2; it has 2");
    EXPECT_EQ(failure(synth_, file, -1), file + ": no slice -1");
    const std::string missing = (directory_ / "missing.vec").string();
    EXPECT_EQ(failure(synth_, missing), missing + ": cannot be read");

    const std::string bad = write("bad.vec", rows + "1 0 zzzzz 000 0 0 0 00 00000000\n");
    EXPECT_EQ(failure(synth_, bad),
              bad + ":" + std::to_string(kRows + 2) + ": \"zzzzz\" is not hexadecimal");
    const std::string few = write("few.vec", std::string(kFields) + "\n1 0\n");
    EXPECT_EQ(failure(synth_, few), few + ":2: a row of fewer fields than the first line names");
    const std::string wide = write("wide.vec", std::string(kFields) + "\n1 0 1\n");
    EXPECT_EQ(failure(synth_, wide), wide + ":2: \"1\" has not the 5 digits of 20 bits");
    const std::string none = write("none.vec", "1 0\n");
    EXPECT_EQ(failure(synth_, none), none + ":1: does not begin with #fields");
    const std::string empty = write("empty.vec", std::string(kFields) + "\n");
    EXPECT_EQ(failure(synth_, empty), empty + ": no rows");

    ts_synth clockless = synth_;
    const std::string netlist =
        write("clockless.v", "module netlist_top(a, y);\n  input a;\n  output y;\n"
                             "  assign y = a;\nendmodule\n");
    std::snprintf(clockless.netlist, sizeof clockless.netlist, "%s", netlist.c_str());
    EXPECT_EQ(failure(clockless, file), netlist + ": netlist_top has no port clk_i");
}

TEST_F(Power, SaysWhichToolIsMissing)
{
    const std::string path = std::getenv("PATH"), file = write("random.vec", random_rows() + "");
    const fs::path tools = directory_ / "tools";
    fs::create_directories(tools);
    const auto only = [&](const std::vector<std::string> &names) {
        for (const std::string &name : names) {
            const fs::path tool = tools / name;
            tessera::write_text(tool, "#!/bin/sh\nPATH='" + path + "' exec " + name + " \"$@\"\n");
            fs::permissions(tool, fs::perms::owner_all);
        }
        setenv("PATH", tools.c_str(), 1);
        std::string said = failure(synth_, file);
        setenv("PATH", path.c_str(), 1);
        return said;
    };
    EXPECT_EQ(only({}), "yosys: not installed (package yosys)");
    EXPECT_EQ(only({"yosys"}), "verilator: not installed (package verilator)");
    EXPECT_EQ(only({"yosys", "verilator", "c++"}), "sta: not installed (package opensta)");
}

TEST(OwnFunctions, LeaveAllElse)
{
    EXPECT_EQ(tessera::own_functions("pin(Y) { function : \"(A B)\";\n  x_function : \"A\"; }"),
              "pin(Y) { function : \"Y\";\n  x_function : \"A\"; }");
    EXPECT_EQ(tessera::own_functions("pin ( \"Z\" ) { related_pin : \"A\"; function:\"A\"\n}"),
              "pin ( \"Z\" ) { related_pin : \"A\"; function : \"Z\";\n}");
    EXPECT_EQ(tessera::own_functions("functions"), "functions");
}

} // namespace
