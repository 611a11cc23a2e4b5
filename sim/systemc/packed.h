// SPDX-License-Identifier: Apache-2.0
/// @file
/// The value of a SystemC port: packed elements, of a width known at run time.
#pragma once

#include <systemc>

#include <array>
#include <cstdint>
#include <ostream>
#include <string>

namespace tessera
{

/// Up to 1024 bits, as the RTL's packed vectors: element 0 in the low bits.
/// A fixed store, because signals copy their values in every cycle.
class packed
{
  public:
    static constexpr int kMaxBits = 1024;

    packed() = default;

    explicit packed(int bits);

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

    int bits_ = 0;
    std::array<std::uint64_t, kMaxBits / 64> word_{};
};

} // namespace tessera
