// SPDX-License-Identifier: Apache-2.0
/// @file
/// A stranger's module, Verilated behind a wrapper with the ports of one of our blocks.
#pragma once

#include <cstdint>
#include <string>

namespace tessera
{

/// A cycle is: drive(), settle(), sample(), rise(). Inputs change at the falling edge; what
/// sample() sees is what the next rising edge would see. Words are laid out as in ts_block::step.
class foreign_model
{
  public:
    virtual ~foreign_model() = default;

    virtual void drive(bool reset, bool valid, const std::uint64_t *in) = 0;
    virtual void settle() = 0;
    /// Returns valid_o, and reads the outputs in any case.
    virtual bool sample(std::uint64_t *out) const = 0;
    virtual void rise() = 0;

    /// Why the module ended the simulation of its own accord; empty while it has not.
    virtual const std::string &stopped() const = 0;
    /// Passes on what the module prints, to standard error.
    virtual void speak() = 0;

    /// Records a waveform from the next settle() on, into an FST file.
    virtual void record(const char *path) = 0;
    /// What the waveform shows beside the module's own signals.
    virtual void annotate(std::uint64_t cycle, bool valid, const std::uint64_t *expected,
                          bool differs) = 0;
};

} // namespace tessera
