/* SPDX-License-Identifier: Apache-2.0 */
/* The operands of convolutions as views of their tensors. */
#include "gemm/view.h"

enum { MAX_EXTENT = 1 << 24 };

/* Products of extents stay below this. */
static const double MAX_PRODUCT = 0x1p60;

/* Of one group. */
static int64_t channels(const struct ts_conv *c, bool out)
{
    return (out ? c->out_channels : c->in_channels) / c->groups;
}

static int64_t out_extent(int64_t in, int64_t kernel, int64_t stride, int64_t pad, int64_t dilation)
{
    return (in + 2 * pad - dilation * (kernel - 1) - 1) / stride + 1;
}

int64_t ts_conv_out_height(const struct ts_conv *c)
{
    return out_extent(c->in_height, c->kernel_height, c->stride_height, c->pad_height,
                      c->dilation_height);
}

int64_t ts_conv_out_width(const struct ts_conv *c)
{
    return out_extent(c->in_width, c->kernel_width, c->stride_width, c->pad_width,
                      c->dilation_width);
}

static const char *check_extents(const struct ts_conv *c)
{
    const int64_t positive[] = {
        c->images,          c->in_channels,    c->out_channels,   c->in_height,    c->in_width,
        c->kernel_height,   c->kernel_width,   c->stride_height,  c->stride_width, c->groups,
        c->dilation_height, c->dilation_width, c->pad_height + 1, c->pad_width + 1};
    for (size_t i = 0; i < sizeof positive / sizeof *positive; i++)
        if (positive[i] < 1 || positive[i] > MAX_EXTENT)
            return "extents of a convolution must be from 1 to 2^24, padding from 0";
    return NULL;
}

static bool fits(int64_t in, int64_t kernel, int64_t pad, int64_t dilation)
{
    return dilation * (kernel - 1) < in + 2 * pad;
}

const char *ts_conv_check(const struct ts_conv *c)
{
    const char *error = check_extents(c);
    if (error)
        return error;
    if (c->in_channels % c->groups || c->out_channels % c->groups)
        return "the channels of a convolution must be multiples of its groups";
    if (c->group < 0 || c->group >= c->groups)
        return "the convolution has no such group";
    if (!fits(c->in_height, c->kernel_height, c->pad_height, c->dilation_height) ||
        !fits(c->in_width, c->kernel_width, c->pad_width, c->dilation_width))
        return "the kernel of a convolution must fit into its input with padding";
    double taps = (double)c->kernel_height * (double)c->kernel_width;
    double in = (double)c->in_height * (double)c->in_width;
    double out = (double)ts_conv_out_height(c) * (double)ts_conv_out_width(c);
    double products = (double)c->images * (double)c->in_channels * (double)c->out_channels * taps;
    return products * (in > out ? in : out) < MAX_PRODUCT ? NULL : "a convolution is too large";
}

void ts_conv_shape(const struct ts_conv *c, enum ts_conv_pass pass, int64_t *m, int64_t *n,
                   int64_t *k)
{
    int64_t taps = c->kernel_height * c->kernel_width;
    int64_t in = c->images * c->in_height * c->in_width;
    int64_t out = c->images * ts_conv_out_height(c) * ts_conv_out_width(c);
    *m = pass == TS_CONV_FORWARD ? out : pass == TS_CONV_BACKWARD ? in : channels(c, false) * taps;
    *n = channels(c, pass != TS_CONV_BACKWARD);
    *k = pass == TS_CONV_GRADIENT ? out : taps * channels(c, pass == TS_CONV_BACKWARD);
}

/* A tensor of images or of kernels: [outer][channels][height][width], or channels last. */
struct tensor {
    int64_t outer, channels, height, width; /* all of them */
    int64_t outer_step, channel_step, y_step, x_step;
};

static struct tensor make_tensor(const struct ts_conv *c, int64_t outer, int64_t channels,
                                 int64_t height, int64_t width)
{
    struct tensor t = {.outer = outer, .channels = channels, .height = height, .width = width};
    t.x_step = c->channels_last ? channels : 1;
    t.y_step = width * t.x_step;
    t.channel_step = c->channels_last ? 1 : height * width;
    t.outer_step = channels * height * width;
    return t;
}

static struct tensor x_of(const struct ts_conv *c)
{
    return make_tensor(c, c->images, c->in_channels, c->in_height, c->in_width);
}

/* Inputs of other groups have other kernels. */
static struct tensor w_of(const struct ts_conv *c)
{
    return make_tensor(c, c->out_channels, channels(c, false), c->kernel_height, c->kernel_width);
}

static struct tensor dy_of(const struct ts_conv *c)
{
    return make_tensor(c, c->images, c->out_channels, ts_conv_out_height(c), ts_conv_out_width(c));
}

static struct tensor tensor_of(const struct ts_conv *c, enum ts_conv_pass pass,
                               enum ts_conv_operand which)
{
    if (which == TS_CONV_A)
        return pass == TS_CONV_BACKWARD ? dy_of(c) : x_of(c);
    return pass == TS_CONV_GRADIENT ? dy_of(c) : w_of(c);
}

