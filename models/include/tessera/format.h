/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Number formats: one descriptor for every integer and minifloat of the
 * machine, and the exact value that a code stands for.
 *
 * A code is the bit pattern of one number, right-aligned in a uint32_t. Its
 * exact value is a struct ts_value. ts_decode() and ts_encode() are the only
 * two places where the meaning of a code and its rounding are written down.
 */
#ifndef TESSERA_FORMAT_H
#define TESSERA_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Codes are typed, so that C arithmetic on an encoding does not compile. */
typedef struct {
    uint16_t v;
} ts_dlfloat16;
typedef struct {
    uint8_t v;
} ts_fp4_r4;
typedef struct {
    uint8_t v;
} ts_fp5_r2;
typedef struct {
    uint16_t v;
} ts_fp9_153;
typedef struct {
    uint16_t v;
} ts_fp16;
typedef struct {
    uint16_t v;
} ts_bf16;
typedef struct {
    uint32_t v;
} ts_fp32;

enum ts_kind {
    TS_KIND_INT,  /**< two's complement integer */
    TS_KIND_UINT, /**< unsigned integer */
    TS_KIND_FLOAT /**< sign, exponent, mantissa */
};

/** What the exponent codes below the first normal one (mostly e = 0) mean. */
enum ts_e0 {
    TS_E0_ZERO,           /**< zero, whatever the mantissa */
    TS_E0_NORMAL_OR_ZERO, /**< a normal number, but zero when m = 0 too */
    TS_E0_SUBNORMAL,      /**< gradual underflow (IEEE 754) */
    TS_E0_NORMAL          /**< a normal number: the format has no zero */
};

/** Which codes are not numbers. */
enum ts_specials {
    TS_SPECIALS_NONE,
    TS_SPECIALS_NANINF, /**< e and m all ones: one merged NaN-Infinity (DLFloat) */
    TS_SPECIALS_NAN,    /**< e and m all ones: NaN; there is no infinity (OCP E4M3, E8M0) */
    TS_SPECIALS_IEEE    /**< e all ones: infinity (m = 0) or NaN */
};

/** What a magnitude that rounds past the largest finite number becomes. */
enum ts_overflow {
    TS_OVERFLOW_SPECIAL,  /**< infinity, else NaN-Infinity or NaN; saturates where there is none */
    TS_OVERFLOW_SATURATE, /**< the largest finite number, with the sign kept */
    TS_OVERFLOW_SATURATE_INFINITY /**< so does an infinity that comes in (OCP FP8) */
};

enum ts_rounding {
    TS_NEAREST_EVEN, /**< ties to the even code */
    TS_NEAREST_UP,   /**< ties away from zero: add half an ulp, truncate (DLFloat) */
    TS_TOWARD_ZERO,
    TS_STOCHASTIC /**< add random bits, truncate: ts_encode_stochastic(); without them, half an ulp
                   */
};

/**
 * A number format. For TS_KIND_FLOAT a code is {sign, e, m}; a normal code's
 * magnitude is (1 + m/2^man_bits) * radix^(e - bias) * 2^offset.
 */
struct ts_format {
    const char *name; /**< the field's standard name */
    enum ts_kind kind;
    bool is_unsigned;   /**< a float without sign bit; a negative number becomes the smallest */
    uint8_t radix_log2; /**< 1: radix 2; 2: radix 4 (man_bits must be 0) */
    uint8_t exp_bits;
    uint8_t man_bits; /**< for integers: all the bits */
    uint8_t min_exp;  /**< smallest exponent code of a number with its leading one */
    int16_t bias;
    int8_t offset; /**< extra power of two: 1 for the odd phase of fp4_r4 */
    enum ts_e0 e0;
    enum ts_specials specials;
    enum ts_overflow overflow;
    enum ts_rounding rounding; /**< the format's own rounding */
    const char *source;        /**< short name of the publication, [A] if assumed */
};

