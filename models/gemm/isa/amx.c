/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernels for AMX: tiles make the dot products of 16 x 16 outputs, AVX-512 adds and rounds them.
 * Why all sums are exact: ts_four_bit_in_float(), which holds for the sum of some of the products,
 * too.
 */
#include "gemm/expand.h"

#include <cpuid.h>
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ROWS = 16, HALF = ROWS / 2, COLS = 16, VECTORS = 2, MAX_DEPTH = 16 };

typedef float vf __attribute__((vector_size(COLS * sizeof(float))));
typedef int32_t vi __attribute__((vector_size(COLS * sizeof(int32_t))));

#include "gemm/isa/expand512.h"
#include "gemm/isa/floats.h"

extern const struct ts_isa ts_isa_avx512vnni;

enum kind { BFLOATS, BYTES };

/* What products enter: the sum over chunks, or that of a chunk, perhaps rounded before. */
enum sum { OF_CHUNKS, OF_DOTS, OF_ROUNDED_DOTS };

struct tile_config {
    uint8_t palette, start, reserved[14];
    uint16_t row_bytes[16];
    uint8_t rows[16];
};

/* Two sets of three tiles; the compiler makes names of registers of these. */
#define EVEN_SUM 0
#define EVEN_A 1
#define EVEN_B 2
#define ODD_SUM 3
#define ODD_A 4
#define ODD_B 5

/* A dot product takes `depth` words of A's rows, and as many rows of B. */
static void configure(int depth)
{
    struct tile_config config = {.palette = 1};
    for (int set = EVEN_SUM; set <= ODD_SUM; set += ODD_SUM) {
        config.rows[set] = config.rows[set + EVEN_A] = ROWS;
        config.rows[set + EVEN_B] = (uint8_t)depth;
        config.row_bytes[set] = config.row_bytes[set + EVEN_B] = COLS * sizeof(float);
        config.row_bytes[set + EVEN_A] = (uint16_t)((unsigned)depth * sizeof(float));
    }
    /* Of what _tile_loadconfig() is given the compiler keeps no more than a pointer's bytes. */
    __asm__ volatile("ldtilecfg %0" ::"m"(config));
}

#define INLINE static inline __attribute__((always_inline))

/* What a dot product's tiles are loaded from. */
struct operands {
    const uint32_t *a;
    size_t a_bytes; /* of a row */
    const vf *b;
};

/* A set: load() the first tiles of a dot product, multiply() all of it, store() the products. */
#define TILES(set, sum, of_a, of_b)                                                                \
    INLINE void load_##set(struct operands x)                                                      \
    {                                                                                              \
        _tile_loadd(of_a, x.a, x.a_bytes);                                                         \
        _tile_loadd(of_b, x.b, VECTORS * sizeof *x.b);                                             \
    }                                                                                              \
                                                                                                   \
    INLINE void multiply_tiles_##set(enum kind kind)                                               \
    {                                                                                              \
        if (kind == BFLOATS)                                                                       \
            _tile_dpbf16ps(sum, of_a, of_b);                                                       \
        else                                                                                       \
            _tile_dpbssd(sum, of_a, of_b);                                                         \
    }                                                                                              \
                                                                                                   \
    INLINE void multiply_##set(enum kind kind, struct operands x, int depth)                       \
    {                                                                                              \
        _tile_zero(sum);                                                                           \
        multiply_tiles_##set(kind);                                                                \
        for (int at = MAX_DEPTH; at < depth; at += MAX_DEPTH) {                                    \
            x.a += MAX_DEPTH;                                                                      \
            x.b += MAX_DEPTH * VECTORS;                                                            \
            load_##set(x);                                                                         \
            multiply_tiles_##set(kind);                                                            \
        }                                                                                          \
    }                                                                                              \
                                                                                                   \
    INLINE void store_##set(vf products[ROWS])                                                     \
    {                                                                                              \
        _tile_stored(sum, products, sizeof *products);                                             \
    }

TILES(even, EVEN_SUM, EVEN_A, EVEN_B)
TILES(odd, ODD_SUM, ODD_A, ODD_B)

