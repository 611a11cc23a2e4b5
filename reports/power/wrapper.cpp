// SPDX-License-Identifier: Apache-2.0
// Ports in a row, valid first, then as in the descriptor.
#include "power/wrapper.h"

#include <algorithm>
#include <stdexcept>

namespace tessera
{

namespace
{

// Wider than 64 bits, so that Verilator's type is the same for all designs.
constexpr int kLeast = 96;

int end_of(const std::vector<wrapped_port> &layout, bool output)
{
    int end = 0;
    for (const wrapped_port &port : layout)
        if (port.output == output)
            end = std::max(end, port.first + port.bits);
    return end;
}

std::string range(int first, int bits)
{
    return "[" + std::to_string(first + bits - 1) + ":" + std::to_string(first) + "]";
}

std::string rtl_name(const wrapped_port &port)
{
    return port.name + (port.output ? "_o" : "_i");
}

// A port of the netlist is one of bits: NAME, or NAME_0_, NAME_1_ and so on.
std::string netlist_connections(const wrapped_port &port, const flat_netlist &netlist)
{
    const std::string name = rtl_name(port), bus = port.output ? "netlist_o" : "in_i";
    std::string text;
    for (int bit = 0; bit < port.bits; bit++) {
        std::string scalar = name; // as splitnets names them
        scalar.append(1, '_').append(std::to_string(bit)).append(1, '_');
        if (port.bits == 1 && netlist.has_net(name))
            scalar = name;
        if (!netlist.has_net(scalar))
            throw std::runtime_error("netlist_top has no port " + scalar);
        text.append(",\n    .").append(scalar).append("(").append(bus).append("[");
        text.append(std::to_string(port.first + bit)).append("])");
    }
    return text;
}

} // namespace

std::vector<wrapped_port> mpe_layout(const ts_block &mpe, const std::int64_t *params)
{
    std::int64_t two[TS_MAX_PARAMS];
    std::copy_n(params, TS_MAX_PARAMS, two);
    two[ts_block_param(&mpe, "Simd")] = 2;
    std::vector<wrapped_port> layout = {{"valid", false, false, 0, 1},
                                        {"valid", true, false, 0, 1}};
    for (int i = 0; i < mpe.n_ports; i++) {
        const ts_port &port = mpe.ports[i];
        const bool output = port.dir == TS_OUT;
        const int count = ts_port_count(&port, params);
        layout.push_back({port.name, output, ts_port_count(&port, two) != count,
                          end_of(layout, output), count * ts_port_bits(&port, params)});
    }
    return layout;
}

std::string layout_text(const std::vector<wrapped_port> &layout)
{
    std::string text;
    for (const wrapped_port &port : layout)
        text += port.name + (port.output ? " out " : " in ") + std::to_string(port.first) + " " +
                std::to_string(port.bits) + (port.sliced ? " 1\n" : " 0\n");
    return text;
}

std::string wrapper_text(const ts_block &mpe, const std::int64_t *params,
                         const std::vector<wrapped_port> &layout, const flat_netlist &netlist)
{
    const int in = std::max(kLeast, end_of(layout, false));
    const int out = std::max(kLeast, end_of(layout, true));
    std::string text = "module power_bench (\n  input logic clk_i,\n  input logic rst_ni,\n"
                       "  input logic " +
                       range(0, in) + " in_i,\n  output logic " + range(0, out) +
                       " rtl_o,\n  output logic " + range(0, out) +
                       " netlist_o,\n  output logic [31:0] nets_o [" +
                       std::to_string(netlist.words()) + "]\n);\n";

    std::string values, rtl, scalars;
    for (int i = 0; i < mpe.n_params; i++)
        values += std::string(i ? ", ." : ".") + mpe.params[i].name + "(" +
                  std::to_string(params[i]) + ")";
    for (const wrapped_port &port : layout) {
        rtl += ",\n    ." + rtl_name(port) + "(" + (port.output ? "rtl_o" : "in_i") +
               range(port.first, port.bits) + ")";
        scalars += netlist_connections(port, netlist);
    }
    const std::string reset = netlist.has_net("rst_ni") ? ",\n    .rst_ni(rst_ni)" : "";
    const int used = end_of(layout, true);
    text += "  " + std::string(mpe.name) + " #(" + values +
            ") u_rtl (\n    .clk_i(clk_i),\n    .rst_ni(rst_ni)" + rtl + "\n  );\n";
    text += "  netlist_top u_netlist (\n    .clk_i(clk_i)" + reset + scalars +
            ",\n    .nets_o(nets_o)\n  );\n";
    if (used < out)
        text += "  assign rtl_o" + range(used, out - used) + " = '0;\n  assign netlist_o" +
                range(used, out - used) + " = '0;\n";
    return text + "endmodule\n";
}

} // namespace tessera
