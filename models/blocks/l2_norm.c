/* SPDX-License-Identifier: Apache-2.0 */
/* l2_norm: the sum of squares of a tensor that streams by, or its root. */
#include "core/float_stress.h"
#include "core/fp32_stream.h"

enum { ROOT, INPUT, LANES, STAGES };

static const struct ts_param params[] = {
    [ROOT] = {"Root", 0, 1, 1, .doc = "the norm, else its square"},
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
    {"x", TS_IN, .format_of = input_format, .bits_of = input_bits, .count_of = lanes,
     .doc = "elements in index order; zeros where a tensor ends within a cycle"},
    {"first", TS_IN, .control = true, .bits = 1, .doc = "starts a tensor"},
    {"last", TS_IN, .control = true, .bits = 1, .doc = "ends a tensor"},
    {"norm", TS_OUT, .format = &ts_format_fp32, .bits = 32, .doc = "sum of x^2, or its root"},
};

struct l2_norm {
    struct ts_lane_sums sums;
    int busy;
};

/* Lanes in pairs, one after the other, and the root. */
static int finish_cycles(const int64_t *p)
{
    return lanes(p) + (p[ROOT] ? TS_FP32_ROOT_CYCLES : 0);
}

static int latency(const int64_t *p)
{
    return finish_cycles(p) + (int)p[STAGES] - 1;
}

static size_t state_bytes(const int64_t *p)
{
    (void)p;
    return sizeof(struct l2_norm);
}

static void reset(const int64_t *p, void *state)
{
    (void)p;
    *(struct l2_norm *)state = (struct l2_norm){0};
}

static bool step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    struct l2_norm *self = state;
    int n = lanes(p);
    bool finishes = ts_stream_finishes(&self->busy, valid && in[n + 1], finish_cycles(p));
    if (!valid)
        return false;
    if (in[n])
        self->sums = (struct ts_lane_sums){0};
    for (int i = 0; i < n; i++) {
        uint32_t term = ts_fp32_square(ts_stream_element(p[INPUT], in[i]));
        self->sums.lane[i] = ts_fp32_sum(self->sums.lane[i], term);
    }
    if (!finishes)
        return false;
    uint32_t sum = ts_lane_sums_pairwise(&self->sums, n);
    out[0] = p[ROOT] ? ts_fp32_root(sum) : sum;
    return true;
}

static void stress(const int64_t *p, uint64_t random, uint64_t *in)
{
    ts_stress_stream(input_format(p), lanes(p), random, in);
}

const struct ts_block ts_block_l2_norm = {
    .name = "l2_norm",
    .brief = "sum of squares of a tensor, or its root, in fp32",
    .source = "[A]",
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
