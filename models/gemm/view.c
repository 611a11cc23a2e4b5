/* SPDX-License-Identifier: Apache-2.0 */
/* Matrices that are views of tensors. */
#include "gemm/view.h"

#include <string.h>

/* A place among the planes, not yet divided by the holes. */
struct place {
    int64_t offset, y, x;
};

static void add(struct place *p, const struct ts_view_digit *digit, int64_t count)
{
    p->offset += count * digit->step;
    p->y += count * digit->y;
    p->x += count * digit->x;
}

static void add_index(struct place *p, const struct ts_view_digit *digits, int64_t index)
{
    for (int i = 2; i > 0; i--) {
        add(p, &digits[i], index % digits[i].extent);
        index /= digits[i].extent;
    }
    add(p, &digits[0], index);
}

static struct place place_of(const struct ts_view *view, int64_t vector, int64_t k)
{
    struct place p = {view->offset, view->y, view->x};
    add_index(&p, view->vector, vector);
    add_index(&p, view->k, k);
    return p;
}

static bool is_there(int64_t at, int64_t hole, int64_t end)
{
    return at >= 0 && at % hole == 0 && at / hole < end;
}

static int64_t index_of(const struct ts_view *view, const struct place *p)
{
    return p->offset + p->y / view->y_hole * view->y_step + p->x / view->x_hole * view->x_step;
}

int64_t ts_view_index(const struct ts_view *view, int64_t vector, int64_t k)
{
    struct place p = place_of(view, vector, k);
    bool there =
        is_there(p.y, view->y_hole, view->height) && is_there(p.x, view->x_hole, view->width);
    return there ? index_of(view, &p) : -1;
}

static int64_t ceiling(int64_t n, int64_t divisor)
{
    return (n + divisor - 1) / divisor;
}

/*
 * Of `n` elements from p on, those from `begin` to `end` - 1 exist. k's last digit moves along a
 * channel, or along x in planes without holes.
 */
struct run {
    int64_t begin, end;
};

static struct run run_at(const struct ts_view *view, const struct place *p, int64_t n)
{
    const int64_t x_step = view->k[2].x;
    struct run run = {0, 0};
    if (!is_there(p->y, view->y_hole, view->height))
        return run;
    if (x_step == 0) {
        run.end = is_there(p->x, view->x_hole, view->width) ? n : 0;
        return run;
    }
    run.begin = p->x < 0 ? ceiling(-p->x, x_step) : 0;
    run.end = ceiling(view->width - p->x, x_step);
    run.end = run.end < n ? run.end : n;
    return run;
}

static uint8_t nibble(const uint8_t *codes, int64_t i)
{
    return codes[i / 2] >> i % 2 * 4 & 0xF;
}

/* Neighbours, to where a byte begins: bytes as they are, or made of the halves of two. */
static void copy_bytes(const uint8_t *from, int64_t first, int64_t bytes, uint8_t *out)
{
    from += first / 2;
    if (first % 2 == 0)
        memcpy(out, from, (size_t)bytes);
    else
        for (int64_t i = 0; i < bytes; i++)
            out[i] = (uint8_t)(from[i] >> 4 | from[i + 1] << 4);
}

/* 4-bit codes into zeros, from code `at` on. */
static void copy_nibbles(const uint8_t *from, int64_t first, int64_t step, int64_t n, uint8_t *out,
                         int64_t at)
{
    int64_t i = 0;
    if (step == 1) {
        if (at % 2 == 1)
            out[at / 2] |= (uint8_t)(nibble(from, first) << 4);
        i = at % 2;
        copy_bytes(from, first + i, (n - i) / 2, out + (at + i) / 2);
        i += (n - i) / 2 * 2;
    }
    for (; i < n; i++)
        out[(at + i) / 2] |= (uint8_t)(nibble(from, first + i * step) << (at + i) % 2 * 4);
}

#define COPY(type)                                                                                 \
    for (int64_t i = 0; i < n; i++)                                                                \
    ((type *)out)[at + i] = ((const type *)from)[first + i * step]

/* `n` elements that are `step` apart, to element `at` of `out`. */
static void copy(const void *from, int bits, int64_t first, int64_t step, int64_t n, void *out,
                 int64_t at)
{
    switch (bits) {
    case 4:
        copy_nibbles(from, first, step, n, out, at);
        break;
    case 8:
        COPY(uint8_t);
        break;
    case 16:
        COPY(uint16_t);
        break;
    default:
        COPY(uint32_t);
        break;
    }
}

#undef COPY

void ts_view_gather(const struct ts_view *view, const void *tensor, int bits, int64_t vector,
                    int64_t k, int64_t n, void *out)
{
    const struct ts_view_digit *last = &view->k[2];
    const int64_t step = last->step + last->x * view->x_step;
    for (int64_t at = 0; at < n;) {
        int64_t rest = last->extent - (k + at) % last->extent;
        int64_t length = rest < n - at ? rest : n - at;
        struct place p = place_of(view, vector, k + at);
        struct run run = run_at(view, &p, length);
        if (run.begin < run.end) {
            add(&p, last, run.begin);
            copy(tensor, bits, index_of(view, &p), step, run.end - run.begin, out, at + run.begin);
        }
        at += length;
    }
}

const struct ts_packed *ts_view_block(const struct ts_packed *p, int64_t first, int64_t vectors,
                                      int64_t k, int64_t n, struct ts_packed *block)
{
    int bits = ts_format_bits(&p->format);
    block->format = p->format;
    block->vectors = vectors;
    block->k = n;
    memset(block->codes, 0, (size_t)(vectors * block->stride));
    for (int64_t v = 0; v < vectors; v++)
        ts_view_gather(&p->view, p->codes, bits, first + v, k, n, block->codes + v * block->stride);
    return block;
}
