// SPDX-License-Identifier: Apache-2.0
// Builds a block's library if the cache has none, and loads it.
#include "rtl_library/rtl_library.h"

#include "rtl_library/cache.h"
#include "rtl_library/recipe.h"

#include <chrono>
#include <dlfcn.h>
#include <stdexcept>

namespace tessera
{

rtl_library::rtl_library(const ts_block &block, const std::int64_t *params)
{
    const rtl_recipe recipe(block, params);
    const std::filesystem::path path =
        cached(recipe.name(), [&](const std::filesystem::path &directory) {
            auto start = std::chrono::steady_clock::now();
            recipe.build(directory);
            build_seconds_ =
                std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        });
    const std::string library = (path / rtl_recipe::kLibrary).string();
    void *handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    void *symbol = handle ? dlsym(handle, "tessera_make_rtl") : nullptr;
    if (!symbol)
        throw std::runtime_error(std::string(dlerror()) + "; remove " + path.string() +
                                 " and try again");
    make_ = reinterpret_cast<rtl_block *(*)()>(symbol);
}

} // namespace tessera
