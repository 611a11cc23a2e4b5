// SPDX-License-Identifier: Apache-2.0
// tessera cosim: a stranger's RTL beside the golden model.
#include "cli/cli.h"
#include "foreign_rtl/session.h"
#include "cli/arguments.h"

#include <cstdio>
#include <cstring>
#include <exception>
#include <map>

namespace
{

constexpr const char *program = "tessera cosim";
constexpr const char *summary =
    "run your own RTL beside the golden model, and show where it differs";
constexpr const char *help =
    "usage: tessera cosim BLOCK --rtl FILE... [PARAMETER=VALUE ...] [options]\n"
    "\n"
    "Verilates your module and compares it with the golden model of a block, cycle by\n"
    "cycle. On a difference: the cycle, the operation and both results decoded, a\n"
    "minimal input that shows it from reset, and waveforms (FST, for GTKWave).\n"
    "\n"
    "  --rtl FILE...        SystemVerilog or Verilog sources, packages first\n"
    "  --top NAME           your module (the one that no other instantiates)\n"
    "  --parameter P=VALUE  a parameter of your module\n"
    "  --map OURS=THEIRS    a port of the block and its name in your module; ports of the\n"
    "                       same name, with or without _i and _o, need none.\n"
    "                         --map rst_ni=!reset   inverted: an active-high reset\n"
    "                         --map valid_o=-       your module has no such port\n"
    "                         --map fp4_i=1         your module holds it at 1\n"
    "                         --map 0=test_mode     an input of yours, held at 0\n"
    "  --latency N          cycles from inputs to outputs (measured if there is a\n"
    "                       valid_o, else that of the block)\n"
    "  --cycles N           how long (1000000)\n"
    "  --seed S             a different run for each S (1)\n"
    "  --exhaustive         every combination of the inputs, up to 2^28\n"
    "  --trace FILE         operands of a captured training run, as of 'tessera vectors'\n"
    "  --include DIR, --define NAME[=VALUE]\n"
    "                       as -I and -D of Verilator\n"
    "  -o DIR               where files go on a difference (BLOCK.cosim)\n"
    "  --json               the result as JSON\n"
    "\n"
    "'tessera blocks BLOCK' shows ports and parameters. clk_i, rst_ni (synchronous,\n"
    "active low), valid_i and valid_o are mapped as any other port.\n"
    "\n"
    "Exit status: 0 if they agree, 1 if they differ, 2 if the command line or the RTL\n"
    "has to be changed.\n"
    "\n"
    "Example:\n"
    "  tessera cosim dlfloat16_fma --rtl fma16.v --map clk_i=clk --map rst_ni=!rst\n";

using tessera::cosim_options;

bool fail(const std::string &what)
{
    std::fprintf(stderr, "%s: %s\n", program, what.c_str());
    return false;
}

bool number(const char *option, const char *value, std::uint64_t min, std::uint64_t max,
            std::uint64_t &to)
{
    return ts_argument_number(program, option, value, min, max, &to);
}

bool parse_latency(cosim_options &o, const char *option, const char *value)
{
    std::uint64_t latency = 0;
    if (!number(option, value, 0, 1000, latency))
        return false;
    o.latency = static_cast<int>(latency);
    return true;
}

// Options that keep their value as it is.
std::string *text_of(cosim_options &o, const std::string &option)
{
    if (option == "--top")
        return &o.rtl.top;
    if (option == "--trace")
        return &o.trace;
    return option == "-o" ? &o.directory : nullptr;
}

std::vector<std::string> *list_of(cosim_options &o, const std::string &option)
{
    if (option == "--map")
        return &o.maps;
    if (option == "--parameter")
        return &o.rtl.parameters;
    if (option == "--include")
        return &o.rtl.includes;
    return option == "--define" ? &o.rtl.defines : nullptr;
}

bool is_valued(cosim_options &o, const std::string &option)
{
    return option == "--latency" || option == "--cycles" || option == "--seed" ||
           text_of(o, option) || list_of(o, option);
}

bool parse_valued(cosim_options &o, const std::string &option, const char *value)
{
    if (!value)
        return fail(option + " needs a value");
    if (option == "--latency")
        return parse_latency(o, option.c_str(), value);
    if (option == "--cycles")
        return number(option.c_str(), value, 1, UINT64_MAX, o.cycles);
    if (option == "--seed")
        return number(option.c_str(), value, 0, UINT64_MAX, o.seed);
    if (option == "--parameter" && !std::strchr(value, '='))
        return fail("--parameter: '" + std::string(value) + "' is not NAME=VALUE");
    if (std::string *text = text_of(o, option))
        *text = value;
    else
        list_of(o, option)->push_back(value);
    return true;
}

bool parse_word(cosim_options &o, const char *word)
{
    if (word[0] == '-')
        return fail("no option '" + std::string(word) + "'; 'tessera cosim --help' lists them");
    if (o.block)
        return ts_argument_param(program, o.block, o.params, word);
    o.block = ts_argument_block(program, word);
    if (o.block)
        ts_block_presets(o.block, o.params);
    return o.block != nullptr;
}

bool is_file(const char *word)
{
    return word && word[0] != '-' && !std::strchr(word, '=');
}

bool check(const cosim_options &o)
{
    if (!o.block)
        return fail("a block is needed; 'tessera blocks' lists them");
    if (o.rtl.files.empty())
        return fail("your RTL is needed: --rtl FILE...");
    if (o.exhaustive && !o.trace.empty())
        return fail("--exhaustive and --trace exclude each other");
    return ts_argument_check(program, o.block, o.params);
}

bool parse(int argc, char **argv, cosim_options &o)
{
    for (int i = 1; i < argc; i++) {
        const std::string word = argv[i];
        bool good = true;
        if (word == "--rtl") {
            while (is_file(argv[i + 1]))
                o.rtl.files.push_back(argv[++i]);
        } else if (is_valued(o, word)) {
            good = parse_valued(o, word, argv[i + 1]);
            i++;
        } else if (word == "--json") {
            o.json = true;
        } else if (word == "--exhaustive") {
            o.exhaustive = true;
        } else {
            good = parse_word(o, argv[i]);
        }
        if (!good)
            return false;
    }
    return check(o);
}

int run(const cosim_options &options)
{
    tessera::session session(options);
    const tessera::outcome result = session.run();
    if (!options.json) {
        print_text(result);
    } else if (!print_json(result)) {
        fail("out of memory");
        return TS_EXIT_USAGE;
    }
    return result.difference ? TS_EXIT_FAILURE : TS_EXIT_OK;
}

} // namespace

int main(int argc, char **argv)
{
    if (ts_cli_introduces(argc, argv, summary, help))
        return ts_cli_finish(program, TS_EXIT_OK);
    cosim_options options;
    if (!parse(argc, argv, options))
        return TS_EXIT_USAGE;
    int status = TS_EXIT_USAGE;
    try {
        status = run(options);
    } catch (const std::exception &error) {
        fail(error.what());
    }
    return ts_cli_finish(program, status);
}
