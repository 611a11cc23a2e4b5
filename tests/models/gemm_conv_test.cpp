// SPDX-License-Identifier: Apache-2.0
// Convolutions without lowered matrices: against the lowered ones, and against convolution as it is
// defined.
#include "gemm_case.h"
#include "tessera/conv.h"

#include <gtest/gtest.h>

#include <functional>

using namespace gemm_case;

namespace
{

const ts_conv_pass passes[] = {TS_CONV_FORWARD, TS_CONV_BACKWARD, TS_CONV_GRADIENT};

/* The tensors' extents, [outer][channels][height][width]. */
struct Shape {
    std::int64_t outer, channels, height, width;

    std::int64_t elements() const
    {
        return outer * channels * height * width;
    }
};

Shape x_shape(const ts_conv &c)
{
    return {c.images, c.in_channels, c.in_height, c.in_width};
}

Shape w_shape(const ts_conv &c)
{
    return {c.out_channels, c.in_channels / c.groups, c.kernel_height, c.kernel_width};
}

Shape dy_shape(const ts_conv &c)
{
    return {c.images, c.out_channels, ts_conv_out_height(&c), ts_conv_out_width(&c)};
}

Shape shape_of(const ts_conv &c, ts_conv_pass pass, ts_conv_operand which)
{
    if (which == TS_CONV_A)
        return pass == TS_CONV_BACKWARD ? dy_shape(c) : x_shape(c);
    return pass == TS_CONV_GRADIENT ? dy_shape(c) : w_shape(c);
}

std::int64_t element(const ts_conv &c, const Shape &s, std::int64_t outer, std::int64_t channel,
                     std::int64_t y, std::int64_t x)
{
    if (c.channels_last)
        return ((outer * s.height + y) * s.width + x) * s.channels + channel;
    return ((outer * s.channels + channel) * s.height + y) * s.width + x;
}

/* Every product of a convolution: of one group, with where it stands in the three GEMMs. */
using Visit = std::function<void(std::int64_t n, std::int64_t oc, std::int64_t oh, std::int64_t ow,
                                 std::int64_t ic, std::int64_t kh, std::int64_t kw, std::int64_t ih,
                                 std::int64_t iw)>;

void visit(const ts_conv &c, const Visit &each)
{
    const std::int64_t ics = c.in_channels / c.groups, ocs = c.out_channels / c.groups;
    for (std::int64_t n = 0; n < c.images; n++)
        for (std::int64_t oc = 0; oc < ocs; oc++)
            for (std::int64_t oh = 0; oh < ts_conv_out_height(&c); oh++)
                for (std::int64_t ow = 0; ow < ts_conv_out_width(&c); ow++)
                    for (std::int64_t ic = 0; ic < ics; ic++)
                        for (std::int64_t kh = 0; kh < c.kernel_height; kh++)
                            for (std::int64_t kw = 0; kw < c.kernel_width; kw++) {
                                std::int64_t ih =
                                    oh * c.stride_height - c.pad_height + kh * c.dilation_height;
                                std::int64_t iw =
                                    ow * c.stride_width - c.pad_width + kw * c.dilation_width;
                                if (ih >= 0 && ih < c.in_height && iw >= 0 && iw < c.in_width)
                                    each(n, oc, oh, ow, ic, kh, kw, ih, iw);
                            }
}

/* Where every element of the lowered A and B comes from; -1: a structural zero. */
struct Lowered {
    std::int64_t m = 0, n = 0, k = 0;
    std::vector<std::int64_t> a, b;

