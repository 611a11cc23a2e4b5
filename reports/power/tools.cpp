// SPDX-License-Identifier: Apache-2.0
// Exceptions for tessera_run.
#include "power/tools.h"

#include <stdexcept>

namespace tessera
{

namespace
{

std::vector<const char *> pointers(const std::vector<std::string> &arguments)
{
    std::vector<const char *> all;
    all.reserve(arguments.size() + 1);
    for (const std::string &each : arguments)
        all.push_back(each.c_str());
    all.push_back(nullptr);
    return all;
}

} // namespace

void run_in(const std::filesystem::path &directory, const ts_tool &tool,
            const std::vector<std::string> &arguments)
{
    ts_error error = {};
    const std::string log = (directory / "build.log").string();
    if (!ts_run(&tool, pointers(arguments).data(), directory.c_str(), log.c_str(), &error))
        throw std::runtime_error(error.text);
}

std::string output_of(const ts_tool &tool, const std::vector<std::string> &arguments)
{
    ts_error error = {};
    char text[4096];
    if (!ts_run_output(&tool, pointers(arguments).data(), text, sizeof text, &error))
        throw std::runtime_error(error.text);
    return text;
}

} // namespace tessera
