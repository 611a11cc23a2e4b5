// SPDX-License-Identifier: Apache-2.0
// What follows from a descriptor alone.
#include "models/made_up_block.h"
#include "models/text.h"

#include <gtest/gtest.h>

namespace
{

using namespace made_up;
using tessera::text;

TEST(block, is_found_by_its_name)
{
    for (std::size_t i = 0; ts_blocks[i]; i++)
        EXPECT_EQ(ts_block_find(ts_blocks[i]->name), ts_blocks[i]);
    EXPECT_EQ(ts_block_find("made_up"), nullptr);
    EXPECT_EQ(ts_block_find(""), nullptr);
}

TEST(block, presets_fill_all_parameters)
{
    std::vector<std::int64_t> expected(TS_MAX_PARAMS, 0);
    expected[LANES] = 4;
    expected[KIND] = 1;
    EXPECT_EQ(presets(), expected);
}

TEST(block, parameters_are_found_whatever_their_case)
{
    EXPECT_EQ(ts_block_param(&kBlock, "lanes"), LANES);
    EXPECT_EQ(ts_block_param(&kBlock, "SHIFT"), SHIFT);
    EXPECT_EQ(ts_block_param(&kBlock, "Shif"), -1);
    EXPECT_EQ(ts_block_param(&kBlock, "Other"), -1);
}

TEST(block, sets_numbers_and_names)
{
    std::vector<std::int64_t> p = presets();
    EXPECT_EQ(text(ts_block_set(&kBlock, p.data(), "Lanes=16")), "");
    EXPECT_EQ(text(ts_block_set(&kBlock, p.data(), "kind=FANCY")), "");
    EXPECT_EQ(text(ts_block_set(&kBlock, p.data(), "Shift=-3")), "");
    EXPECT_EQ(p[LANES], 16);
    EXPECT_EQ(p[KIND], 2);
    EXPECT_EQ(p[SHIFT], -3);
    EXPECT_EQ(text(ts_block_set(&kBlock, p.data(), "Lanes=1")), "");
    EXPECT_EQ(text(ts_block_set(&kBlock, p.data(), "Kind=plain")), "");
    EXPECT_EQ(text(ts_block_set(&kBlock, p.data(), "Shift=5")), "");
    EXPECT_EQ(p[LANES], 1);
    EXPECT_EQ(p[KIND], 1);
    EXPECT_EQ(p[SHIFT], 5);
    EXPECT_EQ(p[SHIFT + 1], 0);
}

TEST(block, a_set_has_whole_words)
{
    const char *const names[] = {"b+ab", nullptr};
    ts_param set = kBlock.params[KIND];
    set.names = names;
    set.min = set.max = 1;
    ts_block block = kBlock;
    block.params = &set;
    block.n_params = 1;
    std::int64_t value = 0;
    EXPECT_EQ(text(ts_block_set(&block, &value, "Kind=ab+b")), "");
    EXPECT_EQ(value, 1);
    EXPECT_NE(text(ts_block_set(&block, &value, "Kind=ab+c")), "");
}

TEST(block, refuses_what_is_no_value)
{
    const std::string lanes = "made_up: Lanes must be a power of two, 1 to 16";
    const std::string shift = "made_up: Shift must be -3 to 5";
    const std::pair<const char *, std::string> cases[] = {
        {"Lanes=0", lanes},
        {"Lanes=32", lanes},
        {"Lanes=12", lanes},
        {"Lanes=", lanes},
        {"Lanes=8x", lanes},
        {"Lanes=x", lanes},
        {"Shift=6", shift},
        {"Shift=-4", shift},
        {"Shift=99999999999999999999", shift},
        {"Kind=plainer", "made_up: Kind must be 1 to 2: plain, fancy"},
        {"Lanes", "made_up: 'Lanes' is not PARAMETER=VALUE"},
        {"=8", "made_up: '=8' is not PARAMETER=VALUE"},
        {"Size=8", "made_up has no parameter 'Size'; 'tessera blocks made_up' lists them"},
    };
    for (const auto &[assignment, message] : cases) {
        std::vector<std::int64_t> p = presets();
        EXPECT_EQ(text(ts_block_set(&kBlock, p.data(), assignment)), message);
        EXPECT_EQ(p, presets()) << assignment;
    }
    // Names up to 63 characters are looked up, longer ones are not.
    std::vector<std::int64_t> p = presets();
    std::string name(63, 'n');
    EXPECT_EQ(text(ts_block_set(&kBlock, p.data(), (name + "=1").c_str())),
              "made_up has no parameter '" + name + "'; 'tessera blocks made_up' lists them");
    name += 'n';
    EXPECT_EQ(text(ts_block_set(&kBlock, p.data(), (name + "=1").c_str())),
              "made_up: '" + name + "=1' is not PARAMETER=VALUE");
}

TEST(block, checks_each_parameter_and_all_together)
{
    std::vector<std::int64_t> p = presets();
    EXPECT_EQ(text(ts_block_check(&kBlock, p.data())), "");
    p[SHIFT] = -4;
    EXPECT_EQ(text(ts_block_check(&kBlock, p.data())), "made_up: Shift must be -3 to 5");
    p[SHIFT] = -1;
    EXPECT_EQ(text(ts_block_check(&kBlock, p.data())), "");
    p[KIND] = 2;
    EXPECT_EQ(text(ts_block_check(&kBlock, p.data())), "fancy ones shift upwards");
    p[LANES] = 3;
    EXPECT_EQ(text(ts_block_check(&kBlock, p.data())),
              "made_up: Lanes must be a power of two, 1 to 16");
    ts_block lenient = kBlock;
    lenient.check = nullptr;
    p[LANES] = 4;
    EXPECT_EQ(text(ts_block_check(&lenient, p.data())), "");
}

TEST(block, ports_have_widths_counts_and_places)
{
    std::vector<std::int64_t> p = presets();
    p[KIND] = 2;
    p[SHIFT] = 3;
    const int bits[] = {1, 16, 24, 5, 23, 12, 32};
    const int counts[] = {1, 1, 1, 4, 2, 1, 1};
    const int firsts[] = {0, 1, 0, 2, 6, 8, 1};
    for (int i = 0; i < kBlock.n_ports; i++) {
        EXPECT_EQ(ts_port_bits(&kPorts[i], p.data()), bits[i]);
        EXPECT_EQ(ts_port_count(&kPorts[i], p.data()), counts[i]);
        EXPECT_EQ(ts_port_first(&kBlock, i, p.data()), firsts[i]);
    }
    EXPECT_EQ(ts_block_words(&kBlock, TS_IN, p.data()), 9);
    EXPECT_EQ(ts_block_words(&kBlock, TS_OUT, p.data()), 2);
    EXPECT_EQ(ts_port_format(&kPorts[1], p.data()), &ts_format_dlfloat16);
    EXPECT_EQ(ts_port_format(&kPorts[2], p.data()), nullptr);
    EXPECT_EQ(ts_port_format(&kPorts[6], p.data()), &ts_format_fp32);
    p[KIND] = 1;
    EXPECT_EQ(ts_port_format(&kPorts[6], p.data()), nullptr);
}

TEST(block, ports_count_with_the_valid_bits_or_in_cycles_of_their_own)
{
    std::vector<std::int64_t> p = presets();
    p[KIND] = 2;
    EXPECT_EQ(ts_port_cycle(&kPorts[1], p.data(), 0, 7), 0);
    EXPECT_EQ(ts_port_cycle(&kPorts[2], p.data(), 0, 7), 7);
    EXPECT_EQ(ts_port_cycle(&kPorts[3], p.data(), 3, 7), 732);
}

TEST(block, sign_extension)
{
    EXPECT_EQ(ts_sign_extend(0x8, 4), -8);
    EXPECT_EQ(ts_sign_extend(0x17, 4), 7);
    EXPECT_EQ(ts_sign_extend(0xFF, 4), -1);
    EXPECT_EQ(ts_sign_extend(1, 1), -1);
    EXPECT_EQ(ts_sign_extend(0, 1), 0);
    EXPECT_EQ(ts_sign_extend(~0ULL, 64), -1);
    EXPECT_EQ(ts_sign_extend(INT64_MAX, 64), INT64_MAX);
}

} // namespace
