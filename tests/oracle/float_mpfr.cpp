// SPDX-License-Identifier: Apache-2.0
// MPFR with the precision and the exponent range of the format.
#include "oracle/float_mpfr.h"

#include <mpfr.h>

#include <cmath>

namespace oracle
{

namespace
{

/* A variable of so many bits. */
class Var
{
  public:
    explicit Var(mpfr_prec_t bits, double x = 0)
    {
        mpfr_init2(v, bits);
        mpfr_set_d(v, x, MPFR_RNDN);
    }
    ~Var()
    {
        mpfr_clear(v);
    }
    Var(const Var &) = delete;
    Var &operator=(const Var &) = delete;

    mpfr_t v;
};

/* Wide enough for any product of two fp32 plus a third. */
constexpr mpfr_prec_t WIDE = 640;

/* nearest_even, subnormals by mpfr_subnormalize. MPFR's significand is below one. */
double to_nearest_even(const Float &f, const Var &exact)
{
    Var r(f.man_bits + 1);
    int ternary = mpfr_set(r.v, exact.v, MPFR_RNDN);
    mpfr_exp_t emin = mpfr_get_emin();
    mpfr_set_emin(2 - f.bias - f.man_bits);
    ternary = mpfr_check_range(r.v, ternary, MPFR_RNDN);
    mpfr_subnormalize(r.v, ternary, MPFR_RNDN);
    mpfr_set_emin(emin);
    return mpfr_get_d(r.v, MPFR_RNDN);
}

/* Ties away from zero: twice half an ulp of the wider precision is cut off. */
double to_nearest_up(const Float &f, const Var &exact)
{
    if (mpfr_zero_p(exact.v))
        return 0;
    Var half(2);
    Var sum(WIDE);
    Var r(f.man_bits + 1);
    mpfr_exp_t last = mpfr_get_exp(exact.v) - 1 - f.man_bits;
    mpfr_set_si_2exp(half.v, mpfr_sgn(exact.v), last - 1, MPFR_RNDN);
    mpfr_add(sum.v, exact.v, half.v, MPFR_RNDN);
    mpfr_set(r.v, sum.v, MPFR_RNDZ);
    double x = mpfr_get_d(r.v, MPFR_RNDN);
    return std::fabs(x) <= std::ldexp(1, -f.bias) ? 0 : x;
}

} // namespace

double mpfr_fma_in(const Float &f, double x, double y, double z, bool saturate, bool flush)
{
    Var a(53, x);
    Var b(53, y);
    Var c(53, z);
    Var exact(WIDE);
    mpfr_fma(exact.v, a.v, b.v, c.v, MPFR_RNDN);
    if (!mpfr_number_p(exact.v))
        return mpfr_get_d(exact.v, MPFR_RNDN);
    if (flush && mpfr_cmpabs(exact.v, Var(53, std::ldexp(1, 1 - f.bias)).v) < 0)
        return 0;
    double r = f.ieee ? to_nearest_even(f, exact) : to_nearest_up(f, exact);
    if (r == 0)
        return 0;
    int top = (1 << f.exp_bits) - 1 - (f.top == Top::ieee) - f.bias;
    double man_max = 2 - std::ldexp(f.top == Top::one_nan ? 2 : 1, -f.man_bits);
    double largest = std::ldexp(man_max, top);
    if (std::fabs(r) <= largest)
        return r;
    if (saturate || f.top == Top::numbers)
        return std::copysign(largest, r);
    return f.top == Top::ieee ? std::copysign(INFINITY, r) : NAN;
}

} // namespace oracle
