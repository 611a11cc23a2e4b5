/* SPDX-License-Identifier: Apache-2.0 */
/* lfsr: the random words of stochastic rounding. */
#include "core/lfsr_block.h"

enum { WIDTH, POLYNOMIAL, SEED, BITS, STAGES };

static const struct ts_param params[] = {
    [WIDTH] = TS_PARAM_LFSR_WIDTH,
    [POLYNOMIAL] = TS_PARAM_LFSR_POLYNOMIAL,
    [SEED] = TS_PARAM_LFSR_SEED,
    [BITS] = {"Bits", 1, 32, TS_RANDOM_BITS, .doc = "of a word: steps of the register for each"},
    [STAGES] = {"Stages", 1, 1, 1, .doc = "pipeline registers, cycles"},
};

static int word_bits(const int64_t *p)
{
    return (int)p[BITS];
}

static const struct ts_port ports[] = {
    {"reseed", TS_IN, .control = true, .bits = 1, .doc = "the word is the first one of the seed"},
    {"word", TS_OUT, .control = true, .bits_of = word_bits, .doc = "random bits, the first lowest"},
};

static const char *check(const int64_t *p)
{
    return ts_lfsr_check((int)p[WIDTH], (uint32_t)p[POLYNOMIAL], (uint32_t)p[SEED]);
}

static int latency(const int64_t *p)
{
    return (int)p[STAGES];
}

static size_t state_bytes(const int64_t *p)
{
    (void)p;
    return sizeof(struct ts_lfsr);
}

static void reset(const int64_t *p, void *state)
{
    *(struct ts_lfsr *)state = (struct ts_lfsr){(uint32_t)p[POLYNOMIAL], (uint32_t)p[SEED]};
}

static bool step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    if (!valid)
        return false;
    if (in[0])
        reset(p, state);
    out[0] = ts_lfsr_word(state, word_bits(p));
    return true;
}

/* A register that starts again at every other word never gets anywhere. */
static void stress(const int64_t *p, uint64_t random, uint64_t *in)
{
    enum { RESEED_ONE_IN = 64 };
    (void)p;
    in[0] = random % RESEED_ONE_IN == 0;
}

const struct ts_block ts_block_lfsr = {
    .name = "lfsr",
    .brief = "random words from a Galois shift register",
    .source = "[A]",
    .params = params,
    .n_params = TS_COUNT(params),
    .ports = ports,
    .n_ports = TS_COUNT(ports),
    .cuts = "output",
    .latency = latency,
    .check = check,
    .state_bytes = state_bytes,
    .reset = reset,
    .step = step,
    .stress = stress,
};
