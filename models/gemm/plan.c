/* SPDX-License-Identifier: Apache-2.0 */
/* Which kernel computes a GEMM, and under which preconditions it may. */
#include "gemm/kernel.h"

typedef const struct ts_kernel *ts_kernel_of(const struct ts_isa *isa);

static const struct ts_kernel *fp4_dot(const struct ts_isa *isa)
{
    return isa->fp4_dot;
}

static const struct ts_kernel *int4_dot(const struct ts_isa *isa)
{
    return isa->int4_dot;
}

static const struct ts_kernel *fp4_sum(const struct ts_isa *isa)
{
    return isa->fp4_sum;
}

static const struct ts_kernel *int4_sum(const struct ts_isa *isa)
{
    return isa->int4_sum;
}

static const struct ts_kernel *int8(const struct ts_isa *isa)
{
    return isa->int8;
}

static const struct ts_kernel *four_bit(const struct ts_isa *isa)
{
    return isa->four_bit;
}

static const struct ts_kernel *dlfloat16(const struct ts_isa *isa)
{
    return isa->dlfloat16;
}

static const struct ts_kernel *hfp8(const struct ts_isa *isa)
{
    return isa->hfp8;
}

static const struct ts_kernel *hfp8_dot(const struct ts_isa *isa)
{
    return isa->hfp8_dot ? isa->hfp8_dot : isa->hfp8;
}

static const struct ts_kernel *fp16(const struct ts_isa *isa)
{
    return isa->fp16;
}

static const struct ts_kernel *fp32(const struct ts_isa *isa)
{
    return isa->fp32;
}

static bool is_for(const struct ts_kernel *kernel, const struct ts_plan *plan)
{
    return plan->lanes >= kernel->min_lanes &&
           (kernel->max_lanes == 0 || plan->lanes <= kernel->max_lanes) &&
           (plan->in_fp16 || !kernel->in_fp16);
}

/* What the chosen one has not, or not for this, the next has that is worth it. */
static const struct ts_kernel *find(const struct ts_isa *const *isa, ts_kernel_of *kernel_of,
                                    const struct ts_plan *plan)
{
    const struct ts_kernel *kernel = kernel_of(*isa);
    while (!kernel || !is_for(kernel, plan)) {
        isa++;
        kernel = (*isa)->preferred() ? kernel_of(*isa) : NULL;
    }
    return kernel;
}

static ts_codes *codes_of(const struct ts_isa *const *isa)
{
    while (!(*isa)->codes)
        isa++;
    return (*isa)->codes;
}

/* The weight of a 4-bit product, in units of which operands are integers: see ts_four_bit_value. */
static int weight(const struct ts_gemm *g, struct ts_pairing pairing)
{
    return g->escale + ts_product_exp(pairing.fp4) + pairing.odd;
}

