// SPDX-License-Identifier: Apache-2.0
// The golden GEMM is the blocks, stepped through their descriptors.
#include "gemm_case.h"

#include <gtest/gtest.h>

#include <memory>
#include <utility>

using namespace gemm_case;

namespace
{

bool is(const ts_format &format, const ts_format &named)
{
    return std::string(format.name) == named.name;
}

/* Code k of a row of A or a column of B; zero behind the last. */
std::uint64_t code_a(const Case &c, std::int64_t row, std::int64_t k)
{
    return k < c.k ? c.a[static_cast<std::size_t>(row * c.k + k)] : 0;
}

std::uint64_t code_b(const Case &c, std::int64_t col, std::int64_t k)
{
    return k < c.k ? c.b[static_cast<std::size_t>(k * c.n + col)] : 0;
}

std::uint64_t low(std::uint64_t code, const ts_format &format)
{
    return code & ((std::uint64_t{1} << ts_format_bits(&format)) - 1);
}

/* One output of a case. */
class Output
{
  public:
    explicit Output(const Case &c) : c_(c)
    {
    }
    virtual ~Output() = default;
    virtual std::uint32_t step(std::int64_t row, std::int64_t col) = 0;

  protected:
    const Case &c_;
};

class FourBit : public Output
{
  public:
    explicit FourBit(const Case &c)
        : Output(c), swap_(is_float(c.a_format) || is(c.b_format, ts_format_uint4)),
          fp4_(is_float(c.a_format) || is_float(c.b_format)),
          dot_("dot_product", {{"Modes", modes()}, {"Lanes", c.gemm.lanes}}),
          sum_("chunk_accumulator", {{"Modes", modes()},
                                     {"Lanes", c.gemm.lanes},
                                     {"Chunk", c.gemm.chunk},
                                     {"Variant", c.gemm.variant},
                                     {"Outer", c.gemm.outer},
                                     {"Saturate", c.gemm.saturate},
                                     {"Stages", 1}})
    {
    }

    std::uint32_t step(std::int64_t row, std::int64_t col) override
    {
        std::uint64_t outer = 0;
        const std::int64_t lanes = c_.gemm.lanes, chunk = c_.gemm.chunk;
        /* Chunks are padded to their full length. */
        for (std::int64_t k = 0; k < (c_.k + chunk - 1) / chunk * chunk; k += lanes) {
            for (std::int64_t l = 0; l < lanes; l++)
                set_lane(static_cast<std::size_t>(l), code_a(c_, row, k + l),
                         code_b(c_, col, k + l));
            const ts_format &port_a = swap_ ? c_.b_format : c_.a_format;
            dot_.in[dot_.in_word("a_unsigned")] = is(port_a, ts_format_uint4);
            dot_.in[dot_.in_word("fp4")] = fp4_;
            dot_.step();
            sum_.in[sum_.in_word("p")] = dot_.out[0];
            sum_.in[sum_.in_word("escale")] = oracle::word_of(c_.gemm.escale, 7);
            sum_.in[sum_.in_word("fp4")] = fp4_;
            sum_.in[sum_.in_word("first")] = k == 0;
            sum_.in[sum_.in_word("last")] = (k + lanes) % chunk == 0;
            if (sum_.step())
                outer = sum_.out[0];
        }
        return static_cast<std::uint32_t>(outer);
    }

  private:
    static bool is_float(const ts_format &format)
    {
        return format.kind == TS_KIND_FLOAT;
    }

    std::int64_t modes() const
    {
        return fp4_ ? TS_MODE_FP4 : TS_MODE_INT4;
    }

    void set_lane(std::size_t lane, std::uint64_t a, std::uint64_t b)
    {
        if (swap_)
            std::swap(a, b);
        a &= 15;
        b &= 15;
        const ts_format &port_b = swap_ ? c_.a_format : c_.b_format;
        if (fp4_)
            b = b << 1 | is(port_b, ts_format_fp4_r4_odd); /* {s, e3, phase} */
        dot_.in[dot_.in_word("a") + lane] = a;
        dot_.in[dot_.in_word("b") + lane] = b;
    }

    bool swap_, fp4_;
    oracle::Block dot_, sum_;
};

/* Blocks that add Lanes products to acc, and what adds acc to the sum over chunks. */
class Chain : public Output
{
  public:
    explicit Chain(const Case &c) : Output(c), mac_(make_mac(c)), add_(make_add(c))
    {
    }

    std::uint32_t step(std::int64_t row, std::int64_t col) override
    {
        std::uint64_t acc = 0, outer = 0;
        const std::int64_t lanes = c_.gemm.lanes, chunk = c_.gemm.chunk ? c_.gemm.chunk : c_.k;
        for (std::int64_t k = 0; k < c_.k; k += lanes) {
            acc = multiply(row, col, k, acc);
            if ((k + lanes) % chunk && k + lanes < c_.k)
                continue;
            outer = add(outer, acc);
            acc = 0;
        }
        return static_cast<std::uint32_t>(outer);
    }

