/* SPDX-License-Identifier: Apache-2.0 */
/* Codes to exact values, and exact values rounded to codes. */
#include "tessera/format.h"

struct fields {
    bool negative;
    uint32_t exp;
    uint32_t man;
};

static struct fields split(const struct ts_format *f, uint32_t code)
{
    return (struct fields){
        .negative = (code >> (f->exp_bits + f->man_bits)) & !f->is_unsigned,
        .exp = (code >> f->man_bits) & ((1U << f->exp_bits) - 1),
        .man = code & ((1U << f->man_bits) - 1),
    };
}

static uint32_t all_ones(int bits)
{
    return (1U << bits) - 1;
}

/* The largest finite magnitude, as a code without its sign. */
static uint32_t max_finite(const struct ts_format *f)
{
    uint32_t top = all_ones(f->exp_bits + f->man_bits);
    switch (f->specials) {
    case TS_SPECIALS_NANINF:
    case TS_SPECIALS_NAN:
        return top - 1;
    case TS_SPECIALS_IEEE:
        return (all_ones(f->exp_bits) << f->man_bits) - 1;
    case TS_SPECIALS_NONE:
        break;
    }
    return top;
}

struct ts_value ts_decode(const struct ts_format *f, uint32_t code)
{
    if (f->kind != TS_KIND_FLOAT) {
        uint32_t sign = f->kind == TS_KIND_INT ? 1U << (f->man_bits - 1) : 0;
        uint32_t low = code & all_ones(f->man_bits);
        return ts_value_of_int((int64_t)(low ^ sign) - (int64_t)sign, 0);
    }
    struct fields x = split(f, code);
    bool top = x.exp == all_ones(f->exp_bits);
    if (top && f->specials == TS_SPECIALS_IEEE)
        return x.man ? (struct ts_value){.cls = TS_NAN}
                     : (struct ts_value){.cls = TS_INFINITY, .negative = x.negative};
    if (top && f->specials != TS_SPECIALS_NONE && x.man == all_ones(f->man_bits))
        return (struct ts_value){.cls = TS_NAN};

    int e = (int)x.exp;
    uint64_t sig = x.man | (1ULL << f->man_bits);
    if (e < f->min_exp) {
        if (f->e0 == TS_E0_ZERO || x.man == 0)
            return (struct ts_value){.cls = TS_ZERO, .negative = x.negative};
        sig = x.man;
        e = f->min_exp;
    } else if (f->e0 == TS_E0_NORMAL_OR_ZERO && e == 0 && x.man == 0) {
        return (struct ts_value){.cls = TS_ZERO, .negative = x.negative};
    }
    int exp = (e - f->bias) * f->radix_log2 - f->man_bits + f->offset;
    return (struct ts_value){TS_FINITE, x.negative, false, exp, sig};
}

/* value / 2^q: the integer, its fraction as 64 bits, and whether there is more below these. */
struct quotient {
    uint64_t floor;
    uint64_t fraction;
    bool more;
};

static struct quotient divide(struct ts_value v, int q)
{
    int shift = q - v.exp;
    if (shift <= 0) /* sticky values are wide enough never to come here */
        return (struct quotient){v.sig << -shift, 0, false};
    if (shift < 64)
        return (struct quotient){v.sig >> shift, v.sig << (64 - shift), v.sticky};
    if (shift == 64)
        return (struct quotient){0, v.sig, v.sticky};
    return (struct quotient){0, 0, true}; /* less than one half */
}

/* `odd`: whether the code below is odd. Without a mantissa that is not the significand's parity. */
static bool rounds_up(struct quotient r, bool odd, enum ts_rounding rounding)
{
    const uint64_t half = 1ULL << 63;
    switch (rounding) {
    case TS_NEAREST_EVEN:
        return r.fraction > half - (r.more || odd); /* beyond a tie, or a tie that goes up */
    case TS_NEAREST_UP:
    case TS_STOCHASTIC:
        return r.fraction >= half;
    case TS_TOWARD_ZERO:
        break;
    }
    return false;
}

static int floor_log2(struct ts_value v)
{
    return v.exp + 63 - __builtin_clzll(v.sig);
}

/* A radix-4 grid without mantissa: the midpoint of 4^n and 4^(n+1) is 2.5 * 4^n. */
static uint32_t round_radix4(const struct ts_format *f, struct ts_value v,
                             enum ts_rounding rounding)
{
    v.exp -= f->offset;
    int log2 = floor_log2(v);
    int n = log2 >= 0 ? log2 / 2 : -((1 - log2) / 2);
    int code = n + f->bias;
    if (code < 1) { /* between zero and the smallest magnitude M: the midpoint is M/2 */
        struct quotient r = divide(v, 2 * (1 - f->bias));
        return rounds_up(r, false, rounding);
    }
    /* In units of 4^n / 2 the magnitude is 2 to 8, and the midpoint is 5. */
    struct quotient r = divide(v, 2 * n - 1);
    bool exact = r.fraction == 0 && !r.more;
    bool above = r.floor > 5 || (r.floor == 5 && !exact);
    bool tie = r.floor == 5 && exact;
    if (rounding == TS_TOWARD_ZERO)
        return (uint32_t)code;
    if (above || (tie && (rounding != TS_NEAREST_EVEN || (code & 1))))
        code++;
    return (uint32_t)code;
}

