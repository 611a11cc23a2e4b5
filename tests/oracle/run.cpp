// SPDX-License-Identifier: Apache-2.0
// Environment, reports, and blocks driven by their descriptors.
#include "oracle/run.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace oracle
{

static uint64_t environment(const char *name, uint64_t otherwise)
{
    const char *text = std::getenv(name);
    return text && *text ? std::strtoull(text, nullptr, 0) : otherwise;
}

uint64_t seed()
{
    return environment("TESSERA_SEED", 1);
}

uint64_t vectors(uint64_t wanted)
{
    return std::min(wanted, environment("TESSERA_VECTORS", wanted));
}

uint64_t long_vectors(uint64_t wanted)
{
    return environment("TESSERA_VECTORS", wanted);
}

void report(const char *test, uint64_t count)
{
    std::printf("%s: %" PRIu64 " vectors, seed %" PRIu64 "\n", test, count, seed());
}

Block::Block(const char *name, Settings settings) : block_(ts_block_find(name))
{
    if (!block_)
        throw std::runtime_error(std::string("no block ") + name);
    ts_block_presets(block_, params_);
    for (const auto &[param_name, value] : settings) {
        int i = ts_block_param(block_, param_name);
        if (i < 0)
            throw std::runtime_error(std::string(name) + " has no parameter " + param_name);
        params_[i] = value;
    }
    if (const char *why = ts_block_check(block_, params_))
        throw std::runtime_error(why);
    in.resize(static_cast<size_t>(ts_block_words(block_, TS_IN, params_)));
    out.resize(static_cast<size_t>(ts_block_words(block_, TS_OUT, params_)));
    state_.resize(block_->state_bytes ? block_->state_bytes(params_) : 0);
    if (block_->reset)
        block_->reset(params_, state_.data());
}

int Block::find_port(const char *port, ts_port_dir dir) const
{
    for (int i = 0; i < block_->n_ports; i++)
        if (block_->ports[i].dir == dir && std::strcmp(block_->ports[i].name, port) == 0)
            return i;
    throw std::runtime_error(std::string(block_->name) + " has no port " + port);
}

size_t Block::in_word(const char *port) const
{
    return static_cast<size_t>(ts_port_first(block_, find_port(port, TS_IN), params_));
}

int Block::in_bits(const char *port) const
{
    return ts_port_bits(&block_->ports[find_port(port, TS_IN)], params_);
}

int64_t Block::param(const char *name) const
{
    int i = ts_block_param(block_, name);
    if (i < 0)
        throw std::runtime_error(std::string(block_->name) + " has no parameter " + name);
    return params_[i];
}

void Block::append(std::string &text, ts_port_dir dir, const std::vector<uint64_t> &words) const
{
    size_t word = 0;
    for (int i = 0; i < block_->n_ports; i++) {
        const ts_port &port = block_->ports[i];
        if (port.dir != dir)
            continue;
        const ts_format *format = ts_port_format(&port, params_);
        int bits = ts_port_bits(&port, params_);
        for (int n = 0; n < ts_port_count(&port, params_); n++, word++) {
            char item[128];
            uint64_t w = words[word];
            if (port.control)
                std::snprintf(item, sizeof item, " %s=%" PRIu64, port.name, w);
            else if (format)
                std::snprintf(item, sizeof item, " %s=0x%" PRIX64 " (%a = %.9g)", port.name, w,
                              ts_to_double(format, static_cast<uint32_t>(w)),
                              ts_to_double(format, static_cast<uint32_t>(w)));
            else
                std::snprintf(item, sizeof item, " %s=0x%" PRIX64 " (%" PRId64 ")", port.name, w,
                              ts_sign_extend(w, bits));
            text += item;
        }
    }
}

std::string Block::describe(const std::vector<uint64_t> &expected) const
{
    std::string text = block_->name;
    for (int i = 0; i < block_->n_params; i++)
        text += std::string(" ") + block_->params[i].name + "=" + std::to_string(params_[i]);
    text += "\n  operands:";
    append(text, TS_IN, in);
    text += "\n  expected:";
    append(text, TS_OUT, expected);
    text += "\n  got:     ";
    append(text, TS_OUT, out);
    return text + "\n  seed " + std::to_string(seed());
}

uint64_t word_of(int64_t value, int bits)
{
    return static_cast<uint64_t>(value) % (uint64_t{1} << bits);
}

int64_t integer_of(uint64_t word, int bits)
{
    int64_t span = int64_t{1} << bits;
    int64_t value = static_cast<int64_t>(word);
    return value >= span / 2 ? value - span : value;
}

bool fp4_mode(int64_t modes, uint64_t port)
{
    return modes == TS_MODE_FP4 || (modes == (TS_MODE_INT4 | TS_MODE_FP4) && port == 1);
}

} // namespace oracle
