// SPDX-License-Identifier: Apache-2.0
// Yosys makes functional cells and simple names; Verilator and c++ make the program.
#include "power/bench.h"

#include "power/files.h"
#include "power/netlist.h"
#include "power/tools.h"
#include "power/wrapper.h"
#include "rtl_library/cache.h"

#include <algorithm>
#include <stdexcept>

namespace fs = std::filesystem;

namespace tessera
{

namespace
{

// Raise it when the same input shall give another bench.
constexpr const char *kGeneration = "2";

constexpr const char *kPackage = "tessera_pkg.sv";

// Vendor cell models have UDPs, which Verilator does not take. The functions of the library
// do instead; of the cells without a function only the ports come along.
const char *const kCells = "read_liberty -ignore_miss_func -ignore_miss_dir "
                           "-ignore_miss_data_latch ";
const char *const kWriteCells = "proc\nwrite_verilog -noattr cells.v\n"
                                "design -reset\n";
const char *const kRename = "read_verilog synthesized.v\n"
                            "splitnets -ports -format __v\n"
                            "rename -hide netlist_top/*\n"
                            "write_verilog -noattr netlist.v\n";

// Compiled as fast as can be: recordings are short, an optimizing compiler takes a minute.
// Verilator 5.006 simplifies trees of bit operations wrongly in some netlists.
const std::vector<std::string> kVerilate = {"--cc",
                                            "--exe",
                                            "-O3",
                                            "-fno-const-bit-op-tree",
                                            "-Wno-lint",
                                            "-Wno-style",
                                            "--x-assign",
                                            "0",
                                            "--x-initial",
                                            "0",
                                            "--Mdir",
                                            "h",
                                            "--prefix",
                                            "Vpower_bench",
                                            "--top-module",
                                            "power_bench",
                                            "-CFLAGS",
                                            "-std=c++17",
                                            "--build",
                                            "-MAKEFLAGS",
                                            "OPT_FAST=-O0 OPT_SLOW=-O0 OPT_GLOBAL=-O0",
                                            "-j",
                                            "0"};

std::vector<fs::path> rtl_files()
{
    std::vector<fs::path> files;
    for (const fs::directory_entry &entry : fs::directory_iterator(share_path("rtl")))
        if (entry.path().extension() == ".sv")
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::stable_partition(files.begin(), files.end(),
                          [](const fs::path &path) { return path.filename() == kPackage; });
    return files;
}

std::string rtl_text()
{
    std::string text;
    for (const fs::path &path : rtl_files())
        text += read_text(path);
    return text;
}

std::string quoted(const std::string &path)
{
    return '"' + path + '"';
}

void make_cells_and_names(const fs::path &directory, const bench_recipe &recipe)
{
    write_text(directory / "synthesized.v", recipe.netlist);
    write_text(directory / "names.ys",
               kCells + quoted(recipe.liberty) + '\n' + kWriteCells + kRename);
    run_in(directory, kYosys, {"-q", "-s", "names.ys"});
}

const ts_block &mpe()
{
    return *ts_block_find("mpe");
}

void build(const fs::path &directory, const bench_recipe &recipe, const std::string &rtl)
{
    make_cells_and_names(directory, recipe);
    const flat_netlist netlist(read_text(directory / "netlist.v"));
    const std::int64_t *params = recipe.params.data();
    const std::vector<wrapped_port> layout = mpe_layout(mpe(), params);
    write_text(directory / "layout.txt", layout_text(layout));
    std::string nets;
    for (const std::string &net : netlist.nets())
        nets += net + '\n';
    write_text(directory / "nets.txt", nets);
    write_text(directory / "all.sv", rtl + wrapper_text(mpe(), params, layout, netlist));
    write_text(directory / "nets.v", netlist.with_nets_output());
    write_text(directory / "toggle_bench.cpp", read_text(share_path("flow") / "toggle_bench.cpp"));
    std::vector<std::string> arguments = kVerilate;
    arguments.insert(arguments.end(), {"cells.v", "nets.v", "all.sv", "toggle_bench.cpp"});
    run_in(directory, kVerilator, arguments);
    fs::rename(directory / "h" / "Vpower_bench", directory / "toggle_bench");
    fs::remove_all(directory / "h");
}

std::string name_of(const bench_recipe &recipe, const std::string &rtl)
{
    content_hash hash;
    for (const std::string &text :
         {std::string(kGeneration), recipe.netlist, recipe.library_digest, rtl, std::string(kCells),
          std::string(kWriteCells), std::string(kRename),
          read_text(share_path("flow") / "toggle_bench.cpp"), output_of(kYosys, {"-V"}),
          output_of(kVerilator, {"--version"}), output_of(kCompiler, {"--version"})})
        hash.add(text);
    for (const std::string &text : kVerilate)
        hash.add(text);
    for (std::int64_t value : recipe.params)
        hash.add(std::to_string(value));
    return "power-bench-" + hash.text();
}

} // namespace

toggle_bench::toggle_bench(const bench_recipe &recipe)
{
    const std::string rtl = rtl_text();
    directory_ = cached(name_of(recipe, rtl),
                        [&](const fs::path &directory) { build(directory, recipe, rtl); });
}

std::string toggle_bench::netlist() const
{
    return read_text(directory_ / "netlist.v");
}

std::string toggle_bench::run(const fs::path &directory, const std::string &stimulus,
                              int slice) const
{
    const std::string program = (directory_ / "toggle_bench").string();
    const std::string out = (directory / "toggles.txt").string();
    run_in(directory, {program.c_str(), "tessera"},
           {fs::absolute(stimulus).string(), std::to_string(slice),
            (directory_ / "layout.txt").string(), (directory_ / "nets.txt").string(), out});
    std::string text = read_text(out);
    if (text.rfind("error ", 0) == 0)
        throw std::runtime_error(text.substr(6, text.find('\n') - 6));
    return text;
}

} // namespace tessera
