// SPDX-License-Identifier: Apache-2.0
// From recorded operands to milliwatts.
#include "power/power.h"

#include "power/activity_liberty.h"
#include "power/bench.h"
#include "power/files.h"
#include "power/netlist.h"
#include "power/tools.h"
#include "rtl_library/cache.h"

#include <cmath>
#include <exception>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

namespace fs = std::filesystem;

namespace tessera
{

namespace
{

// Raise it when the same input shall give another figure.
constexpr const char *kGeneration = "3";

constexpr double kMilliwatts = 1e3; // in a watt

struct net_activity {
    double toggles_per_cycle, duty;
};

struct activities {
    std::uint64_t cycles = 0, bits_compared = 0, mismatches = 0;
    std::map<std::string, net_activity> nets;
};

activities read_activities(const std::string &text)
{
    activities all;
    std::istringstream in(text);
    in >> all.cycles >> all.bits_compared >> all.mismatches;
    const double cycles = static_cast<double>(all.cycles);
    std::string net;
    for (double toggles, high; in >> net >> toggles >> high;)
        all.nets[net] = {toggles / cycles, high / (2 * cycles)};
    if (!all.cycles)
        throw std::runtime_error("toggle bench: no cycles");
    return all;
}

std::string digits(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.9g", value);
    return text;
}

// Pins of cells and the ports that drive them; the nets that are counted have a pin.
std::string pin_activities(const flat_netlist &netlist, const activities &all,
                           struct ts_power &power)
{
    std::string text;
    std::set<std::string> nets;
    double toggles = 0;
    for (const cell_pin &pin : netlist.pins()) {
        const net_activity &on = all.nets.at(pin.net);
        text += pin.cell + "/" + pin.pin + " " + digits(on.toggles_per_cycle) + " " +
                digits(on.duty) + "\n";
        if (nets.insert(pin.net).second)
            toggles += on.toggles_per_cycle;
    }
    power.nets = static_cast<int>(nets.size());
    power.toggles_per_cycle = nets.empty() ? 0 : toggles / static_cast<double>(nets.size());
    return text;
}

void ask_sta(const fs::path &directory, const bench_recipe &recipe, double period_ns,
             struct ts_power &power)
{
    write_text(directory / "period.txt", digits(period_ns) + "\n");
    write_text(directory / "cells.lib", own_functions(read_text(recipe.liberty)));
    run_in(directory, kSta,
           {"-no_init", "-no_splash", "-exit", (share_path("flow") / "power.tcl").string()});
    fs::remove(directory / "cells.lib");
    std::istringstream watts(read_text(directory / "power.txt"));
    if (!(watts >> power.internal_mw >> power.switching_mw >> power.leakage_mw >> power.total_mw))
        throw std::runtime_error("sta: no power in its result");
    for (double *each :
         {&power.internal_mw, &power.switching_mw, &power.leakage_mw, &power.total_mw})
        *each *= kMilliwatts;
}

std::string result_text(const struct ts_power &p)
{
    std::ostringstream text;
    text.precision(17);
    text << p.internal_mw << ' ' << p.switching_mw << ' ' << p.leakage_mw << ' ' << p.total_mw
         << ' ' << p.toggles_per_cycle << ' ' << p.nets << ' ' << p.cycles << ' ' << p.bits_compared
         << ' ' << p.mismatches << '\n';
    return text.str();
}

struct ts_power read_result(const fs::path &path)
{
    struct ts_power p = {};
    std::istringstream text(read_text(path));
    if (!(text >> p.internal_mw >> p.switching_mw >> p.leakage_mw >> p.total_mw >>
          p.toggles_per_cycle >> p.nets >> p.cycles >> p.bits_compared >> p.mismatches))
        throw std::runtime_error(path.string() + ": damaged; remove its directory and try again");
    return p;
}

bench_recipe recipe_of(const struct ts_synth &synth, const int64_t *mpe_params,
                       const struct ts_library &library)
{
    bench_recipe recipe;
    const ts_block *mpe = ts_block_find("mpe");
    recipe.netlist = read_text(synth.netlist);
    // Yosys would find no clock either, and say so in more words.
    if (recipe.netlist.find("clk_i") == std::string::npos)
        throw std::runtime_error(std::string(synth.netlist) + ": netlist_top has no port clk_i");
    recipe.params.assign(mpe_params, mpe_params + mpe->n_params);
    recipe.params.resize(TS_MAX_PARAMS);
    recipe.params[static_cast<std::size_t>(ts_block_param(mpe, "Simd"))] = 1;
    recipe.library_digest = library.digest;
    if (!*library.digest)
        recipe.library_digest = read_text(library.liberty);
    recipe.liberty = fs::absolute(library.liberty).string();
    return recipe;
}

struct ts_power power_of_mpe(const bench_recipe &recipe, double period_ns,
                             const struct ts_stimulus &stimulus)
{
    if (!(period_ns > 0) || !std::isfinite(period_ns))
        throw std::runtime_error("a clock period of " + digits(period_ns) + " ns");
    const std::string operands = read_text(stimulus.file);
    if (stimulus.slice < 0)
        throw std::runtime_error(std::string(stimulus.file) + ": no slice " +
                                 std::to_string(stimulus.slice));
    const toggle_bench bench(recipe);
    content_hash hash;
    for (const std::string &text :
         {std::string(kGeneration), bench.name(), operands, std::to_string(stimulus.slice),
          digits(period_ns), output_of(kSta, {"-version"}),
          read_text(share_path("flow") / "power.tcl")})
        hash.add(text);
    bool there = true;
    const fs::path found = cached("power-" + hash.text(), [&](const fs::path &directory) {
        there = false;
        struct ts_power power = {};
        const activities all = read_activities(bench.run(directory, stimulus.file, stimulus.slice));
        power.cycles = all.cycles;
        power.bits_compared = all.bits_compared;
        power.mismatches = all.mismatches;
        const std::string text = bench.netlist();
        const flat_netlist netlist(text);
        write_text(directory / "netlist.v", text);
        write_text(directory / "activity.txt", pin_activities(netlist, all, power));
        ask_sta(directory, recipe, period_ns, power);
        write_text(directory / "result.txt", result_text(power));
    });
    struct ts_power power = read_result(found / "result.txt");
    power.cached = there;
    return power;
}

} // namespace

} // namespace tessera

extern "C" bool ts_power_of_mpe(const struct ts_synth *synth, const int64_t *mpe_params,
                                const struct ts_library *library, double period_ns,
                                const struct ts_stimulus *stimulus, struct ts_power *result,
                                struct ts_error *error)
{
    try {
        const tessera::bench_recipe recipe = tessera::recipe_of(*synth, mpe_params, *library);
        *result = tessera::power_of_mpe(recipe, period_ns, *stimulus);
        return true;
    } catch (const std::exception &e) {
        return ts_error_set(error, "%s", e.what());
    }
}
