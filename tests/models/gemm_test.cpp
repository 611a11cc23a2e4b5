// SPDX-License-Identifier: Apache-2.0
// The fast GEMM equals the golden one, and that the blocks stepped through their descriptors.
#include "oracle/run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

namespace
{

constexpr std::uint32_t UNTOUCHED = 0xDEADBEEF;

/* A GEMM with its operands. */
struct Case {
    ts_gemm gemm{};
    std::vector<std::uint16_t> a, b;

    void draw_operands(ts_random &random);

    /* Operands are ours: pointers are set here, as a Case may have been moved. */
    const ts_gemm *get()
    {
        gemm.a = a.data();
        gemm.b = b.data();
        return &gemm;
    }

    std::vector<std::uint32_t> golden()
    {
        std::vector<std::uint32_t> c(static_cast<std::size_t>(gemm.m * gemm.n), UNTOUCHED);
        ts_gemm_golden(get(), c.data());
        return c;
    }

    std::vector<std::uint32_t> run(int threads)
    {
        std::vector<std::uint32_t> c(static_cast<std::size_t>(gemm.m * gemm.n), UNTOUCHED);
        ts_gemm_run(get(), threads, c.data());
        return c;
    }

    std::string describe() const
    {
        const ts_gemm &g = gemm;
        std::string text;
        const std::pair<const char *, std::int64_t> fields[] = {
            {"m", g.m},
            {"n", g.n},
            {"k", g.k},
            {"modes", g.modes},
            {"lanes", g.lanes},
            {"chunk", g.chunk},
            {"variant", g.variant},
            {"outer", g.outer},
            {"saturate", g.saturate},
            {"escale", g.escale},
            {"b_is_port_a", g.b_is_port_a},
            {"port_a_unsigned", g.port_a_unsigned}};
        for (const auto &[name, value] : fields)
            text += std::string(name) + " " + std::to_string(value) + "  ";
        return text;
    }
};

/* What the codes of a matrix are like, so that sums do more than wander. */
enum Texture { ANY, MANY_ZEROS, EXTREME, ONE_SIGN, NEARBY, TEXTURES };

std::uint16_t four_bit_code(ts_random &random, int texture)
{
    auto code = static_cast<std::uint16_t>(ts_random_next(&random)); /* high bits are ignored */
    switch (texture) {
    case MANY_ZEROS:
        return oracle::below(random, 8) ? 0 : code;
    case EXTREME: /* 0 or the top of any of the formats, or its negative */
        return std::array<std::uint16_t, 4>{7, 15, 31, 8}[code % 4];
    case ONE_SIGN:
        return code & 7;
    case NEARBY:
        return static_cast<std::uint16_t>((code & 0x13) | 4);
    default:
        return code;
    }
}

/* `centre` is an exponent code about which products stay in range. */
std::uint16_t dlfloat16_code(ts_random &random, int texture, int centre)
{
    auto code = static_cast<std::uint16_t>(ts_random_next(&random));
    int spread = 0;
    switch (texture) {
    case ANY: /* over all exponents, with NaN-Infinity now and then */
        return oracle::below(random, 500) ? code : 0x7FFF;
    case MANY_ZEROS:
        if (oracle::below(random, 4))
            return 0;
        spread = 20;
        break;
    case EXTREME: /* far apart, with few significant bits: ties, and remainders that decide */
        code &= 0x8180;
        spread = 28;
        break;
    case ONE_SIGN:
        code &= 0x7FFF;
        spread = 6;
        break;
    default:
        spread = 3;
        break;
    }
    int e = std::clamp(centre + oracle::below(random, 2 * spread + 1) - spread, 0, 63);
    code = static_cast<std::uint16_t>((code & 0x81FF) | e << 9);
    return (code & 0x7FFF) == 0x7FFF ? 0x7FFE : code;
}

void Case::draw_operands(ts_random &random)
{
    a.resize(static_cast<std::size_t>(gemm.m * gemm.k));
    b.resize(static_cast<std::size_t>(gemm.k * gemm.n));
    int texture = oracle::below(random, TEXTURES);
    int centre = 31 + oracle::below(random, 31) - 15;
    for (auto *matrix : {&a, &b})
        for (std::uint16_t &code : *matrix)
            code = gemm.modes == TS_MODE_FP16 ? dlfloat16_code(random, texture, centre)
                                              : four_bit_code(random, texture);
    /* Later columns negate earlier ones in part: cancellation. */
    if (gemm.modes == TS_MODE_FP16 && texture == NEARBY)
        for (std::size_t i = a.size() / 2; i < a.size(); i += 2)
            a[i] = static_cast<std::uint16_t>(a[i - a.size() / 2] ^ 0x8000);
}

std::int64_t pow2(ts_random &random, int low, int high)
{
    return std::int64_t{1} << (low + oracle::below(random, high - low + 1));
}

/* About `work` multiply-accumulates. */
Case draw(ts_random &random, std::int64_t work)
{
    Case c;
    ts_gemm &g = c.gemm;
    g.modes = std::array<std::int64_t, 3>{TS_MODE_INT4, TS_MODE_FP4,
                                          TS_MODE_FP16}[ts_random_next(&random) % 3];
    bool fp16 = g.modes == TS_MODE_FP16;
    g.lanes = fp16 ? 1 : pow2(random, 0, 6);
    g.chunk = std::max(g.lanes, pow2(random, 0, 10));
    g.variant = fp16 ? TS_VARIANT_FUSED : oracle::below(random, 3);
    g.outer = oracle::below(random, 2);
    g.saturate = oracle::below(random, 2);
    /* Anywhere, at the ends, or where the range of dlfloat16 begins and ends. */
    switch (oracle::below(random, 4)) {
    case 0:
        g.escale = oracle::below(random, 128) - 64;
        break;
    case 1:
        g.escale = oracle::below(random, 2) ? -64 + oracle::below(random, 4)
                                            : 63 - oracle::below(random, 4);
        break;
    case 2:
        g.escale = oracle::below(random, 24) + 8;
        break;
    default:
        g.escale = oracle::below(random, 30) - 45;
        break;
    }
    g.b_is_port_a = oracle::below(random, 2);
    g.port_a_unsigned = oracle::below(random, 2);
    switch (oracle::below(random, 8)) {
    case 0:
        g.k = 1;
        break;
    case 1:
        g.k = g.chunk * (1 + oracle::below(random, 3)); /* no tail */
        break;
    case 2:
        g.k = oracle::below(random, 5);
        break;
    default:
        g.k = 1 + oracle::below(random, static_cast<int>(std::min<std::int64_t>(3 * g.chunk, 700)));
        break;
    }
    std::int64_t outputs = std::max<std::int64_t>(1, work / std::max<std::int64_t>(1, g.k));
    g.m = 1 + oracle::below(random, static_cast<int>(std::min<std::int64_t>(70, outputs)));
    g.n = std::min<std::int64_t>(140, std::max<std::int64_t>(1, outputs / g.m));
    c.draw_operands(random);
    return c;
}

/* The GEMM by the blocks dot_product and chunk_accumulator, through their descriptors. */
std::vector<std::uint32_t> by_blocks(const Case &c)
{
    const ts_gemm &g = c.gemm;
    oracle::Block dot("dot_product", {{"Modes", g.modes}, {"Lanes", g.lanes}});
    oracle::Block sum("chunk_accumulator", {{"Modes", g.modes},
                                            {"Lanes", g.lanes},
                                            {"Chunk", g.chunk},
                                            {"Variant", g.variant},
                                            {"Outer", g.outer},
                                            {"Saturate", g.saturate},
                                            {"Stages", 1}});
    const auto &port_a = g.b_is_port_a ? c.b : c.a;
    const auto &port_b = g.b_is_port_a ? c.a : c.b;
    const auto at = [&](const std::vector<std::uint16_t> &matrix, std::int64_t row,
                        std::int64_t col, std::int64_t k, unsigned mask) {
        if (k >= g.k)
            return std::uint64_t{0};
        bool is_a = (&matrix == &c.a);
        std::int64_t index = is_a ? row * g.k + k : k * g.n + col;
        return std::uint64_t{matrix[static_cast<std::size_t>(index)] & mask};
    };
    std::vector<std::uint32_t> result;
    for (std::int64_t row = 0; row < g.m; row++) {
        for (std::int64_t col = 0; col < g.n; col++) {
            std::uint64_t outer = 0;
            /* Chunks are padded to their full length. */
            std::int64_t padded = (g.k + g.chunk - 1) / g.chunk * g.chunk;
            for (std::int64_t k = 0; k < padded; k += g.lanes) {
                for (std::int64_t l = 0; l < g.lanes; l++) {
                    dot.in[dot.in_word("a") + static_cast<std::size_t>(l)] =
                        at(port_a, row, col, k + l, 15);
                    dot.in[dot.in_word("b") + static_cast<std::size_t>(l)] =
                        at(port_b, row, col, k + l, 31);
                }
                dot.in[dot.in_word("a_unsigned")] = g.port_a_unsigned;
                dot.in[dot.in_word("fp4")] = g.modes == TS_MODE_FP4;
                dot.step();
                sum.in[sum.in_word("p")] = dot.out[0];
                sum.in[sum.in_word("escale")] = oracle::word_of(g.escale, 7);
                sum.in[sum.in_word("fp4")] = g.modes == TS_MODE_FP4;
                sum.in[sum.in_word("first")] = k == 0;
                sum.in[sum.in_word("last")] = (k + g.lanes) % g.chunk == 0;
                if (sum.step())
                    outer = sum.out[0];
            }
            result.push_back(static_cast<std::uint32_t>(outer));
        }
    }
    return result;
}

/* The same for FP16, by dlfloat16_fma and outer_add. */
std::vector<std::uint32_t> by_fma_blocks(const Case &c)
{
    const ts_gemm &g = c.gemm;
    oracle::Block fma("dlfloat16_fma", {{"Saturate", g.saturate}});
    oracle::Block add("outer_add", {{"Outer", g.outer}, {"Saturate", g.saturate}});
    std::vector<std::uint32_t> result;
    for (std::int64_t row = 0; row < g.m; row++) {
        for (std::int64_t col = 0; col < g.n; col++) {
            std::uint64_t acc = 0, outer = 0;
            for (std::int64_t k = 0; k < g.k; k++) {
                fma.in = {c.a[static_cast<std::size_t>(row * g.k + k)],
                          c.b[static_cast<std::size_t>(k * g.n + col)], acc};
                fma.step();
                acc = fma.out[0];
                if ((k + 1) % g.chunk && k + 1 < g.k)
                    continue;
                add.in = {outer, acc, 0, 0};
                add.step();
                outer = add.out[0];
                acc = 0;
            }
            result.push_back(static_cast<std::uint32_t>(outer));
        }
    }
    return result;
}

/* How often results of each kind were compared: a test of zeros only would prove little. */
class Census
{
  public:
    void count(const Case &c, const std::vector<std::uint32_t> &codes)
    {
        for (std::uint32_t code : codes) {
            bool fp32 = c.gemm.outer == TS_OUTER_FP32;
            if (code == 0)
                counts_["zero"]++;
            else if (code == (fp32 ? 0x7FC00000 : 0x7FFF))
                counts_["NaN-Infinity"]++;
            else if (!fp32 && (code & 0x7FFF) == 0x7FFE)
                counts_["largest"]++;
            else
                counts_["other"]++;
        }
    }

