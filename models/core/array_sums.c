/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of an array. What the fast ones do not cover they leave to the golden ones. */
#include "core/array_sums.h"

/* ---- By the golden functions ---- */

static void golden_row(const struct ts_slices *slices, const struct ts_mpe_mode *mode,
                       const uint64_t *stationary, const uint64_t *stream, size_t count,
                       uint64_t *acc)
{
    for (size_t i = 0; i < count; i++)
        acc[i] =
            ts_mpe_slice(slices->mpe, mode, stationary + i * (size_t)slices->lanes, stream, acc[i]);
}

static uint32_t golden_outer(const struct ts_slices *slices, uint32_t outer, uint64_t acc, int s)
{
    return ts_outer_add_word(slices->variant, slices->outer, slices->overflow, slices->acc_bits,
                             outer, acc, s);
}

const struct ts_array_sums ts_golden_sums = {golden_row, golden_outer};

/* ---- Fast ---- */

enum {
    DLF_MAN_BITS = 9,
    DLF_HIDDEN = 1 << DLF_MAN_BITS,
    DLF_BIAS = 31,
    DLF_MAG = 0x7FFF,
    DLF_SIGN = 0x8000,
    MAX_GAP = 28 /* then both addends have less than 2^61 */
};

/* A number of 10 bits at most, times 2^exp. */
struct small {
    int64_t sig;
    int exp;
};

static struct small small_of(ts_dlfloat16 x)
{
    int mag = x.v & DLF_MAG;
    if (mag == 0)
        return (struct small){0, 0};
    int64_t sig = (mag & (DLF_HIDDEN - 1)) | DLF_HIDDEN;
    return (struct small){x.v & DLF_SIGN ? -sig : sig,
                          (mag >> DLF_MAN_BITS) - DLF_BIAS - DLF_MAN_BITS};
}

/* Half a unit of the last of 10 bits is added to the magnitude, the rest cut off. */
static bool round_sum(int64_t sum, int exp, uint64_t *code)
{
    *code = 0;
    if (sum == 0)
        return true;
    uint64_t mag = sum < 0 ? 0 - (uint64_t)sum : (uint64_t)sum;
    int drop = 64 - __builtin_clzll(mag) - (DLF_MAN_BITS + 1);
    mag = drop > 0 ? ((mag >> (drop - 1)) + 1) >> 1 : mag << -drop;
    int field = exp + drop + DLF_MAN_BITS + DLF_BIAS;
    if (field <= 0 || field >= 2 * DLF_BIAS)
        return false;
    /* A carry adds one to the field. */
    *code = ((uint64_t)field << DLF_MAN_BITS) + mag - DLF_HIDDEN + (sum < 0 ? DLF_SIGN : 0);
    return true;
}

bool ts_fast_add(ts_dlfloat16 acc, int64_t p, int s, uint64_t *code)
{
    struct small a = small_of(acc);
    if (a.sig == 0)
        a.exp = s;
    if (p == 0)
        s = a.exp;
    int gap = a.exp - s;
    if (gap > MAX_GAP || gap < -MAX_GAP || (acc.v & DLF_MAG) == DLF_MAG)
        return false;
    int64_t sum = gap >= 0 ? a.sig * (1LL << gap) + p : a.sig + p * (1LL << -gap);
    return round_sum(sum, gap >= 0 ? s : a.exp, code);
}

/* The integer that an operand's code stands for; of fp5_r2 in units of its smallest number. */
enum operand { INT4, UINT4, FP5 };

#define MAGNITUDES 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192
#define NEGATIVES -1, -2, -4, -8, -16, -32, -64, -128, -256, -512, -1024, -2048, -4096, -8192

static const int32_t integer_of[][32] = {
    [INT4] = {0, 1, 2, 3, 4, 5, 6, 7, -8, -7, -6, -5, -4, -3, -2, -1,
              0, 1, 2, 3, 4, 5, 6, 7, -8, -7, -6, -5, -4, -3, -2, -1},
    [UINT4] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
               0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    [FP5] = {0, 0, MAGNITUDES, 0, 0, NEGATIVES},
};

/* Which operands an operation has, and their products' weight. */
struct operation {
    const int32_t *stationary, *stream;
    int weight;
};

static struct operation operation_of(const struct ts_slices *slices, const struct ts_mpe_mode *mode)
{
    bool fp4 = ts_fp4_mode(slices->modes, mode->fp4);
    const int32_t *a = integer_of[mode->a_unsigned ? UINT4 : INT4];
    const int32_t *b = integer_of[fp4 ? FP5 : INT4];
    return (struct operation){mode->swap ? a : b, mode->swap ? b : a,
                              mode->escale + ts_product_exp(fp4)};
}

static uint64_t add(const struct ts_slices *slices, uint64_t acc, int64_t p, int weight)
{
    uint64_t sum = 0;
    if (slices->variant == TS_VARIANT_FUSED &&
        ts_fast_add((ts_dlfloat16){(uint16_t)acc}, p, weight, &sum))
        return sum;
    return ts_chunk_add_word(slices->variant, slices->overflow, slices->acc_bits, acc, p, weight);
}

static void fast_row(const struct ts_slices *slices, const struct ts_mpe_mode *mode,
                     const uint64_t *stationary, const uint64_t *stream, size_t count,
                     uint64_t *acc)
{
    enum { MAX_LANES = 64, CODES = 31 };
    if (slices->modes & TS_MODES_FLOATING) {
        golden_row(slices, mode, stationary, stream, count, acc);
        return;
    }
    const struct operation operation = operation_of(slices, mode);
    const size_t lanes = (size_t)slices->lanes;
    int32_t streamed[MAX_LANES];
    for (size_t i = 0; i < lanes; i++)
        streamed[i] = operation.stream[stream[i] & CODES];
    for (size_t n = 0; n < count; n++, stationary += lanes) {
        int32_t sum = 0;
        for (size_t i = 0; i < lanes; i++)
            sum += streamed[i] * operation.stationary[stationary[i] & CODES];
        acc[n] = add(slices, acc[n], sum, operation.weight);
    }
}

static uint32_t fast_outer(const struct ts_slices *slices, uint32_t outer, uint64_t acc, int s)
{
    const ts_dlfloat16 sum = {(uint16_t)outer}, inner = {(uint16_t)acc};
    uint64_t code = 0;
    if (slices->variant != TS_VARIANT_INTEGER && slices->outer == TS_OUTER_DLFLOAT16 &&
        (inner.v & DLF_MAG) != DLF_MAG) {
        struct small p = small_of(inner);
        if (ts_fast_add(sum, p.sig, p.exp, &code))
            return (uint32_t)code;
    }
    return golden_outer(slices, outer, acc, s);
}

const struct ts_array_sums ts_fast_sums = {fast_row, fast_outer};
