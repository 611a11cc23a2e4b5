/* SPDX-License-Identifier: Apache-2.0 */
/* Elements by operand, from the loops that docs/machine.md defines. */
#include "training/scale_sim.h"

#include "machine/saturate.h"

/* Corelet 0's length of a dimension, all blocks together, and its tiles. */
struct walked {
    double length, tiles, blocks;
};

static struct walked walk(int64_t whole, int64_t part, int64_t parts, int64_t tile)
{
    int64_t blocks = ts_sat_ceil(whole, part * parts);
    int64_t last = ts_sat_ceil(whole - (blocks - 1) * part * parts, parts);
    return (struct walked){
        .length = (double)(blocks - 1) * (double)part + (double)last,
        .tiles = (double)(blocks - 1) * (double)ts_sat_ceil(part, tile) +
                 (double)ts_sat_ceil(last, tile),
        .blocks = (double)blocks,
    };
}

static double share(const struct ts_operand *operand)
{
    return (double)operand->unique / (double)operand->lowered;
}

/* The DMA's first phase: the operands of the first block. */
static double prefetch(const struct ts_machine *machine, const struct ts_gemm_job *job,
                       const struct ts_plan *plan)
{
    int64_t m = ts_least(plan->block.m * plan->parts.m, job->shape.m);
    int64_t n = ts_least(plan->block.n * plan->parts.n, job->shape.n), k = plan->block.k;
    int64_t bits_a = ts_sat_mul(ts_sat_mul(m * k, job->a.stored), job->a.unique);
    int64_t bits_b = ts_sat_mul(ts_sat_mul(k * n, job->b.stored), job->b.unique);
    if (machine->ideal)
        return 0;
    return (double)machine->latency +
           (double)ts_rate_cycles(machine->dram, ts_sat_ceil(bits_a, 8 * job->a.lowered) +
                                                     ts_sat_ceil(bits_b, 8 * job->b.lowered));
}

void ts_scale_sim_add(struct ts_scale_sim *sum, const struct ts_machine *machine,
                      const struct ts_gemm_job *job, const struct ts_counts *c)
{
    char error[256];
    struct ts_plan plan;
    if (!ts_machine_plan(machine, job, &plan, error, sizeof error))
        return;
    struct walked m = walk(job->shape.m, plan.block.m, plan.parts.m, plan.tile.m);
    struct walked n = walk(job->shape.n, plan.block.n, plan.parts.n, plan.tile.n);
    double k = (double)job->shape.k, count = (double)job->count;
    double rows = (double)job->shape.m, columns = (double)job->shape.n;
    double corelets = count * (double)(machine->cores * machine->corelets);
    bool whole = plan.block.k == job->shape.k; /* a block has all of K */
    double before = count * prefetch(machine, job, &plan);

    sum->cycles += (double)c->cycles;
    sum->prefetch += before;
    for (int cause = TS_STALL_L0; cause < TS_STALLS; cause++)
        sum->stall += (double)c->stall[cause];
    sum->stall -= before;
    sum->busy += (double)c->busy;
    sum->macs += (double)c->macs;
    sum->sram[0] += corelets * m.length * k * n.tiles;
    sum->sram[1] += corelets * n.length * k * m.tiles;
    sum->sram[2] += corelets * m.length * n.length;
    sum->dram[0] += count * rows * k * share(&job->a) * (whole && m.blocks == 1 ? 1 : n.blocks);
    sum->dram[1] += count * columns * k * share(&job->b) * (whole ? 1 : m.blocks);
    sum->dram[2] += count * rows * columns;
}