    void expect_some_of_each() const
    {
        for (const char *kind : {"zero", "NaN-Infinity", "largest", "other"}) {
            auto found = counts_.find(kind);
            std::uint64_t n = found == counts_.end() ? 0 : found->second;
            std::printf("  %-14s %llu\n", kind, static_cast<unsigned long long>(n));
            EXPECT_GT(n, 100U) << kind;
        }
    }

  private:
    std::map<std::string, std::uint64_t> counts_;
};

} // namespace

TEST(gemm, golden_is_the_blocks_stepped)
{
    ts_random random = {oracle::seed()};
    std::uint64_t count = oracle::vectors(400);
    for (std::uint64_t i = 0; i < count; i++) {
        Case c = draw(random, 300);
        ASSERT_EQ(ts_gemm_check(c.get()), nullptr) << c.describe();
        auto blocks = c.gemm.modes == TS_MODE_FP16 ? by_fma_blocks(c) : by_blocks(c);
        ASSERT_EQ(c.golden(), blocks) << c.describe();
    }
    oracle::report("gemm golden", count);
}

TEST(gemm, run_is_golden)
{
    ts_random random = {oracle::seed() + 1};
    std::uint64_t count = oracle::vectors(3000);
    Census census;
    for (std::uint64_t i = 0; i < count; i++) {
        Case c = draw(random, i % 16 ? 4000 : 40000);
        ASSERT_EQ(ts_gemm_check(c.get()), nullptr) << c.describe();
        auto golden = c.golden();
        ASSERT_EQ(c.run(1 + static_cast<int>(i % 4)), golden) << c.describe();
        census.count(c, golden);
    }
    census.expect_some_of_each();
    oracle::report("gemm run", count);
}