static int64_t shorter(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* In these units. */
static double largest_product(struct ts_pairing pairing)
{
    enum { INT4 = 8, UINT4 = 15, FP4 = 4096 };
    return (pairing.port_a_unsigned ? UINT4 : INT4) * (pairing.fp4 ? FP4 : INT4);
}

/*
 * Kernels hold acc in a float, in units of a product's weight 2^s. In these P is an integer, and
 * acc is one, because rounding an integer to 10 significant bits gives an integer. acc + P is
 * therefore exact up to 2^24. Nothing rounds to zero if a product is above the floor of dlfloat16,
 * and nothing overflows if the largest acc does not. Rounding is monotone in the magnitude, so what
 * bounds the operands bounds the result: |acc'| = RN|acc + P| <= RN(bound of acc + bound of P),
 * followed through one chunk. `split` changes no bound of P, which has 4 significant bits.
 */
bool ts_four_bit_in_float(const struct ts_gemm *g, double *largest)
{
    enum { FLOOR = -31 };
    struct ts_pairing pairing = ts_pairing_of(&g->a->format, &g->b->format);
    int s = weight(g, pairing);
    if (s <= FLOOR)
        return false;
    bool integer = g->variant == TS_VARIANT_INTEGER;
    int64_t terms = shorter(g->a->k, g->chunk), lanes = integer ? terms : g->lanes;
    const double p = largest_product(pairing);
    double acc = 0;
    for (int64_t k = 0; k < terms; k += lanes) {
        acc += p * (double)lanes;
        if (acc > 0x1p24)
            return false;
        acc = ts_round10(acc);
    }
    *largest = ldexp(acc, s);
    return *largest <= TS_DLF_MAX;
}

/*
 * The same for sums over chunks: each of up to 4096 roundings makes them larger by a factor of up
 * to 1 + 2^-10, all together less than e^4 < 64.
 */
static bool is_plain(const struct ts_gemm *g, const struct ts_plan *plan, double largest)
{
    enum { MOST = 4096, GROWTH = 64 };
    double chunks = (double)g->a->k / (double)g->chunk + 1; /* or one less */
    return !plan->sums.outer_fp32 && chunks <= MOST && largest * chunks * GROWTH <= TS_DLF_MAX;
}

static void plan_four_bit(const struct ts_gemm *g, struct ts_pairing pairing,
                          const struct ts_isa *const *isa, struct ts_plan *plan)
{
    enum { ANY_LANES = 64, GRID = 1024, LARGEST_FP16 = 65504 };
    int s = weight(g, pairing);
    bool integer = g->variant == TS_VARIANT_INTEGER;
    plan->sums.split = g->variant == TS_VARIANT_SPLIT;
    plan->sums.unit = ldexp(1, s);
    plan->sums.inner = ts_range_of(g->saturate, s);
    if (integer) { /* the exact sum of a chunk is a dot product as long as the chunk */
        plan->chunk = shorter(g->chunk, (g->a->k + ANY_LANES - 1) / ANY_LANES * ANY_LANES);
        plan->lanes = (int)plan->chunk;
    }
    double largest = 0;
    bool in_float = ts_four_bit_in_float(g, &largest);
    plan->sums.plain = in_float && is_plain(g, plan, largest);
    plan->sums.whole = (int64_t)(GRID / largest_product(pairing)) / g->lanes;
    plan->in_fp16 = plan->sums.whole > 0 && largest <= LARGEST_FP16 * plan->sums.unit;
    if (!in_float)
        plan->kernel = find(isa, four_bit, plan);
    else if (pairing.fp4)
        plan->kernel = find(isa, integer ? fp4_sum : fp4_dot, plan);
    else
        plan->kernel = find(isa, integer ? int4_sum : int4_dot, plan);
}

static void plan_int8(const struct ts_gemm *g, const struct ts_isa *const *isa,
                      struct ts_plan *plan)
{
    enum { MOST = 128 * 128 };
    plan->is_int = true;
    /* No sum is clamped if the largest is not; what wraps may do so at any time. */
    if (!g->saturate || g->a->k <= INT32_MAX / MOST)
        plan->kernel = find(isa, int8, plan);
}

/* The exponents of the numbers of a packed matrix, and below the last place of any of them. */
struct extent {
    int least, most, place;
    double largest;
};

static struct extent extent_of(const struct ts_packed *p)
{
    const struct ts_format *f = &p->format;
    struct extent x = {0};
    x.largest = ts_to_double(f, p->most);
    x.least = (int)(p->least >> f->man_bits) - f->bias;
    x.most = (int)(p->most >> f->man_bits) - f->bias;
    x.place = x.least - f->man_bits;
    return x;
}

/*
 * Sums of a chunk stay in the range of dlfloat16 if the largest do: each of up to 4096 roundings
 * makes them larger by a factor of up to 1 + 2^-10, all together less than e^4 < 64, and 512 of
 * them by less than e^(1/2) < 2. They do not become zero by rounding if products are multiples of
 * more than its floor. (A NaN-Infinity is no largest number: the comparison fails.)
 */
static void limit_sums(const struct ts_gemm *g, struct extent a, struct extent b,
                       struct ts_plan *plan)
{
    enum { FLOOR = -31, FEW = 512, FEW_GROWTH = 2, GROWTH = 64 };
    const int64_t terms = shorter(g->a->k, g->chunk);
    const double growth = terms <= FEW * g->lanes ? FEW_GROWTH : GROWTH;
    double largest = a.largest * b.largest * (double)terms * growth;
    plan->sums.bounded = largest <= TS_DLF_MAX;
    plan->sums.limited = !(plan->sums.bounded && a.place + b.place > FLOOR);
    plan->sums.plain = !plan->sums.limited && is_plain(g, plan, largest);
}

static void plan_dlfloat16(const struct ts_gemm *g, const struct ts_isa *const *isa,
                           struct ts_plan *plan)
{
    limit_sums(g, extent_of(g->a), extent_of(g->b), plan);
    if (g->lanes == 1)
        plan->kernel = find(isa, dlfloat16, plan);
}

/*
 * The kernel wants the sum of two products to be exact in double: from twice the power of two of
 * the largest down to the last place of the smallest there are 53 bits at most. (The sum carries
 * into one more only if the smaller, too, is large.)
 */
static void plan_hfp8(const struct ts_gemm *g, const struct ts_isa *const *isa,
                      struct ts_plan *plan)
{
    enum { PRECISION = 53, MIN_WIDTH = 24 };
    struct extent a = extent_of(g->a), b = extent_of(g->b);
    bool exact = a.most + b.most + 2 - (a.place + b.place) <= PRECISION;
    limit_sums(g, a, b, plan);
    plan->sums.windowed = !g->align.exact;
    plan->sums.width = g->align.width;
    const bool is_usual = g->lanes == 2 && plan->sums.windowed && plan->sums.bounded;
    if (g->lanes <= 2 && exact && (g->align.exact || g->align.width >= MIN_WIDTH))
        plan->kernel = find(isa, is_usual ? hfp8_dot : hfp8, plan);
}

const char *ts_plan_make(const struct ts_gemm *g, struct ts_plan *plan)
{
    const struct ts_isa *const *isa = ts_isa_wanted(ts_isa_preferred(ts_isas));
    if (!isa)
        return "TESSERA_ISA names no kernels that this processor has: see ts_gemm_isas";
    *plan = (struct ts_plan){.lanes = (int)g->lanes, .chunk = g->chunk};
    plan->result = ts_gemm_result(g);
    plan->codes = codes_of(isa);
    plan->sums.outer_fp32 = plan->result == &ts_format_fp32;
    plan->sums.unchunked = g->chunk == 0;
    plan->sums.inner = plan->sums.outer = ts_range_of(g->saturate, 0);
    struct ts_pairing pairing = ts_pairing_of(&g->a->format, &g->b->format);
    switch (pairing.kind) {
    case TS_PAIRING_INT8:
        plan_int8(g, isa, plan);
        break;
    case TS_PAIRING_HFP8:
        plan_hfp8(g, isa, plan);
        break;
    case TS_PAIRING_DLFLOAT16:
        plan_dlfloat16(g, isa, plan);
        break;
    case TS_PAIRING_FP16:
    case TS_PAIRING_BF16:
    case TS_PAIRING_FP32:
        plan->kernel = find(isa, pairing.kind == TS_PAIRING_FP16 ? fp16 : fp32, plan);
        plan->repair = g->saturate;
        break;
    default:
        plan_four_bit(g, pairing, isa, plan);
        break;
    }
    return NULL;
}
