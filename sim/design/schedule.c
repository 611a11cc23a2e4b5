/* SPDX-License-Identifier: Apache-2.0 */
/* A GEMM on a weight-stationary array: its folds one by one. */
#include "design/schedule.h"

extern const struct ts_block ts_block_mac_array;

static int64_t parameter(const int64_t *params, const char *name)
{
    return params[ts_block_param(&ts_block_mac_array, name)];
}

static int64_t ceiling(int64_t a, int64_t b)
{
    return (a + b - 1) / b;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

struct ts_mnk ts_array_tile(const int64_t *params)
{
    return (struct ts_mnk){
        .m = parameter(params, "Depth"),
        .n = parameter(params, "Cols") * parameter(params, "Simd"),
        .k = parameter(params, "Rows") * parameter(params, "Lanes"),
    };
}

static bool is_empty(struct ts_mnk shape)
{
    return shape.m <= 0 || shape.n <= 0 || shape.k <= 0;
}

void ts_array_schedule_start(struct ts_array_schedule *schedule, const int64_t *params,
                             struct ts_mnk shape, struct ts_mpe_mode mode)
{
    struct ts_mnk tile = ts_array_tile(params);
    if (is_empty(shape))
        shape = (struct ts_mnk){0};
    *schedule = (struct ts_array_schedule){
        .shape = shape,
        .tile = tile,
        .passes_per_chunk = ceiling(parameter(params, "Chunk"), tile.k),
        .mode = mode,
    };
}

bool ts_array_schedule_next(struct ts_array_schedule *s, struct ts_array_fold *fold)
{
    if (s->next.n >= s->shape.n)
        return false;
    int64_t pass = s->next.k / s->tile.k % s->passes_per_chunk;
    bool last = s->next.k + s->tile.k >= s->shape.k;
    *fold = (struct ts_array_fold){
        .n0 = s->next.n,
        .m0 = s->next.m,
        .k0 = s->next.k,
        .rows = (int)least(s->tile.m, s->shape.m - s->next.m),
        .columns = (int)least(s->tile.n, s->shape.n - s->next.n),
        .fold = {.mode = s->mode,
                 .open = pass > 0,
                 .close = last || pass == s->passes_per_chunk - 1,
                 .first = s->next.k < s->tile.k * s->passes_per_chunk,
                 .last = last},
    };
    s->next.k += s->tile.k;
    if (last) {
        s->next.k = 0;
        s->next.m += s->tile.m;
    }
    if (s->next.m >= s->shape.m) {
        s->next.m = 0;
        s->next.n += s->tile.n;
    }
    return true;
}
