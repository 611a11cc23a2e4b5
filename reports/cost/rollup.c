/* SPDX-License-Identifier: Apache-2.0 */
/* Areas of slice, mpe and array. */
#include "cost/rollup.h"

#include <stdio.h>
#include <string.h>

const char *ts_kind_of_figure_name(enum ts_kind_of_figure kind)
{
    static const char *const names[] = {"synthesized", "simulated", "modelled"};
    return names[kind];
}

struct builder {
    struct ts_cost_areas *areas;
    const struct ts_design *design;
    const struct ts_library *library;
    double period_ns;
    ts_cost_progress progress;
    void *context;
    struct ts_error *error;
};

/* The block with every parameter that it shares with the array, and the settings given. */
static struct ts_cost_block *synthesize(struct builder *b, const char *name,
                                        const char *const *settings)
{
    struct ts_cost_areas *areas = b->areas;
    struct ts_cost_block *entry = &areas->blocks[areas->n_blocks];
    entry->block = ts_block_find(name);
    ts_block_presets(entry->block, entry->params);

    int64_t array_params[TS_MAX_PARAMS];
    const struct ts_block *array = ts_block_find("mac_array");
    ts_design_params(b->design, array_params);
    for (int i = 0; i < entry->block->n_params; i++) {
        int from = ts_block_param(array, entry->block->params[i].name);
        if (from >= 0 && array_params[from] >= entry->block->params[i].min &&
            array_params[from] <= entry->block->params[i].max)
            entry->params[i] = array_params[from];
    }
    for (; *settings; settings++) {
        const char *why_not = ts_block_set(entry->block, entry->params, *settings);
        if (why_not) {
            ts_error_set(b->error, "%s", why_not);
            return NULL;
        }
    }
    const char *why_not = ts_block_check(entry->block, entry->params);
    if (why_not) {
        ts_error_set(b->error, "%s: %s", name, why_not);
        return NULL;
    }
    if (b->progress)
        b->progress(b->context, name);
    if (!ts_synthesize(entry->block, entry->params, b->library, b->period_ns, &entry->synth,
                       b->error))
        return NULL;
    areas->n_blocks++;
    return entry;
}

static void add_part(struct ts_cost_assembly *a, const char *name, enum ts_kind_of_figure kind,
                     int64_t count, double area_um2)
{
    if (a->n_parts < TS_COST_PARTS)
        a->parts[a->n_parts++] = (struct ts_cost_part){name, kind, count, area_um2};
    a->area_um2 += area_um2;
}

static int64_t ceil_divide(int64_t a, int64_t b)
{
    return (a + b - 1) / b;
}

/* The mpe's area, over `slices`, by the shares of its parts: these are of a synthesis that keeps
 * the hierarchy, and adds up to a little more. */
static void add_shares(struct ts_cost_assembly *a, const struct ts_synth *mpe, int64_t slices)
{
    double sum = 0;
    for (int i = 0; i < mpe->n_parts; i++)
        sum += mpe->parts[i].area_um2;
    for (int i = 0; i < mpe->n_parts && sum > 0; i++)
        add_part(a, mpe->parts[i].name, a->kind, ceil_divide(mpe->parts[i].instances, slices),
                 mpe->parts[i].area_um2 / sum * mpe->area_um2 / (double)slices);
}

/* What sums and skew are made of: the flip-flop of the one-slice mpe, on average. */
static double flop_area(const struct ts_cost_block *block)
{
    return block->synth.flops ? block->synth.sequential_um2 / block->synth.flops : 0;
}

static int64_t skew_bits(const struct ts_design *d)
{
    int64_t rows = d->array.rows;
    int64_t row_bits = d->array.lanes * (d->modes == TS_MODE_FP16 ? 16 : 5);
    return d->stages.acc * rows * (rows - 1) / 2 * row_bits;
}

