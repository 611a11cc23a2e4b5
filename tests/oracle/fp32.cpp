// SPDX-License-Identifier: Apache-2.0
// fp32 by exact neighbours, and once more by MPFR's subnormal arithmetic.
#include "oracle/fp32.h"

#include <algorithm>
#include <cstring>

namespace oracle
{

uint32_t bits_of_float(float x)
{
    uint32_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    return bits;
}

float float_of_bits(uint32_t bits)
{
    float x;
    std::memcpy(&x, &bits, sizeof x);
    return x;
}

Number decode_fp32(uint32_t code)
{
    uint32_t half = 0x80000000;
    Number x;
    x.negative = code >= half;
    uint32_t rest = code % half;
    long e = rest / 0x800000;
    uint32_t m = rest % 0x800000;
    if (e == 255) {
        x.cls = m == 0 ? Class::infinity : Class::nan;
        return x;
    }
    Exact fraction = Exact(m).scaled(-23);
    x.value = e == 0 ? fraction.scaled(-126) : (Exact(1) + fraction).scaled(e - 127);
    if (x.negative)
        x.value = -x.value;
    return x;
}

uint32_t encode_fp32(const Number &x, const Rounding &rounding, Overflow overflow)
{
    if (x.cls == Class::nan)
        return FP32_NAN;
    uint32_t sign = x.negative ? 0x80000000 : 0;
    if (x.cls == Class::infinity)
        return sign | (overflow == Overflow::saturate_infinity ? FP32_MAX : FP32_INFINITY);
    if (x.value.sign() == 0)
        return 0;

    Exact magnitude = x.value.magnitude();
    long ulp = std::max(magnitude.binade(), -126L) - 23;
    Exact steps = magnitude.scaled(-ulp).floor();
    Exact low = steps.scaled(ulp);
    Exact high = (steps + Exact(1)).scaled(ulp);
    bool odd = !(steps.scaled(-1).floor().scaled(1) == steps);
    const Exact &result = rounds_up(low, magnitude, high, odd, rounding) ? high : low;
    if (!(result < Exact::power_of_two(128))) {
        bool clamp = overflow != Overflow::special || rounding.round == Round::toward_zero;
        return sign | (clamp ? FP32_MAX : FP32_INFINITY);
    }
    return result.sign() == 0 ? 0 : sign | bits_of_float(result.to_float());
}

double round_ieee_mpfr(const Exact &x, int bits, long least_exponent)
{
    mpfr_t r;
    mpfr_init2(r, bits);
    int ternary = mpfr_set(r, x.raw(), MPFR_RNDN);
    /* MPFR's significand is below one, so its exponents are one larger than IEEE's. */
    mpfr_exp_t emin = mpfr_get_emin();
    mpfr_exp_t emax = mpfr_get_emax();
    mpfr_set_emin(least_exponent - bits + 2);
    mpfr_set_emax(2 - least_exponent);
    ternary = mpfr_check_range(r, ternary, MPFR_RNDN);
    mpfr_subnormalize(r, ternary, MPFR_RNDN);
    double result = mpfr_get_d(r, MPFR_RNDN);
    mpfr_clear(r);
    mpfr_set_emin(emin);
    mpfr_set_emax(emax);
    return result;
}

uint32_t encode_fp32_mpfr(const Exact &x)
{
    double result = round_ieee_mpfr(x, 24, -126);
    return result == 0 ? 0 : bits_of_float(static_cast<float>(result));
}

} // namespace oracle
