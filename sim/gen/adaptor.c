/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the C++ adaptors between the word arrays of ts_block and Verilated wrappers. */
#include "gen.h"

#include <inttypes.h>

/* A block's place in a Verilated model: its top module, and what comes before its ports there. */
struct place {
    const struct conf *conf;
    const char *top, *prefix;
};

/* Cases of the switch over configurations: one pack or unpack per port. */
static void print_ports(FILE *out, const struct place *at, int config, enum ts_port_dir dir)
{
    const struct conf *conf = at->conf;
    const int64_t *params = conf->configs[config].params;
    for (int i = 0; i < conf->block->n_ports; i++) {
        const struct ts_port *port = &conf->block->ports[i];
        if (port->dir != dir)
            continue;
        fprintf(out, "            tessera::%s<%d, %d>(top.%sc%d_%s%s, %s + %d);\n",
                dir == TS_IN ? "pack" : "unpack", ts_port_bits(port, params),
                ts_port_count(port, params), at->prefix, config, port->name, gen_suffix(dir),
                dir == TS_IN ? "in" : "out", ts_port_first(conf->block, i, params));
    }
}

static void print_clock(FILE *out, const struct place *at)
{
    fprintf(out, "    rtl()\n    {\n        top.%sclk_i = 0;\n", at->prefix);
    fprintf(out, "        top.%srst_ni = 1;\n", at->prefix);
    fprintf(out, "        top.eval(); // else the first edge would have nothing to rise from\n");
    fprintf(out, "    }\n\n    void reset(bool active) override\n    {\n");
    fprintf(out, "        top.%srst_ni = !active;\n    }\n\n", at->prefix);
    fprintf(out, "    void clock() override\n    {\n        pulse(top.%sclk_i);\n", at->prefix);
    fprintf(out, "    }\n\n");
}

static void print_drive(FILE *out, const struct place *at)
{
    fprintf(out, "    void drive(int config, bool valid, const std::uint64_t *in) override\n"
                 "    {\n        switch (config) {\n");
    for (int c = 0; c < at->conf->n_configs; c++) {
        fprintf(out, "        case %d:\n            top.%sc%d_valid_i = valid;\n", c, at->prefix,
                c);
        print_ports(out, at, c, TS_IN);
        fprintf(out, "            break;\n");
    }
    fprintf(out, "        }\n    }\n\n");
}

/* sample() leaves the outputs of an idle cycle alone, which is fast; observe() reads them. */
static void print_sample(FILE *out, const struct place *at, const char *name, bool when_idle)
{
    fprintf(out, "    bool %s(int config, std::uint64_t *out) const override\n", name);
    fprintf(out, "    {\n        switch (config) {\n");
    for (int c = 0; c < at->conf->n_configs; c++) {
        fprintf(out, "        case %d:\n", c);
        if (!when_idle)
            fprintf(out, "            if (!top.%sc%d_valid_o)\n                return false;\n",
                    at->prefix, c);
        print_ports(out, at, c, TS_OUT);
        fprintf(out, "            return top.%sc%d_valid_o;\n", at->prefix, c);
    }
    fprintf(out, "        }\n        return false;\n    }\n");
}

/* The class, which needs nothing of the library that the bench is linked with. */
static void print_class(FILE *out, const struct place *at)
{
    fprintf(out, "class rtl final : public tessera::verilated_block<V%s_bench>\n{\npublic:\n",
            at->top);
    print_clock(out, at);
    print_drive(out, at);
    print_sample(out, at, "sample", false);
    fprintf(out, "\n");
    print_sample(out, at, "observe", true);
    fprintf(out, "};\n\n");
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

static void print_tests(FILE *out, const struct conf *conf)
{
    fprintf(out, "const char *const tests[] = {");
    for (int i = 0; i < conf->n_tests; i++)
        fprintf(out, "\"%s\", ", conf->tests[i]);
    fprintf(out, "nullptr};\n");
}

/* In a namespace of its own, which bears the block's name. */
static void print_rtl(FILE *out, const char *group, const struct conf *conf)
{
    char prefix[GEN_PREFIX_SIZE];
    gen_prefix(prefix, conf);
    const struct place at = {conf, group, prefix};
    fprintf(out, "namespace %sbench\n{\n\n", prefix);
    print_class(out, &at);
    fprintf(out, "std::unique_ptr<tessera::rtl_block> make_rtl()\n{\n");
    fprintf(out, "    return std::make_unique<rtl>();\n}\n\n");
    if (!conf->faulty) {
        print_configurations(out, conf);
        print_tests(out, conf);
    }
    fprintf(out, "\n} // namespace %sbench\n\n", prefix);
}

static void print_bench(FILE *out, const struct conf *conf)
{
    const char *name = conf->block->name;
    fprintf(out, "    {ts_block_%s, %s_bench::configurations, ", name, name);
    fprintf(out, "%d, %s_bench::make_rtl, ", conf->n_configs, name);
    fprintf(out, "%s" CONF_FAULTY "_bench::make_rtl, %s_bench::tests},\n", name, name);
}

void gen_benches(FILE *out, const char *group, const struct conf *confs, int n_confs)
{
    fprintf(out, "// Generated: the configurations of %s and their Verilated RTL.\n", group);
    fprintf(out, "#include \"V%s_bench.h\"\n#include \"cosim/bench.h\"\n", group);
    fprintf(out, "#include \"cosim/verilated_block.h\"\n\nextern \"C\" {\n");
    for (int i = 0; i < n_confs; i += 2)
        fprintf(out, "extern const struct ts_block ts_block_%s;\n", confs[i].block->name);
    fprintf(out, "}\n\nnamespace\n{\n\n");
    for (int i = 0; i < n_confs; i++)
        print_rtl(out, group, &confs[i]);
    fprintf(out, "} // namespace\n\nconst tessera::bench tessera::benches[] = {\n");
    for (int i = 0; i < n_confs; i += 2)
        print_bench(out, &confs[i]);
    fprintf(out, "};\n\nconst int tessera::n_benches = %d;\n", n_confs / 2);
}

void gen_loadable(FILE *out, const struct conf *conf)
{
    const struct place at = {conf, conf->block->name, ""};
    fprintf(out, "// Generated: Verilated RTL of %s, to be loaded.\n", conf->block->name);
    fprintf(out, "#include \"V%s_bench.h\"\n", conf->block->name);
    fprintf(out, "#include \"cosim/verilated_block.h\"\n\nnamespace\n{\n\n");
    print_class(out, &at);
    fprintf(out, "} // namespace\n\nextern \"C\" __attribute__((visibility(\"default\")))\n");
    fprintf(out, "tessera::rtl_block *tessera_make_rtl()\n{\n    return new rtl;\n}\n");
}
