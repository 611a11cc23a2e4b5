/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Tiles of a GEMM on the Verilated array of a design, in lock step with its SystemC array.
 *
 * The RTL is built when it is first needed (verilator, c++ and make, some seconds to a
 * minute) and kept in a cache: $TESSERA_CACHE, else $XDG_CACHE_HOME/tessera, else
 * ~/.cache/tessera. Several designs may be open in one thread.
 */
#ifndef TESSERA_REPLAY_TILES_H
#define TESSERA_REPLAY_TILES_H

#include "design/design.h"
#include "tessera/gemm.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The RTL and SystemC arrays of one design, side by side. */
struct ts_tiles;

struct ts_tile_request {
    const struct ts_gemm *gemm;
    int64_t m0, n0;           /**< first row and column: multiples of ts_array_tile */
    const uint32_t *expected; /**< [m][n]: what the engine computed, codes of the outer format */
    const char *record_dir;   /**< NULL, or where the streams of some mpes are written */
    const char *record_name;  /**< with record_dir: files are NAME_mpe_ROW_COL.vec */
};

struct ts_tile_report {
    int rows, columns; /**< of the tile, without padding */
    uint64_t folds;
    uint64_t cycles;     /**< compared, those of reset not counted */
    uint64_t bits;       /**< output bits compared between RTL and SystemC */
    uint64_t mismatches; /**< signals of a cycle, results or a number of cycles that differ */
    char first[256];     /**< the first difference in words, else "" */
};

/**
 * Builds or finds the RTL of a design and loads it. On failure returns NULL, and
 * `error` is one line that names the tool that is missing, or the log of the one that failed.
 */
struct ts_tiles *ts_tiles_open(const struct ts_design *design, char *error, size_t size);

/** The seconds that ts_tiles_open() spent in building the RTL; 0 if it was in the cache. */
double ts_tiles_build_seconds(const struct ts_tiles *tiles);

/**
 * Runs all passes of a tile. Valid bits are compared in every cycle, each column's outputs in
 * the cycles in which they count, the results with `expected`, the cycles with the closed form.
 * Returns false, with one line in `error`, if the tile could not be run or recorded; a
 * difference is no error, but counted in the report.
 */
bool ts_tiles_run(struct ts_tiles *tiles, const struct ts_tile_request *request,
                  struct ts_tile_report *report, char *error, size_t size);

void ts_tiles_close(struct ts_tiles *tiles);

#ifdef __cplusplus
}
#endif
#endif
