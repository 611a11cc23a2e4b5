// SPDX-License-Identifier: Apache-2.0
/// @file
/// A directory of things built at run time, by the content of all that they are made from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace tessera
{

/// FNV-1a of 128 bits: names content, and guards against nothing but chance.
class content_hash
{
  public:
    /// Adds a text and its length, so that texts do not run into each other.
    void add(const std::string &text);

    /// 32 hexadecimal digits.
    std::string text() const;

  private:
    void add_byte(unsigned char byte);

    std::uint64_t high_ = 0x6C62272E07BB0142, low_ = 0x62B821756295C58D;
};

/// $TESSERA_CACHE, else $XDG_CACHE_HOME/tessera, else ~/.cache/tessera.
std::filesystem::path cache_directory();

/// The cache's directory `name`. If there is none, `build` fills one beside it that is then
/// renamed, so that of several processes one wins, and no other sees half a directory.
/// If it throws, the file build.log stays as NAME.log, and the message names it so.
std::filesystem::path cached(const std::string &name,
                             const std::function<void(const std::filesystem::path &)> &build);

} // namespace tessera
