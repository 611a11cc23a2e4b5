// SPDX-License-Identifier: Apache-2.0
/// @file
/// SystemC as a guest: several simulations in a program that is not SystemC's own.
#pragma once

#include <systemc>

namespace tessera
{

/// Makes a context the one that SystemC's functions work on, until it goes out of scope.
class in_context
{
  public:
    explicit in_context(sc_core::sc_simcontext *context);
    ~in_context();
    in_context(const in_context &) = delete;
    in_context &operator=(const in_context &) = delete;

  private:
    sc_core::sc_simcontext *before_;
};

} // namespace tessera