  private:
    static oracle::Block make_mac(const Case &c)
    {
        const std::int64_t saturate = c.gemm.saturate, lanes = c.gemm.lanes;
        const std::int64_t exact = c.gemm.align.exact;
        const std::int64_t width = c.gemm.align.exact ? 24 : c.gemm.align.width;
        if (is(c.a_format, ts_format_int8))
            return {"int8_mac", {{"Lanes", lanes}, {"AccBits", 32}, {"Saturate", saturate}}};
        if (is(c.a_format, ts_format_dlfloat16) && lanes == 1)
            return {"dlfloat16_fma", {{"Saturate", saturate}}};
        if (c.a_format.specials == TS_SPECIALS_IEEE)
            return {(std::string(c.a_format.name) + "_fma").c_str(), {{"Saturate", saturate}}};
        return {
            is(c.a_format, ts_format_dlfloat16) ? "dlfloat16_dot" : "hfp8_mac",
            {{"Lanes", lanes}, {"Align", exact}, {"AlignWidth", width}, {"Saturate", saturate}}};
    }

    static oracle::Block make_add(const Case &c)
    {
        if (c.a_format.specials != TS_SPECIALS_IEEE)
            return {"outer_add", {{"Outer", c.gemm.outer}, {"Saturate", c.gemm.saturate}}};
        bool fp16 = is(c.a_format, ts_format_fp16) && c.gemm.outer == TS_OUTER_DLFLOAT16;
        std::int64_t format = 0;
        while (std::string(ts_block_find("fp_add")->params[0].names[format]) !=
               (fp16 ? "fp16" : "fp32"))
            format++;
        return {"fp_add", {{"Format", format}, {"Saturate", c.gemm.saturate}}};
    }

    bool is_hfp8() const
    {
        return ts_format_bits(&c_.a_format) == 8 && !is(c_.a_format, ts_format_int8);
    }

    std::uint64_t multiply(std::int64_t row, std::int64_t col, std::int64_t k, std::uint64_t acc)
    {
        const bool fma = c_.a_format.specials == TS_SPECIALS_IEEE ||
                         (is(c_.a_format, ts_format_dlfloat16) && c_.gemm.lanes == 1);
        for (std::int64_t l = 0; l < c_.gemm.lanes; l++) {
            const auto lane = static_cast<std::size_t>(l);
            mac_.in[mac_.in_word("a") + lane] = low(code_a(c_, row, k + l), c_.a_format);
            mac_.in[mac_.in_word("b") + lane] = low(code_b(c_, col, k + l), c_.b_format);
        }
        if (is_hfp8()) {
            mac_.in[mac_.in_word("a_152")] = is(c_.a_format, ts_format_fp8_152);
            mac_.in[mac_.in_word("b_152")] = is(c_.b_format, ts_format_fp8_152);
            const ts_format &f = is(c_.a_format, ts_format_fp8_143) ? c_.a_format : c_.b_format;
            mac_.in[mac_.in_word("bias")] = static_cast<std::uint64_t>(f.bias);
        }
        mac_.in[mac_.in_word(fma ? "c" : "acc")] = acc;
        mac_.step();
        return mac_.out[0];
    }

    std::uint64_t add(std::uint64_t outer, std::uint64_t acc)
    {
        if (is(c_.a_format, ts_format_int8))
            return acc;
        if (c_.a_format.specials == TS_SPECIALS_IEEE) {
            if (is(c_.a_format, ts_format_fp16) && c_.gemm.outer == TS_OUTER_FP32)
                acc = ts_of_double(&ts_format_fp32,
                                   ts_to_double(&ts_format_fp16, static_cast<std::uint32_t>(acc)));
            add_.in = {outer, acc};
        } else {
            add_.in = {outer, acc, 0, 0};
        }
        add_.step();
        return add_.out[0];
    }

    oracle::Block mac_, add_;
};

std::vector<std::uint32_t> by_blocks(const Case &c)
{
    std::vector<std::uint32_t> result;
    std::unique_ptr<Output> output;
    if (ts_format_bits(&c.a_format) == 4)
        output = std::make_unique<FourBit>(c);
    else
        output = std::make_unique<Chain>(c);
    for (std::int64_t row = 0; row < c.m; row++)
        for (std::int64_t col = 0; col < c.n; col++)
            result.push_back(output->step(row, col));
    return result;
}

} // namespace

TEST(gemm, golden_is_the_blocks_stepped)
{
    ts_random random = {oracle::seed()};
    std::uint64_t count = oracle::vectors(2000);
    for (std::uint64_t i = 0; i < count; i++) {
        Case c = draw(random, 300);
        const auto golden = c.golden(), blocks = by_blocks(c);
        ASSERT_EQ(golden, blocks) << c.describe();
    }
    oracle::report("gemm golden", count);
}