/* Products of one dot product enter the sums of 8 rows in registers. */
INLINE void add_rows(enum kind kind, enum sum sum, vf unit, const struct ts_sums *sums,
                     const vf products[HALF], vf acc[HALF])
{
#pragma GCC unroll 16
    for (int row = 0; row < HALF; row++) {
        const vf p = kind == BYTES ? (vf)_mm512_cvtepi32_ps(((const __m512i *)products)[row])
                                   : products[row];
        if (sum == OF_CHUNKS)
            acc[row] = outer_add(acc[row], round10(p) * unit, sums);
        else
            acc[row] = round10(acc[row] + (sum == OF_DOTS ? p : round10(p)));
    }
}

/* A chunk has ended. */
INLINE void add_chunk(uint32_t *state, const struct ts_sums *sums, vf unit, vf acc[ROWS])
{
#pragma GCC unroll 16
    for (int row = 0; row < ROWS; row++) {
        add_to(state + row * VECTORS * COLS, acc[row], unit, sums);
        acc[row] = splat(0);
    }
}

/*
 * A pipeline, because a tile's products take long: of four dot products in a row, the first is
 * added, the second stored, the third multiplied and the fourth loaded.
 */
INLINE void add_dots(enum kind kind, enum sum sum, const struct ts_strip *s,
                     const struct ts_sums *sums, const vf *b, uint32_t *state)
{
    const vf unit = splat((float)sums->unit);
    struct operands x = {s->a, (size_t)s->a_step * sizeof(uint32_t), b};
    vf acc[ROWS], products[2][ROWS];
    int64_t left = s->chunk_dots;
#pragma GCC unroll 16
    for (int row = 0; row < ROWS; row++)
        acc[row] = sum == OF_CHUNKS ? load(state + row * VECTORS * COLS) : splat(0);
    load_even(x);
    for (int64_t dot = 0; dot < s->dots + 2; dot++) {
        const struct operands next = {x.a + s->per_dot, x.a_bytes, x.b + s->per_dot * VECTORS};
        const bool even = dot % 2 == 0;
        const vf *const p = products[!even];
        if (dot + 1 < s->dots)
            even ? load_odd(next) : load_even(next);
        if (dot < s->dots)
            even ? multiply_even(kind, x, s->per_dot) : multiply_odd(kind, x, s->per_dot);
        if (dot > 1)
            add_rows(kind, sum, unit, sums, p, acc);
        if (dot > 0)
            even ? store_odd(products[1]) : store_even(products[0]);
        x = next;
        if (dot < 2)
            continue;
        add_rows(kind, sum, unit, sums, p + HALF, acc + HALF);
        if (sum == OF_CHUNKS || (--left > 0 && dot < s->dots + 1))
            continue;
        add_chunk(state, sums, unit, acc);
        left = s->chunk_dots;
    }
    if (sum == OF_CHUNKS)
#pragma GCC unroll 16
        for (int row = 0; row < ROWS; row++)
            store(state + row * VECTORS * COLS, acc[row]);
}

/*
 * Chunks of bfloat16 products, whose dot products take two tiles or more: there is enough to do for
 * tiles between two stores.
 */
INLINE void add_chunks(const struct ts_strip *s, const struct ts_sums *sums, const vf *b,
                       uint32_t *state)
{
    const vf unit = splat((float)sums->unit);
    struct operands x = {s->a, (size_t)s->a_step * sizeof(uint32_t), b};
    vf outer[ROWS], products[2][ROWS];
#pragma GCC unroll 16
    for (int row = 0; row < ROWS; row++)
        outer[row] = load(state + row * VECTORS * COLS);
    for (int64_t dot = 0; dot <= s->dots; dot++) {
        if (dot < s->dots) {
            load_even(x);
            multiply_even(BFLOATS, x, s->per_dot);
            store_even(products[dot % 2]);
        }
        x.a += s->per_dot;
        x.b += s->per_dot * VECTORS;
        if (dot == 0)
            continue;
        const vf *const p = products[(dot - 1) % 2];
        add_rows(BFLOATS, OF_CHUNKS, unit, sums, p, outer);
        add_rows(BFLOATS, OF_CHUNKS, unit, sums, p + HALF, outer + HALF);
    }
#pragma GCC unroll 16
    for (int row = 0; row < ROWS; row++)
        store(state + row * VECTORS * COLS, outer[row]);
}

