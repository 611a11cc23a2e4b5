// SPDX-License-Identifier: Apache-2.0
// Made-up inputs, and the command run on them.
#include "synthetic.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <sys/wait.h>

namespace
{

std::string make_directory()
{
    std::string name = (std::filesystem::temp_directory_path() / "report_test_XXXXXX").string();
    if (!mkdtemp(name.data()))
        throw std::runtime_error("no temporary directory");
    return name;
}

std::string assembly(const std::string &kind, double area, const std::string &parts)
{
    std::ostringstream out;
    out << R"({"kind": ")" << kind << R"(", "area_um2": )" << area << R"(, "parts": [)" << parts
        << "]}";
    return out.str();
}

std::string part(const std::string &name, const std::string &kind, double count, double area)
{
    std::ostringstream out;
    out << R"({"name": ")" << name << R"(", "kind": ")" << kind << R"(", "count": )" << count
        << R"(, "area_um2": )" << area << "}";
    return out.str();
}

std::string power(const Synthetic &s)
{
    if (!s.power)
        return "null";
    std::ostringstream out;
    out << R"({"kind": "simulated", "activity": "made-up.h5", "positions": [
        {"record": "r", "row": 0, "col": 0, "slice": 0, "idle": false, "pass": "fwd", "cycles": 5,
         "bits_compared": 50, "mismatches": )"
        << s.mismatches << R"(, "toggles_per_cycle": 0.5, "internal_mw": 1, "switching_mw": 2,
         "leakage_mw": 3, "total_mw": 6}],
        "slice_mw": {"mean": 6, "min": 6, "max": 6, "stddev": 0},
        "idle_mw": null,
        "array_mw": {"kind": "modelled", "mpes": 6, "outer_adders": 2, "sums_and_skew": 2, "total": 10}})";
    return out.str();
}

std::string run(const Synthetic &s)
{
    if (!s.power)
        return "null";
    std::ostringstream out;
    out << R"({"kind": "modelled", "cycles": )" << s.cycles
        << R"(, "milliseconds": 1, "macs": 8, "working_share": 0.5, "energy_uj": 1, "average_mw": 1,
        "pj_per_mac": )"
        << s.run_pj_per_mac << "}";
    return out.str();
}

std::string totals(const Synthetic &s)
{
    std::ostringstream out;
    out << R"({"events": 1, "macs": 8, "cycles": )" << s.cycles << R"(, "utilization": 0.5,
        "outputs_compared": 7, "mismatches": 0, "tiles": 1, "tile_cycles_compared": 3,
        "tile_bits_compared": 9, "tile_mismatches": 0})";
    return out.str();
}

std::string event(const Synthetic &s, const char *pass, const char *phase)
{
    std::ostringstream out;
    out << R"({"step": 1, "layer": ")" << s.layer << R"(", "pass": ")" << pass
        << R"(", "partial": )" << (std::string(pass) == "grad" ? "true" : "false")
        << R"(, "m": 1, "n": 2, "k": 4, "macs": 8, "cycles": )" << s.cycles
        << R"(, "busy_cycles": 2, "preload_cycles": 1, "skew_cycles": 3, "drain_cycles": 4, "utilization": 0.5, "phase": ")"
        << phase << R"(", "errors": {)";
    std::istringstream phases(std::string(phase) == "none" ? "none" : "even odd");
    std::string name, comma;
    while (phases >> name) {
        out << comma << '"' << name << R"(": {"nmse": )" << s.nmse
            << R"(, "snr_db": 6.02, "slope": -0.125, "magnitude_bias": -0.0625,
               "channel_mean_nmse": 0.5, "not_finite": 0})";
        comma = ", ";
    }
    out << "}}";
    return out.str();
}

std::string design(const Synthetic &s)
{
    return R"({"name": ")" + s.name + R"(", "description": "made up", "modes": "int4+fp4",
               "rows": 1, "cols": 1, "simd": 1, "lanes": 1,
               "phase_bwd": "even", "phase_grad": "odd"})";
}

std::string operands(const Synthetic &s)
{
    return R"([{"step": 1, "layer": ")" + s.layer + R"(", "dy_flushed_share": 0.125,
        "x_format": "uint4", "x_clip": 1.5, "x_clip_source": "pact", "w_clip": 0.75,
        "w_clip_fell_back": false, "gradscale_k": 5,
        "dy_even": {"zero_share": 0.375, "saturated_share": 0, "error": {"nmse": 0.5}},
        "dy_odd": {"zero_share": 0.625, "saturated_share": 0, "error": {"nmse": 0.5}}}])";
}

