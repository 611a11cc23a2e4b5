// SPDX-License-Identifier: Apache-2.0
#include "netlist/print.h"

#include "netlist/layout.h"

#include <cinttypes>
#include <string>

namespace tessera
{

namespace
{

int width(const layout::port &port)
{
    return port.width * port.count;
}

// Connections of the block's ports to slices of a vector.
void print_connections(std::FILE *out, const layout &layout, const char *suffix, const char *vector)
{
    for (const layout::port &port : layout.ports())
        std::fprintf(out, ",\n    .%s_%s(%s[%d:%d])", port.description->name, suffix, vector,
                     port.first + width(port) - 1, port.first);
}

void print_instance(std::FILE *out, const bench &bench, const char *module, const char *in,
                    const char *outputs, const char *more)
{
    const std::int64_t *params = bench.configs[0].params;
    std::fprintf(out, "  %s u_%s (\n    .clk_i(clk_i),\n    .rst_ni(~%s[%d]),\n", module, module,
                 in, layout::kReset);
    std::fprintf(out, "    .valid_i(%s[%d]),\n    .valid_o(%s[%d])%s", in, layout::kValidIn,
                 outputs, layout::kValidOut, more);
    print_connections(out, layout(bench.block, params, TS_IN), "i", in);
    print_connections(out, layout(bench.block, params, TS_OUT), "o", outputs);
    std::fprintf(out, "\n  );\n");
}

} // namespace

void print_parameters(std::FILE *out, const bench &bench)
{
    const ts_block &block = bench.block;
    if (block.n_params == 0)
        return;
    std::fprintf(out, "chparam");
    for (int i = 0; i < block.n_params; i++)
        std::fprintf(out, " -set %s %" PRId64, block.params[i].name, bench.configs[0].params[i]);
    std::fprintf(out, " %s\n", block.name);
}

void print_bench(std::FILE *out, const bench &bench, bool mutants)
{
    const std::int64_t *params = bench.configs[0].params;
    layout in(bench.block, params, TS_IN), outputs(bench.block, params, TS_OUT);
    std::fprintf(out,
                 "module netlist_bench (\n"
                 "  input  logic clk_i,\n"
                 "  input  logic [15:0] mutant_i,\n"
                 "  input  logic [%zu:0] in_i,\n"
                 "  output logic [%zu:0] out_o\n);\n\n",
                 32 * in.words() - 1, 32 * outputs.words() - 1);
    std::fprintf(out,
                 "  logic [15:0] mutant_q;\n  logic [%d:0] in_q;\n"
                 "  always_ff @(posedge clk_i) begin\n"
                 "    mutant_q <= mutant_i;\n    in_q <= in_i[%d:0];\n  end\n",
                 in.bits() - 1, in.bits() - 1);
    std::fprintf(out, "  assign out_o[%zu:%d] = '0;\n", 32 * outputs.words() - 1, outputs.bits());
    print_instance(out, bench, "netlist", "in_q", "out_o",
                   mutants ? ",\n    .mutant(mutant_q)" : "");
    std::fprintf(out, "endmodule\n");
}

void print_miter(std::FILE *out, const bench &bench, int frames, bool mutants)
{
    const std::int64_t *params = bench.configs[0].params;
    layout in(bench.block, params, TS_IN), outputs(bench.block, params, TS_OUT);
    int top = outputs.bits() - 1;
    std::fprintf(out,
                 "module miter (\n  input  logic clk_i,\n  input  logic [%d:0] in_i,\n%s"
                 "  input  logic forced_i,\n  output logic bad_o\n);\n\n",
                 in.bits() - 1, mutants ? "  input  logic [15:0] mutant_i,\n" : "");
    // Which frame it is, in unary.
    std::fprintf(out,
                 "  logic [%d:0] frame_q = '0;\n  logic forced_q = 1'b0, forced;\n"
                 "  assign forced = frame_q[0] ? forced_q : %s;\n"
                 "  always_ff @(posedge clk_i) begin\n"
                 "    frame_q <= {frame_q, 1'b1};\n    forced_q <= forced;\n  end\n",
                 frames > 0 ? frames - 1 : 0, frames > 0 ? "forced_i" : "1'b1");
    std::fprintf(out,
                 "  logic [%d:0] in;\n  assign in = {in_i[%d:1], in_i[0] | (forced & "
                 "~frame_q[0])};\n",
                 in.bits() - 1, in.bits() - 1);
    std::fprintf(out, "  logic [%d:0] gold, gate;\n", top);
    print_instance(out, bench, "gold", "in", "gold", mutants ? ",\n    .mutant('0)" : "");
    print_instance(out, bench, "gate", "in", "gate", mutants ? ",\n    .mutant(mutant_i)" : "");
    std::fprintf(out, "  logic different;\n");
    std::fprintf(out, "  assign different = gold[0] != gate[0] | (%s gold != gate);\n",
                 bench.block.own_timing ? "" : "gold[0] &");
    // frame_q[k] is 1 after frame k.
    std::string last = frames > 1 ? "frame_q[" + std::to_string(frames - 2) + "]" : "1'b1";
    std::fprintf(out, "  assign bad_o = different & (forced ? frame_q[0] : %s);\n", last.c_str());
    std::fprintf(out, "endmodule\n");
}

void print_always(std::FILE *out, const bench &bench)
{
    std::fprintf(out, "valid_o\n");
    const ts_block &block = bench.block;
    for (int i = 0; i < block.n_ports; i++)
        if (block.ports[i].dir == TS_OUT && (block.own_timing || block.ports[i].always))
            std::fprintf(out, "%s_o\n", block.ports[i].name);
}

} // namespace tessera
