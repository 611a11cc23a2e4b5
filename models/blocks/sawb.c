/* SPDX-License-Identifier: Apache-2.0 */
/* sawb: the clip of a tensor of weights that streams by. */
#include "core/float_stress.h"
#include "core/fp32_stream.h"
#include "core/sawb_stress.h"

enum { INPUT, LANES, STAGES };

static const struct ts_param params[] = {
    [INPUT] = TS_PARAM_STREAM_INPUT,
    [LANES] = TS_PARAM_STREAM_LANES,
    [STAGES] = TS_PARAM_STREAM_STAGES,
};

static int lanes(const int64_t *p)
{
    return (int)p[LANES];
}

static int input_bits(const int64_t *p)
{
    return ts_format_bits(ts_outer_format(p[INPUT]));
}

static const struct ts_format *input_format(const int64_t *p)
{
    return ts_outer_format(p[INPUT]);
}

static const struct ts_port ports[] = {
    {"w", TS_IN, .format_of = input_format, .bits_of = input_bits, .count_of = lanes,
     .doc = "weights in index order; zeros where a tensor ends within a cycle"},
    {"first", TS_IN, .control = true, .bits = 1, .doc = "starts a tensor"},
    {"last", TS_IN, .control = true, .bits = 1, .doc = "ends a tensor"},
    {"n", TS_IN, .control = true, .bits = 32, .doc = "number of its elements; looked at with last"},
    {"clip", TS_OUT, .format = &ts_format_fp32, .bits = 32,
     .doc = "c1 * sqrt(E[w^2]) + c2 * E|w|, or the largest |w|"},
    {"fell_back", TS_OUT, .control = true, .bits = 1, .doc = "clip is the largest |w|"},
};

struct sawb {
    struct ts_lane_sums magnitudes, squares;
    uint32_t max; /* of the magnitudes that are numbers */
    int busy;
};

/* Pairs of lanes, two quotients, a root, products, their sum, and the choice. */
static int finish_cycles(const int64_t *p)
{
    return lanes(p) + 3 * TS_FP32_DIGITS_CYCLES + 3;
}

static int latency(const int64_t *p)
{
    return finish_cycles(p) + (int)p[STAGES] - 1;
}

static size_t state_bytes(const int64_t *p)
{
    (void)p;
    return sizeof(struct sawb);
}

static void reset(const int64_t *p, void *state)
{
    (void)p;
    *(struct sawb *)state = (struct sawb){0};
}

static void observe(struct sawb *self, int lane, uint32_t w)
{
    const uint32_t infinity = 0x7F800000, least = 0x20000000; /* 2^-63: its square is normal */
    uint32_t magnitude = ts_fp32_magnitude(w);
    if (magnitude <= infinity && magnitude > self->max) /* ordered as the codes are */
        self->max = magnitude;
    if (magnitude < least)
        return;
    self->magnitudes.lane[lane] = ts_fp32_sum(self->magnitudes.lane[lane], magnitude);
    self->squares.lane[lane] = ts_fp32_sum(self->squares.lane[lane], ts_fp32_square(w));
}

static uint32_t clip_of(const struct sawb *self, int lanes, uint64_t n)
{
    const uint32_t c1 = 0x41408F5C, c2 = 0xC1407AE1; /* 12.035 and -12.03 */
    uint32_t count = ts_encode(&ts_format_fp32, ts_value_of_int((int64_t)n, 0), TS_NEAREST_EVEN,
                               TS_OVERFLOW_SPECIAL);
    uint32_t mean = ts_fp32_quotient(ts_lane_sums_pairwise(&self->magnitudes, lanes), count);
    uint32_t mean_square = ts_fp32_quotient(ts_lane_sums_pairwise(&self->squares, lanes), count);
    return ts_fp32_sum(ts_fp32_product(c1, ts_fp32_root(mean_square)), ts_fp32_product(c2, mean));
}

static bool step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    enum { OUT_CLIP, OUT_FELL_BACK };
    struct sawb *self = state;
    int count = lanes(p);
    bool finishes = ts_stream_finishes(&self->busy, valid && in[count + 1], finish_cycles(p));
    if (!valid)
        return false;
    if (in[count])
        *self = (struct sawb){.busy = self->busy};
    for (int i = 0; i < count; i++)
        observe(self, i, ts_stream_element(p[INPUT], in[i]));
    if (!finishes)
        return false;
    uint32_t clip = clip_of(self, count, in[count + 2]);
    bool inside = clip != 0 && clip <= self->max; /* a negative code is past any other */
    out[OUT_CLIP] = inside ? clip : self->max;
    out[OUT_FELL_BACK] = !inside;
    return true;
}

/*
 * And n that they may be, or so much more that the clip is less than the largest of them: powers of
 * two, any, or now and then none. Half of the rows are made for sawb alone.
 */
static void stress(const int64_t *p, uint64_t random, uint64_t *in)
{
    enum { MOST = 63 };
    ts_stress_stream(input_format(p), lanes(p), random, in);
    uint64_t *n = &in[lanes(p) + 2];
    if (p[INPUT] == TS_OUTER_FP32 && random >> 35 & 1) {
        ts_stress_sawb(lanes(p), random, in);
        return;
    }
    switch (random >> 32 & 7) {
    case 0:
        *n = (random >> 40 & 7) == 0 ? 0 : 1ULL << (random >> 48 & 31);
        break;
    case 1:
    case 2:
        *n = (random >> 40 & MOST & random >> 48) + 1;
        break;
    case 3:
        break;
    default:
        *n = (MOST + 1 + (random >> 40 & MOST)) << (random >> 48 & 7);
        break;
    }
}

const struct ts_block ts_block_sawb = {
    .name = "sawb",
    .brief = "clip of a tensor of weights, from its mean magnitude and mean square",
    .source = "SAWB; order and precision of the sums [A]",
    .params = params,
    .n_params = TS_COUNT(params),
    .ports = ports,
    .n_ports = TS_COUNT(ports),
    .cuts = "running sums, elements",
    .latency = latency,
    .state_bytes = state_bytes,
    .reset = reset,
    .step = step,
    .stress = stress,
};
