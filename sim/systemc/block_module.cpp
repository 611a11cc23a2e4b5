// SPDX-License-Identifier: Apache-2.0
// Words of ts_block::step to and from packed port values.
#include "systemc/block_module.h"

namespace tessera
{

std::vector<port_layout> port_layouts(const ts_block &block, ts_port_dir dir,
                                      const std::int64_t *params)
{
    std::vector<port_layout> layouts;
    for (int i = 0; i < block.n_ports; i++)
        if (block.ports[i].dir == dir)
            layouts.push_back({ts_port_first(&block, i, params),
                               ts_port_count(&block.ports[i], params),
                               ts_port_bits(&block.ports[i], params)});
    return layouts;
}

packed pack_words(const port_layout &layout, const std::uint64_t *words)
{
    packed value(layout.count * layout.bits);
    for (int i = 0; i < layout.count; i++)
        value.set(i * layout.bits, layout.bits, words[layout.first + i]);
    return value;
}

void unpack_words(const port_layout &layout, const packed &value, std::uint64_t *words)
{
    for (int i = 0; i < layout.count; i++)
        words[layout.first + i] = value.get(i * layout.bits, layout.bits);
}

} // namespace tessera
