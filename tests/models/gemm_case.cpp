// SPDX-License-Identifier: Apache-2.0
#include "gemm_case.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace gemm_case
{

namespace
{

constexpr std::uint32_t UNTOUCHED = 0xDEADBEEF;

bool is(const ts_format &format, const ts_format &named)
{
    return std::string(format.name) == named.name;
}

bool has_four_bits(const Case &c)
{
    return ts_format_bits(&c.a_format) == 4;
}

std::int64_t pow2(ts_random &random, int low, int high)
{
    return std::int64_t{1} << (low + oracle::below(random, high - low + 1));
}

/* What the codes of a matrix are like, so that sums do more than wander. */
enum Texture { ANY, MANY_ZEROS, EXTREME, ONE_SIGN, NEARBY, TEXTURES };

std::uint32_t integer_code(ts_random &random, int bits, int texture)
{
    auto code = static_cast<std::uint32_t>(ts_random_next(&random));
    std::uint32_t top = 1U << (bits - 1);
    switch (texture) {
    case MANY_ZEROS:
        return oracle::below(random, 8) ? 0 : code;
    case EXTREME: /* the ends, of fp4 also: zero, all ones, the sign alone, all but it */
        return std::array<std::uint32_t, 4>{0, 2 * top - 1, top, top - 1}[code % 4];
    case ONE_SIGN:
        return code & (top - 1);
    case NEARBY:
        return (code & (top | 3)) | top / 2;
    default:
        return code; /* bits above the code's are ignored */
    }
}

std::uint32_t special_of(const ts_format &f)
{
    std::uint32_t all = (1U << (f.exp_bits + f.man_bits)) - 1;
    return f.specials == TS_SPECIALS_IEEE ? all - ((1U << f.man_bits) - 1) : all;
}

/* `centre` is an exponent code about which products stay in range. */
std::uint32_t float_code(ts_random &random, const ts_format &f, int texture, int centre)
{
    auto code = static_cast<std::uint32_t>(ts_random_next(&random));
    const int exp_mask = (1 << f.exp_bits) - 1;
    const std::uint32_t sign = 1U << (f.exp_bits + f.man_bits), man = (1U << f.man_bits) - 1;
    int spread = 0;
    switch (texture) {
    case ANY: /* over all exponents, with what is special now and then */
        return oracle::below(random, 500) ? code : code | (special_of(f) & (sign - 1));
    case MANY_ZEROS:
        if (oracle::below(random, 4))
            return 0;
        spread = exp_mask / 3;
        break;
    case EXTREME: /* far apart, with few significant bits: ties, and remainders that decide */
        code &= sign | (man & ~(man >> 2));
        spread = exp_mask / 2;
        break;
    case ONE_SIGN:
        code &= ~sign;
        spread = 6;
        break;
    default:
        spread = 3;
        break;
    }
    int e = std::clamp(centre + oracle::below(random, 2 * spread + 1) - spread, 0, exp_mask);
    code = (code & (sign | man)) | static_cast<std::uint32_t>(e) << f.man_bits;
    /* Not what is special: it would hide the rest. */
    return f.specials != TS_SPECIALS_NONE && (code & (sign - 1)) >= special_of(f) ? 1 : code;
}

std::uint32_t draw_code(ts_random &random, const ts_format &f, int texture, int centre)
{
    if (f.kind == TS_KIND_FLOAT && ts_format_bits(&f) > 4)
        return float_code(random, f, texture, centre);
    return integer_code(random, ts_format_bits(&f), texture);
}

void draw_chunk(ts_random &random, Case &c)
{
    ts_gemm &g = c.gemm;
    bool ieee = c.a_format.specials == TS_SPECIALS_IEEE;
    if (is(c.a_format, ts_format_int8) || (ieee && oracle::below(random, 2)))
        g.chunk = 0;
    else
        g.chunk = std::max(g.lanes, pow2(random, 0, oracle::below(random, 4) ? 8 : 12));
}

int draw_escale(ts_random &random)
{
    /* Anywhere, at the ends, or where the range of dlfloat16 begins and ends. */
    switch (oracle::below(random, 5)) {
    case 0:
        return oracle::below(random, 128) - 64;
    case 1:
        return oracle::below(random, 2) ? -64 + oracle::below(random, 4)
                                        : 63 - oracle::below(random, 4);
    case 2:
        return oracle::below(random, 24) + 8;
    case 3:
        return oracle::below(random, 30) - 45;
    default:
        return oracle::below(random, 20) - 10;
    }
}

} // namespace

Packed::Packed(const ts_format &format, std::int64_t vectors, std::int64_t k,
               const std::vector<std::uint32_t> &codes, std::int64_t vector_step,
               std::int64_t k_step)
{
    const char *error =
        ts_pack(&packed, &format, vectors, k, codes.data(), sizeof codes[0], vector_step, k_step);
    EXPECT_EQ(error, nullptr) << error;
}

Packed::~Packed()
{
    ts_packed_free(&packed);
}

namespace
{

/* The GEMM of a Case while its packed operands live. */
template <typename Function> auto with_gemm(const Case &c, Function function)
{
    Packed a(c.a_format, c.m, c.k, c.a, c.k, 1);
    Packed b(c.b_format, c.n, c.k, c.b, 1, c.n);
    ts_gemm gemm = c.gemm;
    gemm.a = &a.packed;
    gemm.b = &b.packed;
    return function(gemm);
}

std::vector<std::uint32_t> blank(const Case &c)
{
    return std::vector<std::uint32_t>(static_cast<std::size_t>(c.m * c.n) + 1, UNTOUCHED);
}

std::vector<std::uint32_t> checked(std::vector<std::uint32_t> result)
{
    EXPECT_EQ(result.back(), UNTOUCHED) << "past the end of C";
    result.pop_back();
    return result;
}

} // namespace

std::vector<std::uint32_t> Case::golden() const
{
    std::vector<std::uint32_t> c = blank(*this);
    with_gemm(*this, [&](const ts_gemm &g) { ts_gemm_golden(&g, c.data()); });
    return checked(c);
}

std::vector<std::uint32_t> Case::run(int threads, const std::string &isa) const
{
    std::vector<std::uint32_t> c = blank(*this);
    if (isa.empty())
        unsetenv("TESSERA_ISA");
    else
        setenv("TESSERA_ISA", isa.c_str(), 1);
    const char *error =
        with_gemm(*this, [&](const ts_gemm &g) { return ts_gemm_run(&g, threads, c.data()); });
    EXPECT_EQ(error, nullptr) << error;
    return checked(c);
}

const char *Case::check() const
{
    return with_gemm(*this, [](const ts_gemm &g) { return ts_gemm_check(&g); });
}

std::string Case::describe() const
{
    const std::pair<const char *, std::int64_t> fields[] = {{"m", m},
                                                            {"n", n},
                                                            {"k", k},
                                                            {"lanes", gemm.lanes},
                                                            {"chunk", gemm.chunk},
                                                            {"variant", gemm.variant},
                                                            {"outer", gemm.outer},
                                                            {"saturate", gemm.saturate},
                                                            {"escale", gemm.escale},
                                                            {"exact", gemm.align.exact},
                                                            {"width", gemm.align.width},
                                                            {"a_bias", a_format.bias},
                                                            {"b_bias", b_format.bias}};
    std::string text = std::string(a_format.name) + " x " + b_format.name + "  ";
    for (const auto &[name, value] : fields)
        text += std::string(name) + " " + std::to_string(value) + "  ";
    return text;
}

const std::vector<Pair> &pairs()
{
    static const std::vector<Pair> all = [] {
        const ts_format *integers[] = {&ts_format_int4, &ts_format_uint4};
        const ts_format *port_b[] = {&ts_format_int4, &ts_format_fp4_r4_even,
                                     &ts_format_fp4_r4_odd};
        std::vector<Pair> list;
        for (const ts_format *a : integers)
            for (const ts_format *b : port_b) {
                list.push_back({a, b});
                list.push_back({b, a});
            }
        const ts_format *hfp8[] = {&ts_format_fp8_143, &ts_format_fp8_152};
        for (const ts_format *a : hfp8)
            for (const ts_format *b : hfp8)
                list.push_back({a, b});
        for (const ts_format *f : {&ts_format_int8, &ts_format_dlfloat16, &ts_format_fp16,
                                   &ts_format_bf16, &ts_format_fp32})
            list.push_back({f, f});
        return list;
    }();
    return all;
}

void draw_parameters(ts_random &random, const Pair &pair, Case &c)
{
    ts_gemm &g = c.gemm;
    c.a_format = *pair.a;
    c.b_format = *pair.b;
    bool ieee = c.a_format.specials == TS_SPECIALS_IEEE;
    bool four_bit = has_four_bits(c), int8 = is(c.a_format, ts_format_int8);
    bool hfp8 = ts_format_bits(pair.a) == 8 && !int8;
    g.lanes = ieee ? 1 : pow2(random, 0, four_bit || int8 ? 6 : 4);
    /* The floats' fast kernels: one or two lanes, the usual window or more. */
    if (!ieee && !four_bit && !int8 && oracle::below(random, 2))
        g.lanes = hfp8 ? 1 + oracle::below(random, 2) : 1;
    draw_chunk(random, c);
    g.variant = four_bit ? oracle::below(random, 3) : TS_VARIANT_FUSED;
    g.outer = int8 ? 0 : oracle::below(random, 2);
    g.saturate = oracle::below(random, 2);
    g.escale = four_bit ? draw_escale(random) : 0;
    g.align = {oracle::below(random, 4) == 0, 16 + oracle::below(random, 33)};
    if (oracle::below(random, 2))
        g.align.width = 24;
    if (hfp8) {
        auto bias = static_cast<std::int16_t>(oracle::below(random, 16));
        for (ts_format *f : {&c.a_format, &c.b_format})
            if (is(*f, ts_format_fp8_143) && bias % 2)
                f->bias = bias;
    }
    ASSERT_EQ(c.check(), nullptr) << c.check() << ": " << c.describe();
}

void draw_shape(ts_random &random, std::int64_t work, Case &c)
{
    const std::int64_t chunk = c.gemm.chunk ? c.gemm.chunk : 64;
    switch (oracle::below(random, 8)) {
    case 0:
        c.k = 1;
        break;
    case 1:
        c.k = std::min<std::int64_t>(chunk * (1 + oracle::below(random, 3)), work); /* no tail */
        break;
    case 2:
        c.k = oracle::below(random, 5);
        break;
    default:
        c.k = 1 + oracle::below(random, static_cast<int>(std::min<std::int64_t>(3 * chunk, 700)));
        break;
    }
    std::int64_t outputs = std::max<std::int64_t>(1, work / std::max<std::int64_t>(1, c.k));
    c.m = 1 + oracle::below(random, static_cast<int>(std::min<std::int64_t>(40, outputs)));
    c.n = std::min<std::int64_t>(70, std::max<std::int64_t>(1, outputs / c.m));
}

void draw_operands(ts_random &random, Case &c)
{
    c.a.resize(static_cast<std::size_t>(c.m * c.k));
    c.b.resize(static_cast<std::size_t>(c.k * c.n));
    int texture = oracle::below(random, TEXTURES);
    int centre = 1 + (1 << c.a_format.exp_bits) / 2;
    centre += oracle::below(random, centre) - centre / 2;
    int b_centre = c.b_format.bias + c.a_format.bias - centre;
    for (std::uint32_t &code : c.a)
        code = draw_code(random, c.a_format, texture, centre);
    for (std::uint32_t &code : c.b)
        code = draw_code(random, c.b_format, texture,
                         oracle::below(random, 4) ? b_centre : b_centre + oracle::below(random, 9));
    /* Later numbers negate earlier ones in part: cancellation. */
    const std::uint32_t sign = 1U << (ts_format_bits(&c.a_format) - 1);
    if (c.a_format.kind == TS_KIND_FLOAT && oracle::below(random, 3) == 0) {
        std::size_t distance = 1 + static_cast<std::size_t>(oracle::below(random, 3));
        for (std::size_t i = distance; i < c.a.size(); i += distance + 1)
            c.a[i] = c.a[i - distance] ^ sign;
        const auto n = static_cast<std::size_t>(c.n);
        for (std::size_t i = distance * n; i < c.b.size(); i++)
            if (i / n % (distance + 1) == distance)
                c.b[i] = c.b[i - distance * n];
    }
}

Case draw(ts_random &random, std::int64_t work)
{
    Case c;
    const auto &all = pairs();
    const Pair &pair =
        all[static_cast<std::size_t>(oracle::below(random, static_cast<int>(all.size())))];
    draw_parameters(random, pair, c);
    draw_shape(random, work, c);
    draw_operands(random, c);
    return c;
}

std::vector<std::string> isas()
{
    std::vector<std::string> list;
    for (const char *const *name = ts_gemm_isas; *name; name++)
        if (ts_gemm_has_isa(*name))
            list.emplace_back(*name);
    return list;
}

} // namespace gemm_case
