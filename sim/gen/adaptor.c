/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the C++ adaptor between the word arrays of ts_block and a Verilated wrapper. */
#include "gen.h"

#include <inttypes.h>

/* Cases of the switch over configurations: one pack or unpack per port. */
static void print_ports(FILE *out, const struct conf *conf, int config, enum ts_port_dir dir)
{
    const int64_t *params = conf->configs[config].params;
    for (int i = 0; i < conf->block->n_ports; i++) {
        const struct ts_port *port = &conf->block->ports[i];
        if (port->dir != dir)
            continue;
        fprintf(out, "            tessera::%s<%d, %d>(top.c%d_%s%s, %s + %d);\n",
                dir == TS_IN ? "pack" : "unpack", ts_port_bits(port, params),
                ts_port_count(port, params), config, port->name, gen_suffix(dir),
                dir == TS_IN ? "in" : "out", ts_port_first(conf->block, i, params));
    }
}

static void print_drive(FILE *out, const struct conf *conf)
{
    fprintf(out, "    void drive(int config, bool valid, const std::uint64_t *in) override\n"
                 "    {\n        switch (config) {\n");
    for (int c = 0; c < conf->n_configs; c++) {
        fprintf(out, "        case %d:\n            top.c%d_valid_i = valid;\n", c, c);
        print_ports(out, conf, c, TS_IN);
        fprintf(out, "            break;\n");
    }
    fprintf(out, "        }\n    }\n");
}

/* sample() leaves the outputs of an idle cycle alone, which is fast; observe() reads them. */
static void print_sample(FILE *out, const struct conf *conf, const char *name, bool when_idle)
{
    fprintf(out, "    bool %s(int config, std::uint64_t *out) const override\n", name);
    fprintf(out, "    {\n        switch (config) {\n");
    for (int c = 0; c < conf->n_configs; c++) {
        fprintf(out, "        case %d:\n", c);
        if (!when_idle)
            fprintf(out, "            if (!top.c%d_valid_o)\n                return false;\n", c);
        print_ports(out, conf, c, TS_OUT);
        fprintf(out, "            return top.c%d_valid_o;\n", c);
    }
    fprintf(out, "        }\n        return false;\n    }\n");
}

static void print_configurations(FILE *out, const struct conf *conf)
{
    fprintf(out, "const tessera::configuration configurations[] = {\n");
    for (int c = 0; c < conf->n_configs; c++) {
        const struct conf_config *config = &conf->configs[c];
        fprintf(out, "    {\"%s\", %s, {", config->label, config->exhaustive ? "true" : "false");
        for (int i = 0; i < conf->block->n_params; i++)
            fprintf(out, "%s%" PRId64, i ? ", " : "", config->params[i]);
        fprintf(out, "}},\n");
    }
    fprintf(out, "};\n");
}

/* The class, which needs nothing of the library that the bench is linked with. */
static void print_class(FILE *out, const struct conf *conf)
{
    fprintf(out, "class rtl final : public tessera::verilated_block<V%s_bench>\n{\npublic:\n",
            conf->block->name);
    print_drive(out, conf);
    fprintf(out, "\n");
    print_sample(out, conf, "sample", false);
    fprintf(out, "\n");
    print_sample(out, conf, "observe", true);
    fprintf(out, "};\n\n");
}

void gen_adaptor(FILE *out, const struct conf *conf)
{
    const char *name = conf->block->name;
    fprintf(out, "// Generated: %s's configurations and their Verilated RTL.\n", name);
    fprintf(out, "#include \"V%s_bench.h\"\n#include \"cosim/bench.h\"\n", name);
    fprintf(out, "#include \"cosim/verilated_block.h\"\n\n");
    fprintf(out, "extern \"C\" const struct ts_block ts_block_%s;\n\nnamespace\n{\n\n", name);
    print_class(out, conf);
    print_configurations(out, conf);
    fprintf(out, "\nstd::unique_ptr<tessera::rtl_block> make_rtl()\n{\n");
    fprintf(out, "    return std::make_unique<rtl>();\n}\n\n} // namespace\n\n");
    fprintf(out, "const tessera::bench tessera::block_bench = {\n    ts_block_%s, ", name);
    fprintf(out, "configurations, %d, make_rtl};\n", conf->n_configs);
}

void gen_loadable(FILE *out, const struct conf *conf)
{
    fprintf(out, "// Generated: Verilated RTL of %s, to be loaded.\n", conf->block->name);
    fprintf(out, "#include \"V%s_bench.h\"\n", conf->block->name);
    fprintf(out, "#include \"cosim/verilated_block.h\"\n\nnamespace\n{\n\n");
    print_class(out, conf);
    fprintf(out, "} // namespace\n\nextern \"C\" __attribute__((visibility(\"default\")))\n");
    fprintf(out, "tessera::rtl_block *tessera_make_rtl()\n{\n    return new rtl;\n}\n");
}
