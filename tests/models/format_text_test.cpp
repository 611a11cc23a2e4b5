// SPDX-License-Identifier: Apache-2.0
// Formats as text: a name with overrides, or one line that says what is wrong.
#include "tessera/tessera.h"

#include <gtest/gtest.h>

#include <string>

namespace
{

std::string error_of(const char *text)
{
    ts_format format;
    const char *error = ts_format_parse(text, &format);
    return error ? error : "";
}

} // namespace

TEST(format_text, a_name_is_the_format)
{
    for (const ts_format *const *f = ts_formats; *f; f++) {
        ts_format format;
        ASSERT_EQ(ts_format_parse((*f)->name, &format), nullptr);
        EXPECT_EQ(format.name, (*f)->name);
        EXPECT_EQ(format.bias, (*f)->bias);
        EXPECT_EQ(format.rounding, (*f)->rounding);
        EXPECT_EQ(format.overflow, (*f)->overflow);
        EXPECT_EQ(ts_format_bits(&format), ts_format_bits(*f));
    }
}

TEST(format_text, overrides_change_what_they_name)
{
    ts_format format;
    ASSERT_EQ(ts_format_parse("e5m2:bias=-3", &format), nullptr);
    EXPECT_EQ(format.bias, -3);
    EXPECT_EQ(format.overflow, TS_OVERFLOW_SPECIAL);
    EXPECT_EQ(ts_to_double(&format, 0x4C), 0x1p22);
    ASSERT_EQ(ts_format_parse("e5m2:overflow=saturate,rounding=toward_zero,bias=14", &format),
              nullptr);
    EXPECT_EQ(format.bias, 14);
    EXPECT_EQ(format.overflow, TS_OVERFLOW_SATURATE);
    EXPECT_EQ(format.rounding, TS_TOWARD_ZERO);
    EXPECT_EQ(ts_of_double(&format, 1e9), 0x7BU);
    EXPECT_EQ(ts_format_e5m2.bias, 15) << "the named one stays";
}

TEST(format_text, every_name_of_an_enum_is_read)
{
    for (int i = 0; ts_rounding_names[i]; i++) {
        ts_format format = ts_format_e4m3;
        ASSERT_EQ(ts_format_set(&format, "rounding", ts_rounding_names[i]), nullptr);
        EXPECT_EQ(format.rounding, i);
    }
    for (int i = 0; ts_overflow_names[i]; i++) {
        ts_format format = ts_format_e4m3;
        ASSERT_EQ(ts_format_set(&format, "overflow", ts_overflow_names[i]), nullptr);
        EXPECT_EQ(format.overflow, i);
    }
    EXPECT_STREQ(ts_rounding_names[TS_STOCHASTIC], "stochastic");
    EXPECT_EQ(ts_rounding_names[TS_STOCHASTIC + 1], nullptr);
    EXPECT_STREQ(ts_overflow_names[TS_OVERFLOW_SATURATE_INFINITY], "saturate_infinity");
    EXPECT_EQ(ts_overflow_names[TS_OVERFLOW_SATURATE_INFINITY + 1], nullptr);
}

TEST(format_text, biases_reach_so_far)
{
    for (const char *text : {"fp32:bias=512", "fp32:bias=-512", "e8m0:bias=512", "e8m0:bias=-512"})
        EXPECT_EQ(error_of(text), "") << text;
    for (const char *text : {"fp32:bias=513", "fp32:bias=-513", "fp32:bias=", "fp32:bias=1 "})
        EXPECT_NE(error_of(text), "") << text;
}

/* The numbers of a wide bias are doubles still, and come back. */
TEST(format_text, numbers_of_any_bias_round_trip)
{
    for (const char *text :
         {"fp32:bias=512", "fp32:bias=-512", "fp16:bias=-512", "e8m0:bias=512"}) {
        ts_format format;
        ASSERT_EQ(ts_format_parse(text, &format), nullptr);
        uint32_t top =
            ts_encode(&format, ts_value_of_int(1, 4000), TS_TOWARD_ZERO, TS_OVERFLOW_SATURATE);
        for (uint32_t code : {0x1U, 0x3U, top / 2, top - 1, top})
            EXPECT_EQ(ts_of_double(&format, ts_to_double(&format, code)), code) << text;
    }
}

TEST(format_text, errors_say_what_is_wrong)
{
    EXPECT_EQ(error_of("fp17"), "no format 'fp17'");
    EXPECT_EQ(error_of(""), "no format ''");
    EXPECT_EQ(error_of("fp16:"), "'' after the format is not KEY=VALUE");
    EXPECT_EQ(error_of("fp16:bias=3,"), "'' after the format is not KEY=VALUE");
    EXPECT_EQ(error_of("fp16:bias"), "'bias' after the format is not KEY=VALUE");
    EXPECT_EQ(error_of("fp16:bias=x"), "bias must be a number from -512 to 512, not 'x'");
    EXPECT_EQ(error_of("uint4:bias=1"), "uint4 is an integer and has no bias");
    EXPECT_EQ(error_of("int4:overflow=special"),
              "int4 has no special code: its overflow saturates");
    EXPECT_EQ(error_of("e2m3:overflow=special"),
              "e2m3 has no special code: its overflow saturates");
    EXPECT_EQ(error_of("e2m3:overflow=saturate"), "");
    EXPECT_EQ(error_of("fp16:overflow=wrap"),
              "overflow must be special, saturate or saturate_infinity, not 'wrap'");
    EXPECT_EQ(error_of("fp16:rounding=up"),
              "rounding must be nearest_even, nearest_up, toward_zero or stochastic, not 'up'");
    EXPECT_EQ(error_of("fp16:radix=4"),
              "a format has no 'radix' to override, only bias, overflow and rounding");
    EXPECT_EQ(error_of(std::string(127, 'x').c_str()), "no format '" + std::string(127, 'x') + "'");
    EXPECT_EQ(error_of(std::string(128, 'x').c_str()),
              "the text of a format is at most 127 characters long");
}
