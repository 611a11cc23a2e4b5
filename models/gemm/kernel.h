/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernels of the fast engine: what they are given, and which there are.
 *
 * A kernel computes strips of `rows` x `cols` outputs. Its operands are panels, codes expanded to
 * what it multiplies: an element is one number, or `group` of them that lie next to each other
 * along k. A dot product takes `per_dot` elements (the last perhaps filled up with zeros).
 */
#ifndef TESSERA_GEMM_KERNEL_H
#define TESSERA_GEMM_KERNEL_H

#include "core/isa.h"
#include "gemm/pairing.h"
#include "gemm/rounding.h"

/* How sums are rounded: the same for all strips of a GEMM. */
struct ts_sums {
    bool split;      /* RN of a dot product before it is added */
    bool outer_fp32; /* else the format of the inner sum */
    bool plain;      /* sums over chunks are dlfloat16, and cannot leave its range */
    bool unchunked;  /* the inner sum is all there is, and goes on from one call to the next */
    int64_t whole;   /* so many dot products come to 2^10 at most, in `unit` */
    bool bounded;    /* inner sums of floats are not past the largest number of their format */
    bool limited;    /* inner sums can leave the range of their format */
    bool windowed;   /* terms are aligned in a window of `width` bits */
    int width;
    double unit;           /* the value of an inner sum of one */
    struct ts_range inner; /* in that unit */
    struct ts_range outer;
};

struct ts_strip {
    const void *a; /* [rows][a_step] elements */
    const void *b; /* [dots * per_dot][cols] elements */
    int64_t a_step;
    int64_t dots, chunk_dots; /* a chunk begins with the first dot product */
    int per_dot;
    const struct ts_sums *sums;
    uint32_t *state; /* [rows][cols] sums over chunks: floats, or integers in int8 */
};

/* Codes of some vectors of a packed matrix to a panel. */
struct ts_expansion {
    const struct ts_packed *packed;
    int64_t first, vectors, padded; /* vectors from `first` on; so many with those of zeros */
    int64_t k, dots;                /* from k on */
    int lanes, per_dot;
    int64_t vector_step, element_step; /* of the panel, in elements */
    void *panel;
    const void *table; /* of the kernel's tabulate() */
    int ahead;         /* elements before each dot product */
    bool biased;       /* the other operand has TS_QUAD_BIAS in it */
};

/* Values of all codes of a byte, as the kernel has them. */
union ts_tables {
    uint32_t words[256];
    uint16_t halves[256];
    float floats[256];
    double doubles[256];
};

struct ts_kernel {
    int rows, cols;
    int group;     /* codes in an element */
    int size;      /* of an element, in bytes */
    int ahead;     /* elements before each dot product of A: what its sum starts with */
    int min_lanes; /* with fewer the next instruction set is faster */
    int max_lanes; /* or with more; 0: never */
    bool in_fp16;  /* dot products are to come to 2^10 at most, and inner sums to fp16 numbers */
    void (*tabulate)(const struct ts_format *format, bool is_b, union ts_tables *tables);
    void (*expand)(const struct ts_expansion *expansion);
    void (*strip)(const struct ts_strip *strip);
};

/* How a GEMM is computed. */
struct ts_plan {
    const struct ts_kernel *kernel; /* NULL: by the golden functions */
    struct ts_sums sums;
    int lanes;     /* of what the kernel takes for a dot product */
    int64_t chunk; /* 0: all of k */
    bool in_fp16;  /* what a kernel with this asks for holds */
    bool repair;   /* what is not finite is computed again by the golden functions */
    bool is_int;   /* the state is an integer */
    const struct ts_format *result;
    ts_codes *codes; /* of it, if dlfloat16 */
};

/* NULL, or why there is none. */
const char *ts_plan_make(const struct ts_gemm *gemm, struct ts_plan *plan);

/*
 * Whether inner sums of 4-bit operands are floats at any time, and how large they can get: the
 * reasons are in plan.c.
 */
bool ts_four_bit_in_float(const struct ts_gemm *gemm, double *largest);

#endif
