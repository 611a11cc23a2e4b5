/* SPDX-License-Identifier: Apache-2.0 */
/** @file A training step on a machine: the run, and the forms in which it is told. */
#ifndef TESSERA_SIM_CYCLES_STEP_H
#define TESSERA_SIM_CYCLES_STEP_H

#include "cycles/options.h"
#include "training/count.h"

#include <cjson/cJSON.h>
#include <stdio.h>

/** Prints and writes what the options ask for. Returns an exit status. */
int run_step(const struct options *options, const struct ts_design *design);

/** Cycles, to compare with. */
struct alternative {
    double step, gemms; /**< 0: the design cannot */
};

/** A step that has been counted. */
struct step {
    struct ts_training training;
    struct ts_workload workload;
    struct ts_jobs jobs;
    struct ts_counts *counts; /**< of each job */
    struct ts_totals totals;
    const struct ts_counting *by;
    struct alternative all_hfp8, all_4bit; /**< all layers so, but first and last */
};

/** What a layer does in a pass. */
struct layer_pass {
    struct ts_total all;  /**< the quantizers' passes and updates are in it */
    struct ts_total gemm; /**< its GEMM alone */
    int64_t mode;         /**< of the GEMM; 0: none */
};

/** Of each layer and pass: [layer * TS_PASSES + pass]. The caller frees it; NULL: no memory. */
struct layer_pass *layer_passes(const struct step *step);

double seconds_of(const struct step *step, int64_t cycles);
double share_of(double part, double whole);

/** "modelled" or "simulated", as reports name kinds of figures. */
const char *kind_of(const struct step *step);

/** For people. False: no memory. */
bool print_step(const struct step *step, bool layers);

cJSON *step_json(const struct step *step);

/* Files. Each writes to a stream, which knows of failures. */

void write_jobs(const struct step *step, FILE *out);
void write_compute_report(const struct step *step, FILE *out);
void write_bandwidth_report(const struct step *step, FILE *out);
void write_timeline(const struct step *step, FILE *out);
void write_roofline(const struct step *step, FILE *out);
void write_roofline_plot(const struct step *step, FILE *out);

/** A cell of a CSV file, quoted if it must be. */
void write_cell(const char *text, FILE *out);

#endif
