/* SPDX-License-Identifier: Apache-2.0 */
/* The lowered GEMMs against convolution as it is defined. */
#include "scratch.h"
#include "tessera/lowering.h"
#include "tessera/vectors.h"

#include <algorithm>
#include <gtest/gtest.h>

using Tensor = std::vector<double>;

namespace
{

/* Y and its gradients by loops over samples, channels, outputs and taps. */
struct Direct {
    Tensor y, dx, dw;

    Direct(const ts_layer &l, int samples, const Tensor &x, const Tensor &w, const Tensor &dy)
        : y(dy.size()), dx(x.size()), dw(w.size())
    {
        size_t out = 0;
        for (int n = 0; n < samples; n++)
            for (int oc = 0; oc < l.out_channels; oc++)
                for (int oh = 0; oh < l.out_height; oh++)
                    for (int ow = 0; ow < l.out_width; ow++, out++)
                        window(l, n, oc, oh, ow, [&](size_t xi, size_t wi) {
                            y[out] += x[xi] * w[wi];
                            dx[xi] += dy[out] * w[wi];
                            dw[wi] += dy[out] * x[xi];
                        });
    }

    template <typename Visit>
    static void window(const ts_layer &l, int n, int oc, int oh, int ow, Visit visit)
    {
        for (int ic = 0; ic < l.in_channels; ic++)
            for (int kh = 0; kh < l.kernel_height; kh++)
                for (int kw = 0; kw < l.kernel_width; kw++) {
                    int ih = oh * l.stride_height - l.pad_height + kh;
                    int iw = ow * l.stride_width - l.pad_width + kw;
                    if (ih < 0 || ih >= l.in_height || iw < 0 || iw >= l.in_width)
                        continue;
                    int xi = ((n * l.in_channels + ic) * l.in_height + ih) * l.in_width + iw;
                    int wi =
                        ((oc * l.in_channels + ic) * l.kernel_height + kh) * l.kernel_width + kw;
                    visit(static_cast<size_t>(xi), static_cast<size_t>(wi));
                }
    }
};

class Lowering : public testing::Test
{
  protected:
    int between(int low, int high)
    {
        return low +
               static_cast<int>(ts_random_next(&random) % static_cast<unsigned>(high - low + 1));
    }

    /* Small integers but 0, so that a structural zero stands out. */
    Tensor integers(size_t n)
    {
        Tensor t(n);
        for (double &e : t)
            e = between(1, 7) * (between(0, 1) ? 1 : -1);
        return t;
    }

    void side(int &in, int &out, int &kernel, int &stride, int &pad)
    {
        kernel = between(1, 4);
        stride = between(1, 3);
        pad = between(0, 2);
        in = between(std::max(1, kernel - 2 * pad), 8);
        out = (in + 2 * pad - kernel) / stride + 1;
    }

    ts_layer random_layer()
    {
        if (between(0, 4) == 0)
            return linear_layer("linear", between(1, 9), between(1, 9));
        ts_layer l{};
        l.in_channels = between(1, 4);
        l.out_channels = between(1, 4);
        side(l.in_height, l.out_height, l.kernel_height, l.stride_height, l.pad_height);
        side(l.in_width, l.out_width, l.kernel_width, l.stride_width, l.pad_width);
        return l;
    }

    ts_random random{1};
};

/* The lowered matrix, as its index function says. */
template <typename Index>
Tensor gathered(const Tensor &tensor, size_t rows, size_t columns, Index index)
{
    Tensor numbers(rows * columns);
    for (size_t i = 0; i < numbers.size(); i++) {
        size_t from = index(i / columns, i % columns);
        numbers[i] = from == TS_NO_ELEMENT ? 0 : tensor.at(from);
    }
    return numbers;
}

void expect_product(const ts_layer &l, int samples, ts_pass pass, const Tensor &ta,
                    const Tensor &tb, const Tensor &expected)
{
    size_t m = 0;
    size_t n = 0;
    size_t k = 0;
    ts_lowered_shape(&l, samples, pass, &m, &n, &k);
    Tensor a =
        gathered(ta, m, k, [&](size_t row, size_t i) { return ts_lowered_a(&l, pass, row, i); });
    Tensor b = gathered(tb, k, n,
                        [&](size_t i, size_t column) { return ts_lowered_b(&l, pass, i, column); });
    ASSERT_EQ(m * n, expected.size());
    for (size_t row = 0; row < m; row++) {
        for (size_t column = 0; column < n; column++) {
            double sum = 0;
            for (size_t i = 0; i < k; i++)
                sum += a[row * k + i] * b[i * n + column];
            ASSERT_EQ(sum, expected.at(ts_lowered_c(&l, pass, row, column)));
        }
    }
}

} // namespace

