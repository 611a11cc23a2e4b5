// SPDX-License-Identifier: Apache-2.0
// Stores, and what they show.
#include "machine/memory.h"

namespace tessera
{

void store::write(int half, std::int64_t at, std::uint32_t code)
{
    auto &codes = halves_[static_cast<std::size_t>(half)];
    const auto i = static_cast<std::size_t>(at);
    if (i >= codes.size())
        codes.resize(i + 1);
    codes[i] = code;
    half_ = half;
    at_ = at;
    code_ = code;
    writes_++;
}

void store::show()
{
    half_o_.write(half_);
    address_o_.write(at_);
    data_o_.write(code_);
    writes_o_.write(writes_);
}

void store::trace(sc_core::sc_trace_file *file, const std::string &name) const
{
    sc_core::sc_trace(file, half_o_, name + "_half_o");
    sc_core::sc_trace(file, address_o_, name + "_address_o");
    sc_core::sc_trace(file, data_o_, name + "_data_o");
    sc_core::sc_trace(file, writes_o_, name + "_writes_o");
}

memory::memory(sc_core::sc_module_name name, operand_index first, int operands)
    : sc_core::sc_module(name), first_(first), operands_(operands)
{
}

void memory::clear()
{
    for (store &each : stores_)
        for (int half = 0; half < 2; half++)
            each.half(half).clear();
}

void memory::trace(sc_core::sc_trace_file *file) const
{
    for (int i = first_; i < first_ + operands_; i++)
        stores_[static_cast<std::size_t>(i)].trace(
            file, std::string(name()) + "." + std::string(1, static_cast<char>('a' + i)));
}

} // namespace tessera