    Lowered(const ts_conv &c, ts_conv_pass pass)
    {
        ts_conv_shape(&c, pass, &m, &n, &k);
        a.assign(static_cast<std::size_t>(m * k), -1);
        const std::int64_t ics = c.in_channels / c.groups, ocs = c.out_channels / c.groups;
        const Shape x = x_shape(c), dy = dy_shape(c);
        visit(c, [&](std::int64_t i, std::int64_t oc, std::int64_t oh, std::int64_t ow,
                     std::int64_t ic, std::int64_t kh, std::int64_t kw, std::int64_t ih,
                     std::int64_t iw) {
            if (pass == TS_CONV_BACKWARD ? ic : oc)
                return; /* the same element of A again */
            const std::int64_t tap = kh * c.kernel_width + kw;
            const std::int64_t out = (i * dy.height + oh) * dy.width + ow;
            const std::int64_t in = (i * c.in_height + ih) * c.in_width + iw;
            const std::int64_t at_x = element(c, x, i, c.group * ics + ic, ih, iw);
            const std::int64_t at_dy = element(c, dy, i, c.group * ocs + oc, oh, ow);
            if (pass == TS_CONV_FORWARD)
                put(out, tap * ics + ic, at_x);
            else if (pass == TS_CONV_BACKWARD)
                put(in, tap * ocs + oc, at_dy);
            else
                put((ic * c.kernel_height + kh) * c.kernel_width + kw, out, at_x);
        });
        for (std::int64_t col = 0; col < n; col++)
            for (std::int64_t i = 0; i < k; i++)
                b.push_back(of_b(c, pass, col, i));
    }

  private:
    void put(std::int64_t row, std::int64_t at, std::int64_t from)
    {
        a[static_cast<std::size_t>(row * k + at)] = from;
    }

    static std::int64_t of_b(const ts_conv &c, ts_conv_pass pass, std::int64_t col, std::int64_t i)
    {
        const std::int64_t ics = c.in_channels / c.groups, ocs = c.out_channels / c.groups;
        if (pass == TS_CONV_GRADIENT) {
            const Shape dy = dy_shape(c);
            const std::int64_t y = i / dy.width;
            return element(c, dy, y / dy.height, c.group * ocs + col, y % dy.height, i % dy.width);
        }
        const std::int64_t channels = pass == TS_CONV_FORWARD ? ics : ocs;
        const std::int64_t tap = i / channels, channel = i % channels;
        const std::int64_t oc = pass == TS_CONV_FORWARD ? col : channel;
        const std::int64_t ic = pass == TS_CONV_FORWARD ? channel : col;
        return element(c, w_shape(c), c.group * ocs + oc, ic, tap / c.kernel_width,
                       tap % c.kernel_width);
    }
};

std::vector<std::uint32_t> gathered(const std::vector<std::uint32_t> &tensor,
                                    const std::vector<std::int64_t> &from)
{
    std::vector<std::uint32_t> matrix(from.size());
    for (std::size_t i = 0; i < from.size(); i++)
        matrix[i] = from[i] < 0 ? 0 : tensor[static_cast<std::size_t>(from[i])];
    return matrix;
}

struct Random {
    ts_random random = {oracle::seed()};

    std::int64_t between(std::int64_t low, std::int64_t high)
    {
        return low + static_cast<std::int64_t>(ts_random_next(&random) %
                                               static_cast<std::uint64_t>(high - low + 1));
    }

    void side(std::int64_t &in, std::int64_t &kernel, std::int64_t &stride, std::int64_t &pad,
              std::int64_t &dilation, std::int64_t most)
    {
        kernel = between(1, 4);
        stride = between(1, 3);
        pad = between(0, 3);
        dilation = between(1, 3);
        const std::int64_t least = dilation * (kernel - 1) + 1 - 2 * pad;
        in = between(std::max<std::int64_t>(1, least), std::max(most, least));
    }

    ts_conv conv(std::int64_t most)
    {
        ts_conv c{};
        c.images = between(1, 3);
        c.groups = between(0, 2) ? 1 : between(2, 3);
        c.group = between(0, c.groups - 1);
        c.in_channels = c.groups * between(1, most);
        c.out_channels = c.groups * between(1, most);
        c.channels_last = between(0, 1);
        side(c.in_height, c.kernel_height, c.stride_height, c.pad_height, c.dilation_height, most);
        side(c.in_width, c.kernel_width, c.stride_width, c.pad_width, c.dilation_width, most);
        return c;
    }

