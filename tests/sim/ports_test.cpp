// SPDX-License-Identifier: Apache-2.0
// Words to and from packed ports, in SystemC and in Verilated models, at every width and place.
#include "cosim/verilated_block.h"
#include "systemc/packed.h"
#include "tessera/vectors.h"

#include <gtest/gtest.h>

#include <array>
#include <sstream>
#include <vector>

namespace
{

using tessera::packed;

std::vector<std::uint64_t> random_elements(int count, int bits)
{
    ts_random random{static_cast<std::uint64_t>(count * 64 + bits)};
    std::vector<std::uint64_t> elements(static_cast<std::size_t>(count));
    for (std::uint64_t &element : elements)
        element = ts_random_next(&random) & tessera::low_ones(bits);
    return elements;
}

// The packed vector bit by bit: element 0 in the low bits.
bool bit_of(const std::vector<std::uint64_t> &elements, int bits, int bit)
{
    return elements[static_cast<std::size_t>(bit / bits)] >> (bit % bits) & 1;
}

TEST(Packed, KeepsElementsOfEveryWidthInPlace)
{
    for (int bits = 1; bits <= 64; bits++) {
        int count = packed::kMaxBits / bits;
        std::vector<std::uint64_t> elements = random_elements(count, bits);
        packed value(count * bits);
        // Twice, so that old bits must go.
        for (int pass = 0; pass < 2; pass++)
            for (int i = 0; i < count; i++)
                value.set(i * bits, bits, pass ? elements[static_cast<std::size_t>(i)] : ~0ULL);
        for (int i = 0; i < count; i++)
            ASSERT_EQ(value.get(i * bits, bits), elements[static_cast<std::size_t>(i)]);
        for (int bit = 0; bit < count * bits; bit++)
            ASSERT_EQ(value.get(bit, 1) != 0, bit_of(elements, bits, bit));
    }
}

TEST(Packed, ComparesWidthAndBits)
{
    packed a(100), b(100);
    EXPECT_TRUE(a == b);
    b.set(99, 1, 1);
    EXPECT_FALSE(a == b);
    EXPECT_FALSE(packed(99) == packed(100));
    packed c = b;
    EXPECT_TRUE(c == b);
}

TEST(Packed, PrintsAsHexadecimal)
{
    packed value(72);
    value.set(64, 8, 0xA5);
    value.set(0, 8, 0x0F);
    std::ostringstream text;
    text << value;
    EXPECT_EQ(text.str(), "72'h00000000000000a5000000000000000f");
}

TEST(Packed, RefusesWhatItCannotHold)
{
    EXPECT_THROW(packed(packed::kMaxBits + 1), std::length_error);
}

template <int bits, int count, typename Port> void expect_round_trip(Port port)
{
    std::vector<std::uint64_t> elements = random_elements(count, bits);
    std::vector<std::uint64_t> back(count);
    tessera::pack<bits, count>(port, elements.data());
    tessera::unpack<bits, count>(port, back.data());
    EXPECT_EQ(back, elements) << count << " of " << bits << " bits";
}

TEST(VerilatedPorts, RoundTrip)
{
    expect_round_trip<1, 1>(CData{});
    expect_round_trip<4, 2>(CData{});
    expect_round_trip<16, 1>(SData{});
    expect_round_trip<4, 8>(IData{});
    expect_round_trip<5, 12>(QData{});
    expect_round_trip<64, 1>(QData{});
    expect_round_trip<5, 16>(VlWide<3>{});
    expect_round_trip<16, 5>(VlWide<3>{});
    expect_round_trip<31, 7>(VlWide<7>{});
    expect_round_trip<32, 4>(VlWide<4>{});
}

TEST(VerilatedPorts, WideOnesHoldElementZeroInTheLowBits)
{
    constexpr int kBits = 5, kCount = 64;
    std::vector<std::uint64_t> elements = random_elements(kCount, kBits);
    VlWide<10> port;
    tessera::pack<kBits, kCount>(port, elements.data());
    for (int bit = 0; bit < kBits * kCount; bit++)
        ASSERT_EQ((port[static_cast<std::size_t>(bit / 32)] >> (bit % 32) & 1) != 0,
                  bit_of(elements, kBits, bit));
}

} // namespace