/* Outer sums, and inner sums where a chunk is taller than the array. */
static int64_t sum_bits(const struct ts_design *d)
{
    int64_t outer = d->accumulator.outer == TS_OUTER_FP32 ? 32 : 16;
    bool keeps = d->array.rows * d->array.lanes < d->accumulator.chunk;
    int64_t acc = keeps ? 16 : 0;
    if (keeps && d->accumulator.variant == TS_VARIANT_INTEGER)
        acc = 32; /* at most: the exact integer */
    return d->array.cols * d->array.simd * d->array.depth * (outer + acc);
}

static int64_t chunks_per_pass(const struct ts_design *d)
{
    int64_t pass = d->array.rows * d->array.lanes;
    return pass > d->accumulator.chunk ? pass / d->accumulator.chunk : 1;
}

bool ts_cost_areas(struct ts_cost_areas *areas, const struct ts_design *design,
                   const struct ts_library *library, ts_cost_progress progress, void *context,
                   struct ts_error *error)
{
    *areas = (struct ts_cost_areas){0};
    struct builder b = {areas, design, library, 1e3 / design->clock_mhz, progress, context, error};
    bool fp16 = design->modes == TS_MODE_FP16;
    char acc_stages[32], dot_stages[32], outer_stages[32];
    snprintf(acc_stages, sizeof acc_stages, "Stages=%d", (int)design->stages.acc);
    snprintf(dot_stages, sizeof dot_stages, "Stages=%d", (int)design->stages.dot);
    snprintf(outer_stages, sizeof outer_stages, "Stages=%d", (int)design->stages.outer);

    const struct ts_cost_block *one = synthesize(&b, "mpe", (const char *const[]){"Simd=1", NULL});
    const struct ts_cost_block *mpe =
        one ? synthesize(&b, "mpe", (const char *const[]){NULL}) : NULL;
    /* An fp16 array's outer adders are those of any array: they see dlfloat16 sums. */
    const struct ts_cost_block *outer =
        mpe ? synthesize(&b, "outer_add", (const char *const[]){outer_stages, NULL}) : NULL;
    if (!outer)
        return false;
    bool ok = true;
    if (fp16) {
        ok = synthesize(&b, "dlfloat16_fma", (const char *const[]){acc_stages, NULL});
    } else {
        ok = synthesize(&b, "mac_lane", (const char *const[]){"Stages=0", NULL}) &&
             synthesize(&b, "dot_product", (const char *const[]){dot_stages, NULL}) &&
             synthesize(&b, "chunk_add", (const char *const[]){acc_stages, NULL}) &&
             synthesize(&b, "radix4_to_radix2", (const char *const[]){"Stages=0", NULL}) &&
             synthesize(&b, "tpr_quantizer", (const char *const[]){"Stages=1", NULL});
    }
    if (!ok)
        return false;

    areas->one_slice = one;
    areas->mpe_block = mpe;
    areas->mpe.kind = TS_SYNTHESIZED;
    areas->slice.kind = areas->array.kind = TS_MODELLED;
    int64_t simd = design->array.simd, mpes = design->array.rows * design->array.cols;
    add_shares(&areas->mpe, &mpe->synth, 1);
    add_shares(&areas->slice, &mpe->synth, simd);
    int64_t outers = design->array.cols * simd * chunks_per_pass(design);
    add_part(&areas->array, "mpe", TS_SYNTHESIZED, mpes, (double)mpes * areas->mpe.area_um2);
    add_part(&areas->array, "outer_add", TS_SYNTHESIZED, outers,
             (double)outers * outer->synth.area_um2);
    add_part(&areas->array, "sums", TS_MODELLED, sum_bits(design),
             (double)sum_bits(design) * flop_area(one));
    add_part(&areas->array, "skew", TS_MODELLED, skew_bits(design),
             (double)skew_bits(design) * flop_area(one));

    areas->worst_slack_ns = mpe->synth.slack_ns;
    if (outer->synth.slack_ns < areas->worst_slack_ns)
        areas->worst_slack_ns = outer->synth.slack_ns;
    return true;
}
