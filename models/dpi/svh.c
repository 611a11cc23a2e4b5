/* SPDX-License-Identifier: Apache-2.0 */
/* Prints tessera_dpi.svh: the imports, and for each block a module that shows what it should. */
#include "tessera/block.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char HEAD[] =
    "// SPDX-License-Identifier: Apache-2.0\n"
    "// Generated from the descriptors of Tessera's blocks: their golden models for any simulator "
    "of\n"
    "// IEEE 1800. Compile this file once, and link or load libtessera_dpi.\n"
    "`ifndef TESSERA_DPI_SVH\n"
    "`define TESSERA_DPI_SVH\n\n"
    "// Many modules in one file; of a vector's last word, some bits are of no port.\n"
    "/* verilator lint_off DECLFILENAME */\n"
    "/* verilator lint_off UNUSEDSIGNAL */\n\n"
    "package tessera_dpi;\n"
    "  // A block with parameters such as \"Lanes=8 Variant=split\"; tessera_error() is empty if "
    "it\n"
    "  // could be opened.\n"
    "  import \"DPI-C\" function chandle tessera_open(input string block, input string "
    "parameters);\n"
    "  import \"DPI-C\" function void tessera_close(input chandle handle);\n"
    "  import \"DPI-C\" function string tessera_error();\n"
    "  // Cycles from valid_i to valid_o.\n"
    "  import \"DPI-C\" function int tessera_latency(input chandle handle);\n"
    "  // The number of a port (a_i) of that width.\n"
    "  import \"DPI-C\" function int tessera_port(input chandle handle, input string name,\n"
    "                                           input int width);\n"
    "  // Words of 32 bits of a port's vector.\n"
    "  import \"DPI-C\" function void tessera_put(input chandle handle, input int port,\n"
    "                                           input int word, input int unsigned value);\n"
    "  import \"DPI-C\" function int unsigned tessera_get(input chandle handle, input int port,\n"
    "                                                   input int word);\n"
    "  import \"DPI-C\" function void tessera_reset(input chandle handle);\n"
    "  // One operation: its result is there at once. Returns whether there is one.\n"
    "  import \"DPI-C\" function bit tessera_step(input chandle handle, input bit valid);\n"
    "  // One rising edge: what the RTL shows after it. Returns valid_o.\n"
    "  import \"DPI-C\" function bit tessera_clock(input chandle handle, input bit rst_n,\n"
    "                                            input bit valid);\n"
    "endpackage\n";

static const char *suffix(const struct ts_port *port)
{
    return port->dir == TS_IN ? "_i" : "_o";
}

/* AIWidth for a_i; a parameter, because the width follows from the block's parameters. */
static void print_width_name(const struct ts_port *port)
{
    bool upper = true;
    for (const char *at = port->name; *at; at++) {
        if (*at != '_')
            putchar(upper ? toupper((unsigned char)*at) : *at);
        upper = *at == '_';
    }
    printf("%sWidth", port->dir == TS_IN ? "I" : "O");
}

static void print_parameters(const struct ts_block *block, const int64_t *presets)
{
    const char *separator = " #(\n";
    for (int i = 0; i < block->n_params; i++) {
        const struct ts_param *param = &block->params[i];
        bool wide = param->min < INT32_MIN || param->max > INT32_MAX;
        printf("%s  parameter %s %s = %s%" PRId64, separator, wide ? "longint" : "int", param->name,
               wide ? "64'sd" : "", presets[i]);
        separator = ",\n";
    }
    for (int i = 0; i < block->n_ports; i++) {
        const struct ts_port *port = &block->ports[i];
        printf("%s  parameter int ", separator);
        print_width_name(port);
        printf(" = %d", ts_port_bits(port, presets) * ts_port_count(port, presets));
        separator = ",\n";
    }
    printf("\n)");
}

static void print_ports(const struct ts_block *block, enum ts_port_dir dir)
{
    for (int i = 0; i < block->n_ports; i++) {
        const struct ts_port *port = &block->ports[i];
        if (port->dir != dir)
            continue;
        printf(",\n  %s logic [", dir == TS_IN ? "input " : "output");
        print_width_name(port);
        printf("-1:0] %s%s", port->name, suffix(port));
    }
}

