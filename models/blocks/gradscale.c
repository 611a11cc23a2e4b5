/* SPDX-License-Identifier: Apache-2.0 */
/* gradscale: the scale exponent of a tensor of gradients, from its largest exponent. */
#include "core/block_common.h"

enum method { ALIGN, PREVIOUS, HYSTERESIS };

static const char *const method_names[] = {"align", "previous", "hysteresis", NULL};

enum { METHOD, TARGET, WINDOW, LANES, STAGES };

static const struct ts_param params[] = {
    [METHOD] = {"Method", ALIGN, HYSTERESIS, ALIGN, .names = method_names,
                .doc = "k from this tensor's maximum, the previous one's, or by steps of one"},
    [TARGET] = {"Target", 5, 8, 6, .doc = "exponent to which k takes the largest one"},
    [WINDOW] = {"Window", 1, 16, 2,
                .doc = "hysteresis: binades below Target in which the maximum may lie"},
    [LANES] = {"Lanes", 1, 64, 8, .pow2 = true, .doc = "elements per cycle"},
    [STAGES] = {"Stages", 1, 2, 1, .doc = "pipeline registers, cycles"},
};

static int lanes(const int64_t *p)
{
    return (int)p[LANES];
}

static const struct ts_port ports[] = {
    {"x", TS_IN, .format = &ts_format_dlfloat16, .bits = 16, .count_of = lanes,
     .doc = "gradients; zeros where a tensor ends within a cycle"},
    {"first", TS_IN, .control = true, .bits = 1, .doc = "starts a tensor"},
    {"last", TS_IN, .control = true, .bits = 1, .doc = "ends a tensor"},
    {"k", TS_OUT, .bits = 8, .doc = "scale exponent: with last (align), else with first"},
};

struct gradscale {
    bool any;  /* an element that is not zero */
    bool nan;  /* one that is NaN-Infinity */
    int e_max; /* of those that are not zero; NaN-Infinity has that of its code, 32 */
    int k;     /* of the next tensor */
};

static int latency(const int64_t *p)
{
    return (int)p[STAGES];
}

static size_t state_bytes(const int64_t *p)
{
    (void)p;
    return sizeof(struct gradscale);
}

static void reset(const int64_t *p, void *state)
{
    (void)p;
    *(struct gradscale *)state = (struct gradscale){0};
}

static void observe(struct gradscale *self, uint64_t code)
{
    enum { MAN_BITS = 9, NAN_EXPONENT = 32 };
    struct ts_value x = ts_decode(&ts_format_dlfloat16, (uint32_t)code);
    if (x.cls == TS_ZERO)
        return;
    int e = x.cls == TS_NAN ? NAN_EXPONENT : x.exp + MAN_BITS;
    self->nan |= x.cls == TS_NAN;
    self->e_max = self->any && self->e_max > e ? self->e_max : e;
    self->any = true;
}

static int aligned(const struct gradscale *self, int target)
{
    return self->any && !self->nan ? target - self->e_max : 0;
}

static int stepped(const struct gradscale *self, int target, int window)
{
    int scaled = self->e_max + self->k;
    if (!self->any || (scaled <= target && scaled >= target - window))
        return self->k;
    return scaled > target ? self->k - 1 : self->k + 1;
}

static bool step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    if (!valid)
        return false;
    struct gradscale *self = state;
    bool first = in[lanes(p)], last = in[lanes(p) + 1];
    int target = (int)p[TARGET], k = self->k;
    if (first)
        *self = (struct gradscale){.k = k};
    for (int i = 0; i < lanes(p); i++)
        observe(self, in[i]);
    if (last)
        self->k =
            p[METHOD] == HYSTERESIS ? stepped(self, target, (int)p[WINDOW]) : aligned(self, target);
    out[0] = ts_low_bits(p[METHOD] == ALIGN ? self->k : k, 8);
    return p[METHOD] == ALIGN ? last : first;
}

/*
 * Operations far apart in their exponents, so that maxima differ and k wanders to its ends; all
 * zeros, also with one element that only its mantissa tells from zero.
 */
static void stress(const int64_t *p, uint64_t random, uint64_t *in)
{
    enum {
        MAN_BITS = 9,
        MAN_MASK = 0x1FF,
        SIGN = 0x8000,
        EXP_MASK = 0x3F,
        LARGE = 0x3C,
        SMALL = 3
    };
    static const uint64_t set[8] = {LARGE};
    const uint64_t keep[8] = {EXP_MASK, EXP_MASK, random >> 8, SMALL, SMALL, SMALL, 0, 0};
    uint64_t kind = random & 7;
    uint64_t set_bits = set[kind] << MAN_BITS;
    uint64_t keep_bits = (keep[kind] & EXP_MASK) << MAN_BITS | SIGN | (kind < 6 ? MAN_MASK : 0);
    for (int i = 0; i < lanes(p); i++)
        in[i] = (in[i] | set_bits) & keep_bits;
    if (kind == 6)
        in[random >> 16 & (uint64_t)(lanes(p) - 1)] |= 1ULL << (random >> 32) % MAN_BITS;
}

const struct ts_block ts_block_gradscale = {
    .name = "gradscale",
    .brief = "scale exponent of a tensor of gradients",
    .source = "Sun20; Target, Window, and what zeros and NaN give [A]",
    .params = params,
    .n_params = TS_COUNT(params),
    .ports = ports,
    .n_ports = TS_COUNT(ports),
    .cuts = "output, maximum of the lanes",
    .latency = latency,
    .state_bytes = state_bytes,
    .reset = reset,
    .step = step,
    .stress = stress,
};
