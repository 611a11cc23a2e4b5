// SPDX-License-Identifier: Apache-2.0
// Verilator, make and c++ on a stranger's RTL.
#include "foreign_rtl/build.h"

#include "foreign_rtl/module_xml.h"
#include "rtl_library/cache.h"
#include "rtl_library/tool.h"
#include "share/share.h"

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <dlfcn.h>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace fs = std::filesystem;

namespace tessera
{

namespace
{

constexpr const char *kLibrary = "foreign.so";

// A stranger's style is not our business; time within the design is not simulated.
const command kLanguage = {"-Wno-lint", "-Wno-style", "-Wno-MULTITOP", "-Wno-fatal", "--no-timing"};
// Verilator 5.006 simplifies trees of bit operations wrongly in some netlists.
const command kVerilator = {
    "verilator",    "--cc",     "-O3",        "-fno-const-bit-op-tree",
    "--trace-fst",  "--assert", "--x-assign", "unique",
    "--x-initial",  "unique",   "--prefix",   "Vcosim",
    "--top-module", "cosim",    "-CFLAGS",    "-fPIC -fvisibility=hidden -fno-gnu-unique"};
const command kCompiler = {"c++",
                           "-std=c++17",
                           "-w",
                           "-O2",
                           "-fPIC",
                           "-fvisibility=hidden",
                           "-pthread",
                           "-fno-gnu-unique",
                           "-DVERILATOR=1",
                           "-DVM_TRACE=1",
                           "-DVM_TRACE_FST=1",
                           "-DVM_TRACE_VCD=0",
                           "-DVM_SC=0",
                           "-DVM_COVERAGE=0",
                           "-DVL_USER_FINISH",
                           "-DVL_USER_STOP",
                           "-DVL_USER_FATAL"};
const command kRuntime = {"verilated", "verilated_threads", "verilated_dpi", "verilated_fst_c"};

command operator+(command left, const command &right)
{
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

std::string joined(const command &words)
{
    std::string text;
    for (const std::string &word : words)
        text += word + '\n';
    return text;
}

std::string read_file(const fs::path &path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
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

// A directory that goes when the program is through with it.
class scratch
{
  public:
    scratch()
    {
        std::string name = (fs::temp_directory_path() / "tessera-cosim.XXXXXX").string();
        if (!mkdtemp(name.data()))
            throw std::runtime_error(name + ": no directory can be made there");
        path_ = name;
    }

    ~scratch()
    {
        std::error_code failed;
        fs::remove_all(path_, failed);
    }

    scratch(const scratch &) = delete;
    scratch &operator=(const scratch &) = delete;

    const fs::path &path() const
    {
        return path_;
    }

  private:
    fs::path path_;
};

std::string first_error(const fs::path &log)
{
    std::ifstream in(log);
    for (std::string line; std::getline(in, line);)
        if (line.rfind("%Error", 0) == 0)
            return line;
    return "";
}

// Runs Verilator where the user is, so that paths mean what they say.
void verilate(const command &arguments, const fs::path &log)
{
    try {
        run_tool(arguments, fs::current_path(), log);
    } catch (const std::runtime_error &) {
        const std::string error = first_error(log);
        if (error.empty())
            throw;
        throw std::runtime_error("verilator: " + error);
    }
}

command sources(const foreign_rtl &rtl)
{
    command words = {"-I."}; // first: Verilator looks for the files themselves there, too
    for (const std::string &include : rtl.includes)
        words.push_back("-I" + include);
    for (const std::string &file : rtl.files) // relative, so that messages stay so
        words.push_back("-I" + (fs::path(".") / file).parent_path().string());
    for (const std::string &define : rtl.defines)
        words.push_back("-D" + define);
    return words + rtl.files;
}

fs::path headers()
{
    char path[PATH_MAX];
    if (!ts_share_directory("include", path, sizeof path))
        throw std::runtime_error(
            "share/tessera/include: not found beside this program; install Tessera again");
    return path;
}

command verilator_headers(const std::string &root)
{
    return {"-I" + root + "/include", "-I" + root + "/include/vltstd"};
}

// The part of Verilator that does not depend on the design.
fs::path runtime(const std::string &root, const std::string &versions)
{
    content_hash hash;
    const fs::path print = headers() / "cosim" / "foreign_print.h";
    for (const std::string &text :
         {versions, joined(kCompiler), joined(kRuntime), read_file(print)})
        hash.add(text);
    return cached("verilator-" + hash.text(), [&](const fs::path &directory) {
        const fs::path sources = fs::path(root) / "include";
        for (const std::string &each : kRuntime)
            run_tool(kCompiler + verilator_headers(root) +
                         command{"-include", print.string(), "-c", "-o", each + ".o",
                                 (sources / (each + ".cpp")).string()},
                     directory, directory / "build.log");
    });
}

struct ingredients {
    const foreign_rtl &rtl;
    std::string wrapper, adaptor, root, versions;
};

void compile(const ingredients &from, const fs::path &directory)
{
    const fs::path log = directory / "build.log",
                   runtime_objects = runtime(from.root, from.versions);
    write_file(directory / "cosim.sv", from.wrapper);
    write_file(directory / "adaptor.cpp", from.adaptor);
    verilate(kVerilator + kLanguage + command{"--Mdir", (directory / "h").string()} +
                 sources(from.rtl) + command{(directory / "cosim.sv").string()},
             log);
    unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
    run_tool({"make", "-C", "h", "CXX=c++", "OPT_FAST=-O2", "OPT_GLOBAL=-O1",
              "-j" + std::to_string(jobs), "-f", "Vcosim.mk", "Vcosim__ALL.a"},
             directory, log);
    command link = kCompiler + verilator_headers(from.root) +
                   command{"-shared", "-Wl,-Bsymbolic", "-Ih",         "-I" + headers().string(),
                           "-o",      kLibrary,         "adaptor.cpp", "h/Vcosim__ALL.a"};
    for (const std::string &each : kRuntime)
        link.push_back((runtime_objects / (each + ".o")).string());
    run_tool(link + command{"-lz"}, directory, log);
    fs::remove_all(directory / "h");
}

std::string name_of(const ingredients &from)
{
    content_hash hash;
    hash.add(tool_output(command{"verilator", "-E"} + kLanguage + sources(from.rtl)));
    for (const std::string &text :
         {from.wrapper, from.adaptor, from.root, from.versions, joined(kVerilator),
          joined(kLanguage), joined(kCompiler), read_file(headers() / "cosim" / "foreign_print.h"),
          read_file(headers() / "cosim" / "foreign_model.h"),
          read_file(headers() / "cosim" / "foreign_block.h"),
          read_file(headers() / "cosim" / "verilated_block.h")})
        hash.add(text);
    return "foreign-" + hash.text();
}

} // namespace

foreign_module inspect(const foreign_rtl &rtl)
{
    const scratch directory;
    const fs::path xml = directory.path() / "module.xml";
    command arguments = command{"verilator", "--xml-only"} + kLanguage +
                        command{"--Mdir", directory.path().string(), "--xml-output", xml.string()};
    if (!rtl.top.empty())
        arguments = arguments + command{"--top-module", rtl.top};
    for (const std::string &each : rtl.parameters)
        arguments.push_back("-G" + each);
    verilate(arguments + sources(rtl), directory.path() / "log");
    return read_module(read_file(xml), rtl.top);
}

foreign_library::foreign_library(const foreign_rtl &rtl, const foreign_module &module,
                                 const connections &pins)
{
    const ingredients from = {rtl, wrapper_text(pins, module, rtl.parameters), adaptor_text(pins),
                              tool_output({"verilator", "--getenv", "VERILATOR_ROOT"}),
                              tool_output({"verilator", "--version"}) +
                                  tool_output({"c++", "--version"})};
    const fs::path path =
        cached(name_of(from), [&](const fs::path &directory) { compile(from, directory); });
    const std::string library = (path / kLibrary).string();
    void *handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    void *symbol = handle ? dlsym(handle, "tessera_make_foreign") : nullptr;
    if (!symbol)
        throw std::runtime_error(std::string(dlerror()) + "; remove " + path.string() +
                                 " and try again");
    make_ = reinterpret_cast<foreign_model *(*)(int)>(symbol);
}

} // namespace tessera
