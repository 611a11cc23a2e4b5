// SPDX-License-Identifier: Apache-2.0
/// @file
/// The value of a SystemC port: packed elements, of a width known at run time.
#pragma once

#include <systemc>

#include <algorithm>
#include <array>
#include <cstdint>
#include <ostream>
#include <string>

namespace tessera
{

/// Up to 4096 bits, as the RTL's packed vectors: element 0 in the low bits.
/// A fixed store of which only the used words are copied: signals copy in every cycle.
class packed
{
  public:
    static constexpr int kMaxBits = 4096;

    packed() : word_{}
    {
    }

    explicit packed(int bits);

    packed(const packed &other) : bits_(other.bits_)
    {
        copy_words(other);
    }

    packed &operator=(const packed &other)
    {
        bits_ = other.bits_;
        copy_words(other);
        return *this;
    }

    int bits() const
    {
        return bits_;
    }

    std::uint64_t get(int first, int bits) const;
    void set(int first, int bits, std::uint64_t value);

    bool operator==(const packed &other) const;

    friend std::ostream &operator<<(std::ostream &out, const packed &value);
    friend void sc_trace(sc_core::sc_trace_file *file, const packed &value,
                         const std::string &name);

  private:
    int words() const
    {
        return (bits_ + 63) / 64;
    }

    void copy_words(const packed &other)
    {
        std::copy_n(other.word_.begin(), words(), word_.begin());
    }

    int bits_ = 0;
    std::array<std::uint64_t, kMaxBits / 64> word_;
};

} // namespace tessera
