// SPDX-License-Identifier: Apache-2.0
/// @file
/// A memory of a machine with what is in it: a store for each operand of a job, in halves.
#pragma once

#include "machine/command.h"

#include <cstddef>
#include <vector>

namespace tessera
{

/// Codes of one operand in two halves. Where nothing was written there are zeros.
class store
{
  public:
    std::uint32_t read(int half, std::int64_t at) const
    {
        const auto &codes = halves_[static_cast<std::size_t>(half)];
        const auto i = static_cast<std::size_t>(at);
        return i < codes.size() ? codes[i] : 0;
    }

    void write(int half, std::int64_t at, std::uint32_t code);

    /// Shows at the ports what was written since the last time.
    void show();

    void trace(sc_core::sc_trace_file *file, const std::string &name) const;

    /// What is in a half, as far as it was ever written.
    std::vector<std::uint32_t> &half(int index)
    {
        return halves_[static_cast<std::size_t>(index)];
    }

  private:
    // Zero-time machines write from the sequencer, others from the unit at work.
    template <class T> using wire = sc_core::sc_signal<T, sc_core::SC_UNCHECKED_WRITERS>;

    std::array<std::vector<std::uint32_t>, 2> halves_;
    int half_ = 0;
    std::int64_t at_ = 0, writes_ = 0;
    std::uint32_t code_ = 0;
    wire<int> half_o_;
    wire<std::int64_t> address_o_, writes_o_;
    wire<std::uint32_t> data_o_;
};

/// Ports of a store are traced as OPERAND_PORT: half, address and data of the last element that is
/// written in this clock, and how many there have been.
class memory : public sc_core::sc_module
{
  public:
    /// Of so many operands, from `first` on.
    memory(sc_core::sc_module_name name, operand_index first, int operands);

    store &operator[](operand_index operand)
    {
        return stores_[static_cast<std::size_t>(operand)];
    }

    void clear();
    void trace(sc_core::sc_trace_file *file) const override;

  private:
    int first_, operands_;
    std::array<store, OPERANDS> stores_;
};

} // namespace tessera