INLINE void strip_of(enum kind kind, enum sum sum, const struct ts_strip *s,
                     const struct ts_sums *sums)
{
    configure(s->per_dot < MAX_DEPTH ? s->per_dot : MAX_DEPTH);
    for (int v = 0; v < VECTORS; v++) {
        const vf *b = (const vf *)s->b + v;
        uint32_t *state = s->state + v * COLS;
        if (kind == BFLOATS && sum == OF_CHUNKS)
            add_chunks(s, sums, b, state);
        else
            add_dots(kind, sum, s, sums, b, state);
    }
    _tile_release();
}

/* The usual case apart, for the compiler. */
INLINE void sums_of(enum kind kind, enum sum sum, const struct ts_strip *s)
{
    struct ts_sums plain = {.plain = true, .unit = s->sums->unit};
    if (s->sums->plain)
        strip_of(kind, sum, s, &plain);
    else
        strip_of(kind, sum, s, s->sums);
}

static void bfloat_strip(const struct ts_strip *s)
{
    sums_of(BFLOATS, OF_CHUNKS, s);
}

static void byte_strip(const struct ts_strip *s)
{
    sums_of(BYTES, OF_CHUNKS, s);
}

static void dot_strip(const struct ts_strip *s)
{
    if (s->sums->split)
        sums_of(BFLOATS, OF_ROUNDED_DOTS, s);
    else
        sums_of(BFLOATS, OF_DOTS, s);
}

#define DOT_KERNEL(lanes)                                                                          \
    {                                                                                              \
        .rows = ROWS, .cols = COLS * VECTORS, .group = 2, .size = sizeof(uint32_t),                \
        .min_lanes = (lanes), .tabulate = ts_tabulate_bf16_pairs, .expand = expand_pairs,          \
        .strip = dot_strip,                                                                        \
    }

/* A tile takes its time, however few lanes there are. */
static const struct ts_kernel fp4_dot_kernel = DOT_KERNEL(8);
static const struct ts_kernel int4_dot_kernel = DOT_KERNEL(16);

static const struct ts_kernel bfloat_kernel = {
    .rows = ROWS,
    .cols = COLS * VECTORS,
    .group = 2,
    .size = sizeof(uint32_t),
    .tabulate = ts_tabulate_bf16_pairs,
    .expand = expand_pairs,
    .strip = bfloat_strip,
};

static const struct ts_kernel byte_kernel = {
    .rows = ROWS,
    .cols = COLS * VECTORS,
    .group = 4,
    .size = sizeof(uint32_t),
    .tabulate = ts_tabulate_signed_quads,
    .expand = expand_quads,
    .strip = byte_strip,
};

/* Linux lets a process use tiles when it has asked for them. */
static bool present(void)
{
    enum { REQUEST_PERMISSION = 0x1023, TILE_DATA = 18 };
    enum { LEAF = 7, AMX_BF16 = 1 << 22, AMX_TILE = 1 << 24, AMX_INT8 = 1 << 25 };
    unsigned int a = 0, b = 0, c = 0, d = 0;
    const unsigned int needed = AMX_BF16 | AMX_TILE | AMX_INT8;
    return ts_isa_avx512vnni.present() && __get_cpuid_count(LEAF, 0, &a, &b, &c, &d) &&
           (d & needed) == needed && syscall(SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) == 0;
}

const struct ts_isa ts_isa_amx = {
    .name = "amx",
    .present = present,
    .preferred = present,
    .fp4_dot = &fp4_dot_kernel,
    .fp4_sum = &bfloat_kernel,
    .int4_dot = &int4_dot_kernel,
    .int4_sum = &byte_kernel,
};
