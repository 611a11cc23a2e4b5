// SPDX-License-Identifier: Apache-2.0
// The output of a Galois shift register by its linear recurrence, without a register.
#ifndef TESSERA_TESTS_ORACLE_SHIFT_REGISTER_H
#define TESSERA_TESTS_ORACLE_SHIFT_REGISTER_H

#include <cstdint>
#include <deque>

namespace oracle
{

/**
 * With c(i) the coefficient of x^i in the polynomial, bit n of the output is the sum modulo 2 of
 * c(i) times bit n - i, i = 1..width; the first `width` bits also take their bit of the seed.
 */
class BitSequence
{
  public:
    BitSequence(int width, uint64_t polynomial, uint64_t seed)
        : width_(width), polynomial_(polynomial), seed_(seed)
    {
    }

    bool next()
    {
        bool bit = seed_ & 1;
        seed_ >>= 1;
        for (size_t i = 0; i < last_.size(); i++)
            bit ^= (polynomial_ >> i & 1) != 0 && last_[i];
        last_.push_front(bit);
        if (last_.size() > static_cast<size_t>(width_))
            last_.pop_back();
        return bit;
    }

    uint64_t word(int bits)
    {
        uint64_t word = 0;
        for (int i = 0; i < bits; i++)
            word += uint64_t{next()} << i;
        return word;
    }

  private:
    int width_;
    uint64_t polynomial_;
    uint64_t seed_;
    std::deque<bool> last_; // the newest first
};

} // namespace oracle

#endif
