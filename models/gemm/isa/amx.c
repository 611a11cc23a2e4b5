/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernels for AMX, where a dot product is a whole chunk: tiles make those of 16 x 16 outputs,
 * AVX-512 adds them. (With less to a dot product, what AVX-512 has to do takes all the time.) Why
 * all sums are exact: ts_four_bit_in_float(), which holds for the sum of some of the products, too.
 */
#include "gemm/expand.h"

#include <cpuid.h>
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ROWS = 16, COLS = 16, MAX_DEPTH = 16 };

typedef float vf __attribute__((vector_size(COLS * sizeof(float))));
typedef int32_t vi __attribute__((vector_size(COLS * sizeof(int32_t))));

#include "gemm/isa/floats.h"

/* The tiles: the compiler makes names of registers of these. */
#define SUM 0
#define OF_A 1
#define OF_B 2

extern const struct ts_isa ts_isa_avx512vnni;

enum kind { BFLOATS, BYTES };

struct tile_config {
    uint8_t palette, start, reserved[14];
    uint16_t row_bytes[16];
    uint8_t rows[16];
};

/* A dot product takes `depth` words of A's rows, and as many rows of B. */
static void configure(int depth)
{
    struct tile_config config = {.palette = 1};
    config.rows[SUM] = config.rows[OF_A] = ROWS;
    config.rows[OF_B] = (uint8_t)depth;
    config.row_bytes[SUM] = config.row_bytes[OF_B] = COLS * sizeof(float);
    config.row_bytes[OF_A] = (uint16_t)((unsigned)depth * sizeof(float));
    _tile_loadconfig(&config);
}

#define INLINE static inline __attribute__((always_inline))

INLINE void multiply(enum kind kind, const uint32_t *a, size_t a_bytes, const vf *b)
{
    _tile_loadd(OF_A, a, a_bytes);
    _tile_loadd(OF_B, b, sizeof *b);
    if (kind == BFLOATS)
        _tile_dpbf16ps(SUM, OF_A, OF_B);
    else
        _tile_dpbssd(SUM, OF_A, OF_B);
}

/* The dot products of a tile; those deeper than a tile in parts. */
INLINE void dot_tile(enum kind kind, const struct ts_strip *s, const uint32_t *a, const vf *b,
                     vf *products)
{
    const size_t a_bytes = (size_t)s->a_step * sizeof *a;
    _tile_zero(SUM);
    multiply(kind, a, a_bytes, b);
    for (int at = MAX_DEPTH; at < s->per_dot; at += MAX_DEPTH)
        multiply(kind, a + at, a_bytes, b + at);
    _tile_stored(SUM, products, sizeof *products);
}

/* Chunks of one dot product each: their sums over chunks stay in registers. */
INLINE void sum_strip(enum kind kind, const struct ts_strip *s, const struct ts_sums *sums)
{
    const uint32_t *a = s->a;
    const vf *b = s->b;
    const vf unit = splat((float)sums->unit);
    vf outer[ROWS], products[2][ROWS];
#pragma GCC unroll 16
    for (int row = 0; row < ROWS; row++)
        outer[row] = load(s->state + row * COLS);
    configure(s->per_dot < MAX_DEPTH ? s->per_dot : MAX_DEPTH);
    dot_tile(kind, s, a, b, products[0]);
    for (int64_t dot = 0; dot < s->dots; dot++) {
        const vf *p = products[dot % 2];
        a += s->per_dot;
        b += s->per_dot;
        if (dot + 1 < s->dots) /* the next ones, while these are added */
            dot_tile(kind, s, a, b, products[(dot + 1) % 2]);
#pragma GCC unroll 16
        for (int row = 0; row < ROWS; row++) {
            vf sum = kind == BYTES ? (vf)_mm512_cvtepi32_ps((__m512i)p[row]) : p[row];
            outer[row] = outer_add(outer[row], round10(sum) * unit, sums);
        }
    }
    _tile_release();
#pragma GCC unroll 16
    for (int row = 0; row < ROWS; row++)
        store(s->state + row * COLS, outer[row]);
}

/* The usual case apart, for the compiler. */
INLINE void strip_of(enum kind kind, const struct ts_strip *s)
{
    struct ts_sums plain = {.plain = true, .unit = s->sums->unit};
    if (s->sums->plain)
        sum_strip(kind, s, &plain);
    else
        sum_strip(kind, s, s->sums);
}

static void bfloat_strip(const struct ts_strip *s)
{
    strip_of(BFLOATS, s);
}

static void byte_strip(const struct ts_strip *s)
{
    strip_of(BYTES, s);
}

static const struct ts_kernel bfloat_kernel = {
    .rows = ROWS,
    .cols = COLS,
    .group = 2,
    .size = sizeof(uint32_t),
    .tabulate = ts_tabulate_bf16_pairs,
    .expand = ts_expand_pairs,
    .strip = bfloat_strip,
};

static const struct ts_kernel byte_kernel = {
    .rows = ROWS,
    .cols = COLS,
    .group = 4,
    .size = sizeof(uint32_t),
    .tabulate = ts_tabulate_signed_quads,
    .expand = ts_expand_quads,
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
    .fp4_sum = &bfloat_kernel,
    .int4_sum = &byte_kernel,
};
