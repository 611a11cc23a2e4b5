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

/** The wrapper's port list, with a further prefix. */
void gen_ports(FILE *out, const struct conf *conf, const char *prefix);

/** SystemVerilog module GROUP_bench: the wrappers of several, ports prefixed as gen_prefix(). */
void gen_group(FILE *out, const char *group, const struct conf *confs, int n_confs);

/** C++: the benches of that group, whose `confs` go in pairs: a block, and the same faulty. */
void gen_benches(FILE *out, const char *group, const struct conf *confs, int n_confs);

/** C++ of a library to be loaded: tessera_make_rtl() makes an rtl_block. */
void gen_loadable(FILE *out, const struct conf *conf);

/** C++ header: the block's SystemC module, one named port per descriptor port. */
void gen_module(FILE *out, const struct ts_block *block);

enum { GEN_PREFIX_SIZE = CONF_NAME_SIZE + sizeof CONF_FAULTY };

/** BLOCK_ or BLOCK_faulty_: what comes before the names of one of a group. */
static inline void gen_prefix(char prefix[GEN_PREFIX_SIZE], const struct conf *conf)
{
    snprintf(prefix, GEN_PREFIX_SIZE, "%.60s%s_", conf->block->name, conf_suffix(conf));
}

static inline const char *gen_suffix(enum ts_port_dir dir)
{
    return dir == TS_IN ? "_i" : "_o";
}

static inline int gen_width(const struct ts_port *port, const int64_t *params)
{
    return ts_port_bits(port, params) * ts_port_count(port, params);
}

#ifdef __cplusplus
}
#endif
#endif
