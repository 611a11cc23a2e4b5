// SPDX-License-Identifier: Apache-2.0
// Prints a mismatch with values decoded by the ports' formats.
#include "cosim/mismatch.h"

#include <cinttypes>
#include <cstdio>

namespace tessera
{

namespace
{

std::string element_text(const ts_port &port, const std::int64_t *params, std::uint64_t word)
{
    int bits = ts_port_bits(&port, params);
    const ts_format *format = ts_port_format(&port, params);
    char text[64];
    int n = std::snprintf(text, sizeof text, "0x%0*" PRIx64, (bits + 3) / 4, word);
    std::size_t rest = sizeof text - static_cast<std::size_t>(n);
    if (port.control)
        return text;
    if (format)
        std::snprintf(text + n, rest, " (%.9g)",
                      ts_to_double(format, static_cast<std::uint32_t>(word)));
    else
        std::snprintf(text + n, rest, " (%" PRId64 ")", ts_sign_extend(word, bits));
    return text;
}

std::string port_text(const ts_port &port, const std::int64_t *params, const std::uint64_t *words)
{
    std::string text;
    for (int i = 0; i < ts_port_count(&port, params); i++)
        text += (i ? ", " : "") + element_text(port, params, words[i]);
    return text;
}

std::string side_text(const bench &bench, const std::int64_t *params, int port, const shown &side)
{
    if (!side.valid)
        return "valid_o = 0";
    return port_text(bench.block.ports[port], params,
                     side.out + ts_port_first(&bench.block, port, params));
}

} // namespace

std::string describe_mismatch(const bench &bench, int config, std::uint64_t cycle,
                              const std::uint64_t *in, const shown &expected, const shown &got)
{
    const ts_block &block = bench.block;
    const std::int64_t *params = bench.configs[config].params;
    std::string text = std::string(block.name) + " " + bench.configs[config].label + " (";
    for (int i = 0; i < block.n_params; i++)
        text +=
            (i ? " " : "") + std::string(block.params[i].name) + "=" + std::to_string(params[i]);
    text += "), cycle " + std::to_string(cycle) + "\n";
    for (int i = 0; i < block.n_ports; i++) {
        const ts_port &port = block.ports[i];
        if (port.dir == TS_IN)
            text += std::string("  ") + port.name +
                    "_i: " + port_text(port, params, in + ts_port_first(&block, i, params)) + "\n";
        else
            text += std::string("  ") + port.name + "_o: " + expected.who + " " +
                    side_text(bench, params, i, expected) + "; " + got.who + " " +
                    side_text(bench, params, i, got) + "\n";
    }
    return text;
}

} // namespace tessera
