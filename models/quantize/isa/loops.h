/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loops, written so that the compiler makes vectors of them; included by one file for each
 * instruction set, which is compiled for it. No result depends on the length of the vectors.
 */
#ifndef TESSERA_QUANTIZE_ISA_LOOPS_H
#define TESSERA_QUANTIZE_ISA_LOOPS_H

#include "gemm/rounding.h"
#include "quantize/quantizers.h"

/* A vector has HALVES integers of 16 bits. */
typedef int16_t vh __attribute__((vector_size(HALVES * sizeof(int16_t))));

/* Elements on their way from one array to another, which may be the same. */
enum { BLOCK = 256 };

/* To dlfloat16: magnitudes below LEAST become zero, from PAST on they are NaN-Infinity. */
#define LEAST 0x1.004p-31F
#define PAST 0x1.FF4p32F

/* A NaN's bits are past all thresholds, and it has no sign. */
static void int4(const float *x, size_t n, const int32_t *least, uint16_t *codes)
{
    enum { MASK = 15 };
    for (size_t i = 0; i < n; i++) {
        int32_t mag = (int32_t)(ts_bits_of_float(x[i]) & INT32_MAX), code = 0;
        for (int j = 0; j < TS_INT4_TOP; j++)
            code += mag >= least[j];
        codes[i] = (uint16_t)((x[i] < 0 ? -code : code) & MASK);
    }
}

/* The product of two numbers of 10 bits is exact; adding `magic` rounds it, ties to even. */
static void uint4(const float *x, size_t n, float scale, uint16_t *codes)
{
    const float magic = 0x1.8p23F; /* the floats around this one are the integers */
    const float top = TS_UINT4_TOP;
    for (size_t i = 0; i < n; i++) {
        float product = ts_round10f(x[i]) * scale;
        product = product < top ? product : top;
        uint32_t code = ts_bits_of_float(product + magic) & TS_UINT4_TOP;
        code = x[i] < LEAST ? 0 : code;
        codes[i] = (uint16_t)(x[i] < PAST ? code : TS_UINT4_TOP); /* also for a NaN */
    }
}

/*
 * The product of two floats is a double. RN to dlfloat16 looks at 11 bits of it and no further, so
 * all but the 24 of a float are cut off first. Counts of 32 bits are those of a block.
 */
static size_t dlfloat16(const float *x, size_t n, float scale, uint16_t *codes)
{
    enum { BEHIND_FLOAT = 52 - 23, DROPPED = 23 - 9, BIAS = 127 - 31, SIGN = 0x8000 };
    const uint32_t least = ts_bits_of_float(LEAST), past = ts_bits_of_float(PAST);
    size_t flushed = 0;
    for (size_t from = 0; from < n; from += BLOCK) {
        size_t to = n - from < BLOCK ? n : from + BLOCK;
        uint32_t lost = 0;
        for (size_t i = from; i < to; i++) {
            uint64_t product = ts_bits_of_double((double)x[i] * (double)scale);
            double cut = ts_double_of_bits(product >> BEHIND_FLOAT << BEHIND_FLOAT);
            uint32_t bits = ts_bits_of_float((float)cut), mag = bits & INT32_MAX;
            uint32_t rounded = (mag + (1U << (DROPPED - 1))) >> DROPPED;
            uint32_t code = (bits >> 16 & SIGN) | (rounded - ((uint32_t)BIAS << 9));
            code = mag < past ? code : SIGN - 1;
            code = mag < least ? 0 : code;
            codes[i] = (uint16_t)code;
            lost += mag < least && x[i] != 0;
        }
        flushed += lost;
    }
    return flushed;
}

static uint16_t max_magnitude(const uint16_t *x, size_t n)
{
    enum { MAGNITUDE = 0x7FFF };
    int16_t max = 0;
    for (size_t i = 0; i < n; i++) {
        int16_t mag = (int16_t)(x[i] & MAGNITUDE);
        max = mag > max ? mag : max;
    }
    return (uint16_t)max;
}

static inline vh splat(int x)
{
    return (int16_t)x - (vh){0};
}

/* Where the mask is set, zero or `value`, else what is there. */
static inline vh replace(vh there, vh mask, int value)
{
    return (there & ~mask) | (splat(value) & mask);
}

