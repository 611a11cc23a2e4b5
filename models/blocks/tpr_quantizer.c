/* SPDX-License-Identifier: Apache-2.0 */
/* tpr_quantizer: a dlfloat16 gradient becomes one radix-4 code for each phase. */
#include "core/block_common.h"
#include "tessera/arith.h"

enum { TOP_CODE = 7, CODE_OF_ONE = 4, MIN_EXP2 = -6 /* 4^-3 */ };

/* 1.25 in units of 2^-9: the linear midpoint of 4^n and 4^(n+1), seen from 2 * 4^n. */
enum { MIDPOINT_SIG = 640 };

static uint8_t quantize_phase(bool negative, int exp, uint64_t sig, int phase,
                              enum ts_underflow underflow)
{
    int e = exp - phase;
    int code = 0;
    if (e < MIN_EXP2) {
        bool reaches_half = e == MIN_EXP2 - 1;
        code = underflow == TS_UNDERFLOW_NEAREST && reaches_half;
    } else {
        bool odd = e & 1;
        code = (e - odd) / 2 + CODE_OF_ONE + (odd && sig >= MIDPOINT_SIG);
        if (code > TOP_CODE)
            code = TOP_CODE;
    }
    return (uint8_t)(code ? negative << 3 | code : 0);
}

struct ts_tpr ts_tpr_quantize(ts_dlfloat16 x, int k, enum ts_underflow underflow)
{
    struct ts_value v = ts_decode(&ts_format_dlfloat16, x.v);
    if (v.cls == TS_ZERO)
        return (struct ts_tpr){0};
    if (v.cls == TS_NAN)
        return (struct ts_tpr){{TOP_CODE}, {TOP_CODE}, true};
    int exp = v.exp + ts_format_dlfloat16.man_bits + k;
    return (struct ts_tpr){
        {quantize_phase(v.negative, exp, v.sig, 0, underflow)},
        {quantize_phase(v.negative, exp, v.sig, 1, underflow)},
        false,
    };
}

enum { UNDERFLOW_RULE, STAGES };
enum { IN_X, IN_K };
enum { OUT_EVEN, OUT_ODD, OUT_INVALID };

static const char *const underflow_names[] = {"nearest", "flush", NULL};

static const struct ts_param params[] = {
    [UNDERFLOW_RULE] = {"Underflow", 0, 1, 0, .names = underflow_names,
                        .doc = "below the smallest magnitude M: M from M/2 on, or zero [A]"},
    [STAGES] = {"Stages", 0, 2, 1, .doc = "pipeline registers, cycles"},
};

static const struct ts_port ports[] = {
    {"x", TS_IN, .format = &ts_format_dlfloat16, .bits = 16, .doc = "gradient"},
    {"k", TS_IN, .bits = 8, .doc = "scale exponent: quantizes x * 2^k"},
    {"even", TS_OUT, .format = &ts_format_fp4_r4_even, .bits = 4, .doc = "code on the even grid"},
    {"odd", TS_OUT, .format = &ts_format_fp4_r4_odd, .bits = 4, .doc = "code on the odd grid"},
    {"invalid", TS_OUT, .control = true, .bits = 1, .doc = "x was NaN-Infinity"},
};

static int latency(const int64_t *p)
{
    return (int)p[STAGES];
}

static bool step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    (void)state;
    ts_dlfloat16 x = {(uint16_t)in[IN_X]};
    struct ts_tpr q =
        ts_tpr_quantize(x, (int)ts_sign_extend(in[IN_K], 8), (enum ts_underflow)p[UNDERFLOW_RULE]);
    out[OUT_EVEN] = q.even.v;
    out[OUT_ODD] = q.odd.v;
    out[OUT_INVALID] = q.invalid;
    return valid;
}

const struct ts_block ts_block_tpr_quantizer = {
    .name = "tpr_quantizer",
    .brief = "dlfloat16 gradient to one radix-4 code for each TPR phase",
    .source = "Sun20; underflow [A]",
    .params = params,
    .n_params = TS_COUNT(params),
    .ports = ports,
    .n_ports = TS_COUNT(ports),
    .cuts = "output, exponent",
    .latency = latency,
    .step = step,
};