/* Largest operands of one sign: the sums where float ends, where dlfloat16 ends, and around. */
TEST(gemm, run_is_golden_at_the_ends_of_its_preconditions)
{
    ts_random random = {oracle::seed() + 2};
    std::uint64_t count = 0;
    for (std::int64_t chunk = 32; chunk <= 4096; chunk *= 2) {
        for (std::int64_t lanes : {1, 8, 64}) {
            for (int variant = 0; variant < 3; variant++) {
                for (int escale : {-64, -44, -43, -42, -25, -24, -23, -2, 0,  9,  10, 11, 12,
                                   13,  14,  15,  16,  22,  23,  24,  29, 30, 39, 40, 41, 63}) {
                    if (lanes > chunk)
                        continue;
                    Case c;
                    ts_gemm &g = c.gemm;
                    g.m = 3;
                    g.n = 2;
                    g.k = chunk + oracle::below(random, 2) * 70;
                    g.modes = TS_MODE_FP4;
                    g.lanes = lanes;
                    g.chunk = chunk;
                    g.variant = variant;
                    g.escale = escale;
                    g.saturate = oracle::below(random, 2);
                    g.port_a_unsigned = oracle::below(random, 2);
                    c.a.assign(static_cast<std::size_t>(g.m * g.k), g.port_a_unsigned ? 15 : 8);
                    c.b.assign(static_cast<std::size_t>(g.k * g.n), 15);
                    /* Row 0 as it is; in the others the low bits of the sums move. */
                    for (std::size_t i = static_cast<std::size_t>(g.k); i < c.a.size(); i++)
                        c.a[i] = static_cast<std::uint16_t>(c.a[i] - oracle::below(random, 2));
                    for (std::size_t i = 1; i < c.b.size(); i += 2)
                        c.b[i] = static_cast<std::uint16_t>(15 - oracle::below(random, 14) *
                                                                     oracle::below(random, 2));
                    ASSERT_EQ(ts_gemm_check(c.get()), nullptr) << c.describe();
                    ASSERT_EQ(c.run(1), c.golden()) << c.describe();
                    count++;
                }
            }
        }
    }
    oracle::report("gemm ends", count);
}

