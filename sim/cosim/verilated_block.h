// SPDX-License-Identifier: Apache-2.0
/// @file
/// What every Verilated block has in common: its context, and words to and from packed ports.
#pragma once

#include "cosim/rtl_block.h"

#include <verilated.h>
#if defined(VM_COVERAGE) && VM_COVERAGE
#include <string>
#include <unistd.h>
#endif

#include <cstddef>

namespace tessera
{

constexpr std::uint64_t low_ones(int bits)
{
    return bits < 64 ? (std::uint64_t{1} << bits) - 1 : ~std::uint64_t{0};
}

/// Packs `count` elements of `bits` bits, element 0 in the low bits.
template <int bits, int count, typename Port>
inline void pack(Port &port, const std::uint64_t *elements)
{
    static_assert(bits * count <= 64, "wider ports are VlWide");
    std::uint64_t value = 0;
    for (int i = 0; i < count; i++)
        value |= elements[i] << (i * bits);
    port = static_cast<Port>(value);
}

template <int bits, int count, std::size_t words>
inline void pack(VlWide<words> &port, const std::uint64_t *elements)
{
    static_assert(bits <= 32, "an element and the rest of a word must fit 64 bits");
    std::uint64_t window = 0;
    int filled = 0;
    EData *word = port.data();
    for (int i = 0; i < count; i++) {
        window |= elements[i] << filled;
        filled += bits;
        if (filled >= 32) {
            *word++ = static_cast<EData>(window);
            window >>= 32;
            filled -= 32;
        }
    }
    if (filled)
        *word = static_cast<EData>(window);
}

template <int bits, int count, typename Port>
inline void unpack(const Port &port, std::uint64_t *elements)
{
    std::uint64_t value = port;
    for (int i = 0; i < count; i++)
        elements[i] = value >> (i * bits) & low_ones(bits);
}

template <int bits, int count, std::size_t words>
inline void unpack(const VlWide<words> &port, std::uint64_t *elements)
{
    static_assert(bits <= 32, "an element and the rest of a word must fit 64 bits");
    std::uint64_t window = 0;
    int filled = 0;
    const EData *word = port.data();
    for (int i = 0; i < count; i++) {
        if (filled < bits) {
            window |= std::uint64_t{*word++} << filled;
            filled += 32;
        }
        elements[i] = window & low_ones(bits);
        window >>= bits;
        filled -= bits;
    }
}

template <typename Top> class verilated_block : public rtl_block
{
  public:
    ~verilated_block() override
    {
        // Its parts sign off from the context of the thread, which may be a later block's.
        Verilated::threadContextp(&context);
        top.final();
#if defined(VM_COVERAGE) && VM_COVERAGE
        static int models = 0;
        std::string file = TESSERA_COVERAGE_DIR "/" + std::to_string(getpid());
        context.coveragep()->write((file + "_" + std::to_string(models++) + ".dat").c_str());
#endif
    }

  private:
    /// Registers without reset start with random bits, so that a dependence on them shows.
    struct random_context : VerilatedContext {
        random_context()
        {
            randReset(2);
            threads(1); // no pool of idle workers
        }
    };
    random_context context;

  protected:
    /// One cycle of that clock.
    void pulse(CData &clock)
    {
        clock = 1;
        top.eval();
        clock = 0;
        top.eval();
    }

    Top top{&context};
};

} // namespace tessera
