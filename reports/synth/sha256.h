/* SPDX-License-Identifier: Apache-2.0 */
/** @file SHA-256 (FIPS 180-4), so that `cat FILE... | sha256sum` says the same. */
#ifndef TESSERA_REPORTS_SHA256_H
#define TESSERA_REPORTS_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { TS_SHA256_TEXT = 65 };

struct ts_sha256 {
    uint32_t state[8];
    uint64_t size;
    uint8_t block[64];
};

void ts_sha256_start(struct ts_sha256 *hash);
void ts_sha256_add(struct ts_sha256 *hash, const void *data, size_t size);
/** 64 hexadecimal digits. */
void ts_sha256_end(struct ts_sha256 *hash, char text[TS_SHA256_TEXT]);

#endif
