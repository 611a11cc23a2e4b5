// SPDX-License-Identifier: Apache-2.0
// A block, its parameters and numbers on a command line, and the line that says what is wrong.
#include "cli/arguments.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace
{

// What `take` writes to standard error while it refuses; empty if it does not refuse.
template <typename Take> std::string refusal(Take take)
{
    testing::internal::CaptureStderr();
    bool taken = take();
    std::string text = testing::internal::GetCapturedStderr();
    EXPECT_EQ(taken, text.empty());
    return text;
}

TEST(arguments, parameters_are_words_with_a_value)
{
    EXPECT_TRUE(ts_argument_is_param("Lanes=8"));
    EXPECT_TRUE(ts_argument_is_param("=8"));
    EXPECT_FALSE(ts_argument_is_param("Lanes"));
    EXPECT_FALSE(ts_argument_is_param("--cycles=8"));
}

TEST(arguments, parameters_are_set_over_the_presets)
{
    const ts_block *block = ts_argument_block("p", "chunk_add");
    ASSERT_NE(block, nullptr);
    std::int64_t params[TS_MAX_PARAMS] = {};
    const auto set = [&](std::string first, std::string second) {
        char *words[] = {first.data(), second.data()};
        return refusal([&] { return ts_argument_params("p", block, params, words, 2); });
    };
    EXPECT_EQ(set("Lanes=4", "Chunk=32"), "");
    EXPECT_EQ(params[ts_block_param(block, "Chunk")], 32);
    EXPECT_EQ(set("Lanes=3", "Chunk=32"), "p: chunk_add: Lanes must be a power of two, 1 to 64\n");
    EXPECT_EQ(set("Lanes=8", "Chunk=4"), "p: chunk_add: Chunk must be a multiple of Lanes\n");
}

TEST(arguments, numbers_are_decimal_and_within_a_range)
{
    std::uint64_t value = 0;
    const auto number = [&](const char *text) {
        return refusal([&] { return ts_argument_number("p", "--n", text, 1, 20, &value); });
    };
    for (const char *good : {"1", "20", "007"}) {
        EXPECT_EQ(number(good), "");
        EXPECT_EQ(value, std::stoull(good));
    }
    for (const char *bad : {"0", "21", "", "x", "1x", "-1", " 1", "99999999999999999999"})
        EXPECT_EQ(number(bad),
                  std::string("p: --n must be a number from 1 to 20, not '") + bad + "'\n");
}

} // namespace