static void print_open(const struct ts_block *block)
{
    printf("    handle = tessera_dpi::tessera_open(\"%s\", $sformatf(\"", block->name);
    for (int i = 0; i < block->n_params; i++)
        printf("%s%s=%%0d", i ? " " : "", block->params[i].name);
    printf("\"");
    for (int i = 0; i < block->n_params; i++)
        printf(",\n      %s", block->params[i].name);
    printf("));\n    if (tessera_dpi::tessera_error() != \"\")\n");
    printf("      $fatal(1, \"%%m: %%s\", tessera_dpi::tessera_error());\n");
    printf("    if (tessera_dpi::tessera_latency(handle) == 0)\n");
    printf(
        "      $fatal(1, \"%%m: no register between input and output; call tessera_step()\");\n");
    for (int i = 0; i < block->n_ports; i++) {
        const struct ts_port *port = &block->ports[i];
        printf("    %s%s_port = tessera_dpi::tessera_port(handle, \"%s%s\", ", port->name,
               suffix(port), port->name, suffix(port));
        print_width_name(port);
        printf(
            ");\n    if (%s%s_port < 0) $fatal(1, \"%%m: %%s\", tessera_dpi::tessera_error());\n",
            port->name, suffix(port));
    }
}

/* A vector passes as whole words. */
static void print_transfer(const struct ts_port *port)
{
    char name[80];
    snprintf(name, sizeof name, "%.64s%s", port->name, suffix(port));
    printf("    for (int w = 0; 32 * w < ");
    print_width_name(port);
    if (port->dir == TS_IN)
        printf("; w++)\n      tessera_dpi::tessera_put(handle, %s_port, w, %s_words[32*w+:32]);\n",
               name, name);
    else
        printf(
            "; w++)\n      %s_words[32*w+:32] <= tessera_dpi::tessera_get(handle, %s_port, w);\n",
            name, name);
}

static void print_vector(const struct ts_port *port)
{
    char name[80];
    snprintf(name, sizeof name, "%.64s%s", port->name, suffix(port));
    printf("\n  int %s_port;\n  localparam int %s_bits = (", name, name);
    print_width_name(port);
    printf(" + 31) / 32 * 32;\n  logic [%s_bits-1:0] %s_words;\n", name, name);
    if (port->dir == TS_IN) {
        printf("  assign %s_words = %s_bits'(%s);\n", name, name, name);
        return;
    }
    printf("  assign %s = %s_words[", name, name);
    print_width_name(port);
    printf("-1:0];\n");
}

static void print_clock(const struct ts_block *block)
{
    printf("  always @(posedge clk_i) begin\n");
    for (int i = 0; i < block->n_ports; i++)
        if (block->ports[i].dir == TS_IN)
            print_transfer(&block->ports[i]);
    printf("    valid_o <= tessera_dpi::tessera_clock(handle, rst_ni, valid_i);\n");
    for (int i = 0; i < block->n_ports; i++)
        if (block->ports[i].dir == TS_OUT)
            print_transfer(&block->ports[i]);
    printf("  end\n");
}

static void print_module(const struct ts_block *block)
{
    int64_t presets[TS_MAX_PARAMS];
    ts_block_presets(block, presets);
    printf("\n// %s\nmodule golden_%s", block->brief, block->name);
    print_parameters(block, presets);
    printf(" (\n  input  logic clk_i,\n  input  logic rst_ni,\n  input  logic valid_i");
    print_ports(block, TS_IN);
    printf(",\n  output logic valid_o");
    print_ports(block, TS_OUT);
    printf("\n);\n  chandle handle;\n");
    for (int i = 0; i < block->n_ports; i++)
        print_vector(&block->ports[i]);
    printf("\n  initial begin\n");
    print_open(block);
    printf("  end\n\n");
    print_clock(block);
    printf("\n  final tessera_dpi::tessera_close(handle);\nendmodule\n");
}

int main(void)
{
    fputs(HEAD, stdout);
    for (const struct ts_block *const *block = ts_blocks; *block; block++)
        print_module(*block);
    puts("\n/* verilator lint_on DECLFILENAME */\n/* verilator lint_on UNUSEDSIGNAL */\n`endif");
    return fflush(stdout) != 0;
}
