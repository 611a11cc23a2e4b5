// SPDX-License-Identifier: Apache-2.0
// RTL of a block that is verilated as one, with parameters that no bench file has.
#include "rtl_library/cache.h"
#include "rtl_library/rtl_library.h"

#include <gtest/gtest.h>

#include <vector>

namespace
{

TEST(ContentHash, IsFnv1aOf128Bits)
{
    tessera::content_hash hash, other;
    EXPECT_EQ(hash.text(), "6c62272e07bb014262b821756295c58d"); // the offset basis
    hash.add("a");
    EXPECT_EQ(hash.text(), "426d56754e03ad9adb79f299c730f21f"); // as another program computes it
    hash.add("b");
    other.add("ab");
    EXPECT_NE(hash.text(), other.text()) << "texts do not run into each other";
}

TEST(RtlLibrary, BuildsAnyBlock)
{
    const ts_block &block = *ts_block_find("dot_product");
    std::int64_t params[TS_MAX_PARAMS];
    ts_block_presets(&block, params);
    ASSERT_EQ(ts_block_set(&block, params, "Lanes=2"), nullptr);
    const tessera::rtl_library library(block, params);
    std::unique_ptr<tessera::rtl_block> rtl = library.make();

    std::vector<std::uint64_t> in(static_cast<std::size_t>(ts_block_words(&block, TS_IN, params)));
    std::vector<std::uint64_t> out(
        static_cast<std::size_t>(ts_block_words(&block, TS_OUT, params)));
    std::vector<std::uint64_t> golden(out.size());
    in[0] = 3, in[1] = 0xF; // a: 3 and -1
    in[3] = 5, in[4] = 9;   // b, after a_unsigned
    ASSERT_TRUE(block.step(params, nullptr, true, in.data(), golden.data()));
    rtl->reset(false);
    bool shown = false;
    for (int cycle = 0; cycle <= block.latency(params); cycle++) {
        rtl->drive(0, cycle == 0, in.data());
        rtl->clock();
        shown = rtl->sample(0, out.data());
    }
    EXPECT_TRUE(shown);
    EXPECT_EQ(out, golden);
}

} // namespace