TEST_F(Lowering, three_gemms_are_the_convolution_and_its_gradients)
{
    for (int i = 0; i < 400; i++) {
        ts_layer l = random_layer();
        int samples = between(1, 3);
        ts_error error;
        ASSERT_TRUE(ts_layer_check(&l, samples, &error)) << error.text;
        SCOPED_TRACE(testing::Message()
                     << "in " << l.in_height << "x" << l.in_width << " kernel " << l.kernel_height
                     << "x" << l.kernel_width << " stride " << l.stride_height << "x"
                     << l.stride_width << " pad " << l.pad_height << "x" << l.pad_width);
        Tensor x = integers(ts_tensor_elements(&l, samples, TS_TENSOR_X));
        Tensor w = integers(ts_tensor_elements(&l, samples, TS_TENSOR_W));
        Tensor dy = integers(ts_tensor_elements(&l, samples, TS_TENSOR_DY));
        Direct direct(l, samples, x, w, dy);
        ASSERT_NO_FATAL_FAILURE(expect_product(l, samples, TS_FWD, x, w, direct.y));
        ASSERT_NO_FATAL_FAILURE(expect_product(l, samples, TS_BWD, dy, w, direct.dx));
        ASSERT_NO_FATAL_FAILURE(expect_product(l, samples, TS_GRAD, x, dy, direct.dw));
        if (HasFailure())
            return;
    }
}

/* The order of k decides the rounding, so it is checked by itself, spelled out. */
TEST_F(Lowering, k_is_in_the_order_of_the_table)
{
    ts_layer l = conv_layer("conv", 2, 3, 4, 3, 1, 1);
    size_t m = 0;
    size_t n = 0;
    size_t k = 0;
    ts_lowered_shape(&l, 2, TS_FWD, &m, &n, &k);
    EXPECT_EQ(std::vector<size_t>({m, n, k}), std::vector<size_t>({32, 3, 18}));
    ts_lowered_shape(&l, 2, TS_BWD, &m, &n, &k);
    EXPECT_EQ(std::vector<size_t>({m, n, k}), std::vector<size_t>({32, 2, 27}));
    ts_lowered_shape(&l, 2, TS_GRAD, &m, &n, &k);
    EXPECT_EQ(std::vector<size_t>({m, n, k}), std::vector<size_t>({18, 3, 32}));
    for (size_t kh = 0; kh < 3; kh++) {
        for (size_t kw = 0; kw < 3; kw++) {
            size_t tap = kh * 3 + kw;
            for (size_t ic = 0; ic < 2; ic++)
                EXPECT_EQ(ts_lowered_b(&l, TS_FWD, tap * 2 + ic, 1), (2 + ic) * 9 + tap);
            for (size_t oc = 0; oc < 3; oc++)
                EXPECT_EQ(ts_lowered_b(&l, TS_BWD, tap * 3 + oc, 1), (oc * 2 + 1) * 9 + tap);
        }
    }
    for (size_t i = 0; i < 32; i++)
        EXPECT_EQ(ts_lowered_b(&l, TS_GRAD, i, 1), (i / 16 * 3 + 1) * 16 + i % 16);
    /* The first output's window hangs over the corner; the second sample's is one further. */
    EXPECT_EQ(ts_lowered_a(&l, TS_FWD, 0, 0), TS_NO_ELEMENT);
    EXPECT_EQ(ts_lowered_a(&l, TS_FWD, 0, 4 * 2 + 1), 16U);
    EXPECT_EQ(ts_lowered_a(&l, TS_FWD, 16, 4 * 2), 32U);
}

TEST_F(Lowering, stride_holes_keep_their_k)
{
    ts_layer l = conv_layer("conv", 1, 1, 4, 2, 2, 0);
    size_t present = 0;
    for (size_t row = 0; row < 16; row++)
        for (size_t k = 0; k < 4; k++)
            present += ts_lowered_a(&l, TS_BWD, row, k) != TS_NO_ELEMENT;
    EXPECT_EQ(present, 16U); /* one tap of four reaches each input */
    EXPECT_EQ(ts_lowered_a(&l, TS_BWD, 0, 0), 0U);
    EXPECT_EQ(ts_lowered_a(&l, TS_BWD, 1, 1), 0U);
    EXPECT_EQ(ts_lowered_a(&l, TS_BWD, 5, 3), 0U);
}
