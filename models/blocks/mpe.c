/* SPDX-License-Identifier: Apache-2.0 */
/* mpe: Simd slices along N, each with its stationary operands, share a streamed one. */
#include "core/aligned_sum.h"
#include "tessera/arith.h"

#include <string.h>

enum {
    MODES,
    SIMD,
    LANES,
    CHUNK,
    VARIANT,
    SATURATE,
    DOT_STAGES,
    ACC_STAGES,
    ALIGN_WIDTH,
    ACCUMULATOR
};

static const struct ts_param params[] = {
    [MODES] = TS_PARAM_MPE_MODES,
    [SIMD] = TS_PARAM_SIMD,
    [LANES] = TS_PARAM_LANES,
    [CHUNK] = TS_PARAM_CHUNK,
    [VARIANT] = TS_PARAM_VARIANT,
    [SATURATE] = TS_PARAM_SATURATE,
    [DOT_STAGES] = TS_PARAM_DOT_STAGES,
    [ACC_STAGES] = TS_PARAM_ACC_STAGES,
    [ALIGN_WIDTH] = TS_PARAM_ALIGN_WIDTH,
    [ACCUMULATOR] = {"Accumulator", 0, 1, 0, .names = ts_accumulator_names,
                     .doc = "of integer and floating modes: shared from the sum on, or separate"},
};

/* The mode at work: an mpe ignores the bits that choose what it has not. */
static enum ts_modes mode_of(int64_t modes, const struct ts_mpe_mode *mode)
{
    int64_t integer = modes & TS_MODES_INTEGER, floating = modes & TS_MODES_FLOATING;
    if (floating && (mode->floating || !integer))
        return floating == TS_MODE_FP16 || (floating == TS_MODES_FLOATING && mode->fp4)
                   ? TS_MODE_FP16
                   : TS_MODE_HFP8;
    return ts_fp4_mode(integer, mode->fp4) ? TS_MODE_FP4 : TS_MODE_INT4;
}

/* Bits that lie across the elements of an operand. */
static uint64_t bits_across(const uint64_t *elements, int element_bits, int first, int count)
{
    uint64_t bits = 0;
    for (int i = 0; i < count; i++) {
        int bit = first + i;
        bits |= (elements[bit / element_bits] >> (bit % element_bits) & 1) << i;
    }
    return bits;
}

static ts_dlfloat16 fp16_slice(const int64_t *p, const uint64_t *stationary, const uint64_t *stream,
                               ts_dlfloat16 acc)
{
    int bits = ts_operand_bits(p[MODES]);
    ts_dlfloat16 a = {(uint16_t)bits_across(stream, bits, 0, 16)};
    ts_dlfloat16 b = {(uint16_t)bits_across(stationary, bits, 0, 16)};
    return ts_dlfloat16_fma(a, b, acc, ts_overflow_of(p[SATURATE]));
}

/* A quarter of the products that the integer modes make, if there are any. */
static ts_dlfloat16 hfp8_slice(const int64_t *p, const uint64_t *stationary, const uint64_t *stream,
                               ts_dlfloat16 acc)
{
    enum { FP9_BITS = 9, INTEGERS_PER_FLOAT = 4 };
    int bits = ts_operand_bits(p[MODES]);
    int count = (int)(p[MODES] & TS_MODES_INTEGER ? p[LANES] / INTEGERS_PER_FLOAT : p[LANES]);
    ts_fp9_153 a[TS_MAX_DOT_LANES], b[TS_MAX_DOT_LANES];
    for (int i = 0; i < count; i++) {
        a[i].v = (uint16_t)bits_across(stream, bits, FP9_BITS * i, FP9_BITS);
        b[i].v = (uint16_t)bits_across(stationary, bits, FP9_BITS * i, FP9_BITS);
    }
    struct ts_align align = {false, (int)p[ALIGN_WIDTH]};
    return ts_hfp8_mac(a, b, count, acc, align, ts_overflow_of(p[SATURATE]));
}

static uint64_t integer_slice(const int64_t *p, const struct ts_mpe_mode *mode, bool fp4,
                              const uint64_t *stationary, const uint64_t *stream, uint64_t acc)
{
    const uint64_t *a = mode->swap ? stationary : stream;
    const uint64_t *b = mode->swap ? stream : stationary;
    int64_t sum = 0;
    for (int i = 0; i < p[LANES]; i++)
        sum += ts_mac_lane(ts_operand_a(a[i], mode->a_unsigned), (unsigned)b[i], fp4);
    int acc_bits = ts_acc_bits(p[MODES], p[CHUNK], p[VARIANT]);
    return ts_chunk_add_word(p[VARIANT], ts_overflow_of(p[SATURATE]), acc_bits, acc, sum,
                             mode->escale + ts_product_exp(fp4));
}

