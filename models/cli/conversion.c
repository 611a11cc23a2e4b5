/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/conversion.h"

#include <fenv.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static _Thread_local char message[128];

static const char *complain(const char *what, const char *text)
{
    snprintf(message, sizeof message, "'%.60s' %s", text, what);
    return message;
}

static double read_rounded(const char *text, char **end, int direction)
{
    int before = fegetround();
    fesetround(direction);
    double x = strtod(text, end);
    fesetround(before);
    return x;
}

/*
 * A decimal number need not be a double: it is read once rounded toward zero, once away from it,
 * and where the two differ it lies strictly between them, which a sticky value says.
 */
static const char *read_number(const char *text, struct ts_value *value)
{
    char *end = NULL;
    double low = read_rounded(text, &end, FE_TOWARDZERO);
    if (end == text || *end != '\0')
        return complain("is not a number", text);
    double high = read_rounded(text, &end, signbit(low) ? FE_DOWNWARD : FE_UPWARD);
    if (isfinite(low) && !isfinite(high))
        return complain("is too large to be read (2^1024 and more)", text);
    if (fabs(low) < DBL_MIN && low != high)
        return complain("is too small to be read (below 2^-1022)", text);
    *value = ts_value_of_double(low);
    if (isfinite(low) && low != high) {
        /* All 53 bits, as a sticky significand has to be wide. */
        value->exp = ilogb(low) - DBL_MANT_DIG + 1;
        value->sig = (uint64_t)ldexp(fabs(low), -value->exp);
        value->sticky = true;
    }
    return NULL;
}

static const char *read_code(const struct ts_format *f, const char *text, uint32_t *code)
{
    const char *digits = strncasecmp(text, "0x", 2) == 0 ? text + 2 : text;
    size_t length = strspn(digits, "0123456789abcdefABCDEF");
    if (length == 0 || digits[length] != '\0' || length > 16)
        return complain("is not a code in hexadecimal", text);
    unsigned long long bits = strtoull(digits, NULL, 16);
    if (bits >> ts_format_bits(f) != 0) {
        snprintf(message, sizeof message, "'%.20s' has more than the %d bits of %s", text,
                 ts_format_bits(f), f->name);
        return message;
    }
    *code = (uint32_t)bits;
    return NULL;
}

void ts_conversion_take(const struct ts_conversion *conversion, uint32_t code,
                        struct ts_converted *number)
{
    number->from_code = code;
    number->value = ts_decode(conversion->from, code);
}

const char *ts_conversion_read(const struct ts_conversion *conversion, const char *text,
                               struct ts_converted *number)
{
    if (!conversion->from)
        return read_number(text, &number->value);
    uint32_t code = 0;
    const char *error = read_code(conversion->from, text, &code);
    if (!error)
        ts_conversion_take(conversion, code, number);
    return error;
}

/* The numbers of the format on both sides of a magnitude; false where there is none above. */
static bool neighbours(const struct ts_format *f, struct ts_value v, double *low, double *high)
{
    uint32_t code = ts_encode(f, v, TS_TOWARD_ZERO, TS_OVERFLOW_SATURATE);
    uint32_t sign = f->kind == TS_KIND_FLOAT && !f->is_unsigned ? 1U << (ts_format_bits(f) - 1) : 0;
    *low = ts_to_double(f, code);
    if (sign && v.negative)
        code |= sign; /* a zero has lost it */
    uint32_t next = f->kind == TS_KIND_INT && v.negative ? code - 1 : code + 1;
    while (ts_decode(f, next).cls == TS_ZERO && (next & ~sign) != 0)
        next++; /* of several codes of zero */
    *high = ts_to_double(f, next);
    return isfinite(*high) && fabs(*high) > fabs(*low) && (*high < 0) == v.negative;
}

static void measure(const struct ts_format *f, struct ts_converted *n)
{
    n->input = ts_value_to_double(n->value);
    n->output = ts_to_double(f, n->code);
    n->exact = !n->value.sticky && (n->input == n->output || (isnan(n->input) && isnan(n->output)));
    n->has_error = isfinite(n->input) && isfinite(n->output);
    n->has_ulps = false;
    if (!n->has_error)
        return;
    n->error = n->output - n->input;
    double low = 0;
    double high = 0;
    if (n->value.cls == TS_FINITE && neighbours(f, n->value, &low, &high)) {
        n->has_ulps = fabs(n->input) >= fabs(low); /* not below the smallest, without a zero */
        n->ulps = fabs(n->error) / fabs(high - low);
    }
}

void ts_conversion_round(struct ts_conversion *conversion, struct ts_converted *number)
{
    const struct ts_format *to = &conversion->to;
    if (to->rounding == TS_STOCHASTIC) {
        uint32_t word = ts_lfsr_word(&conversion->lfsr, conversion->random_bits);
        number->code =
            ts_encode_stochastic(to, number->value, word, conversion->random_bits, to->overflow);
    } else {
        number->code = ts_encode(to, number->value, to->rounding, to->overflow);
    }
    measure(to, number);
}