/* Sums that end one below a tie, from small to far past 2^24, where floats begin to skip them. */
TEST(gemm, sums_just_below_a_tie)
{
    /* 15 * 2^10 + 15 * 2^6 + 15 * 2^2 + 3 = 2^14 - 1 */
    const std::uint16_t last_a[] = {15, 15, 15, 3, 0, 0, 0, 0};
    const std::uint16_t last_b[] = {12, 8, 4, 2, 0, 0, 0, 0};
    for (std::int64_t chunk : {128, 256, 512}) {
        for (std::int64_t dots = 1; dots < chunk / 8; dots++) {
            Case c;
            ts_gemm &g = c.gemm;
            g.m = g.n = 1;
            g.k = 8 * (dots + 1);
            g.modes = TS_MODE_FP4;
            g.lanes = 8;
            g.chunk = chunk;
            g.port_a_unsigned = true;
            c.a.assign(static_cast<std::size_t>(8 * dots), 15);
            c.b.assign(static_cast<std::size_t>(8 * dots), 15);
            c.a.insert(c.a.end(), std::begin(last_a), std::end(last_a));
            c.b.insert(c.b.end(), std::begin(last_b), std::end(last_b));
            ASSERT_EQ(c.run(1), c.golden()) << c.describe();
        }
    }
}

