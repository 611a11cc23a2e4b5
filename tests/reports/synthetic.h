// SPDX-License-Identifier: Apache-2.0
// Inputs of a report whose figures are obviously made up, so that every ratio is known exactly.
#ifndef TESSERA_TESTS_SYNTHETIC_H
#define TESSERA_TESTS_SYNTHETIC_H

#include <string>

struct Synthetic {
    std::string name = "alpha";
    double area_um2 = 100, macs_per_cycle = 4, pj_per_mac = 2, cycles = 10;
    double run_pj_per_mac = 3;
    bool meets_clock = true, phases = true, power = true, replay = true;
    int mismatches = 0;
    std::string sha256 = "00";
    double mhz = 100;
    std::string layer = "conv";
    double nmse = 0.25;
};

// A directory of its own, removed with all that is in it.
class Scratch
{
  public:
    Scratch();
    ~Scratch();
    Scratch(const Scratch &) = delete;
    Scratch &operator=(const Scratch &) = delete;
    const std::string path;
};

// Writes DIR/cost.json and DIR/replay/replay.json; DIR.
std::string write_synthetic(const std::string &dir, const Synthetic &input);

void write_text(const std::string &path, const std::string &text);
std::string read_text(const std::string &path);

// What a command left: its exit status and what it printed.
struct Outcome {
    int status;
    std::string out, err;
};

// Runs `tessera report` with that text behind it, in a shell; `before` comes before the command.
Outcome report(const std::string &arguments, const std::string &before = "");

#endif
