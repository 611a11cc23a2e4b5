/* SPDX-License-Identifier: Apache-2.0 */
/* l1_norm: the sum of magnitudes of a tensor that streams by. */
#include "core/float_stress.h"
#include "core/fp32_stream.h"

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
    {"x", TS_IN, .format_of = input_format, .bits_of = input_bits, .count_of = lanes,
     .doc = "elements in index order; zeros where a tensor ends within a cycle"},
    {"first", TS_IN, .control = true, .bits = 1, .doc = "starts a tensor"},
    {"last", TS_IN, .control = true, .bits = 1, .doc = "ends a tensor"},
    {"norm", TS_OUT, .format = &ts_format_fp32, .bits = 32, .doc = "sum of |x|"},
};

struct l1_norm {
    struct ts_lane_sums sums;
    int busy;
};

static int latency(const int64_t *p)
{
    return (int)(p[LANES] + p[STAGES] - 1);
}

static size_t state_bytes(const int64_t *p)
{
    (void)p;
    return sizeof(struct l1_norm);
}

static void reset(const int64_t *p, void *state)
{
    (void)p;
    *(struct l1_norm *)state = (struct l1_norm){0};
}

static bool step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    struct l1_norm *self = state;
    int n = lanes(p);
    bool finishes = ts_stream_finishes(&self->busy, valid && in[n + 1], n);
    if (!valid)
        return false;
    if (in[n])
        self->sums = (struct ts_lane_sums){0};
    for (int i = 0; i < n; i++) {
        uint32_t term = ts_fp32_magnitude(ts_stream_element(p[INPUT], in[i]));
        self->sums.lane[i] = ts_fp32_sum(self->sums.lane[i], term);
    }
    if (finishes)
        out[0] = ts_lane_sums_pairwise(&self->sums, n);
    return finishes;
}

static void stress(const int64_t *p, uint64_t random, uint64_t *in)
{
    ts_stress_stream(input_format(p), lanes(p), random, in);
}

const struct ts_block ts_block_l1_norm = {
    .name = "l1_norm",
    .brief = "sum of magnitudes of a tensor, in fp32",
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