static struct ts_view_digit step(int64_t extent, int64_t step)
{
    return (struct ts_view_digit){.extent = extent, .step = step};
}

static struct ts_view_digit along_y(int64_t extent, int64_t y)
{
    return (struct ts_view_digit){.extent = extent, .y = y};
}

static struct ts_view_digit along_x(int64_t extent, int64_t x)
{
    return (struct ts_view_digit){.extent = extent, .x = x};
}

static void set(struct ts_view_digit *digits, struct ts_view_digit a, struct ts_view_digit b,
                struct ts_view_digit c)
{
    digits[0] = a;
    digits[1] = b;
    digits[2] = c;
}

static struct ts_view view_of(const struct tensor *t)
{
    return (struct ts_view){
        .height = t->height,
        .width = t->width,
        .y_step = t->y_step,
        .x_step = t->x_step,
        .y_hole = 1,
        .x_hole = 1,
    };
}

/* Windows of X: their outputs and their taps. In forward outputs are vectors, in gradient taps. */
static struct ts_view windows(const struct ts_conv *c, enum ts_conv_pass pass)
{
    struct tensor t = x_of(c);
    struct ts_view v = view_of(&t);
    struct ts_view_digit channel = step(channels(c, false), t.channel_step);
    struct ts_view_digit kh = along_y(c->kernel_height, c->dilation_height);
    struct ts_view_digit kw = along_x(c->kernel_width, c->dilation_width);
    set(pass == TS_CONV_FORWARD ? v.vector : v.k, step(c->images, t.outer_step),
        along_y(ts_conv_out_height(c), c->stride_height),
        along_x(ts_conv_out_width(c), c->stride_width));
    if (pass == TS_CONV_FORWARD)
        set(v.k, kh, kw, channel);
    else
        set(v.vector, channel, kh, kw);
    v.offset = c->group * channel.extent * t.channel_step;
    v.y = -c->pad_height;
    v.x = -c->pad_width;
    return v;
}

/* The outputs that met an input, under each tap. */
static struct ts_view meetings(const struct ts_conv *c)
{
    struct tensor t = dy_of(c);
    struct ts_view v = view_of(&t);
    int64_t oc = channels(c, true);
    set(v.vector, step(c->images, t.outer_step), along_y(c->in_height, 1), along_x(c->in_width, 1));
    set(v.k, along_y(c->kernel_height, -c->dilation_height),
        along_x(c->kernel_width, -c->dilation_width), step(oc, t.channel_step));
    v.offset = c->group * oc * t.channel_step;
    v.y = c->pad_height;
    v.x = c->pad_width;
    v.y_hole = c->stride_height;
    v.x_hole = c->stride_width;
    return v;
}

/* Columns of W: kernels, or their channels. */
static struct ts_view kernels(const struct ts_conv *c, enum ts_conv_pass pass)
{
    struct tensor t = w_of(c);
    struct ts_view v = view_of(&t);
    struct ts_view_digit ic = step(t.channels, t.channel_step);
    struct ts_view_digit oc = step(channels(c, true), t.outer_step);
    bool forward = pass == TS_CONV_FORWARD;
    set(v.vector, forward ? oc : ic, step(1, 0), step(1, 0));
    set(v.k, along_y(c->kernel_height, 1), along_x(c->kernel_width, 1), forward ? ic : oc);
    v.offset = c->group * oc.extent * t.outer_step;
    return v;
}

/* Columns of dY: channels. */
static struct ts_view gradients(const struct ts_conv *c)
{
    struct tensor t = dy_of(c);
    struct ts_view v = view_of(&t);
    int64_t oc = channels(c, true);
    set(v.vector, step(oc, t.channel_step), step(1, 0), step(1, 0));
    set(v.k, step(c->images, t.outer_step), along_y(t.height, 1), along_x(t.width, 1));
    v.offset = c->group * oc * t.channel_step;
    return v;
}

struct ts_view ts_conv_view(const struct ts_conv *c, enum ts_conv_pass pass,
                            enum ts_conv_operand which)
{
    if (which == TS_CONV_A)
        return pass == TS_CONV_BACKWARD ? meetings(c) : windows(c, pass);
    return pass == TS_CONV_GRADIENT ? gradients(c) : kernels(c, pass);
}

const char *ts_conv_pack(struct ts_packed *operand, const struct ts_conv *c, enum ts_conv_pass pass,
                         enum ts_conv_operand which, const struct ts_packed *tensor)
{
    *operand = (struct ts_packed){0};
    const char *error = ts_conv_check(c);
    if (error)
        return error;
    struct tensor t = tensor_of(c, pass, which);
    if (ts_is_view(tensor) || tensor->vectors != 1 || tensor->k != t.outer * t.outer_step)
        return "the tensor of a convolution must be packed as one vector, of all its elements";
    *operand = *tensor;
    operand->view = ts_conv_view(c, pass, which);
    int64_t m, n;
    ts_conv_shape(c, pass, &m, &n, &operand->k);
    operand->vectors = which == TS_CONV_A ? m : n;
    return NULL;
}
