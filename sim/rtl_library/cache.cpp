// SPDX-License-Identifier: Apache-2.0
// The cache of what is built at run time.
#include "rtl_library/cache.h"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace fs = std::filesystem;

namespace tessera
{

namespace
{

const char *environment(const char *name)
{
    const char *value = std::getenv(name);
    return value && *value ? value : nullptr;
}

fs::path make_temporary(const fs::path &beside)
{
    std::string name = beside.string() + ".XXXXXX";
    if (!mkdtemp(name.data()))
        throw std::runtime_error(beside.parent_path().string() +
                                 ": no directory can be made in this cache");
    return name;
}

// The log outlives the directory that its line names.
std::string keep_log(const fs::path &temporary, const fs::path &log, std::string message)
{
    const std::string old = (temporary / "build.log").string();
    std::error_code failed;
    fs::rename(old, log, failed);
    if (std::size_t at = message.find(old); !failed && at != std::string::npos)
        message.replace(at, old.size(), log.string());
    fs::remove_all(temporary, failed);
    return message;
}

} // namespace

void content_hash::add(const std::string &text)
{
    for (std::uint64_t size = text.size(), i = 0; i < 8; i++)
        add_byte(static_cast<unsigned char>(size >> (8 * i)));
    for (char c : text)
        add_byte(static_cast<unsigned char>(c));
}

// The prime is 2^88 + 0x13B.
void content_hash::add_byte(unsigned char byte)
{
    constexpr std::uint64_t kLowPrime = 0x13B;
    low_ ^= byte;
    std::uint64_t bottom = (low_ & 0xFFFFFFFF) * kLowPrime;
    std::uint64_t middle = (low_ >> 32) * kLowPrime + (bottom >> 32);
    high_ = high_ * kLowPrime + (middle >> 32) + (low_ << 24);
    low_ = middle << 32 | (bottom & 0xFFFFFFFF);
}

std::string content_hash::text() const
{
    char digits[33];
    std::snprintf(digits, sizeof digits, "%016llx%016llx", static_cast<unsigned long long>(high_),
                  static_cast<unsigned long long>(low_));
    return digits;
}

fs::path cache_directory()
{
    if (const char *own = environment("TESSERA_CACHE"))
        return own;
    if (const char *caches = environment("XDG_CACHE_HOME"))
        return fs::path(caches) / "tessera";
    if (const char *home = environment("HOME"))
        return fs::path(home) / ".cache" / "tessera";
    throw std::runtime_error("no place for a cache: set TESSERA_CACHE to a directory");
}

fs::path cached(const std::string &name, const std::function<void(const fs::path &)> &build)
{
    const fs::path directory = fs::absolute(cache_directory());
    fs::path entry = directory / name;
    if (fs::exists(entry))
        return entry;
    std::error_code failed;
    fs::create_directories(directory, failed);
    const fs::path temporary = make_temporary(entry);
    try {
        build(temporary);
    } catch (const std::exception &error) {
        throw std::runtime_error(keep_log(temporary, entry.string() + ".log", error.what()));
    }
    fs::rename(temporary, entry, failed);
    if (!failed)
        return entry;
    fs::remove_all(temporary);
    // Another process was faster.
    if (!fs::exists(entry))
        throw std::runtime_error(entry.string() + ": " + failed.message());
    return entry;
}

} // namespace tessera
