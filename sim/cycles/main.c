/* SPDX-License-Identifier: Apache-2.0 */
/* tessera cycles: what a GEMM or a training step costs a machine in time and traffic. */
#include "cycles/gemm.h"
#include "cycles/step.h"

#include "cli/cli.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>

const char program[] = "tessera cycles";
static const char summary[] =
    "cycles, stalls and traffic of a GEMM or a training step on a machine";
static const char help[] =
    "usage: tessera cycles DESIGN WORKLOAD [--batch N] [--layers] [-o DIR] [--step] [--json]\n"
    "       tessera cycles DESIGN MxNxK [--mode MODE] [--count N] [--step] [--values] [--seed N]\n"
    "                      [--vcd FILE] [--json]\n"
    "\n"
    "What a training step, or one GEMM C[M,N] = A[M,K] * B[K,N], costs a design that is a\n"
    "machine: its cycles, what each cycle was busy with or waited for, and the bytes moved in\n"
    "each memory. In closed form, which docs/machine.md defines, so the size does not matter;\n"
    "or stepped in SystemC, which gives the same.\n"
    "\n"
    "  DESIGN         a design file, or a shipped design (see `tessera design`)\n"
    "  --step         steps the SystemC machine through all cycles, 10^9 at most\n"
    "  --json         the same as JSON, for scripts\n"
    "\n"
    "A training step is forward, backward and gradients of all layers, the quantizers' passes,\n"
    "elementwise work, the sum of gradients over chips, and the update. In which mode a layer's\n"
    "GEMMs are done, the design's training.precision says.\n"
    "\n"
    "  WORKLOAD       a shipped network or a workload file (see `tessera workload`)\n"
    "  --batch N      samples of a step (default: the network's or the file's own)\n"
    "  --layers       a row for each layer, too: mode, cycles, utilization of its passes\n"
    "  -o DIR         writes to DIR, all or none:\n"
    "                   step.json             totals, shares, layers\n"
    "                   step.csv              a row for each job\n"
    "                   COMPUTE_REPORT.csv    the GEMMs, in SCALE-Sim's columns\n"
    "                   BANDWIDTH_REPORT.csv  the same\n"
    "                   timeline.json         for ui.perfetto.dev or chrome://tracing\n"
    "                   roofline.csv          each GEMM's operations a byte and rate\n"
    "                   roofline.gp           gnuplot's script for it\n"
    "                   roofline.svg          the chart, if there is gnuplot\n"
    "\n"
    "Utilization is the share of the peak rate: multiply-accumulates over what the arrays could\n"
    "do in the cycles taken, each mode by its own rate.\n"
    "\n"
    "  MxNxK          three whole numbers\n"
    "  --mode MODE    int4, fp4, hfp8 or fp16 (default: the first of these that the design has)\n"
    "  --count N      so many of them, one after the other (default: 1)\n"
    "  --values       steps a machine with values in it, random operands in DRAM, and compares\n"
    "                 all bits of the results with those of the GEMM engine\n"
    "  --seed N       other operands (default: 1)\n"
    "  --vcd FILE     steps, and writes a waveform of the machine's units; once it is whole\n"
    "\n"
    "Exit status: 0 if all went well, 1 if something cannot be written or a result is\n"
    "wrong, 2 for a wrong command line, design or workload, or one that does not fit the other.\n"
    "\n"
    "Examples:\n"
    "  tessera cycles rapid resnet50\n"
    "  tessera cycles rapid_fp4 bert_base --batch 8 --layers\n"
    "  tessera cycles rapid_fp4 mobilenet_v2 -o mobilenet\n"
    "  tessera cycles rapid 401408x64x576 --mode hfp8\n"
    "  tessera cycles tiny 50x20x100 --values --mode fp4\n"
    "  tessera cycles tiny 50x20x100 --vcd tiny.vcd && gtkwave tiny.vcd\n"
    "  tessera cycles ideal32_ws 256x256x256 --json | jq .cycles\n";

enum { MAX_ERROR = 1024 };

static bool parse(int argc, char **argv, struct options *o)
{
    static const struct option known[] = {
        {"mode", required_argument, NULL, 'm'},
        {"count", required_argument, NULL, 'c'},
        {"step", no_argument, NULL, 's'},
        {"vcd", required_argument, NULL, 'v'},
        {"values", no_argument, NULL, 'V'},
        {"seed", required_argument, NULL, 'S'},
        {"json", no_argument, NULL, 'j'},
        {"batch", required_argument, NULL, 'b'},
        {"layers", no_argument, NULL, 'l'},
        {"output", required_argument, NULL, 'o'},
        {NULL, 0, NULL, 0},
    };
    int c = 0;
    *o = (struct options){.step = false};
    while ((c = getopt_long(argc, argv, "o:", known, NULL)) != -1) {
        const char **text = c == 'm'   ? &o->mode
                            : c == 'c' ? &o->count
                            : c == 'v' ? &o->vcd
                            : c == 'S' ? &o->seed
                            : c == 'b' ? &o->batch
                            : c == 'o' ? &o->directory
                                       : NULL;
        bool *flag = c == 's'   ? &o->step
                     : c == 'V' ? &o->values
                     : c == 'j' ? &o->json
                     : c == 'l' ? &o->layers
                                : NULL;
        if (text)
            *text = optarg;
        else if (flag)
            *flag = true;
        else
            return false;
    }
    if (optind + 2 != argc) {
        fprintf(stderr, "%s: needs a DESIGN, and a WORKLOAD or MxNxK; see `%s --help`\n", program,
                program);
        return false;
    }
    o->design = argv[optind];
    o->what = argv[optind + 1];
    return true;
}

/* Options of one kind of work that were given with the other. */
static bool fits(const struct options *o, bool shape)
{
    const char *wrong = shape       ? o->batch       ? "--batch"
                                      : o->directory ? "-o"
                                      : o->layers    ? "--layers"
                                                     : NULL
                        : o->mode   ? "--mode"
                        : o->count  ? "--count"
                        : o->vcd    ? "--vcd"
                        : o->values ? "--values"
                        : o->seed   ? "--seed"
                                    : NULL;
    if (wrong)
        fprintf(stderr, "%s: %s is for a %s; '%s' is a %s\n", program, wrong,
                shape ? "workload" : "GEMM", o->what, shape ? "GEMM" : "workload");
    return !wrong;
}

static int run(const struct options *o)
{
    struct ts_design design;
    char error[MAX_ERROR];
    bool shape = is_shape(o->what);
    if (!fits(o, shape))
        return TS_EXIT_USAGE;
    if (o->seed && !o->values) {
        fprintf(stderr, "%s: --seed is for --values\n", program);
        return TS_EXIT_USAGE;
    }
    if (!ts_design_load(o->design, &design, error, sizeof error)) {
        fprintf(stderr, "%s: %s\n", program, error);
        return TS_EXIT_USAGE;
    }
    return shape ? run_gemm(o, &design) : run_step(o, &design);
}

int main(int argc, char **argv)
{
    struct options options;
    if (ts_cli_introduces(argc, argv, summary, help))
        return ts_cli_finish(program, TS_EXIT_OK);
    signal(SIGXFSZ, SIG_IGN); /* a file size limit is an error like a full disk */
    if (!parse(argc, argv, &options))
        return TS_EXIT_USAGE;
    return ts_cli_finish(program, run(&options));
}
