/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A directory of things built at run time, by the content of all that they are made from.
 */
#ifndef TESSERA_REPORTS_CACHE_H
#define TESSERA_REPORTS_CACHE_H

#include <stdbool.h>
#include <stddef.h>

#include "tessera/error.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { TS_CACHE_KEY = 33 }; /**< 32 hexadecimal digits */

/** Content that is being hashed; NULL until the first text. */
struct ts_hash;

/** Adds a text and its length. Returns the hash, to be ended by ts_hash_end. */
struct ts_hash *ts_hash_add(struct ts_hash *hash, const char *text, size_t size);

/** The key of all that was added; frees the hash. */
void ts_hash_end(struct ts_hash *hash, char key[TS_CACHE_KEY]);

/** Fills an empty directory; false with one line. */
typedef bool ts_cache_build(const char *directory, void *context, struct ts_error *error);

/**
 * The path of the cache's directory `name`. If there is none, `build` fills one beside it that
 * is then renamed: no other process sees half of it. If it fails, its file build.log stays as
 * NAME.log, and the line names it so. `*found`, if wanted, says that it was there.
 */
bool ts_cached(const char *name, ts_cache_build *build, void *context, char *path, size_t size,
               bool *found, struct ts_error *error);

#ifdef __cplusplus
}
#endif
#endif
