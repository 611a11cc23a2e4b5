// SPDX-License-Identifier: Apache-2.0
// Verilator, make and c++, in this order.
#include "rtl_library/recipe.h"

#include "gen/gen.h"
#include "rtl_library/cache.h"
#include "rtl_library/tool.h"
#include "share/share.h"

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace fs = std::filesystem;

namespace tessera
{

namespace
{

constexpr const char *kPackage = "tessera_pkg.sv";

// A large array is verilated in parts: as one, 64 mpes of 8 slices are 98 MB of C++ and take
// minutes. As one it is six times as fast, for which 64 slices take a minute.
constexpr std::int64_t kMostSlicesAsOne = 64;
constexpr const char *kParts = "`verilator_config\n"
                               "hier_block -module \"mpe\"\n"
                               "hier_block -module \"mac_column\"\n";

// The settings of the tests, for code that may be loaded beside other Verilated code.
const command kVerilator = {"verilator",
                            "--cc",
                            "-O3",
                            "-Wno-lint",
                            "-Wno-style",
                            "--x-assign",
                            "unique",
                            "--x-initial",
                            "unique",
                            "--Mdir",
                            "h",
                            "-CFLAGS",
                            "-fPIC -fvisibility=hidden -fno-gnu-unique"};
const command kCompiler = {"c++",
                           "-std=c++17",
                           "-w",
                           "-O2",
                           "-fPIC",
                           "-fvisibility=hidden",
                           "-fno-gnu-unique",
                           "-shared",
                           "-Wl,-Bsymbolic",
                           "-pthread",
                           "-Ih"};
const command kMakeLevel = {"OPT_FAST=-O1", "OPT_GLOBAL=-O1"};

fs::path share(const char *name)
{
    char path[PATH_MAX];
    if (!ts_share_directory(name, path, sizeof path))
        throw std::runtime_error(std::string("share/tessera/") + name +
                                 ": not found beside this program; install Tessera again");
    return path;
}

std::string read_file(const fs::path &path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file)
        throw std::runtime_error(path.string() + ": cannot be read");
    return text.str();
}

void write_file(const fs::path &path, const std::string &text)
{
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    if (!file)
        throw std::runtime_error(path.string() + ": cannot be written");
}

std::vector<fs::path> files(const fs::path &directory, const std::string &ending)
{
    std::vector<fs::path> found;
    for (const fs::directory_entry &entry : fs::recursive_directory_iterator(directory))
        if (entry.path().extension() == ending)
            found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
}

// The package first: the parts are verilated from the same file.
std::string read_rtl(const fs::path &directory)
{
    std::string text = read_file(directory / kPackage);
    for (const fs::path &path : files(directory, ".sv"))
        if (path.filename() != kPackage)
            text += read_file(path);
    return text;
}

std::string printed(void (*print)(FILE *, const conf *), const conf &what)
{
    char *text = nullptr;
    std::size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        throw std::bad_alloc();
    print(out, &what);
    std::fclose(out);
    std::string copy(text, size);
    std::free(text);
    return copy;
}

command operator+(command left, const command &right)
{
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

std::string joined(const command &words)
{
    std::string text;
    for (const std::string &word : words)
        text += word + ' ';
    return text;
}

bool is_large_array(const ts_block &block, const std::int64_t *params)
{
    std::int64_t slices = 1;
    for (const char *each : {"Rows", "Cols", "Simd"}) {
        int parameter = ts_block_param(&block, each);
        slices *= parameter < 0 ? 1 : params[parameter];
    }
    return block.name == std::string("mac_array") && slices > kMostSlicesAsOne;
}

} // namespace

rtl_recipe::rtl_recipe(const ts_block &block, const std::int64_t *params)
    : hierarchical_(is_large_array(block, params)), block_(block.name), include_(share("include"))
{
    conf bench = {};
    bench.path = block.name;
    bench.block = &block;
    bench.n_configs = 1;
    std::snprintf(bench.configs[0].label, sizeof bench.configs[0].label, "design");
    std::copy_n(params, block.n_params, bench.configs[0].params);

    rtl_ = read_rtl(share("rtl")) + printed(gen_wrapper, bench);
    adaptor_ = printed(gen_loadable, bench);
    for (const fs::path &header : files(include_, ".h"))
        headers_ += read_file(header);
    versions_ = tool_output({"verilator", "--version"});
    versions_ += tool_output({"c++", "--version"});
    verilator_root_ = tool_output({"verilator", "--getenv", "VERILATOR_ROOT"});
}

std::string rtl_recipe::name() const
{
    content_hash hash;
    for (const std::string &text : {rtl_, adaptor_, headers_, versions_, verilator_root_,
                                    std::string(hierarchical_ ? kParts : ""), joined(kVerilator),
                                    joined(kCompiler), joined(kMakeLevel)})
        hash.add(text);
    return block_ + "-" + hash.text();
}

void rtl_recipe::build(const fs::path &directory) const
{
    const fs::path log = directory / "build.log";
    const std::string top = block_ + "_bench", prefix = "V" + top;
    write_file(directory / "all.sv", rtl_);
    write_file(directory / "adaptor.cpp", adaptor_);
    write_file(directory / "parts.vlt", kParts);
    run_tool(kVerilator + command{"--prefix", prefix, "--top-module", top} +
                 (hierarchical_ ? command{"--hierarchical", "parts.vlt"} : command{}) +
                 command{"all.sv"},
             directory, log);
    const command make = {"make",
                          "-C",
                          "h",
                          "CXX=c++",
                          kMakeLevel[0],
                          kMakeLevel[1],
                          "-j" + std::to_string(std::max(1U, std::thread::hardware_concurrency()))};
    run_tool(make + (hierarchical_ ? command{"-f", prefix + "_hier.mk", "hier_build"}
                                   : command{"-f", prefix + ".mk", prefix + "__ALL.a"}),
             directory, log);
    const command runtime = {"verilated.o", "verilated_threads.o", "verilated_dpi.o"};
    run_tool(make + command{"-f", prefix + ".mk"} + runtime, directory, log);

    command link = kCompiler + command{"-I" + include_.string(),
                                       "-I" + verilator_root_ + "/include",
                                       "-I" + verilator_root_ + "/include/vltstd",
                                       "-o",
                                       kLibrary,
                                       "adaptor.cpp"};
    for (const std::string &object : runtime)
        link.push_back("h/" + object);
    link.push_back("-Wl,--start-group");
    for (const fs::path &archive : files(directory / "h", ".a"))
        link.push_back(archive.string());
    link.push_back("-Wl,--end-group");
    run_tool(link, directory, log);

    fs::remove_all(directory / "h");
}

} // namespace tessera