static size_t count(vh masks)
{
    int sum = 0;
    for (int i = 0; i < HALVES; i++)
        sum -= masks[i];
    return (size_t)sum;
}

/* Codes of dlfloat16, and what is at hand in both phases. */
struct halves {
    vh mag, sign, zero, nan;
};

static inline struct halves split(const uint16_t *codes)
{
    enum { MAGNITUDE = 0x7FFF, SIGN = 8 };
    vh x;
    memcpy(&x, codes, sizeof x);
    const vh mag = x & MAGNITUDE;
    return (struct halves){mag, x >> 12 & SIGN, mag == 0, mag == MAGNITUDE};
}

/* Masks are summed up: minus the counts. */
struct counts {
    vh zeros, saturated;
};

/*
 * The codes of one phase. An exponent E and the upper two bits t of the fraction are 4 * E + t; w
 * is that in units in which the smallest magnitude, 4^-3 * 2^phase, has E = 0. The code is
 * E / 2 + 1, and one more from the midpoint on, where E is odd and t is not zero: w % 8 is 5 or
 * more then, so it is (w + 3) / 8 + 1. Below w = 0 it is 1 from `least` on, else zero.
 */
static inline vh radix4(const struct halves *x, int offset, int least, struct counts *counts)
{
    enum { TWO_BITS = 9 - 2, TOP = 7 };
    const vh w = (x->mag >> TWO_BITS) + splat(offset);
    vh code = replace((w + 11) >> 3, w < 0, 1);
    code = replace(code, (w < splat(least)) | x->zero, 0);
    const vh past = code > TOP, none = code == 0;
    counts->zeros += none & ~(x->zero | x->nan);
    counts->saturated += past & ~x->nan;
    return replace(replace(code, past, TOP) | (x->sign & ~none), x->nan, TOP);
}

/* In a block no count of 16 bits overflows. */
static void tpr_block(const uint16_t *x, int offset, int least, uint16_t codes[2][BLOCK],
                      struct ts_tpr_stats *stats)
{
    enum { ONE_EXP = 4 };
    struct counts counts[2] = {{{0}, {0}}};
    vh invalid = {0};
    for (int i = 0; i < BLOCK; i += HALVES) {
        const struct halves these = split(x + i);
        invalid += these.nan;
        const vh even = radix4(&these, offset, least, &counts[0]);
        const vh odd = radix4(&these, offset - ONE_EXP, least, &counts[1]);
        memcpy(codes[0] + i, &even, sizeof even);
        memcpy(codes[1] + i, &odd, sizeof odd);
    }
    stats->invalid += count(invalid);
    for (int phase = 0; phase < 2; phase++) {
        stats->zeros[phase] += count(counts[phase].zeros);
        stats->saturated[phase] += count(counts[phase].saturated);
    }
}

/* Zeros fill up the last block: they are counted nowhere. */
static void tpr(const uint16_t *x, size_t n, int k, enum ts_underflow underflow, uint16_t *even,
                uint16_t *odd, struct ts_tpr_stats *stats)
{
    enum { ONE_EXP = 4, BIAS = 31, MIN_EXP = -6 };
    int offset = ONE_EXP * (k - BIAS - MIN_EXP);
    int least = underflow == TS_UNDERFLOW_NEAREST ? -ONE_EXP : 0;
    for (size_t from = 0; from < n; from += BLOCK) {
        size_t bytes = (n - from < BLOCK ? n - from : BLOCK) * sizeof *x;
        uint16_t block[BLOCK] = {0}, codes[2][BLOCK];
        memcpy(block, x + from, bytes);
        tpr_block(block, offset, least, codes, stats);
        if (even)
            memcpy(even + from, codes[0], bytes);
        if (odd)
            memcpy(odd + from, codes[1], bytes);
    }
}

/* Eight lanes are a vector, whose sums depend on nothing but the element eight before. */
typedef float v8 __attribute__((vector_size(TS_SAWB_LANES * sizeof(float))));
typedef int32_t v8i __attribute__((vector_size(TS_SAWB_LANES * sizeof(int32_t))));

