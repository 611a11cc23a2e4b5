// SPDX-License-Identifier: Apache-2.0
// Exact real numbers: MPFR wide enough that nothing is rounded, and proof that nothing was.
#ifndef TESSERA_TESTS_ORACLE_EXACT_H
#define TESSERA_TESTS_ORACLE_EXACT_H

#include <mpfr.h>

namespace oracle
{

/** A real number. An operation whose result would have to be rounded aborts the program. */
class Exact
{
  public:
    enum { PRECISION = 400 };

    Exact(double x = 0);
    Exact(const Exact &other);
    Exact(Exact &&other) noexcept;
    Exact &operator=(Exact other) noexcept;
    ~Exact();

    static Exact power_of_two(long exponent);
    static Exact of_integer(unsigned long integer);

    Exact operator+(const Exact &other) const;
    Exact operator-(const Exact &other) const;
    Exact operator*(const Exact &other) const;
    Exact operator-() const;
    Exact scaled(long exponent) const; /**< times 2^exponent */
    Exact floor() const;
    Exact magnitude() const;

    int sign() const;
    int compare(const Exact &other) const;
    /** Largest n with 2^n <= |x|; x is not zero. */
    long binade() const;
    double to_double() const;
    float to_float() const;
    /** The least float that is not below, perhaps infinity. */
    float to_float_above() const;

    const __mpfr_struct *raw() const
    {
        return value_;
    }

  private:
    mpfr_t value_;
};

inline bool operator<(const Exact &a, const Exact &b)
{
    return a.compare(b) < 0;
}

inline bool operator==(const Exact &a, const Exact &b)
{
    return a.compare(b) == 0;
}

/** The point half way between two numbers. */
inline Exact midpoint(const Exact &a, const Exact &b)
{
    return (a + b).scaled(-1);
}

} // namespace oracle

#endif