/* A product on a tie, and an addend so small that only its sign is felt. */
TEST(gemm, fp16_remainders_decide)
{
    const std::uint16_t one = 31 << 9, tie = one | 0x101; /* 257 * 769: the 11th bit is the last */
    for (std::uint16_t addend : {0x0001, 0x8001, 0x0000, 0x0200, 0x8200}) {
        for (int e = 0; e < 64; e++) {
            for (unsigned man = 0; man < 512; man++) {
                Case c;
                ts_gemm &g = c.gemm;
                g.m = g.n = 1;
                g.k = 2;
                g.modes = TS_MODE_FP16;
                g.lanes = 1;
                g.chunk = 2;
                c.a = {addend, static_cast<std::uint16_t>(e << 9 | man)};
                c.b = {one, man % 2 ? tie : static_cast<std::uint16_t>(one | 0x100)};
                if ((c.a[1] & 0x7FFF) == 0x7FFF)
                    continue;
                ASSERT_EQ(c.run(1), c.golden()) << addend << " + 2^" << e - 31 << " man " << man;
            }
        }
    }
}

TEST(gemm, threads_change_nothing)
{
    ts_random random = {oracle::seed() + 3};
    for (std::int64_t modes : {TS_MODE_INT4, TS_MODE_FP4, TS_MODE_FP16}) {
        Case c;
        c.gemm = {};
        c.gemm.m = 150;
        c.gemm.n = 130;
        c.gemm.k = 100;
        c.gemm.modes = modes;
        c.gemm.lanes = modes == TS_MODE_FP16 ? 1 : 8;
        c.gemm.chunk = 64;
        c.draw_operands(random);
        auto one = c.run(1);
        for (int threads : {-1, 0, 2, 3, 4, 7, 1000})
            ASSERT_EQ(c.run(threads), one) << threads;
    }
}

TEST(gemm, empty)
{
    Case c;
    c.gemm.m = 2;
    c.gemm.n = 3;
    c.gemm.modes = TS_MODE_FP4;
    c.gemm.lanes = c.gemm.chunk = 8;
    EXPECT_EQ(ts_gemm_check(c.get()), nullptr);
    EXPECT_EQ(c.golden(), std::vector<std::uint32_t>(6, 0)); /* k = 0: sums of nothing */
    EXPECT_EQ(c.run(2), c.golden());
    c.gemm.m = 0;
    ts_gemm_golden(c.get(), nullptr);
    ts_gemm_run(c.get(), 2, nullptr);
    c.gemm.m = 2;
    c.gemm.n = 0;
    ts_gemm_golden(c.get(), nullptr);
    ts_gemm_run(c.get(), 2, nullptr);
}