uint64_t ts_mpe_slice(const int64_t *p, const struct ts_mpe_mode *mode, const uint64_t *stationary,
                      const uint64_t *stream, uint64_t acc)
{
    ts_dlfloat16 float_acc = {(uint16_t)acc};
    enum ts_modes at_work = mode_of(p[MODES], mode);
    if (at_work == TS_MODE_FP16)
        return fp16_slice(p, stationary, stream, float_acc).v;
    if (at_work == TS_MODE_HFP8)
        return hfp8_slice(p, stationary, stream, float_acc).v;
    return integer_slice(p, mode, at_work == TS_MODE_FP4, stationary, stream, acc);
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

static int mode_bits(const int64_t *p)
{
    return p[MODES] & TS_MODES_INTEGER && p[MODES] & TS_MODES_FLOATING ? 2 : 1;
}

static int after_products(const int64_t *p, int element, int latency)
{
    (void)element, (void)latency;
    return (int)p[DOT_STAGES];
}

static int next_cycle(const int64_t *p, int element, int latency)
{
    (void)p, (void)element, (void)latency;
    return 1;
}

static const struct ts_format *operand_format(const int64_t *p)
{
    return ts_operand_format(p[MODES]);
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
    {"mode", TS_IN, .control = true, .bits_of = mode_bits,
     .doc = "bit 0: FP4, else INT4; FP16, else HFP8. bit 1: floating"},
    {"escale", TS_IN, .bits = 7, .doc = "power of two of the products"},
    {"acc", TS_IN, .format_of = acc_format, .bits_of = acc_bits, .count_of = simd,
     .cycle_of = after_products, .doc = "sums from above, DotStages cycles after their stream"},
    {"acc", TS_OUT, .format_of = acc_format, .bits_of = acc_bits, .count_of = simd,
     .doc = "sums, AccStages cycles after acc_i"},
    {"stream", TS_OUT, .format_of = operand_format, .bits_of = operand_bits, .count_of = lanes,
     .cycle_of = next_cycle, .always = true,
     .doc = "streamed operands to the right, one cycle later"},
    {"weight", TS_OUT, .format_of = operand_format, .bits_of = operand_bits, .count_of = simd_lanes,
     .cycle_of = next_cycle, .always = true, .doc = "the stationary operands, to the row below"},
};

static int latency(const int64_t *p)
{
    return (int)(p[DOT_STAGES] + p[ACC_STAGES]);
}

static const char *check(const int64_t *p)
{
    enum { FMA_WIDTH = 24 };
    if (p[MODES] & TS_MODE_FP16 && p[MODES] != TS_MODE_FP16 && p[ALIGN_WIDTH] < FMA_WIDTH)
        return "AlignWidth must be at least 24 where fp16 is one of several Modes";
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
    struct ts_mpe_mode mode = {.swap = control[0] & 1,
                               .a_unsigned = control[1] & 1,
                               .fp4 = control[2] & 1,
                               .escale = (int)ts_sign_extend(control[3], 7),
                               .floating = control[2] >> 1 & 1};
    for (size_t s = 0; valid && s < slices; s++)
        out[s] = ts_mpe_slice(p, &mode, stationary + s * n, stream, acc[s]);
    if (in[IN_LOAD] & 1)
        memcpy(stationary, weight, state_bytes(p));
    memcpy(out + slices, stream, n * sizeof *out);
    memcpy(out + slices + n, stationary, state_bytes(p));
    return valid;
}

/* The stationary operands come first. */
static enum ts_clock protocol(const int64_t *p, uint64_t random, uint64_t clock, bool valid,
                              uint64_t *in)
{
    enum { SEQUENCE = 256 };
    (void)p, (void)random;
    if (clock == SEQUENCE)
        return TS_CLOCK_END;
    if (clock > 0)
        return valid ? TS_CLOCK_VALID : TS_CLOCK_IDLE;
    in[IN_LOAD] = 1;
    return TS_CLOCK_IDLE;
}

static void stress_bits(uint64_t *elements, int element_bits, int first, int count, uint64_t bits)
{
    for (int i = 0; i < count; i++) {
        int bit = first + i;
        uint64_t mask = 1ULL << (bit % element_bits);
        uint64_t *element = &elements[bit / element_bits];
        *element = bits >> i & 1 ? *element | mask : *element & ~mask;
    }
}

/*
 * Floats that meet: their ports count in different cycles, so all come to within a few binades
 * of one, with few bits of mantissa, and sums cancel and tie now and then.
 */
static void stress(const int64_t *p, uint64_t random, uint64_t *in)
{
    enum { DLF_BITS = 16, DLF_NEAR_ONE = 29 << 9, DLF_KEPT = 0x8780, FP9_NEAR_ONE = 13 << 3 };
    if (!(p[MODES] & TS_MODES_FLOATING) || random >> 60 & 1)
        return;
    size_t words = (size_t)(simd_lanes(p) + lanes(p));
    uint64_t *acc = in + IN_WEIGHT + words + 4;
    int bits = ts_operand_bits(p[MODES]);
    bool fp16 = p[MODES] & TS_MODE_FP16 && (random & 1 || !(p[MODES] & TS_MODE_HFP8));
    for (size_t w = 0; w < words; w += (size_t)lanes(p)) {
        uint64_t *operand = in + IN_WEIGHT + w;
        uint64_t code = bits_across(operand, bits, 0, DLF_BITS);
        if (fp16)
            stress_bits(operand, bits, 0, DLF_BITS, (code & DLF_KEPT) + DLF_NEAR_ONE);
        else
            stress_bits(operand, bits, 0, 9, (code & 0x11E) + FP9_NEAR_ONE);
    }
    for (int64_t s = 0; s < p[SIMD]; s++)
        acc[s] = (acc[s] & DLF_KEPT) + DLF_NEAR_ONE;
}

const struct ts_block ts_block_mpe = {
    .name = "mpe",
    .brief = "mixed-precision engine: Simd slices of multiply-accumulates along k",
    .source = "RaPiD, US'841",
    .params = params,
    .n_params = TS_COUNT(params),
    .ports = ports,
    .n_ports = TS_COUNT(ports),
    .cuts = "DotStages as dot_product, AccStages as chunk_add, dlfloat16_fma or hfp8_mac",
    .own_timing = true,
    .latency = latency,
    .check = check,
    .state_bytes = state_bytes,
    .reset = reset,
    .step = step,
    .stress = stress,
    .protocol = protocol,
};
