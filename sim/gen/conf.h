/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A bench file, tests/blocks/BLOCK.conf: the configurations under test and the faults to put in.
 *
 *   config LABEL Param=Value ...   a parameter set; parameters not named keep their presets
 *   exhaustive [LABEL ...]         all combinations of the input bits (in those configurations)
 *   fault KIND FROM => TO          one textual change of the source of that kind (c, rtl, systemc)
 *   bench GROUP                    the Verilated model that the block shares with others
 *   test FILE                      a further test source, beside BLOCK_oracle_test.cpp
 *   systemc FILE                   a hand-written module, sim/FILE.h and .cpp, instead of the shell
 *   lockstep FILE                  a test source instead of the generic SystemC = RTL
 *   mutation LABEL                 the configuration that is mutated and proved; else the first
 *   proof [MODULE] Param=Value ... what is proved where the full size is too large
 *
 * A # in the first column starts a comment. tessera_mutate reads the faults, CMake `bench` to
 * `lockstep`, and the scripts of tests/mutation/rtl and tests/proof the last two.
 */
#ifndef TESSERA_GEN_CONF_H
#define TESSERA_GEN_CONF_H

#include "tessera/block.h"

enum { CONF_MAX_CONFIGS = 16, CONF_MAX_TESTS = 8, CONF_NAME_SIZE = 64 };

/** What follows the block's name where its RTL has the fault. */
#define CONF_FAULTY "_faulty"

struct conf_config {
    char label[32];
    bool exhaustive;
    int64_t params[TS_MAX_PARAMS];
};

struct conf {
    const char *path;
    const struct ts_block *block;
    int n_configs;
    struct conf_config configs[CONF_MAX_CONFIGS];
    int n_tests;
    char tests[CONF_MAX_TESTS][CONF_NAME_SIZE]; /**< files whose tests are the block's */
    bool faulty;                                /**< the RTL is the one with the fault */
};

static inline const char *conf_suffix(const struct conf *conf)
{
    return conf->faulty ? CONF_FAULTY : "";
}

/** Reads a bench file. On an error prints path:line: message and returns false. */
bool conf_read(struct conf *conf, const char *path);

#endif
