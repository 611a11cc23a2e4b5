// SPDX-License-Identifier: Apache-2.0
// tessera_netlist: what a block's descriptor and bench file say for a netlist of the block.
extern "C" {
#include "gen/conf.h"
}
#include "netlist/print.h"
#include "netlist/run.h"

#include <cstdlib>
#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace
{

int usage()
{
    std::fputs("usage: tessera_netlist parameters|bench|mutants|miter|mutant_miter|always|frames "
               "BLOCK.conf LABEL\n"
               "       tessera_netlist run BLOCK.conf LABEL LIBRARY VECTORS SEED [MUTANT...]\n"
               "LABEL is a configuration of the bench file, or - for the first one.\n",
               stderr);
    return 2;
}

std::uint64_t number(const char *text)
{
    return std::strtoull(text, nullptr, 0);
}

tessera::configuration find_config(const conf &conf, const char *label)
{
    for (int i = 0; i < conf.n_configs; i++) {
        const conf_config &config = conf.configs[i];
        if (std::strcmp(label, "-") != 0 && std::strcmp(label, config.label) != 0)
            continue;
        tessera::configuration found = {config.label, config.exhaustive, {}};
        std::copy(std::begin(config.params), std::end(config.params), found.params);
        return found;
    }
    throw std::runtime_error(std::string("no configuration '") + label + "'");
}

// Frames that a miter needs: an operation's way from the inputs to the outputs. With state there
// is no such number.
int frames(const tessera::bench &bench)
{
    return bench.block.state_bytes ? 0 : bench.block.latency(bench.configs[0].params) + 1;
}

void run(const tessera::bench &bench, int argc, char **argv)
{
    tessera::run_options options = {argv[4], number(argv[5]), number(argv[6]), {}};
    for (int i = 7; i < argc; i++)
        options.mutants.push_back(static_cast<unsigned>(number(argv[i])));
    run_netlist(bench, options);
}

int work(const tessera::bench &bench, int argc, char **argv)
{
    std::string what = argv[1];
    if (what == "parameters")
        print_parameters(stdout, bench);
    else if (what == "bench" || what == "mutants")
        print_bench(stdout, bench, what == "mutants");
    else if (what == "miter" || what == "mutant_miter")
        print_miter(stdout, bench, frames(bench), what == "mutant_miter");
    else if (what == "always")
        print_always(stdout, bench);
    else if (what == "frames")
        std::printf("%d\n", frames(bench));
    else if (what == "run" && argc > 6)
        run(bench, argc, argv);
    else
        return usage();
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 4)
        return usage();
    static conf conf;
    if (!conf_read(&conf, argv[2]))
        return 1;
    try {
        const tessera::configuration config = find_config(conf, argv[3]);
        return work({*conf.block, &config, 1, nullptr, nullptr, nullptr}, argc, argv);
    } catch (const std::exception &error) {
        std::fprintf(stderr, "%s: %s\n", argv[2], error.what());
        return 1;
    }
}