std::string replay(const Synthetic &s)
{
    const char *bwd = s.phases ? "even" : "none";
    return R"({"tool": "tessera replay made-up", "command": ["tessera", "replay"],
        "kind": "simulated", "design": )" +
           design(s) + R"(,
        "trace": {"file": "made-up.h5", "framework": "framework", "framework_version": "0",
                  "command": "capture", "dataset": "Nothing-10", "model": "nonet", "steps": 1,
                  "quantization": "none", "batch": 64, "kept": 6, "test_accuracy": 0.5,
                  "captured": [{"step": 1}]},
        "operands": )" +
           operands(s) + R"(, "events": [)" + event(s, "fwd", "none") + "," + event(s, "bwd", bwd) +
           "," + event(s, "grad", bwd) + R"(], "totals": )" + totals(s) + "}";
}

std::string cost(const Synthetic &s)
{
    const double peak_tops = 2 * s.macs_per_cycle * 100e6 / 1e12;
    std::ostringstream metrics;
    metrics << R"({"area_mm2": )" << s.area_um2 * 1e-6 << R"(, "clock_mhz": 100, "meets_clock": )"
            << (s.meets_clock ? "true" : "false") << R"(, "worst_slack_ns": 1, "peak_tops": )"
            << peak_tops << R"(, "tops_per_mm2": )" << peak_tops / (s.area_um2 * 1e-6)
            << R"(, "macs_per_cycle": )" << s.macs_per_cycle;
    if (s.power)
        metrics << R"(, "power_mw": 10, "tops_per_w": )" << 2 / s.pj_per_mac
                << R"(, "pj_per_mac": )" << s.pj_per_mac << R"(, "pj_per_mac_busy": )"
                << s.pj_per_mac << R"(, "utilization": 0.5})";
    else
        metrics << R"(, "power_mw": null, "tops_per_w": null, "pj_per_mac": null,
                       "pj_per_mac_busy": null, "utilization": null})";
    std::ostringstream out;
    out << R"({"tool": "tessera cost made-up", "command": ["tessera", "cost"],
        "tools": {"yosys": "none", "opensta": "none"},
        "design": )"
        << design(s) << R"(,
        "library": {"name": "nolib", "files": ["no.lib"], "sha256": ")"
        << s.sha256 << R"(", "voltage_v": 1,
                    "temperature_c": 25, "process": 1},
        "clock": {"mhz": )"
        << s.mhz << R"(, "period_ns": 10},
        "blocks": [{"name": "mpe", "params": "Simd=1", "kind": "synthesized", "area_um2": 50,
                    "sequential_um2": 5, "cells": 5, "flops": 1, "slack_ns": 1,
                    "critical_path_ns": 9, "leakage_mw": 0.5,
                    "parts": [{"name": "half", "instances": 1, "area_um2": 25}]}],
        "slice": )"
        << assembly("synthesized", s.area_um2 / 4,
                    part("dot_product", "synthesized", 1, s.area_um2 / 4))
        << R"(, "mpe": )"
        << assembly("synthesized", s.area_um2 / 2, part("slices", "synthesized", 1, s.area_um2 / 2))
        << R"(, "array": )"
        << assembly("modelled", s.area_um2,
                    part("mpe", "synthesized", 1, s.area_um2 / 2) + "," +
                        part("outer_add", "synthesized", 1, s.area_um2 / 4) + "," +
                        part("sums", "modelled", 1, s.area_um2 / 4))
        << R"(, "power": )" << power(s) << R"(, "replay": )" << (s.replay ? totals(s) : "null")
        << R"(, "run": )" << run(s) << R"(, "metrics": )" << metrics.str() << "}";
    return out.str();
}

} // namespace

Scratch::Scratch() : path(make_directory())
{
}

Scratch::~Scratch()
{
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
}

void write_text(const std::string &path, const std::string &text)
{
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path) << text;
}

std::string read_text(const std::string &path)
{
    std::ifstream in(path);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::string write_synthetic(const std::string &dir, const Synthetic &input)
{
    write_text(dir + "/cost.json", cost(input));
    if (input.replay)
        write_text(dir + "/replay/replay.json", replay(input));
    return dir;
}

Outcome report(const std::string &arguments, const std::string &before)
{
    Scratch scratch;
    std::string out = scratch.path + "/out", err = scratch.path + "/err";
    std::string command =
        before + " '" TESSERA_COMMAND "' report " + arguments + " >" + out + " 2>" + err;
    int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_text(out), read_text(err)};
}
