// SPDX-License-Identifier: Apache-2.0
// Compiled together with what Verilator makes of a netlist and the bench around it.
#include "model.h"

#include "Vnetlist_bench.h"

#include <algorithm>
#include <memory>

namespace
{

constexpr std::size_t kInWords = sizeof(Vnetlist_bench::in_i) / sizeof(std::uint32_t);
constexpr std::size_t kOutWords = sizeof(Vnetlist_bench::out_o) / sizeof(std::uint32_t);

// Registers without reset start with random bits.
struct model {
    VerilatedContext context;
    std::unique_ptr<Vnetlist_bench> top;

    model()
    {
        context.randReset(2);
        context.threads(1);
        top = std::make_unique<Vnetlist_bench>(&context);
        top->clk_i = 0;
        top->eval();
    }
};

void clock(Vnetlist_bench &top)
{
    top.clk_i = 1;
    top.eval();
    top.clk_i = 0;
    top.eval();
}

bool agree(const Vnetlist_bench &top, const std::uint32_t *expected, const std::uint32_t *mask)
{
    std::uint32_t different = 0;
    for (std::size_t i = 0; i < kOutWords; i++)
        different |= (top.out_o[i] ^ expected[i]) & mask[i];
    return different == 0;
}

} // namespace

extern "C" __attribute__((visibility("default"))) std::size_t
run(unsigned mutant, std::size_t cycles, const std::uint32_t *in, const std::uint32_t *expected,
    const std::uint32_t *mask)
{
    static model the;
    Vnetlist_bench &top = *the.top;
    top.mutant_i = mutant;
    for (std::size_t i = 0; i < cycles; i++) {
        std::copy_n(in + i * kInWords, kInWords, &top.in_i[0]);
        clock(top);
        if (!agree(top, expected + i * kOutWords, mask + i * kOutWords))
            return i;
    }
    return cycles;
}
