// SPDX-License-Identifier: Apache-2.0
/// @file
/// Included before Verilator's runtime: what a stranger's module prints goes to its model.
#pragma once

extern "C" int tessera_foreign_print(const char *format, ...);

#define VL_PRINTF tessera_foreign_print
