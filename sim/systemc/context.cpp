// SPDX-License-Identifier: Apache-2.0
// Contexts, and what SystemC's library wants of a program.
#include "systemc/context.h"

// The library has a main() that calls this one; programs with their own never get there, and
// others have their own sc_main().
__attribute__((weak)) int sc_main(int, char **)
{
    return 1;
}

// With each context the library loses what its clock has yet to do: a few bytes, which the leak
// sanitizer would report.
extern "C" __attribute__((weak)) const char *__lsan_default_suppressions()
{
    return "leak:sc_core::sc_event_timed::allocate\n";
}

namespace tessera
{

in_context::in_context(sc_core::sc_simcontext *context) : before_(sc_core::sc_curr_simcontext)
{
    sc_core::sc_curr_simcontext = context;
}

in_context::~in_context()
{
    sc_core::sc_curr_simcontext = before_;
}

} // namespace tessera