/* May return a code past the largest finite one: the caller applies the overflow policy. */
static uint32_t round_radix2(const struct ts_format *f, struct ts_value v,
                             enum ts_rounding rounding)
{
    v.exp -= f->offset;
    int emin = f->min_exp - f->bias;
    int log2 = floor_log2(v);
    if (log2 < emin && (f->e0 == TS_E0_NORMAL_OR_ZERO || f->e0 == TS_E0_NORMAL))
        return 0; /* zero, as 2^emin is not representable; or 2^emin, as zero is not */
    if (log2 < emin && f->e0 == TS_E0_ZERO)
        return rounds_up(divide(v, emin), false, rounding) ? (uint32_t)f->min_exp << f->man_bits
                                                           : 0;
    int e = log2 < emin ? emin : log2;
    struct quotient r = divide(v, e - f->man_bits);
    /* floor holds the leading one where there is one; a carry moves into the exponent. */
    int64_t code =
        (((int64_t)e + f->bias) << f->man_bits) + (int64_t)r.floor - (1LL << f->man_bits);
    code += rounds_up(r, code & 1, rounding);
    int64_t past = (int64_t)all_ones(f->exp_bits + f->man_bits) + 1;
    return (uint32_t)(code < past ? code : past);
}

static uint32_t round_int(const struct ts_format *f, struct ts_value v, enum ts_rounding rounding)
{
    bool is_signed = f->kind == TS_KIND_INT;
    if (v.cls == TS_NAN)
        v = (struct ts_value){.cls = TS_INFINITY};
    uint64_t limit = all_ones(f->man_bits - is_signed);
    if (v.negative)
        limit = is_signed ? limit + 1 : 0;
    uint64_t mag = 0;
    if (v.cls == TS_INFINITY || (v.cls == TS_FINITE && floor_log2(v) >= f->man_bits)) {
        mag = limit;
    } else if (v.cls == TS_FINITE) {
        struct quotient r = divide(v, 0);
        mag = r.floor + rounds_up(r, r.floor & 1, rounding);
        if (mag > limit)
            mag = limit;
    }
    return (uint32_t)(v.negative ? 0 - mag : mag) & all_ones(f->man_bits);
}

/* The code of what is not a number, or is none here: a NaN, an infinity, an overflow. */
static uint32_t special(const struct ts_format *f, uint32_t sign, bool nan)
{
    uint32_t top = all_ones(f->exp_bits) << f->man_bits;
    switch (f->specials) {
    case TS_SPECIALS_NANINF:
    case TS_SPECIALS_NAN:
        return top | all_ones(f->man_bits);
    case TS_SPECIALS_IEEE:
        return nan ? top | 1U << (f->man_bits - 1) : sign | top; /* the canonical quiet NaN */
    case TS_SPECIALS_NONE:
        break;
    }
    return (nan ? 0 : sign) | max_finite(f);
}

static uint32_t encode(const struct ts_format *f, struct ts_value v, enum ts_rounding rounding,
                       enum ts_overflow overflow)
{
    if (f->kind != TS_KIND_FLOAT)
        return round_int(f, v, rounding);

    uint32_t sign = v.negative ? 1U << (f->exp_bits + f->man_bits) : 0;
    if (v.cls == TS_NAN)
        return special(f, 0, true);
    if (v.cls == TS_ZERO || (v.negative && f->is_unsigned))
        return 0;
    if (v.cls == TS_INFINITY)
        return overflow == TS_OVERFLOW_SATURATE_INFINITY ? sign | max_finite(f)
                                                         : special(f, sign, false);
    uint32_t code =
        f->radix_log2 == 2 ? round_radix4(f, v, rounding) : round_radix2(f, v, rounding);
    if (code == 0)
        return 0;
    if (code <= max_finite(f))
        return sign | code;
    return overflow == TS_OVERFLOW_SPECIAL ? special(f, sign, false) : sign | max_finite(f);
}

uint32_t ts_encode(const struct ts_format *f, struct ts_value v, enum ts_rounding rounding,
                   enum ts_overflow overflow)
{
    /* Truncation never gets past the largest number. */
    if (rounding == TS_TOWARD_ZERO && overflow == TS_OVERFLOW_SPECIAL)
        overflow = TS_OVERFLOW_SATURATE;
    return encode(f, v, rounding, overflow);
}

/* Numbers of a format on both sides of a value differ by `steps` * 2^exp. */
struct spacing {
    int exp;
    uint32_t steps;
};

static struct spacing spacing_at(const struct ts_format *f, struct ts_value v)
{
    if (f->kind != TS_KIND_FLOAT)
        return (struct spacing){0, 1};
    int log2 = floor_log2(v) - f->offset;
    int emin = (f->min_exp - f->bias) * f->radix_log2;
    if (log2 < emin) /* gradual, or all at once */
        return (struct spacing){(f->e0 == TS_E0_ZERO ? emin : emin - f->man_bits) + f->offset, 1};
    if (f->radix_log2 == 2) /* 4^n and 4^(n+1), also where n is negative */
        return (struct spacing){emin + (log2 - emin) / 2 * 2 + f->offset, 3};
    return (struct spacing){log2 - f->man_bits + f->offset, 1};
}

uint32_t ts_encode_stochastic(const struct ts_format *f, struct ts_value v, uint32_t random,
                              int random_bits, enum ts_overflow overflow)
{
    if (v.cls == TS_FINITE && (f->kind == TS_KIND_FLOAT || floor_log2(v) < f->man_bits)) {
        struct spacing spacing = spacing_at(f, v);
        int exp = spacing.exp - random_bits;
        uint64_t sum = divide(v, exp).floor + (uint64_t)spacing.steps * random;
        bool negative = v.negative;
        v = ts_value_of_int((int64_t)sum, exp);
        v.negative = negative;
    }
    return encode(f, v, TS_TOWARD_ZERO, overflow);
}

double ts_to_double(const struct ts_format *f, uint32_t code)
{
    return ts_value_to_double(ts_decode(f, code));
}

uint32_t ts_of_double(const struct ts_format *f, double x)
{
    return ts_encode(f, ts_value_of_double(x), f->rounding, f->overflow);
}
