/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints the top of a group: one Verilated model for several blocks. Each block has a clock of
 * its own, so that one that is not under test costs nothing.
 */
#include "gen.h"

static void connect(FILE *out, const char *prefix, int config, const char *port, const char *suffix)
{
    fprintf(out, ",\n    .c%d_%s%s(%sc%d_%s%s)", config, port, suffix, prefix, config, port,
            suffix);
}

/* The wrapper's instance; its ports have at the top the block's name before them. */
static void print_instance(FILE *out, const struct conf *conf)
{
    char prefix[GEN_PREFIX_SIZE];
    gen_prefix(prefix, conf);
    fprintf(out, "  %sbench u_%s (\n", prefix, prefix);
    fprintf(out, "    .clk_i(%sclk_i),\n    .rst_ni(%srst_ni)", prefix, prefix);
    for (int c = 0; c < conf->n_configs; c++) {
        connect(out, prefix, c, "valid", "_i");
        connect(out, prefix, c, "valid", "_o");
        for (int i = 0; i < conf->block->n_ports; i++) {
            const struct ts_port *port = &conf->block->ports[i];
            connect(out, prefix, c, port->name, gen_suffix(port->dir));
        }
    }
    fprintf(out, "\n  );\n");
}

void gen_group(FILE *out, const char *group, const struct conf *confs, int n_confs)
{
    for (int i = 0; i < n_confs; i++) {
        gen_wrapper(out, &confs[i]);
        fputc('\n', out);
    }
    fprintf(out, "module %s_bench (\n", group);
    for (int i = 0; i < n_confs; i++) {
        char prefix[GEN_PREFIX_SIZE];
        gen_prefix(prefix, &confs[i]);
        fputs(i ? ",\n" : "", out);
        gen_ports(out, &confs[i], prefix);
    }
    fprintf(out, "\n);\n\n");
    for (int i = 0; i < n_confs; i++)
        print_instance(out, &confs[i]);
    fprintf(out, "\nendmodule\n");
}
