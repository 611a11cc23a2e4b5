/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints the SystemVerilog wrapper of a block, which holds each of its configurations.
 * Its inputs pass registers. So a cycle is one evaluation, where combinational logic between
 * top-level inputs and registers would be evaluated at both edges of the clock.
 */
#include "gen.h"

#include <inttypes.h>

void gen_ports(FILE *out, const struct conf *conf, const char *prefix)
{
    fprintf(out, "  input  logic %sclk_i,\n  input  logic %srst_ni", prefix, prefix);
    for (int c = 0; c < conf->n_configs; c++) {
        fprintf(out, ",\n  input  logic %sc%d_valid_i,\n  output logic %sc%d_valid_o", prefix, c,
                prefix, c);
        for (int i = 0; i < conf->block->n_ports; i++) {
            const struct ts_port *port = &conf->block->ports[i];
            fprintf(out, ",\n  %s logic [%d:0] %sc%d_%s%s",
                    port->dir == TS_IN ? "input " : "output",
                    gen_width(port, conf->configs[c].params) - 1, prefix, c, port->name,
                    gen_suffix(port->dir));
        }
    }
}

static void print_registers(FILE *out, const struct conf *conf, int config)
{
    const struct ts_block *block = conf->block;
    fprintf(out, "  logic c%d_valid_q;\n", config);
    for (int i = 0; i < block->n_ports; i++)
        if (block->ports[i].dir == TS_IN)
            fprintf(out, "  logic [%d:0] c%d_%s_q;\n",
                    gen_width(&block->ports[i], conf->configs[config].params) - 1, config,
                    block->ports[i].name);
    fprintf(out, "  always_ff @(posedge clk_i) begin\n");
    fprintf(out, "    c%d_valid_q <= c%d_valid_i;\n", config, config);
    for (int i = 0; i < block->n_ports; i++)
        if (block->ports[i].dir == TS_IN)
            fprintf(out, "    c%d_%s_q <= c%d_%s_i;\n", config, block->ports[i].name, config,
                    block->ports[i].name);
    fprintf(out, "  end\n");
}

static void print_instance(FILE *out, const struct conf *conf, int config)
{
    const struct ts_block *block = conf->block;
    const int64_t *params = conf->configs[config].params;
    fprintf(out, "  %s%s #(", block->name, conf_suffix(conf));
    for (int i = 0; i < block->n_params; i++)
        fprintf(out, "%s.%s(%" PRId64 ")", i ? ", " : "", block->params[i].name, params[i]);
    fprintf(out, ") u_c%d (\n    .clk_i, .rst_ni(rst_nq), ", config);
    fprintf(out, ".valid_i(c%d_valid_q), .valid_o(c%d_valid_o)", config, config);
    for (int i = 0; i < block->n_ports; i++) {
        const struct ts_port *port = &block->ports[i];
        fprintf(out, ",\n    .%s%s(c%d_%s%s)", port->name, gen_suffix(port->dir), config,
                port->name, port->dir == TS_IN ? "_q" : "_o");
    }
    fprintf(out, "\n  );\n");
}

void gen_wrapper(FILE *out, const struct conf *conf)
{
    fprintf(out, "// Generated: every configuration of %s under test.\n", conf->block->name);
    fprintf(out, "module %s%s_bench (\n", conf->block->name, conf_suffix(conf));
    gen_ports(out, conf, "");
    fprintf(out, "\n);\n\n  logic rst_nq;\n  always_ff @(posedge clk_i) rst_nq <= rst_ni;\n");
    for (int c = 0; c < conf->n_configs; c++) {
        fprintf(out, "\n  // %s\n", conf->configs[c].label);
        print_registers(out, conf, c);
        print_instance(out, conf, c);
    }
    fprintf(out, "\nendmodule\n");
}
