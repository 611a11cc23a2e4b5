/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Blocks for SystemVerilog simulators, through DPI-C: what package tessera_dpi of tessera_dpi.svh
 * imports from libtessera_dpi. Types are those of IEEE 1800 annex I, written out: bit is unsigned
 * char, int unsigned is uint32_t, chandle is a pointer, string is const char *.
 *
 * Ports are vectors as in the RTL, element 0 in the low bits, and pass in words of 32 bits. What
 * went wrong last in this thread is in tessera_error(), empty after a call that went well.
 */
#ifndef TESSERA_DPI_H
#define TESSERA_DPI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A block with parameters such as "Lanes=8 Variant=split", reset; NULL on an error. */
void *tessera_open(const char *block, const char *parameters);
void tessera_close(void *handle);
const char *tessera_error(void);

/** Cycles from valid_i to valid_o in the RTL. */
int tessera_latency(void *handle);
/** The number of a port by its RTL name (a_i); -1 if there is none or it has not `width` bits. */
int tessera_port(void *handle, const char *name, int width);

/** Word `word` of an input port's vector, for the next step or clock. */
void tessera_put(void *handle, int port, int word, uint32_t value);
/** Word `word` of an output port's vector, after a step or clock that returned 1. */
uint32_t tessera_get(void *handle, int port, int word);

void tessera_reset(void *handle);
/** One operation, or an idle clock of a block with state; whether it yields an output, at once. */
unsigned char tessera_step(void *handle, unsigned char valid);
/**
 * One rising edge: what the RTL shows after it, `latency` cycles behind; an mpe's and a mac_array's
 * ports in the cycles that their descriptors say. Returns valid_o.
 */
unsigned char tessera_clock(void *handle, unsigned char rst_n, unsigned char valid);

#ifdef __cplusplus
}
#endif
#endif
