// SPDX-License-Identifier: Apache-2.0
/// @file
/// What every Verilated stranger has in common: evaluation, and a waveform on demand.
#pragma once

#include "cosim/foreign_model.h"
#include "cosim/verilated_block.h"

#include <verilated_fst_c.h>

namespace tessera
{

template <typename Top> class foreign_block : public foreign_model
{
  public:
    explicit foreign_block(int seed) : context(seed)
    {
        top.clk_i = 0;
        top.rst_ni = 1;
        top.eval(); // else the first rising edge would have nothing to rise from
    }

    ~foreign_block() override
    {
        Verilated::threadContextp(&context);
        if (recording)
            waveform.close();
        top.final();
    }

    void settle() override
    {
        top.clk_i = 0;
        top.eval();
    }

    void rise() override
    {
        dump(0);
        top.clk_i = 1;
        top.eval();
        dump(kHalfCycle);
        time += 2 * kHalfCycle;
    }

    void record(const char *path) override
    {
        top.trace(&waveform, kAllLevels);
        waveform.set_time_unit("1ns"); // a cycle is shown as ten
        waveform.set_time_resolution("1ns");
        waveform.open(path);
        recording = true;
    }

  private:
    static constexpr int kAllLevels = 99;
    static constexpr std::uint64_t kHalfCycle = 5;

    void dump(std::uint64_t after)
    {
        if (!recording)
            return;
        top.eval(); // takes the annotations along
        waveform.dump(time + after);
    }

    /// Registers without reset start with random bits, so that a dependence on them shows.
    struct random_context : VerilatedContext {
        explicit random_context(int seed)
        {
            randReset(2);
            randSeed(seed);
            threads(1);
            traceEverOn(true);
        }
    };
    random_context context;
    VerilatedFstC waveform;
    bool recording = false;
    std::uint64_t time = 0;

  protected:
    Top top{&context};
};

} // namespace tessera
