// SPDX-License-Identifier: Apache-2.0
/// @file
/// What every Verilated stranger has in common: evaluation, ends, and a waveform on demand.
#pragma once

#include "cosim/foreign_model.h"
#include "cosim/verilated_block.h"

#include <cstdarg>
#include <cstdio>
#include <string>
#include <verilated_fst_c.h>

namespace tessera
{

/// What a module does beside computing. Verilator's own ways would end the process.
struct foreign_context : VerilatedContext {
    struct unsettled {
    };

    std::string stopped, said;
    bool speaks = false;

    /// Registers without reset start with random bits, so that a dependence on them shows.
    explicit foreign_context(int seed)
    {
        randReset(2);
        randSeed(seed);
        threads(1);
        traceEverOn(true);
    }

    static foreign_context &current()
    {
        return *static_cast<foreign_context *>(Verilated::threadContextp());
    }

    /// The first reason counts.
    void stop(const std::string &why, const char *file, int line)
    {
        if (!stopped.empty())
            return;
        stopped = why;
        if (file && *file)
            stopped += std::string(" at ") + file + ":" + std::to_string(line);
        while (!said.empty() && said.back() == '\n')
            said.pop_back();
        if (!said.empty())
            stopped += ": " + said;
    }

    int print(const char *format, va_list arguments)
    {
        char text[1024];
        int length = std::vsnprintf(text, sizeof text, format, arguments);
        said = text;
        if (speaks)
            std::fputs(text, stderr);
        return length;
    }
};

template <typename Top> class foreign_block : public foreign_model
{
  public:
    explicit foreign_block(int seed) : context(seed)
    {
        top.clk_i = 0;
        top.rst_ni = 1;
        eval(); // else the first rising edge would have nothing to rise from
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
        context.said.clear();
        top.clk_i = 0;
        eval();
    }

    void rise() override
    {
        dump(0);
        top.clk_i = 1;
        eval();
        dump(kHalfCycle);
        time += 2 * kHalfCycle;
    }

    const std::string &stopped() const override
    {
        return context.stopped;
    }

    void speak() override
    {
        context.speaks = true;
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

    void eval()
    {
        Verilated::threadContextp(&context);
        try {
            top.eval();
        } catch (const foreign_context::unsettled &) {
            // stopped() says so.
        }
    }

    void dump(std::uint64_t after)
    {
        if (!recording)
            return;
        eval(); // takes the annotations along
        waveform.dump(time + after);
    }

    foreign_context context;
    VerilatedFstC waveform;
    bool recording = false;
    std::uint64_t time = 0;

  protected:
    Top top{&context};
};

} // namespace tessera
