// SPDX-License-Identifier: Apache-2.0
/// @file
/// A descriptor that is no block's, with something of everything.
#pragma once

#include "tessera/block.h"

#include <cstdint>
#include <vector>

namespace made_up
{

enum { LANES, KIND, SHIFT };

const char *const kKinds[] = {"plain", "fancy", nullptr};

// The last one is not the block's.
const ts_param kParams[] = {
    {"Lanes", 1, 16, 4, true, nullptr, "a power of two"},
    {"Kind", 1, 2, 1, false, kKinds, "has names"},
    {"Shift", -3, 5, 0, false, nullptr, "may be negative"},
    {"Other", 7, 7, 7, false, nullptr, "another block's"},
};

// The last two are not the block's.
const ts_port kPorts[] = {
    {"flag", TS_IN, true, false, nullptr, nullptr, 1, nullptr, nullptr, nullptr, "narrow control"},
    {"code", TS_IN, false, false, &ts_format_dlfloat16, nullptr, 16, nullptr, nullptr, nullptr,
     "format"},
    {"sum", TS_OUT, false, false, nullptr, nullptr, 24, nullptr, nullptr, nullptr, "integer"},
    {"lane", TS_IN, false, false, nullptr, nullptr, 5, nullptr,
     [](const int64_t *p) { return static_cast<int>(p[LANES]); },
     [](const int64_t *p, int element, int latency) {
         return static_cast<int>(p[KIND]) + 10 * element + 100 * latency;
     },
     "narrow integers"},
    {"wide", TS_IN, false, false, nullptr, nullptr, 0,
     [](const int64_t *p) { return static_cast<int>(20 + p[SHIFT]); },
     [](const int64_t *p) { return static_cast<int>(p[KIND]); }, nullptr, "wide integers"},
    {"word", TS_IN, true, false, nullptr, nullptr, 12, nullptr, nullptr, nullptr, "wide control"},
    {"kind", TS_OUT, false, false, nullptr,
     [](const int64_t *p) { return p[KIND] == 2 ? &ts_format_fp32 : nullptr; }, 32, nullptr,
     nullptr, nullptr, "perhaps a format"},
    {"other", TS_IN, true, false, nullptr, nullptr, 1, nullptr, nullptr, nullptr,
     "another block's"},
    {"other", TS_OUT, true, false, nullptr, nullptr, 1, nullptr, nullptr, nullptr,
     "another block's"},
};

inline const char *check(const int64_t *p)
{
    return p[KIND] == 2 && p[SHIFT] < 0 ? "fancy ones shift upwards" : nullptr;
}

inline ts_block make_block()
{
    ts_block block{};
    block.name = "made_up";
    block.params = kParams;
    block.n_params = 3;
    block.ports = kPorts;
    block.n_ports = 7;
    block.check = check;
    return block;
}

const ts_block kBlock = make_block();

inline std::vector<std::int64_t> presets()
{
    std::vector<std::int64_t> params(TS_MAX_PARAMS, 99);
    ts_block_presets(&kBlock, params.data());
    return params;
}

} // namespace made_up