/* Returns how many elements it has summed. */
static size_t sum_eights(const float *w, size_t n, struct ts_sawb_sums *sums)
{
    v8 magnitudes = {0}, squares = {0}, max = {0};
    size_t i = 0;
    for (; n - i >= TS_SAWB_LANES; i += TS_SAWB_LANES) {
        v8 x;
        memcpy(&x, w + i, sizeof x);
        x = (v8)((v8i)x & INT32_MAX);
        const v8i larger = x > max; /* no NaN is */
        max = (v8)(((v8i)x & larger) | ((v8i)max & ~larger));
        const v8i small = x < TS_SAWB_LEAST;
        x = (v8)((v8i)x & ~small);
        magnitudes += x;
        squares += x * x;
    }
    memcpy(sums->magnitudes, &magnitudes, sizeof magnitudes);
    memcpy(sums->squares, &squares, sizeof squares);
    for (int lane = 0; lane < TS_SAWB_LANES; lane++)
        sums->max = max[lane] > sums->max ? max[lane] : sums->max;
    return i;
}

static void sawb(const float *w, size_t n, size_t lanes, struct ts_sawb_sums *sums)
{
    *sums = (struct ts_sawb_sums){0};
    for (size_t i = lanes == TS_SAWB_LANES ? sum_eights(w, n, sums) : 0; i < n; i++) {
        float mag = fabsf(w[i]);
        sums->max = mag > sums->max ? mag : sums->max;
        mag = mag < TS_SAWB_LEAST ? 0 : mag;
        sums->magnitudes[i % lanes] += mag;
        sums->squares[i % lanes] += mag * mag;
    }
}

/*
 * q = RN(x * top / clip), without a division. Near a tie that it does not equal the quotient is
 * 2^-30 away at least, because 2 * top * x = odd * clip is an equation between integers of 30 bits
 * at most. The product with top / clip is within 2^-47 of it: rounding that to multiples of 2^-36
 * puts a tie where it belongs, and nothing else on one.
 */
static inline double nearest_code(double x, double ratio, double low, double high)
{
    const double fine = 0x1.8p16, magic = 0x1.8p52;
    double q = (x * ratio + fine) - fine;
    q = q < high ? q : high;
    q = q > low ? q : low;
    return (q + magic) - magic;
}

/*
 * Errors of one element after the other enter the sums. The level q * clip / top is rounded once:
 * the product is exact, and so is what a first quotient leaves of it, where there are fused
 * operations; that quotient is off by less than its last place, because 1 / 7 and 1 / 15 in double
 * are off by no more than 2^-54 of themselves. (Markstein: then the second one is right.)
 */
static inline double level(double q, double clip, double top, double reciprocal)
{
    double product = q * clip;
#ifdef __FMA__
    double quotient = product * reciprocal;
    return fma(fma(-top, quotient, product), reciprocal, quotient);
#else
    (void)reciprocal;
    return product / top;
#endif
}

static void square_errors(const float *x, size_t n, struct ts_clips *clips)
{
    const double low = clips->low, top = clips->top, reciprocal = 1 / top;
    double ratio[TS_CLIPS], clip[TS_CLIPS], sum[TS_CLIPS] = {0};
    for (int c = 0; c < TS_CLIPS; c++) {
        clip[c] = clips->clip[c];
        ratio[c] = top / clip[c];
    }
    for (size_t i = 0; i < n; i++) {
        double element = (double)x[i];
        if (!isfinite(element))
            continue;
        for (int c = 0; c < TS_CLIPS; c++) {
            double q = nearest_code(element, ratio[c], low, top);
            double error = level(q, clip[c], top, reciprocal) - element;
            sum[c] += error * error;
        }
    }
    memcpy(clips->error, sum, sizeof sum);
}

/* Registers next to each other. */
enum { REGISTERS = 8 };
typedef uint32_t v8u __attribute__((vector_size(REGISTERS * sizeof(uint32_t))));

/* The next words of some registers, `rows` times, row by row. */
static void draw(uint32_t *states, const struct ts_leap *leap, size_t rows, size_t row_step,
                 uint32_t *words)
{
    v8u state;
    memcpy(&state, states, sizeof state);
    for (size_t row = 0; row < rows; row++) {
        v8u word = {0};
        for (int i = 0; i < leap->words; i++)
            word ^= state << leap->word[i];
        word &= (1U << leap->bits) - 1;
        state >>= leap->bits;
        for (int i = 0; i < leap->rights; i++)
            state ^= word >> leap->right[i];
        for (int i = 0; i < leap->lefts; i++)
            state ^= word << leap->left[i];
        memcpy(words + row * row_step, &word, sizeof word);
    }
    memcpy(states, &state, sizeof state);
}

