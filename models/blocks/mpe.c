/* SPDX-License-Identifier: Apache-2.0 */
/* mpe: Simd slices along N, each with its stationary operands, share a streamed one. */
#include "core/block_common.h"
#include "tessera/arith.h"

#include <string.h>

enum { MODES, SIMD, LANES, CHUNK, VARIANT, SATURATE, DOT_STAGES, ACC_STAGES };

static const struct ts_param params[] = {
    [MODES] = TS_PARAM_MPE_MODES,       [SIMD] = TS_PARAM_SIMD,
    [LANES] = TS_PARAM_LANES,           [CHUNK] = TS_PARAM_CHUNK,
    [VARIANT] = TS_PARAM_VARIANT,       [SATURATE] = TS_PARAM_SATURATE,
    [DOT_STAGES] = TS_PARAM_DOT_STAGES, [ACC_STAGES] = TS_PARAM_ACC_STAGES,
};

uint64_t ts_mpe_slice(const int64_t *p, const struct ts_mpe_mode *mode, const uint64_t *stationary,
                      const uint64_t *stream, uint64_t acc)
{
    enum ts_overflow overflow = ts_overflow_of(p[SATURATE]);
    if (p[MODES] == TS_MODE_FP16)
        return ts_dlfloat16_fma((ts_dlfloat16){(uint16_t)stream[0]},
                                (ts_dlfloat16){(uint16_t)stationary[0]},
                                (ts_dlfloat16){(uint16_t)acc}, overflow)
            .v;
    const uint64_t *a = mode->swap ? stationary : stream;
    const uint64_t *b = mode->swap ? stream : stationary;
    bool fp4 = ts_fp4_mode(p[MODES], mode->fp4);
    int64_t sum = 0;
    for (int i = 0; i < p[LANES]; i++)
        sum += ts_mac_lane(ts_operand_a(a[i], mode->a_unsigned), (unsigned)b[i], fp4);
    int acc_bits = ts_acc_bits(p[MODES], p[CHUNK], p[VARIANT]);
    return ts_chunk_add_word(p[VARIANT], overflow, acc_bits, acc, sum,
                             mode->escale + ts_product_exp(fp4));
}

static int operand_bits(const int64_t *p)
{
    return ts_operand_bits(p[MODES]);
}

static int acc_bits(const int64_t *p)
{
    return ts_acc_bits(p[MODES], p[CHUNK], p[VARIANT]);
}

static int lanes(const int64_t *p)
{
    return (int)p[LANES];
}

static int simd(const int64_t *p)
{
    return (int)p[SIMD];
}

static int simd_lanes(const int64_t *p)
{
    return (int)(p[SIMD] * p[LANES]);
}

static const struct ts_format *operand_format(const int64_t *p)
{
    return p[MODES] == TS_MODE_FP16 ? &ts_format_dlfloat16 : &ts_format_fp5_r2;
}

static const struct ts_format *acc_format(const int64_t *p)
{
    return p[VARIANT] == TS_VARIANT_INTEGER ? NULL : &ts_format_dlfloat16;
}

enum { IN_LOAD, IN_WEIGHT };

static const struct ts_port ports[] = {
    {"load", TS_IN, .control = true, .bits = 1, .doc = "takes weight as the stationary operands"},
    {"weight", TS_IN, .format_of = operand_format, .bits_of = operand_bits, .count_of = simd_lanes,
     .doc = "stationary operands from above, slice by slice"},
    {"stream", TS_IN, .format_of = operand_format, .bits_of = operand_bits, .count_of = lanes,
     .doc = "streamed operands, k ascending"},
    {"swap", TS_IN, .control = true, .bits = 1, .doc = "stationary is port a, else port b"},
    {"a_unsigned", TS_IN, .control = true, .bits = 1, .doc = "port a is uint4 (PACT), else int4"},
    {"fp4", TS_IN, .control = true, .bits = 1, .doc = "port b is fp5_r2; ignored with one mode"},
    {"escale", TS_IN, .bits = 7, .doc = "power of two of the products"},
    {"acc", TS_IN, .format_of = acc_format, .bits_of = acc_bits, .count_of = simd,
     .doc = "sums from above, DotStages cycles after their stream"},
    {"acc", TS_OUT, .format_of = acc_format, .bits_of = acc_bits, .count_of = simd,
     .doc = "sums, AccStages cycles after acc_i"},
    {"stream", TS_OUT, .format_of = operand_format, .bits_of = operand_bits, .count_of = lanes,
     .doc = "streamed operands to the right, one cycle later"},
    {"weight", TS_OUT, .format_of = operand_format, .bits_of = operand_bits, .count_of = simd_lanes,
     .doc = "the stationary operands, to the row below"},
};

static int latency(const int64_t *p)
{
    return (int)(p[DOT_STAGES] + p[ACC_STAGES]);
}

static const char *check(const int64_t *p)
{
    return ts_check_mpe(p[MODES], p[LANES], p[CHUNK], p[VARIANT], p[DOT_STAGES]);
}

/* The stationary operands. */
static size_t state_bytes(const int64_t *p)
{
    return (size_t)simd_lanes(p) * sizeof(uint64_t);
}

/* They are data: reset leaves them as they are. */
static void reset(const int64_t *p, void *state)
{
    (void)p, (void)state;
}

static bool step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    uint64_t *stationary = state;
    size_t n = (size_t)lanes(p), slices = (size_t)simd(p);
    const uint64_t *weight = in + IN_WEIGHT;
    const uint64_t *stream = weight + n * slices;
    const uint64_t *control = stream + n;
    const uint64_t *acc = control + 4;
    struct ts_mpe_mode mode = {control[0] & 1, control[1] & 1, control[2] & 1,
                               (int)ts_sign_extend(control[3], 7)};
    for (size_t s = 0; valid && s < slices; s++)
        out[s] = ts_mpe_slice(p, &mode, stationary + s * n, stream, acc[s]);
    if (in[IN_LOAD] & 1)
        memcpy(stationary, weight, state_bytes(p));
    memcpy(out + slices, stream, n * sizeof *out);
    memcpy(out + slices + n, stationary, state_bytes(p));
    return valid;
}

enum { SEQUENCE = 256 };

/* The stationary operands come first. */
static enum ts_clock protocol(const int64_t *p, uint64_t random, uint64_t clock, bool valid,
                              uint64_t *in)
{
    (void)p, (void)random;
    if (clock == SEQUENCE)
        return TS_CLOCK_END;
    if (clock > 0)
        return valid ? TS_CLOCK_VALID : TS_CLOCK_IDLE;
    in[IN_LOAD] = 1;
    return TS_CLOCK_IDLE;
}

const struct ts_block ts_block_mpe = {
    .name = "mpe",
    .brief = "mixed-precision engine: Simd slices of multiply-accumulates along k",
    .source = "RaPiD, US'841",
    .params = params,
    .n_params = TS_COUNT(params),
    .ports = ports,
    .n_ports = TS_COUNT(ports),
    .cuts = "DotStages as dot_product, AccStages as chunk_add or dlfloat16_fma",
    .own_timing = true,
    .latency = latency,
    .check = check,
    .state_bytes = state_bytes,
    .reset = reset,
    .step = step,
    .protocol = protocol,
};
