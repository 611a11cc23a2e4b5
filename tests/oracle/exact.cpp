// SPDX-License-Identifier: Apache-2.0
// Exact real numbers on MPFR; the ternary value of every operation must say "exact".
#include "oracle/exact.h"

#include <cstdio>
#include <cstdlib>

namespace oracle
{

static void require_exact(int ternary)
{
    if (ternary == 0)
        return;
    std::fputs("oracle: an exact operation was rounded\n", stderr);
    std::abort();
}

Exact::Exact(double x)
{
    mpfr_init2(value_, PRECISION);
    require_exact(mpfr_set_d(value_, x, MPFR_RNDN));
}

Exact::Exact(const Exact &other)
{
    mpfr_init2(value_, PRECISION);
    mpfr_set(value_, other.value_, MPFR_RNDN);
}

Exact::Exact(Exact &&other) noexcept
{
    mpfr_init2(value_, PRECISION);
    mpfr_swap(value_, other.value_);
}

Exact &Exact::operator=(Exact other) noexcept
{
    mpfr_swap(value_, other.value_);
    return *this;
}

Exact::~Exact()
{
    mpfr_clear(value_);
}

Exact Exact::power_of_two(long exponent)
{
    return Exact(1).scaled(exponent);
}

Exact Exact::of_integer(unsigned long integer)
{
    Exact r;
    require_exact(mpfr_set_ui(r.value_, integer, MPFR_RNDN));
    return r;
}

Exact Exact::operator+(const Exact &other) const
{
    Exact r;
    require_exact(mpfr_add(r.value_, value_, other.value_, MPFR_RNDN));
    return r;
}

Exact Exact::operator-(const Exact &other) const
{
    Exact r;
    require_exact(mpfr_sub(r.value_, value_, other.value_, MPFR_RNDN));
    return r;
}

Exact Exact::operator*(const Exact &other) const
{
    Exact r;
    require_exact(mpfr_mul(r.value_, value_, other.value_, MPFR_RNDN));
    return r;
}

Exact Exact::operator-() const
{
    Exact r(*this);
    mpfr_neg(r.value_, r.value_, MPFR_RNDN);
    return r;
}

Exact Exact::scaled(long exponent) const
{
    Exact r;
    require_exact(mpfr_mul_2si(r.value_, value_, exponent, MPFR_RNDN));
    return r;
}

Exact Exact::floor() const
{
    Exact r;
    mpfr_floor(r.value_, value_); /* of the same precision, so nothing but the fraction goes */
    return r;
}

Exact Exact::magnitude() const
{
    return sign() < 0 ? -*this : *this;
}

int Exact::sign() const
{
    return mpfr_sgn(value_);
}

int Exact::compare(const Exact &other) const
{
    return mpfr_cmp(value_, other.value_);
}

long Exact::binade() const
{
    return mpfr_get_exp(value_) - 1;
}

double Exact::to_double() const
{
    double x = mpfr_get_d(value_, MPFR_RNDN);
    require_exact(mpfr_cmp_d(value_, x));
    return x;
}

float Exact::to_float() const
{
    float x = mpfr_get_flt(value_, MPFR_RNDN);
    require_exact(mpfr_cmp_d(value_, static_cast<double>(x)));
    return x;
}

float Exact::to_float_above() const
{
    return mpfr_get_flt(value_, MPFR_RNDU);
}

} // namespace oracle
