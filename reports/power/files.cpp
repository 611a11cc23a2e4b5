// SPDX-License-Identifier: Apache-2.0
// Whole files as text.
#include "power/files.h"

#include "share/share.h"

#include <climits>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace tessera
{

std::string read_text(const std::filesystem::path &path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file || std::filesystem::is_directory(path))
        throw std::runtime_error(path.string() + ": cannot be read");
    return text.str();
}

void write_text(const std::filesystem::path &path, const std::string &text)
{
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    if (!file)
        throw std::runtime_error(path.string() + ": cannot be written");
}

std::filesystem::path share_path(const char *name)
{
    char path[PATH_MAX];
    if (!ts_share_directory(name, path, sizeof path))
        throw std::runtime_error(std::string("share/tessera/") + name +
                                 ": not found beside this program; install Tessera again");
    return path;
}

} // namespace tessera