TEST(gemm, check_says_what_is_wrong)
{
    const std::uint16_t zero = 0;
    ts_gemm good{};
    good.m = good.n = good.k = 1;
    good.modes = TS_MODE_FP16;
    good.lanes = 1;
    good.chunk = 64;
    good.a = good.b = &zero;
    const auto error = [&](auto change) {
        ts_gemm g = good;
        change(g);
        const char *text = ts_gemm_check(&g);
        return std::string(text ? text : "");
    };
    EXPECT_EQ(error([](ts_gemm &) {}), "");

    const std::string negative = "m, n and k must not be negative";
    EXPECT_EQ(error([](ts_gemm &g) { g.m = -1; }), negative);
    EXPECT_EQ(error([](ts_gemm &g) { g.n = -1; }), negative);
    EXPECT_EQ(error([](ts_gemm &g) { g.k = -1; }), negative);
    EXPECT_EQ(error([](ts_gemm &g) { g.m = 0; }), "");
    EXPECT_EQ(error([](ts_gemm &g) { g.n = 0; }), "");
    EXPECT_EQ(error([](ts_gemm &g) { g.k = 0; }), "");

    // Each matrix in bytes must be less than an int64_t holds.
    const std::string size = "a matrix has too many elements";
    const std::int64_t half = std::int64_t{1} << 30;
    EXPECT_EQ(error([&](ts_gemm &g) { g.m = g.n = half; }), size);
    EXPECT_EQ(error([&](ts_gemm &g) { g.m = g.k = half; }), size);
    EXPECT_EQ(error([&](ts_gemm &g) { g.n = g.k = half; }), size);
    EXPECT_EQ(error([&](ts_gemm &g) { g.m = INT64_MAX / 8; }), "");
    EXPECT_EQ(error([&](ts_gemm &g) { g.n = INT64_MAX / 8 + 1; }), size);

    const std::string modes = "modes must be int4, fp4 or fp16, one of them";
    EXPECT_EQ(error([](ts_gemm &g) { g.modes = TS_MODE_INT4 | TS_MODE_FP4; }), modes);
    EXPECT_EQ(error([](ts_gemm &g) { g.modes = TS_MODE_HFP8; }), modes);
    EXPECT_EQ(error([](ts_gemm &g) { g.modes = TS_MODE_INT4; }), "");
    EXPECT_EQ(error([](ts_gemm &g) { g.modes = TS_MODE_FP4; }), "");

    const auto lanes_chunk = [&](std::int64_t lanes, std::int64_t chunk) {
        return error([=](ts_gemm &g) { g.modes = TS_MODE_FP4, g.lanes = lanes, g.chunk = chunk; });
    };
    const std::string lanes = "lanes must be a power of two from 1 to 64";
    const std::string chunk = "chunk must be a power of two from 1 to 4096";
    EXPECT_EQ(lanes_chunk(0, 64), lanes);
    EXPECT_EQ(lanes_chunk(-8, 64), lanes);
    EXPECT_EQ(lanes_chunk(48, 64), lanes);
    EXPECT_EQ(lanes_chunk(128, 256), lanes);
    EXPECT_EQ(lanes_chunk(1, 0), chunk);
    EXPECT_EQ(lanes_chunk(1, 48), chunk);
    EXPECT_EQ(lanes_chunk(1, 8192), chunk);
    EXPECT_EQ(lanes_chunk(64, 32), "lanes must not exceed chunk");
    EXPECT_EQ(lanes_chunk(1, 1), "");
    EXPECT_EQ(lanes_chunk(2, 2), "");
    EXPECT_EQ(lanes_chunk(64, 64), "");
    EXPECT_EQ(lanes_chunk(64, 4096), "");

    const std::string variant = "variant must be fused, split or integer";
    EXPECT_EQ(error([](ts_gemm &g) { g.variant = 3; }), variant);
    EXPECT_EQ(error([](ts_gemm &g) { g.variant = -1; }), variant);
    EXPECT_EQ(error([](ts_gemm &g) { g.modes = TS_MODE_INT4, g.variant = TS_VARIANT_INTEGER; }),
              "");
    const std::string fp16 = "fp16 needs lanes = 1 and variant = fused";
    EXPECT_EQ(error([](ts_gemm &g) { g.lanes = 2; }), fp16);
    EXPECT_EQ(error([](ts_gemm &g) { g.variant = TS_VARIANT_SPLIT; }), fp16);

    const std::string outer = "outer must be dlfloat16 or fp32";
    EXPECT_EQ(error([](ts_gemm &g) { g.outer = TS_OUTER_FP32; }), "");
    EXPECT_EQ(error([](ts_gemm &g) { g.outer = 2; }), outer);
    EXPECT_EQ(error([](ts_gemm &g) { g.outer = -1; }), outer);
    EXPECT_EQ(error([](ts_gemm &g) { g.saturate = 1; }), "");
    EXPECT_EQ(error([](ts_gemm &g) { g.saturate = 2; }), "saturate must be 0 or 1");
    EXPECT_EQ(error([](ts_gemm &g) { g.saturate = -1; }), "saturate must be 0 or 1");
    const std::string escale = "escale must be from -64 to 63";
    EXPECT_EQ(error([](ts_gemm &g) { g.escale = 63; }), "");
    EXPECT_EQ(error([](ts_gemm &g) { g.escale = -64; }), "");
    EXPECT_EQ(error([](ts_gemm &g) { g.escale = 64; }), escale);
    EXPECT_EQ(error([](ts_gemm &g) { g.escale = -65; }), escale);

    const std::string operands = "a and b must be given";
    EXPECT_EQ(error([](ts_gemm &g) { g.a = nullptr; }), operands);
    EXPECT_EQ(error([](ts_gemm &g) { g.b = nullptr; }), operands);
    EXPECT_EQ(error([](ts_gemm &g) { g.m = 0, g.a = nullptr; }), "");
    EXPECT_EQ(error([](ts_gemm &g) { g.n = 0, g.b = nullptr; }), "");
    EXPECT_EQ(error([](ts_gemm &g) { g.k = 0, g.a = g.b = nullptr; }), "");
}
