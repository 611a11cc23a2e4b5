// SPDX-License-Identifier: Apache-2.0
// What every oracle test shares: seed and count from the environment, a block with its words.
#ifndef TESSERA_TESTS_ORACLE_RUN_H
#define TESSERA_TESTS_ORACLE_RUN_H

#include "tessera/tessera.h"

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace oracle
{

/** TESSERA_SEED, or 1. */
uint64_t seed();

/** `wanted`, or TESSERA_VECTORS when that is less. */
uint64_t vectors(uint64_t wanted);

/** `wanted`, or TESSERA_VECTORS when that is given: the run that a long test makes longer. */
uint64_t long_vectors(uint64_t wanted);

/** Prints how many vectors of which seed a test has compared. */
void report(const char *test, uint64_t count);

/** A block with its parameters, state and port words. */
class Block
{
  public:
    using Settings = std::initializer_list<std::pair<const char *, int64_t>>;

    Block(const char *name, Settings settings);

    void draw(ts_random &random)
    {
        ts_random_inputs(&random, block_, params_, in.data());
    }

    bool step(bool valid = true)
    {
        return block_->step(params_, state_.data(), valid, in.data(), out.data());
    }

    /** Index of an input port's first word. */
    size_t in_word(const char *port) const;
    /** Bits of one element of an input port. */
    int in_bits(const char *port) const;
    int64_t param(const char *name) const;

    /** Operands, what was expected and what came, as codes and as numbers. */
    std::string describe(const std::vector<uint64_t> &expected) const;

    std::vector<uint64_t> in;
    std::vector<uint64_t> out;

  private:
    int find_port(const char *port, ts_port_dir dir) const;
    void append(std::string &text, ts_port_dir dir, const std::vector<uint64_t> &words) const;

    const ts_block *block_;
    int64_t params_[TS_MAX_PARAMS];
    std::vector<unsigned char> state_;
};

/** `value` in two's complement of so many bits. */
uint64_t word_of(int64_t value, int bits);
int64_t integer_of(uint64_t word, int bits);

/** A uniform number below `bound`. */
inline int below(ts_random &random, int bound)
{
    return static_cast<int>(ts_random_next(&random) % static_cast<uint64_t>(bound));
}

/** Whether the products have FP4's weight 2^-6: by Modes, and by the port when there are both. */
bool fp4_mode(int64_t modes, uint64_t port);

} // namespace oracle

#endif
