/* SPDX-License-Identifier: Apache-2.0 */
/* From the fields of a design to the constants of docs/machine.md. */
#include "machine/machine.h"

#include "machine/plan.h"
#include "machine/saturate.h"

#include <inttypes.h>
#include <stdio.h>

enum { KIB = 1024, KILO = 1000, MEGA = 1000000, BITS_4 = 4, BITS_5 = 5, BITS_8 = 8, BITS_16 = 16 };

const char *const ts_stall_names[TS_STALLS] = {
    "preload", "skew", "drain", "l0", "l1", "sfu", "dram_write", "dram_read", "dram_latency",
};

static int64_t thousandths(double value)
{
    return (int64_t)(value * KILO + 0.5);
}

static struct ts_rate rate_of(double gb_s, double clock_mhz)
{
    /* 10^6 bytes a second over 10^3 cycles a second. */
    struct ts_rate rate = {thousandths(gb_s) * KILO, thousandths(clock_mhz)};
    int64_t a = rate.num, b = rate.den;
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return (struct ts_rate){rate.num / a, rate.den / a};
}

int64_t ts_rate_cycles(struct ts_rate rate, int64_t bytes)
{
    return ts_sat_ceil(ts_sat_mul(bytes, rate.den), rate.num);
}

static int64_t bandwidth(const struct ts_memory *memory)
{
    return memory->banks * memory->ports * memory->bytes / 2;
}

int64_t ts_machine_operand_bits(const struct ts_design *design, int64_t mode, bool is_dy)
{
    if (mode == TS_MODE_FP16)
        return BITS_16;
    if (mode == TS_MODE_HFP8)
        return BITS_8;
    return is_dy && design->training.dy == TS_DY_ONE_5BIT ? BITS_5 : BITS_4;
}

static void set_array(const struct ts_design *d, struct ts_machine *m)
{
    bool output = d->dataflow.stationary == TS_OUTPUT_STATIONARY;
    m->output_stationary = output;
    m->overlapped = !output && d->dataflow.preload == TS_PRELOAD_OVERLAPPED;
    m->rows = d->array.rows;
    m->columns = d->array.cols * d->array.simd;
    m->lanes = ts_design_lanes(d, m->mode);
    m->depth = d->array.depth;
    m->add = d->stages.acc;
    m->skew = (output ? 1 : m->add) * m->rows + d->array.cols - 2;
    if (d->dataflow.drain == TS_DRAIN_COUNTED)
        m->drain = d->stages.dot + (output ? m->add - 1 : 0) + d->stages.outer + 1;
}

static void set_chip(const struct ts_design *d, struct ts_machine *m)
{
    m->cores = d->chip.cores;
    m->corelets = d->chip.corelets;
    m->cores_split = d->chip.cores_split;
    m->corelets_split = d->chip.corelets_split;
    m->ideal = d->chip.memories == TS_MEMORIES_IDEAL;
    m->l0_half = d->l0.kib * KIB / 2;
    m->l1_size = d->l1.kib * KIB;
    m->l0_rate = bandwidth(&d->l0);
    const struct ts_rate dram = rate_of(d->dram.gb_s, d->clock_mhz);
    m->dram = dram;
    m->link = rate_of(d->link.gb_s, d->clock_mhz);
    m->l1_rate = bandwidth(&d->l1) - ts_sat_ceil(dram.num, dram.den);
    m->latency = ts_sat_ceil(d->dram.latency_ns * thousandths(d->clock_mhz), MEGA);
    m->sfu_lanes = d->sfu.lanes;
    m->chips = d->link.chips;
}

bool ts_machine_make(const struct ts_design *design, int64_t mode, struct ts_machine *machine,
                     char *error, size_t size)
{
    *machine = (struct ts_machine){.mode = mode};
    if (!design->is_machine) {
        snprintf(error, size, "chip is missing: the design is an array without a machine around");
        return false;
    }
    if (!(design->modes & mode) || (mode & (mode - 1))) {
        snprintf(error, size, "modes has no such mode; its machine cannot be made");
        return false;
    }
    set_array(design, machine);
    set_chip(design, machine);
    if (machine->l0_rate < 1) {
        snprintf(error, size, "l0.banks times l0.ports times l0.bytes must be at least 2");
        return false;
    }
    if (machine->l1_rate < 1) {
        snprintf(error, size,
                 "l1.banks times l1.ports times l1.bytes is half to read, and that must exceed "
                 "what dram.gb_s brings a cycle, %" PRId64 " bytes",
                 ts_sat_ceil(machine->dram.num, machine->dram.den));
        return false;
    }
    return true;
}

void ts_machine_of_array(const struct ts_design *design, int64_t mode, struct ts_machine *machine)
{
    *machine = (struct ts_machine){
        .mode = mode,
        .ideal = true,
        .cores = 1,
        .corelets = 1,
        .l0_half = INT64_MAX,
        .l1_size = INT64_MAX,
        .l0_rate = INT64_MAX,
        .l1_rate = INT64_MAX,
        .dram = {1, 1},
        .link = {1, 1},
        .sfu_lanes = 1,
        .chips = 1,
    };
    set_array(design, machine);
}

/* The least job: what a buffer must hold of it, it must hold of all. */
static bool holds_least_tile(const struct ts_design *design, const struct ts_machine *machine,
                             char *error, size_t size)
{
    int64_t a = ts_machine_operand_bits(design, machine->mode, false);
    int64_t b = ts_machine_operand_bits(design, machine->mode, machine->mode == TS_MODE_FP4);
    bool requantized = machine->mode == TS_MODE_FP4 && design->training.dy == TS_DY_REQUANTIZED;
    int64_t result = design->accumulator.outer == TS_OUTER_FP32 ? 2 * BITS_16 : BITS_16;
    struct ts_gemm_job largest = {
        .shape = {TS_MAX_DIMENSION, TS_MAX_DIMENSION, TS_MAX_DIMENSION},
        .a = {a, a, 1, 1},
        .b = {requantized ? BITS_16 : b, b, 1, 1},
        .stored = result,
        .ops = 1,
        .count = 1,
    };
    struct ts_plan plan;
    return ts_machine_plan(machine, &largest, &plan, error, size);
}

bool ts_machine_check(const struct ts_design *design, char *error, size_t size)
{
    for (int64_t mode = TS_MODE_INT4; mode <= TS_MODE_FP16; mode *= 2) {
        struct ts_machine machine;
        if (!(design->modes & mode))
            continue;
        if (!ts_machine_make(design, mode, &machine, error, size) ||
            !holds_least_tile(design, &machine, error, size))
            return false;
    }
    return true;
}