    std::vector<std::uint32_t> codes(const Shape &shape, int bits)
    {
        std::vector<std::uint32_t> codes(static_cast<std::size_t>(shape.elements()));
        for (std::uint32_t &code : codes)
            code = static_cast<std::uint32_t>(ts_random_next(&random)) & 0xFFFFFFFF >> (32 - bits);
        return codes;
    }
};

std::string describe(const ts_conv &c)
{
    std::string text;
    for (std::int64_t x :
         {c.images, c.in_channels, c.out_channels, c.in_height, c.in_width, c.kernel_height,
          c.kernel_width, c.stride_height, c.stride_width, c.pad_height, c.pad_width,
          c.dilation_height, c.dilation_width, c.groups, c.group})
        text += " " + std::to_string(x);
    return text + (c.channels_last ? " channels last" : "");
}

/* A tensor's codes as one vector. */
Packed pack_tensor(const ts_format &format, const std::vector<std::uint32_t> &codes)
{
    return {format, 1, static_cast<std::int64_t>(codes.size()), codes, 0, 1};
}

std::vector<std::uint32_t> run(const ts_gemm &gemm, int threads, const std::string &isa)
{
    std::vector<std::uint32_t> c(static_cast<std::size_t>(gemm.a->vectors * gemm.b->vectors), 77);
    setenv("TESSERA_ISA", isa.c_str(), 1);
    EXPECT_STREQ(ts_gemm_run(&gemm, threads, c.data()), nullptr);
    unsetenv("TESSERA_ISA");
    return c;
}

void expect_same_codes(const ts_packed &a, const ts_packed &b)
{
    for (std::int64_t v = 0; v < a.vectors; v++)
        for (std::int64_t k = 0; k < a.k; k++)
            if (ts_packed_code(&a, v, k) != ts_packed_code(&b, v, k))
                FAIL() << "vector " << v << ", code " << k;
}

/* The same GEMM from views and from lowered matrices. */
void expect_same(Random &random, const ts_conv &c, ts_conv_pass pass, const ts_format &a_format,
                 const ts_format &b_format, const ts_gemm &parameters)
{
    const int bits = ts_format_bits(&a_format);
    const auto a_codes = random.codes(shape_of(c, pass, TS_CONV_A), bits);
    const auto b_codes = random.codes(shape_of(c, pass, TS_CONV_B), bits);
    const Lowered lowered(c, pass);
    const Packed a_lowered(a_format, lowered.m, lowered.k, gathered(a_codes, lowered.a), lowered.k,
                           1);
    const Packed b_lowered(b_format, lowered.n, lowered.k, gathered(b_codes, lowered.b), lowered.k,
                           1);
    const Packed a_tensor = pack_tensor(a_format, a_codes);
    const Packed b_tensor = pack_tensor(b_format, b_codes);
    ts_packed a, b;
    ASSERT_STREQ(ts_conv_pack(&a, &c, pass, TS_CONV_A, &a_tensor.packed), nullptr);
    ASSERT_STREQ(ts_conv_pack(&b, &c, pass, TS_CONV_B, &b_tensor.packed), nullptr);
    for (std::int64_t v = 0; v < lowered.m; v++)
        for (std::int64_t k = 0; k < lowered.k; k++) {
            const std::int64_t from = lowered.a[static_cast<std::size_t>(v * lowered.k + k)];
            if (ts_view_index(&a.view, v, k) != from)
                FAIL() << "A " << v << " " << k << " is not from " << from;
        }
    expect_same_codes(a, a_lowered.packed);
    expect_same_codes(b, b_lowered.packed);
    ts_gemm views = parameters, matrices = parameters;
    views.a = &a;
    views.b = &b;
    matrices.a = &a_lowered.packed;
    matrices.b = &b_lowered.packed;
    ASSERT_STREQ(ts_gemm_check(&views), nullptr);
    const std::vector<std::uint32_t> expected = run(matrices, 1, "portable");
    if (lowered.m * lowered.n * lowered.k < 1000000) {
        std::vector<std::uint32_t> golden(expected.size());
        ts_gemm_golden(&views, golden.data());
        ASSERT_EQ(golden, expected);
    }
    const auto threads = static_cast<int>(random.between(1, 8));
    for (const std::string &isa : isas())
        ASSERT_EQ(run(views, threads, isa), expected) << isa << ", " << threads << " threads";
    matrices.b = &b;
    views.b = &b_lowered.packed;
    ASSERT_EQ(run(matrices, threads, isas().front()), expected) << "B alone is a view";
    ASSERT_EQ(run(views, threads, isas().front()), expected) << "A alone is a view";
    ts_packed_free(&a);
    ts_packed_free(&b);
}

ts_gemm parameters_of(const ts_format &format, std::int64_t lanes, std::int64_t chunk)
{
    ts_gemm g{};
    g.lanes = lanes;
    g.chunk = chunk;
    g.align.exact = &format == &ts_format_fp8_143;
    g.align.width = 24;
    return g;
}

struct Pairing {
    const ts_format *a, *b;
    ts_gemm parameters;
};

const std::vector<Pairing> &pairings()
{
    static const std::vector<Pairing> all = {
        {&ts_format_uint4, &ts_format_int4, parameters_of(ts_format_int4, 8, 64)},
        {&ts_format_int4, &ts_format_fp4_r4_odd, parameters_of(ts_format_int4, 4, 16)},
        {&ts_format_fp4_r4_even, &ts_format_int4, parameters_of(ts_format_int4, 2, 32)},
        {&ts_format_int8, &ts_format_int8, parameters_of(ts_format_int8, 4, 0)},
        {&ts_format_fp8_143, &ts_format_fp8_152, parameters_of(ts_format_fp8_143, 2, 64)},
        {&ts_format_dlfloat16, &ts_format_dlfloat16, parameters_of(ts_format_dlfloat16, 1, 64)},
        {&ts_format_bf16, &ts_format_bf16, parameters_of(ts_format_bf16, 1, 0)},
        {&ts_format_fp32, &ts_format_fp32, parameters_of(ts_format_fp32, 1, 64)},
    };
    return all;
}

TEST(gemm_conv, views_are_lowered_matrices)
{
    Random random;
    for (int i = 0; i < 60; i++)
        for (const Pairing &pairing : pairings())
            for (ts_conv_pass pass : passes) {
                const ts_conv c = random.conv(6);
                SCOPED_TRACE(testing::Message() << describe(c) << ", pass " << pass << ", "
                                                << pairing.a->name << ", seed " << oracle::seed());
                ASSERT_STREQ(ts_conv_check(&c), nullptr);
                expect_same(random, c, pass, *pairing.a, *pairing.b, pairing.parameters);
                if (HasFatalFailure())
                    return;
            }
}

/* More channels and outputs than a block of the engine holds. */
TEST(gemm_conv, views_are_gathered_block_by_block)
{
    Random random;
    ts_conv c{};
    c.images = c.groups = 1;
    c.in_channels = 150;
    c.out_channels = 70;
    c.in_height = 5;
    c.in_width = 77;
    c.kernel_height = c.kernel_width = 3;
    c.stride_height = 1;
    c.stride_width = 2;
    c.pad_height = c.pad_width = 1;
    c.dilation_height = c.dilation_width = 1;
    for (bool channels_last : {false, true})
        for (ts_conv_pass pass : passes) {
            c.channels_last = channels_last;
            const Pairing &pairing = pairings()[pass == TS_CONV_BACKWARD ? 2 : 1];
            expect_same(random, c, pass, *pairing.a, *pairing.b, pairing.parameters);
            if (HasFatalFailure())
                return;
        }
}

/* In int8 a GEMM is exact: Y, dX and dW of the definition. */
TEST(gemm_conv, gemms_are_the_convolution_and_its_gradients)
{
    Random random;
    for (int i = 0; i < 100; i++) {
        const ts_conv c = random.conv(5);
        SCOPED_TRACE(describe(c));
        const std::vector<std::uint32_t> tensors[] = {
            random.codes(x_shape(c), 8), random.codes(w_shape(c), 8), random.codes(dy_shape(c), 8)};
        const auto value = [&](int tensor, std::int64_t at) {
            return static_cast<std::int8_t>(tensors[tensor][static_cast<std::size_t>(at)]);
        };
        for (ts_conv_pass pass : passes) {
            const Packed a_tensor =
                pack_tensor(ts_format_int8, tensors[pass == TS_CONV_BACKWARD ? 2 : 0]);
            const Packed b_tensor =
                pack_tensor(ts_format_int8, tensors[pass == TS_CONV_GRADIENT ? 2 : 1]);
            ts_packed a, b;
            ASSERT_STREQ(ts_conv_pack(&a, &c, pass, TS_CONV_A, &a_tensor.packed), nullptr);
            ASSERT_STREQ(ts_conv_pack(&b, &c, pass, TS_CONV_B, &b_tensor.packed), nullptr);
            ts_gemm g = parameters_of(ts_format_int8, 1, 0);
            g.a = &a;
            g.b = &b;
            std::vector<std::uint32_t> expected(static_cast<std::size_t>(a.vectors * b.vectors));
            const std::int64_t ics = c.in_channels / c.groups, ocs = c.out_channels / c.groups;
            visit(c, [&](std::int64_t n, std::int64_t oc, std::int64_t oh, std::int64_t ow,
                         std::int64_t ic, std::int64_t kh, std::int64_t kw, std::int64_t ih,
                         std::int64_t iw) {
                const int x = value(0, element(c, x_shape(c), n, c.group * ics + ic, ih, iw));
                const int w = value(1, element(c, w_shape(c), c.group * ocs + oc, ic, kh, kw));
                const int dy = value(2, element(c, dy_shape(c), n, c.group * ocs + oc, oh, ow));
                const std::int64_t y_row =
                    (n * ts_conv_out_height(&c) + oh) * ts_conv_out_width(&c) + ow;
                const std::int64_t at[] = {
                    y_row * ocs + oc, ((n * c.in_height + ih) * c.in_width + iw) * ics + ic,
                    ((ic * c.kernel_height + kh) * c.kernel_width + kw) * ocs + oc};
                const int products[] = {x * w, dy * w, x * dy};
                expected[static_cast<std::size_t>(at[pass])] +=
                    static_cast<std::uint32_t>(products[pass]);
            });
            ASSERT_EQ(run(g, 1, "portable"), expected);
        }
    }
}

TEST(gemm_conv, says_what_is_wrong)
{
    const ts_conv good = {2, 4, 6, 5, 7, 3, 2, 2, 1, 1, 0, 1, 2, 2, 1, false};
    EXPECT_STREQ(ts_conv_check(&good), nullptr);
    EXPECT_EQ(ts_conv_out_height(&good), 3);
    EXPECT_EQ(ts_conv_out_width(&good), 5);
    const auto error = [&](std::int64_t ts_conv::*member, std::int64_t value) {
        ts_conv c = good;
        c.*member = value;
        const char *text = ts_conv_check(&c);
        return std::string(text ? text : "");
    };
    const std::string extents = "extents of a convolution must be from 1 to 2^24, padding from 0";
    for (auto member : {&ts_conv::images, &ts_conv::in_channels, &ts_conv::out_channels,
                        &ts_conv::in_height, &ts_conv::in_width, &ts_conv::kernel_height,
                        &ts_conv::kernel_width, &ts_conv::stride_height, &ts_conv::stride_width,
                        &ts_conv::dilation_height, &ts_conv::dilation_width, &ts_conv::groups}) {
        EXPECT_EQ(error(member, 0), extents);
        EXPECT_EQ(error(member, (1 << 24) + 1), extents);
    }
    EXPECT_EQ(error(&ts_conv::images, 1 << 24), "");
    for (auto member : {&ts_conv::pad_height, &ts_conv::pad_width}) {
        EXPECT_EQ(error(member, -1), extents);
        EXPECT_EQ(error(member, 1 << 24), extents);
        EXPECT_EQ(error(member, 0), "");
    }
    const std::string groups = "the channels of a convolution must be multiples of its groups";
    EXPECT_EQ(error(&ts_conv::in_channels, 5), groups);
    EXPECT_EQ(error(&ts_conv::out_channels, 5), groups);
    EXPECT_EQ(error(&ts_conv::group, 2), "the convolution has no such group");
    EXPECT_EQ(error(&ts_conv::group, -1), "the convolution has no such group");
    EXPECT_EQ(error(&ts_conv::group, 0), "");
    const std::string fit = "the kernel of a convolution must fit into its input with padding";
    EXPECT_EQ(error(&ts_conv::in_height, 1), "");
    EXPECT_EQ(error(&ts_conv::kernel_height, 7), "");
    EXPECT_EQ(error(&ts_conv::kernel_height, 8), fit);
    EXPECT_EQ(error(&ts_conv::in_width, 3), "");
    EXPECT_EQ(error(&ts_conv::in_width, 2), fit);
    ts_conv large = good;
    large.images = large.in_channels = 1 << 20;
    large.in_height = large.in_width = 1 << 10;
    EXPECT_STREQ(ts_conv_check(&large), "a convolution is too large");
    large.in_channels = large.images = 1 << 12;
    EXPECT_STREQ(ts_conv_check(&large), nullptr);
    /* Of fewer outputs than inputs: of one. */
    large = {1 << 20, 1 << 20, 1, 1 << 10, 1 << 10, 1, 1, 1 << 10,
             1 << 10, 0,       0, 1,       1,       1, 0, false};
    EXPECT_STREQ(ts_conv_check(&large), "a convolution is too large");
    /* Of more outputs than inputs. */
    large = {1 << 20, 1 << 20, 1, 1 << 10, 1 << 10, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0, false};
    EXPECT_STREQ(ts_conv_check(&large), "a convolution is too large") << "2^60";
    large.in_width--;
    EXPECT_STREQ(ts_conv_check(&large), nullptr);
    large = {1 << 20, 1, 1, 1, 1, 1, 1, 1, 1, 1 << 19, 1 << 19, 1, 1, 1, 0, false};
    EXPECT_STREQ(ts_conv_check(&large), "a convolution is too large");
}

TEST(gemm_conv, takes_whole_tensors_alone)
{
    const ts_conv c = {1, 2, 2, 3, 3, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0, false};
    const std::vector<std::uint32_t> codes(18, 1);
    const std::string wrong =
        "the tensor of a convolution must be packed as one vector, of all its elements";
    ts_packed view, again;
    const Packed tensor = pack_tensor(ts_format_int4, codes);
    ASSERT_STREQ(ts_conv_pack(&view, &c, TS_CONV_FORWARD, TS_CONV_A, &tensor.packed), nullptr);
    EXPECT_EQ(view.vectors, 9);
    EXPECT_EQ(view.k, 2);
    ts_packed copy;
    ASSERT_STREQ(ts_packed_copy(&copy, &view, 7, 2), nullptr);
    EXPECT_EQ(copy.vectors, 2);
    EXPECT_EQ(copy.stride, 64);
    EXPECT_EQ(ts_packed_code(&copy, 1, 1), 1U);
    EXPECT_EQ(copy.codes[64], 0x11) << "no view, but the codes themselves";
    EXPECT_EQ(copy.codes[65], 0);
    EXPECT_EQ(copy.view.vector[0].extent, 0);
    ts_packed_free(&copy);
    again.codes = view.codes;
    EXPECT_EQ(ts_conv_pack(&again, &c, TS_CONV_FORWARD, TS_CONV_A, &view), wrong);
    EXPECT_EQ(again.codes, nullptr);
    EXPECT_EQ(ts_conv_pack(&again, &c, TS_CONV_FORWARD, TS_CONV_B, &tensor.packed), wrong);
    const Packed two(ts_format_int4, 2, 18, std::vector<std::uint32_t>(36, 1), 18, 1);
    EXPECT_EQ(ts_conv_pack(&again, &c, TS_CONV_FORWARD, TS_CONV_A, &two.packed), wrong);
    ts_conv bad = c;
    bad.images = 0;
    EXPECT_STREQ(ts_conv_pack(&again, &bad, TS_CONV_FORWARD, TS_CONV_A, &tensor.packed),
                 "extents of a convolution must be from 1 to 2^24, padding from 0");
    ts_packed_free(&view);
    EXPECT_EQ(view.codes, nullptr);
    EXPECT_EQ(ts_packed_code(&tensor.packed, 0, 17), 1U) << "the tensor is still there";
}

} // namespace
