/* SPDX-License-Identifier: Apache-2.0 */
/* The fast engine: chooses a kernel and deals tiles of C to threads. */
#include "gemm/tile.h"

#include <pthread.h>

enum { MAX_THREADS = 256 };

typedef void kernel(const struct ts_tile *tile);

/* The tiles that one thread computes: every `step`th, from `first` on. */
struct share {
    const struct ts_gemm *g;
    kernel *kernel;
    uint32_t *c;
    int64_t first, step;
};

static int64_t tiles_of(int64_t n, int64_t size)
{
    return n / size + (n % size != 0);
}

static int part(int64_t n, int64_t start, int size)
{
    return n - start < size ? (int)(n - start) : size;
}

static void *work(void *argument)
{
    const struct share *share = argument;
    const struct ts_gemm *g = share->g;
    int64_t across = tiles_of(g->n, TILE_COLS);
    int64_t tiles = tiles_of(g->m, TILE_ROWS) * across;
    for (int64_t i = share->first; i < tiles; i += share->step) {
        struct ts_tile tile = {.g = g, .c = share->c};
        tile.row = i / across * TILE_ROWS;
        tile.col = i % across * TILE_COLS;
        tile.rows = part(g->m, tile.row, TILE_ROWS);
        tile.cols = part(g->n, tile.col, TILE_COLS);
        share->kernel(&tile);
    }
    return NULL;
}

static kernel *choose(const struct ts_gemm *g)
{
    if (g->modes == TS_MODE_FP16)
        return ts_tile_fma;
    return ts_tile_float_holds(g) ? ts_tile_float : ts_tile_double;
}

void ts_gemm_run(const struct ts_gemm *g, int threads, uint32_t *c)
{
    if (threads > MAX_THREADS)
        threads = MAX_THREADS;
    if (threads < 1)
        threads = 1;
    struct share shares[MAX_THREADS];
    pthread_t ids[MAX_THREADS];
    bool started[MAX_THREADS];
    for (int i = 0; i < threads; i++) {
        shares[i] = (struct share){.g = g, .kernel = choose(g), .first = i, .step = threads};
        shares[i].c = c;
    }
    for (int i = 1; i < threads; i++)
        started[i] = pthread_create(&ids[i], NULL, work, &shares[i]) == 0;
    work(&shares[0]);
    for (int i = 1; i < threads; i++) {
        if (started[i])
            pthread_join(ids[i], NULL);
        else /* no thread to be had */
            work(&shares[i]);
    }
}