/* The operands of a block, and what there is for all of them; words are followed by what follows.
 */
struct update {
    double lr;
    int random_bits;
    int past; /* what overflow gives, without the sign */
    uint16_t dw[BLOCK], w[BLOCK];
    uint32_t words[BLOCK + REGISTERS];
};

static inline double value_of(uint16_t code)
{
    enum {
        MAGNITUDE = 0x7FFF,
        SIGN = 0x8000,
        BIAS = 127 - 31,
        MAN_BITS = 9,
        BEHIND = 23 - MAN_BITS
    };
    uint32_t mag = code & MAGNITUDE;
    uint32_t bits = (mag + ((uint32_t)BIAS << MAN_BITS)) << BEHIND;
    bits = mag == 0 ? 0 : bits;
    bits = mag == MAGNITUDE ? 0x7FC00000 : bits;
    return (double)ts_float_of_bits(bits | (uint32_t)(code & SIGN) << 16);
}

/*
 * The exact sum, cut off after 53 bits: a sum that was rounded away from zero is one too far.
 * What it is off by is a number, as of any sum of two (Knuth). All of
 * it is far from the ends of double.
 */
static inline uint64_t cut_sum(double a, double b)
{
    double sum = a + b, of_b = sum - a;
    double rest = (a - (sum - of_b)) + (b - of_b);
    return ts_bits_of_double(sum) - (rest * sum < 0);
}

/*
 * Random bits are added below the last place, in the sum's own binade. A carry into the next one
 * leaves nothing that counts there: less than a place of the lower one. Sums below 2^-31 come to
 * 2^-31 at most, whose code is that of zero.
 */
static void update_block(struct update *u)
{
    enum { MAN_BITS = 9, DROPPED = 52 - MAN_BITS, BIAS = 1023 - 31, NAN_INFINITY = 0x7FFF };
    const int behind = DROPPED - u->random_bits;
    for (int i = 0; i < BLOCK; i++) {
        double w = value_of(u->w[i]), product = u->lr * value_of(u->dw[i]);
        uint64_t sum = cut_sum(product, w), mag = sum & INT64_MAX;
        uint64_t rounded = ((mag >> behind) + u->words[i]) >> u->random_bits;
        int32_t code = (int32_t)rounded - (BIAS << MAN_BITS);
        int32_t sign = (int32_t)(sum >> 63 << 15);
        int32_t result = code < NAN_INFINITY ? code : u->past;
        result = result == NAN_INFINITY ? result : result | sign;
        result = code <= 0 ? 0 : result;
        u->w[i] = (uint16_t)(isnan(product + w) ? NAN_INFINITY : result);
    }
}

/* A block has whole rows of lanes. Below eight of them, each row covers what is too much before. */
static void axpy_sr(struct ts_axpy_sr_unit *unit, const struct ts_leap *leap, ts_dlfloat16 lr,
                    const uint16_t *dw, uint16_t *w, size_t n)
{
    size_t lanes = (size_t)unit->lanes;
    struct update u = {.lr = value_of(lr.v), .random_bits = leap->bits};
    u.past = unit->overflow == TS_OVERFLOW_SPECIAL ? 0x7FFF : 0x7FFE;
    for (size_t from = 0; from < n; from += BLOCK) {
        size_t left = n - from < BLOCK ? n - from : BLOCK, bytes = left * sizeof *w;
        for (size_t lane = 0; lane < lanes; lane += REGISTERS)
            draw(unit->state + lane, leap, (left + lanes - 1) / lanes, lanes, u.words + lane);
        memcpy(u.dw, dw + from, bytes);
        memcpy(u.w, w + from, bytes);
        update_block(&u);
        memcpy(w + from, u.w, bytes);
    }
}

#define TS_QUANTIZERS                                                                              \
    {                                                                                              \
        .int4 = int4, .uint4 = uint4, .dlfloat16 = dlfloat16, .tpr = tpr, .sawb = sawb,            \
        .square_errors = square_errors, .axpy_sr = axpy_sr, .max_magnitude = max_magnitude,        \
    }

#endif
