// SPDX-License-Identifier: Apache-2.0
// Packed port values.
#include "systemc/packed.h"

#include <algorithm>
#include <iomanip>
#include <stdexcept>

namespace tessera
{

namespace
{

std::uint64_t low_ones(int bits)
{
    return bits < 64 ? (std::uint64_t{1} << bits) - 1 : ~std::uint64_t{0};
}

} // namespace

packed::packed(int bits) : bits_(bits), word_{}
{
    if (bits < 0 || bits > kMaxBits)
        throw std::length_error("port wider than tessera::packed can hold");
}

std::uint64_t packed::get(int first, int bits) const
{
    auto word = static_cast<std::size_t>(first / 64);
    int shift = first % 64;
    std::uint64_t value = word_[word] >> shift;
    if (shift + bits > 64)
        value |= word_[word + 1] << (64 - shift);
    return value & low_ones(bits);
}

void packed::set(int first, int bits, std::uint64_t value)
{
    auto word = static_cast<std::size_t>(first / 64);
    int shift = first % 64;
    std::uint64_t ones = low_ones(bits);
    value &= ones;
    word_[word] = (word_[word] & ~(ones << shift)) | value << shift;
    if (shift + bits > 64)
        word_[word + 1] = (word_[word + 1] & ~(ones >> (64 - shift))) | value >> (64 - shift);
}

bool packed::operator==(const packed &other) const
{
    return bits_ == other.bits_ &&
           std::equal(word_.begin(), word_.begin() + words(), other.word_.begin());
}

std::ostream &operator<<(std::ostream &out, const packed &value)
{
    std::ios::fmtflags flags = out.flags();
    out << std::dec << value.bits_ << "'h" << std::hex << std::setfill('0');
    for (int i = value.words() - 1; i >= 0; i--)
        out << std::setw(16) << value.word_[static_cast<std::size_t>(i)];
    out.flags(flags);
    return out;
}

void sc_trace(sc_core::sc_trace_file *file, const packed &value, const std::string &name)
{
    for (int i = 0; i < value.words(); i++)
        sc_core::sc_trace(file, value.word_[static_cast<std::size_t>(i)],
                          name + "_" + std::to_string(i), std::min(64, value.bits_ - 64 * i));
}

} // namespace tessera