/* Integers. Symmetric use of int4 is -7..7 (15 levels). */
extern const struct ts_format ts_format_int2;
extern const struct ts_format ts_format_int4;
extern const struct ts_format ts_format_int8;
extern const struct ts_format ts_format_int16;
extern const struct ts_format ts_format_uint4;
/* Sun20: 1,3,0 radix 4. The odd phase is the same codes at twice the value. */
extern const struct ts_format ts_format_fp4_r4_even;
extern const struct ts_format ts_format_fp4_r4_odd;
/* What radix4_to_radix2 produces: {s, e3, phase}; e3 = 0 is zero for either phase. */
extern const struct ts_format ts_format_fp5_r2;
/* LUQ: 1,3,0 radix 2. */
extern const struct ts_format ts_format_fp4_r2;
/* HFP8: weights and activations (bias 0..15), gradients, and what holds both exactly. */
extern const struct ts_format ts_format_fp8_143;
extern const struct ts_format ts_format_fp8_152;
extern const struct ts_format ts_format_fp9_153;
extern const struct ts_format ts_format_dlfloat16;
extern const struct ts_format ts_format_fp16;
extern const struct ts_format ts_format_bf16;
extern const struct ts_format ts_format_fp32;
/* OCP: FP8, FP4, FP6, and the scale of an MX block. */
extern const struct ts_format ts_format_e4m3;
extern const struct ts_format ts_format_e5m2;
extern const struct ts_format ts_format_e2m1;
extern const struct ts_format ts_format_e2m3;
extern const struct ts_format ts_format_e3m2;
extern const struct ts_format ts_format_e8m0;

/** All named formats, NULL at the end. */
extern const struct ts_format *const ts_formats[];

/** The format of that name, or NULL. */
const struct ts_format *ts_format_find(const char *name);

/** The names of an enum's values, in their order; NULL at the end. */
extern const char *const ts_rounding_names[];
extern const char *const ts_overflow_names[];

/** How far the bias of a format can be overridden. */
enum { TS_MAX_BIAS = 512 };

/**
 * Reads a format from text: a name, perhaps followed by a colon and overrides,
 * such as "fp8_143:bias=9,overflow=saturate,rounding=nearest_even". Returns NULL,
 * or one line that says what is wrong, in static storage of the calling thread.
 */
const char *ts_format_parse(const char *text, struct ts_format *format);

/** One override alone: ts_format_set(&format, "bias", "9"). Returns as ts_format_parse() does. */
const char *ts_format_set(struct ts_format *format, const char *key, const char *value);

/** Bits of one code, with the sign if there is one. */
int ts_format_bits(const struct ts_format *format);

enum ts_class { TS_ZERO, TS_FINITE, TS_INFINITY, TS_NAN /**< also NaN-Infinity */ };

/**
 * An exact number: +-sig * 2^exp, or, when sticky, a magnitude strictly
 * between sig * 2^exp and (sig + 1) * 2^exp. A sticky value has sig of at
 * least 32 significant bits, so no rounding to a named format can tell the
 * two apart from what was meant.
 */
struct ts_value {
    enum ts_class cls;
    bool negative;
    bool sticky;
    int32_t exp;
    uint64_t sig;
};

/** The exact value of a code. Bits above the format's width are ignored. */
struct ts_value ts_decode(const struct ts_format *format, uint32_t code);

/**
 * Rounds an exact value to a code: the one round-and-pack of the library.
 * The zero result is +0, or the smallest number where there is no zero. A NaN,
 * and an infinity where the format has none, give the format's special code
 * even when the overflow policy saturates numbers; in a format without specials
 * they give the largest finite code.
 */
uint32_t ts_encode(const struct ts_format *format, struct ts_value value, enum ts_rounding rounding,
                   enum ts_overflow overflow);

/** Random bits of a stochastic rounding, at most. */
enum { TS_MAX_RANDOM_BITS = 32 };

/**
 * Rounds stochastically: adds `random`, a word of random_bits bits, below the
 * magnitude's last place, and truncates. What lies below the random bits is cut
 * off before. The last place is that of the number itself, so between two powers
 * of two of a format without mantissa (fp4_r2), and between zero and the smallest
 * number, this is LUQ's unbiased rounding and its pruning by chance.
 */
uint32_t ts_encode_stochastic(const struct ts_format *format, struct ts_value value,
                              uint32_t random, int random_bits, enum ts_overflow overflow);

/** An integer times a power of two. */
struct ts_value ts_value_of_int(int64_t integer, int32_t exp);

/**
 * The exact sum, correctly sticky beyond 64 bits. Both significands must be
 * below 2^48. Infinities of opposite sign give NaN; x + -x is +0.
 */
struct ts_value ts_value_add(struct ts_value a, struct ts_value b);

/** The exact product. Both significands must be below 2^32 and not sticky. */
struct ts_value ts_value_mul(struct ts_value a, struct ts_value b);

/** The value as a double: exact for every code of every named format. */
double ts_value_to_double(struct ts_value value);

/** The exact value of a double. */
struct ts_value ts_value_of_double(double x);

/** ts_value_to_double(ts_decode(format, code)). */
double ts_to_double(const struct ts_format *format, uint32_t code);

/** Rounds a double with the format's own rounding and overflow policy. */
uint32_t ts_of_double(const struct ts_format *format, double x);

#ifdef __cplusplus
}
#endif
#endif
