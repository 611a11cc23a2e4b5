/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the SystemVerilog wrapper: one Verilated model covers every configuration of a block. */
#include "gen.h"

#include <inttypes.h>

static void print_port(FILE *out, int config, const struct ts_port *port, const int64_t *params)
{
    int width = ts_port_bits(port, params) * ts_port_count(port, params);
    fprintf(out, ",\n  %s logic [%d:0] c%d_%s%s", port->dir == TS_IN ? "input " : "output",
            width - 1, config, port->name, gen_suffix(port->dir));
}

static void print_instance(FILE *out, const struct conf *conf, int config)
{
    const struct ts_block *block = conf->block;
    const int64_t *params = conf->configs[config].params;
    fprintf(out, "\n  // %s\n  %s #(", conf->configs[config].label, block->name);
    for (int i = 0; i < block->n_params; i++)
        fprintf(out, "%s.%s(%" PRId64 ")", i ? ", " : "", block->params[i].name, params[i]);
    fprintf(out, ") u_c%d (\n    .clk_i, .rst_ni, .valid_i(c%d_valid_i), .valid_o(c%d_valid_o)",
            config, config, config);
    for (int i = 0; i < block->n_ports; i++) {
        const struct ts_port *port = &block->ports[i];
        const char *suffix = gen_suffix(port->dir);
        fprintf(out, ",\n    .%s%s(c%d_%s%s)", port->name, suffix, config, port->name, suffix);
    }
    fprintf(out, "\n  );\n");
}

void gen_wrapper(FILE *out, const struct conf *conf)
{
    fprintf(out, "// Generated: every configuration of %s under test.\n", conf->block->name);
    fprintf(out, "module %s_bench (\n  input  logic clk_i,\n  input  logic rst_ni",
            conf->block->name);
    for (int c = 0; c < conf->n_configs; c++) {
        fprintf(out, ",\n  input  logic c%d_valid_i,\n  output logic c%d_valid_o", c, c);
        for (int i = 0; i < conf->block->n_ports; i++)
            print_port(out, c, &conf->block->ports[i], conf->configs[c].params);
    }
    fprintf(out, "\n);\n");
    for (int c = 0; c < conf->n_configs; c++)
        print_instance(out, conf, c);
    fprintf(out, "\nendmodule\n");
}
