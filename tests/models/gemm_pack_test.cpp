// SPDX-License-Identifier: Apache-2.0
// Packed operands: the layout that the header promises, and what is refused.
#include "gemm_case.h"

#include <gtest/gtest.h>

#include <cstring>

namespace
{

std::string error_of(const char *text)
{
    return text ? text : "";
}

/* Packs a matrix of random codes in some way, and reads each back. */
enum way { ALONG, ACROSS, WITH_GAPS };

template <typename Element>
void expect_round_trip(const ts_format &format, std::int64_t vectors, std::int64_t k, way how)
{
    ts_random random = {oracle::seed()};
    std::vector<Element> codes(static_cast<std::size_t>(vectors * k * 2));
    for (Element &code : codes)
        code = static_cast<Element>(ts_random_next(&random));
    const std::int64_t gap = how == WITH_GAPS ? 2 : 1;
    const std::int64_t vector_step = how == ALONG ? k : gap,
                       k_step = how == ALONG ? 1 : vectors * gap;
    ts_packed packed;
    ASSERT_EQ(error_of(ts_pack(&packed, &format, vectors, k, codes.data(), sizeof(Element),
                               vector_step, k_step)),
              "");
    const int bits = ts_format_bits(&format);
    const std::uint32_t mask = 0xFFFFFFFF >> (32 - bits);
    EXPECT_EQ(packed.stride % 64, 0);
    EXPECT_EQ(packed.stride, (k * bits + 511) / 512 * 64);
    for (std::int64_t v = 0; v < vectors; v++) {
        std::uint64_t byte_sum = 0, code_sum = 0;
        for (std::int64_t i = 0; i < k; i++) {
            const auto code = static_cast<std::uint32_t>(
                                  codes[static_cast<std::size_t>(v * vector_step + i * k_step)]) &
                              mask;
            ASSERT_EQ(ts_packed_code(&packed, v, i), code) << v << " " << i;
            /* Little-endian, without gaps. */
            std::uint64_t word = 0;
            std::memcpy(&word, packed.codes + v * packed.stride + i * bits / 8,
                        static_cast<std::size_t>((bits + 7) / 8));
            ASSERT_EQ(word >> (bits == 4 ? i % 2 * 4 : 0) & mask, code);
            for (int b = 0; b < bits; b += 4)
                code_sum += code >> b & 15;
        }
        for (std::int64_t i = 0; i < packed.stride; i++) {
            std::uint8_t byte = packed.codes[v * packed.stride + i];
            byte_sum += (byte & 15U) + (byte >> 4U);
        }
        ASSERT_EQ(byte_sum, code_sum) << "the rest is zero";
    }
    ts_packed_free(&packed);
    EXPECT_EQ(packed.codes, nullptr);
}

TEST(gemm_pack, codes_come_back_from_where_the_header_says)
{
    for (const ts_format *format :
         {&ts_format_int4, &ts_format_fp4_r4_odd, &ts_format_int8, &ts_format_fp8_152,
          &ts_format_dlfloat16, &ts_format_bf16, &ts_format_fp32})
        for (std::int64_t vectors : {1, 5, 64, 65, 130})
            for (std::int64_t k : {1, 2, 63, 64, 65, 127, 200})
                for (way how : {ALONG, ACROSS, WITH_GAPS}) {
                    expect_round_trip<std::uint32_t>(*format, vectors, k, how);
                    if (ts_format_bits(format) <= 16)
                        expect_round_trip<std::uint16_t>(*format, vectors, k, how);
                    if (ts_format_bits(format) <= 8)
                        expect_round_trip<std::uint8_t>(*format, vectors, k, how);
                    if (HasFatalFailure())
                        return;
                }
}

TEST(gemm_pack, magnitudes_are_measured)
{
    ts_packed packed;
    const std::uint16_t codes[] = {0x8000, 0x8123, 0x0005, 0x7F00, 0x0000};
    ASSERT_EQ(ts_pack(&packed, &ts_format_dlfloat16, 1, 5, codes, 2, 5, 1), nullptr);
    EXPECT_EQ(packed.least, 5U);
    EXPECT_EQ(packed.most, 0x7F00U);
    ts_packed_free(&packed);
    const std::uint32_t words[] = {0x80000000, 0xFF812345, 0x40000000};
    ASSERT_EQ(ts_pack(&packed, &ts_format_fp32, 3, 1, words, 4, 1, 3), nullptr);
    EXPECT_EQ(packed.least, 0x40000000U);
    EXPECT_EQ(packed.most, 0x7F812345U);
    ts_packed_free(&packed);
    const std::uint8_t bytes[] = {0x80, 0, 0xFF, 0x83};
    ASSERT_EQ(ts_pack(&packed, &ts_format_fp8_143, 2, 2, bytes, 1, 2, 1), nullptr);
    EXPECT_EQ(packed.least, 3U);
    EXPECT_EQ(packed.most, 0x7FU);
    ts_packed_free(&packed);
    ASSERT_EQ(ts_pack(&packed, &ts_format_fp8_143, 1, 2, bytes, 1, 2, 1), nullptr);
    EXPECT_EQ(packed.least, 0U);
    EXPECT_EQ(packed.most, 0U);
    ts_packed_free(&packed);
}

TEST(gemm_pack, copies_stand_by_themselves)
{
    const std::uint32_t codes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    for (const ts_format *format : {&ts_format_int4, &ts_format_bf16}) {
        ts_packed packed, copy;
        ASSERT_EQ(ts_pack(&packed, format, 3, 3, codes, 4, 3, 1), nullptr);
        ASSERT_EQ(ts_packed_copy(&copy, &packed, 1, 2), nullptr);
        const std::uint32_t least = packed.least, most = packed.most;
        ts_packed_free(&packed);
        EXPECT_EQ(copy.vectors, 2);
        EXPECT_EQ(copy.k, 3);
        EXPECT_EQ(copy.stride, 64);
        EXPECT_EQ(copy.least, least);
        EXPECT_EQ(copy.most, most);
        for (std::int64_t v = 0; v < 2; v++)
            for (std::int64_t k = 0; k < 3; k++)
                EXPECT_EQ(ts_packed_code(&copy, v, k), codes[(v + 1) * 3 + k]);
        ts_packed_free(&copy);
    }
}

TEST(gemm_pack, says_what_is_wrong)
{
    const std::uint32_t codes[4] = {0, 0, 0, 0};
    ts_packed packed;
    const auto error = [&](const ts_format &format, std::int64_t vectors, std::int64_t k,
                           const void *from, std::size_t size) {
        std::string text = error_of(ts_pack(&packed, &format, vectors, k, from, size, k, 1));
        ts_packed_free(&packed);
        return text;
    };
    EXPECT_EQ(error(ts_format_int4, 2, 2, codes, 4), "");
    EXPECT_EQ(error(ts_format_int4, 0, 2, nullptr, 4), "");
    EXPECT_EQ(error(ts_format_int4, 2, 0, nullptr, 4), "");
    EXPECT_EQ(error(ts_format_fp32, INT64_MAX / 8192, 0, nullptr, 4), "") << "and soon";
    EXPECT_EQ(error(ts_format_int4, 2, 2, nullptr, 4), "the codes of a matrix are missing");
    EXPECT_EQ(error(ts_format_int4, -1, 2, codes, 4), "m, n and k must not be negative");
    EXPECT_EQ(error(ts_format_int4, 2, -1, codes, 4), "m, n and k must not be negative");
    EXPECT_EQ(error(ts_format_int4, 1, INT64_MAX / 64 - 63, codes, 4),
              "a matrix has too many elements");
    EXPECT_EQ(error(ts_format_int4, 0, INT64_MAX / 16, codes, 4), "a matrix has too many elements");
    EXPECT_EQ(error(ts_format_int4, INT64_MAX, 1, codes, 4), "a matrix has too many elements");
#ifndef __SANITIZE_ADDRESS__ // which takes such a request for a mistake
    EXPECT_EQ(error(ts_format_fp32, 1, INT64_MAX / 64 - 64, codes, 4),
              "out of memory for a packed matrix");
#endif
    const std::string size = "an element must have 1, 2 or 4 bytes";
    EXPECT_EQ(error(ts_format_int4, 2, 2, codes, 3), size);
    EXPECT_EQ(error(ts_format_int4, 2, 2, codes, 8), size);
    EXPECT_EQ(error(ts_format_int4, 2, 2, codes, 1), "");
    const std::string small = "an element is too small for a code of the format";
    EXPECT_EQ(error(ts_format_dlfloat16, 2, 2, codes, 1), small);
    EXPECT_EQ(error(ts_format_dlfloat16, 2, 2, codes, 2), "");
    EXPECT_EQ(error(ts_format_fp32, 2, 2, codes, 2), small);
    const std::string none = "no GEMM takes operands of this format";
    EXPECT_EQ(error(ts_format_int2, 2, 2, codes, 4), none);
    EXPECT_EQ(error(ts_format_e4m3, 2, 2, codes, 4), none);
    for (const gemm_case::Pair &pair : gemm_case::pairs()) {
        EXPECT_EQ(error(*pair.a, 1, 1, codes, 4), "") << pair.a->name;
        EXPECT_EQ(error(*pair.b, 1, 1, codes, 4), "") << pair.b->name;
    }
    const std::string bias = "only the bias of fp8_143 can be another one, from 0 to 15";
    ts_format other = ts_format_fp8_143;
    const auto biased = [&](int value) {
        other.bias = static_cast<std::int16_t>(value);
        return error(other, 1, 1, codes, 4);
    };
    EXPECT_EQ(biased(0), "");
    EXPECT_EQ(biased(15), "");
    EXPECT_EQ(biased(16), bias);
    EXPECT_EQ(biased(-1), bias);
    other = ts_format_fp8_152;
    EXPECT_EQ(biased(15), "");
    EXPECT_EQ(biased(14), bias);
}

} // namespace
