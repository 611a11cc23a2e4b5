// SPDX-License-Identifier: Apache-2.0
// C's side of the cache that Verilated RTL is kept in.
#include "cache/cache.h"

#include "rtl_library/cache.h"

#include <cstring>
#include <exception>
#include <stdexcept>

struct ts_hash {
    tessera::content_hash hash;
};

struct ts_hash *ts_hash_add(struct ts_hash *hash, const char *text, size_t size)
{
    if (!hash)
        hash = new ts_hash;
    hash->hash.add(std::string(text, size));
    return hash;
}

void ts_hash_end(struct ts_hash *hash, char key[TS_CACHE_KEY])
{
    std::string text = hash ? hash->hash.text() : tessera::content_hash().text();
    delete hash;
    std::memcpy(key, text.c_str(), TS_CACHE_KEY);
}

bool ts_cached(const char *name, ts_cache_build *build, void *context, char *path, size_t size,
               bool *found, struct ts_error *error)
{
    try {
        bool there = true;
        const auto fill = [&](const std::filesystem::path &directory) {
            there = false;
            ts_error failed = {};
            if (!build(directory.c_str(), context, &failed))
                throw std::runtime_error(failed.text);
        };
        const std::string entry = tessera::cached(name, fill).string();
        if (found)
            *found = there;
        if (entry.size() >= size)
            return ts_error_set(error, "%s: a path too long", entry.c_str());
        std::memcpy(path, entry.c_str(), entry.size() + 1);
        return true;
    } catch (const std::exception &e) {
        return ts_error_set(error, "%s", e.what());
    }
}
