/* SPDX-License-Identifier: Apache-2.0 */
/** @file What the bench generator prints from a block descriptor and its configurations. */
#ifndef TESSERA_GEN_GEN_H
#define TESSERA_GEN_GEN_H

#include "conf.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/** SystemVerilog module BLOCK_bench: every configuration, ports prefixed c0_, c1_, ... */
void gen_wrapper(FILE *out, const struct conf *conf);

/** C++: the configurations, and an rtl_block around the Verilated wrapper. */
void gen_adaptor(FILE *out, const struct conf *conf);

/** C++ of a library to be loaded: tessera_make_rtl() makes an rtl_block. */
void gen_loadable(FILE *out, const struct conf *conf);

/** C++ header: the block's SystemC module, one named port per descriptor port. */
void gen_module(FILE *out, const struct ts_block *block);

static inline const char *gen_suffix(enum ts_port_dir dir)
{
    return dir == TS_IN ? "_i" : "_o";
}

#ifdef __cplusplus
}
#endif
#endif
