/* SPDX-License-Identifier: Apache-2.0 */
/* Prints a block's SystemC module: named ports on the shared shell. */
#include "gen.h"

static void print_ports(FILE *out, const struct ts_block *block, enum ts_port_dir dir)
{
    for (int i = 0; i < block->n_ports; i++) {
        const struct ts_port *port = &block->ports[i];
        if (port->dir != dir)
            continue;
        const char *suffix = gen_suffix(dir);
        fprintf(out, "    sc_core::sc_%s<packed> %s%s{\"%s%s\"}; ///< %s\n",
                dir == TS_IN ? "in" : "out", port->name, suffix, port->name, suffix, port->doc);
    }
}

static void print_list(FILE *out, const struct ts_block *block, enum ts_port_dir dir)
{
    const char *separator = "";
    fprintf(out, "{");
    for (int i = 0; i < block->n_ports; i++) {
        if (block->ports[i].dir != dir)
            continue;
        fprintf(out, "%s&%s%s", separator, block->ports[i].name, gen_suffix(dir));
        separator = ", ";
    }
    fprintf(out, "}");
}

void gen_module(FILE *out, const struct ts_block *block)
{
    const char *name = block->name;
    fprintf(out, "// Generated from the descriptor of %s.\n#pragma once\n\n", name);
    fprintf(out, "#include \"systemc/block_shell.h\"\n\n");
    fprintf(out, "extern \"C\" const struct ts_block ts_block_%s;\n\n", name);
    fprintf(out, "namespace tessera\n{\n\n/// %s\n", block->brief);
    fprintf(out, "struct %s : block_shell {\n", name);
    print_ports(out, block, TS_IN);
    print_ports(out, block, TS_OUT);
    fprintf(out, "\n    %s(sc_core::sc_module_name name, const std::int64_t *params)\n", name);
    fprintf(out, "        : block_shell(name, ts_block_%s, params)\n    {\n", name);
    fprintf(out, "        connect(");
    print_list(out, block, TS_IN);
    fprintf(out, ", ");
    print_list(out, block, TS_OUT);
    fprintf(out, ");\n    }\n};\n\n} // namespace tessera\n");
}
