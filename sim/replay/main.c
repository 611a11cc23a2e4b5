/* SPDX-License-Identifier: Apache-2.0 */
/* tessera replay: the GEMMs of a captured training run on a design. */
#include "cli/cli.h"
#include "files/files.h"
#include "replay/progress.h"
#include "replay/report.h"
#include "tessera/vectors.h"

#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char summary[] = "run the GEMMs of a captured training run on a design";

static const char help[] =
    "usage: tessera replay TRACE --design DESIGN -o DIR [options]\n"
    "\n"
    "Takes every layer of every captured step of a trace, lowers its three GEMMs (FWD Y = X*W,\n"
    "BWD dX = dY*W, GRAD dW = X*dY), quantizes their operands, and computes them bit for bit as\n"
    "the design's array does. Results are held against the golden blocks, all of them or, of "
    "large\n"
    "GEMMs, some; their error is that against the product of the FP32 tensors in double. Sampled\n"
    "tiles also run on the Verilated array beside the SystemC one, compared on every bit and "
    "every\n"
    "cycle. A trace may be larger than the memory: what has to fit is one layer's tensors.\n"
    "\n"
    "  TRACE              an HDF5 trace (see `tessera trace`)\n"
    "  --design DESIGN    a design file, or a shipped design (see `tessera design`)\n"
    "  -o, --output DIR   writes replay.json, events.csv and errors.csv there\n"
    "  --step N           only the captured step N (default: all)\n"
    "  --tiles N          tiles on the Verilated array, spread over the GEMMs (default: 12)\n"
    "  --record           also records the operands of some mpes, for `tessera cost`\n"
    "  --golden N         million multiply-accumulates that the golden blocks may do for a GEMM "
    "in\n"
    "                     one phase; 0: all outputs (default: 16)\n"
    "  --jobs N           threads; results do not depend on them (default: the processors there "
    "are)\n"
    "  --seed N           of the tiles' places (default: 1)\n"
    "\n"
    "Exit status: 0 if all compared equal, 1 if not or if something failed, 2 for wrong usage.\n"
    "\n"
    "example: tessera replay traces/fashion_mnist_sawb_pact.h5 --design int4_fp4_8x8 -o out\n";

struct options {
    const char *trace, *design, *output;
    long step, tiles, jobs, seed, golden;
    bool record;
};

static bool parse(int argc, char **argv, struct options *o)
{
    static const struct option known[] = {
        {"design", required_argument, NULL, 'd'},
        {"output", required_argument, NULL, 'o'},
        {"step", required_argument, NULL, 's'},
        {"tiles", required_argument, NULL, 't'},
        {"record", no_argument, NULL, 'r'},
        {"jobs", required_argument, NULL, 'j'},
        {"seed", required_argument, NULL, 'e'},
        {"golden", required_argument, NULL, 'g'},
        {NULL, 0, NULL, 0},
    };
    enum { MAX_STEP = 1000000000, MAX_TILES = 100000, MAX_JOBS = 256, MAX_GOLDEN = 1000000000 };
    *o = (struct options){.step = -1, .tiles = 12, .seed = 1, .golden = 16};
    o->jobs = sysconf(_SC_NPROCESSORS_ONLN);
    int c = 0;
    bool ok = true;
    while (ok && (c = getopt_long(argc, argv, "o:", known, NULL)) != -1) {
        switch (c) {
        case 'd':
            o->design = optarg;
            break;
        case 'o':
            o->output = optarg;
            break;
        case 'r':
            o->record = true;
            break;
        case 's':
            ok = ts_cli_number("tessera replay", "--step", optarg, 0, MAX_STEP, &o->step);
            break;
        case 't':
            ok = ts_cli_number("tessera replay", "--tiles", optarg, 0, MAX_TILES, &o->tiles);
            break;
        case 'j':
            ok = ts_cli_number("tessera replay", "--jobs", optarg, 1, MAX_JOBS, &o->jobs);
            break;
        case 'e':
            ok = ts_cli_number("tessera replay", "--seed", optarg, 0, MAX_STEP, &o->seed);
            break;
        case 'g':
            ok = ts_cli_number("tessera replay", "--golden", optarg, 0, MAX_GOLDEN, &o->golden);
            break;
        default:
            ok = false;
        }
    }
    if (!ok)
        return false;
    if (optind + 1 != argc || !o->design || !o->output) {
        fputs("tessera replay: needs one TRACE, --design DESIGN and -o DIR; "
              "see `tessera replay --help`\n",
              stderr);
        return false;
    }
    o->trace = argv[optind];
    return true;
}

struct replay {
    struct options options;
    struct ts_design design;
    struct ts_trace *trace;
    struct ts_tiles *tiles;
    struct ts_replay_report *report;
    struct ts_progress progress;
    long events, event, tiles_run;
    struct ts_error error;
};

static bool wanted(const struct replay *r, int step)
{
    return r->options.step < 0 || ts_trace_step(r->trace, step)->number == r->options.step;
}

/* The event that a tile is cut from: a layer drawn in each of `tiles` equal stretches of them, and
 * the three passes in turn. */
static long event_of_tile(const struct replay *r, long tile)
{
    struct ts_random random = {((uint64_t)r->options.seed << 32) + (uint64_t)tile};
    uint64_t at = ts_random_next(&random) >> 32; /* of 2^32 */
    uint64_t stretch = (uint64_t)r->events << 32;
    uint64_t place = (stretch / (uint64_t)r->options.tiles) * (uint64_t)tile +
                     (uint64_t)r->events * at / (uint64_t)r->options.tiles;
    long event = (long)(place >> 32) / TS_PASSES * TS_PASSES + tile % TS_PASSES;
    return event < r->events ? event : r->events - 1;
}

/* A tile at a place drawn for it. */
static struct ts_mnk place_of_tile(const struct replay *r, const struct ts_event_result *e,
                                   struct ts_mnk tile)
{
    struct ts_random random = {(uint64_t)r->options.seed + (uint64_t)r->tiles_run};
    int64_t rows = ((int64_t)e->m + tile.m - 1) / tile.m;
    int64_t columns = ((int64_t)e->n + tile.n - 1) / tile.n;
    struct ts_mnk place = {0};
    place.m = (int64_t)(ts_random_next(&random) % (uint64_t)rows) * tile.m;
    place.n = (int64_t)(ts_random_next(&random) % (uint64_t)columns) * tile.n;
    return place;
}

static bool run_tile(struct replay *r, const struct ts_step *step, const struct ts_event *event,
                     const struct ts_event_result *result)
{
    int64_t params[TS_MAX_PARAMS];
    ts_design_params(&r->design, params);
    struct ts_mnk size = ts_array_tile(params), place = place_of_tile(r, result, size);
    const char *layer = event->layer->name, *pass = ts_pass_name(event->pass);
    char name[128], dir[4096];
    snprintf(name, sizeof name, "step%d_%s_%s", step->number, layer, pass);
    for (char *p = name; *p; p++)
        if (*p == '/' || *p == ' ')
            *p = '_';
    snprintf(dir, sizeof dir, "%s/streams", r->options.output);
    struct ts_event_tile tile;
    struct ts_tile_report report;
    bool ok = ts_event_tile_run(event, place, size, &tile, &r->error);
    struct ts_tile_request request = {
        .gemm = &tile.gemm,
        .expected = tile.c,
        .record_dir = r->options.record ? dir : NULL,
        .record_name = r->options.record ? name : NULL,
    };
    ok = ok && ts_tiles_run(r->tiles, &request, &report, r->error.text, sizeof r->error.text);
    ts_event_tile_free(&tile);
    if (!ok)
        return false;
    ts_replay_report_tile(r->report, step, event, place, &request, &report);
    if (report.mismatches)
        fprintf(stderr, "tessera replay: step %d, %s, %s, tile at row %lld, column %lld: %s\n",
                step->number, layer, pass, (long long)place.m, (long long)place.n, report.first);
    r->tiles_run++;
    return true;
}

static bool run_event(struct replay *r, const struct ts_step *step, const struct ts_event *event)
{
    struct ts_event_result result;
    struct ts_event_options options = {.jobs = (int)r->options.jobs,
                                       .golden = (uint64_t)r->options.golden * 1000000};
    bool ok = ts_event_run(event, &options, &result, &r->error);
    if (!ok)
        return false;
    ts_replay_report_event(r->report, step, event, &result);
    while (ok && r->tiles_run < r->options.tiles && event_of_tile(r, r->tiles_run) <= r->event)
        ok = run_tile(r, step, event, &result);
    r->event++;
    char now[128];
    snprintf(now, sizeof now, "step %d, %s, %s", step->number, event->layer->name,
             ts_pass_name(event->pass));
    ts_progress_step(&r->progress, now);
    return ok;
}

static bool run_layer(struct replay *r, int step_index, int layer_index)
{
    const struct ts_step *step = ts_trace_step(r->trace, step_index);
    const struct ts_layer *layer = ts_trace_layer(r->trace, layer_index);
    struct ts_operands operands;
    bool ok = ts_operands_make(&operands, r->trace, step_index, layer_index, &r->design, &r->error);
    if (ok)
        ts_replay_report_operands(r->report, step, layer, &operands);
    struct ts_event event = {&operands, layer, ts_trace_run(r->trace)->kept, TS_FWD};
    for (int pass = 0; ok && pass < TS_PASSES; pass++) {
        event.pass = (enum ts_pass)pass;
        ok = run_event(r, step, &event);
    }
    ts_operands_free(&operands);
    return ok;
}

static bool count_events(struct replay *r)
{
    int steps = 0;
    for (int s = 0; s < ts_trace_steps(r->trace); s++)
        steps += wanted(r, s);
    r->events = (long)steps * ts_trace_layers(r->trace) * TS_PASSES;
    return r->events > 0 || ts_error_set(&r->error,
                                         "%s: step %ld was not captured; `tessera trace` lists the "
                                         "steps that were",
                                         r->options.trace, r->options.step);
}

/* Recordings of an earlier replay would pass for this one's. */
static bool clear_streams(struct replay *r)
{
    char dir[4096], path[8192];
    snprintf(dir, sizeof dir, "%s/streams", r->options.output);
    DIR *entries = opendir(dir);
    bool ok = true;
    for (struct dirent *entry = NULL; ok && entries && (entry = readdir(entries));) {
        const char *end = strrchr(entry->d_name, '.');
        if (!end || strcmp(end, ".vec") != 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
        ok = unlink(path) == 0 || ts_error_set(&r->error, "%s: %s", path, strerror(errno));
    }
    if (entries)
        closedir(entries);
    return ok;
}

static bool run(struct replay *r, int argc, char **argv)
{
    if (!ts_design_load_array(r->options.design, &r->design, r->error.text, sizeof r->error.text))
        return false;
    r->trace = ts_trace_open(r->options.trace, &r->error);
    if (!r->trace || !count_events(r) || !ts_make_directory(r->options.output, &r->error) ||
        !clear_streams(r))
        return false;
    if (r->options.tiles > 0) {
        r->tiles = ts_tiles_open(&r->design, r->error.text, sizeof r->error.text);
        if (!r->tiles)
            return false;
    }
    r->report = ts_replay_report_new(r->trace, &r->design, argc, argv);
    if (!r->report)
        return ts_error_set(&r->error, "out of memory");
    ts_progress_start(&r->progress, r->design.name, (int)r->events);
    bool ok = true;
    for (int s = 0; ok && s < ts_trace_steps(r->trace); s++)
        for (int l = 0; ok && wanted(r, s) && l < ts_trace_layers(r->trace); l++)
            ok = run_layer(r, s, l);
    ts_progress_end(&r->progress);
    return ok && ts_replay_report_write(r->report, r->options.output, &r->error);
}

int main(int argc, char **argv)
{
    if (ts_cli_introduces(argc, argv, summary, help))
        return ts_cli_finish("tessera replay", TS_EXIT_OK);
    signal(SIGXFSZ, SIG_IGN); /* a file size limit is an error like a full disk */
    static struct replay r;
    if (!parse(argc, argv, &r.options))
        return TS_EXIT_USAGE;
    int status = TS_EXIT_OK;
    if (!run(&r, argc, argv)) {
        fprintf(stderr, "tessera replay: %s\n", r.error.text);
        status = TS_EXIT_FAILURE;
    } else {
        ts_replay_report_print(r.report);
        printf("wrote %s/replay.json, events.csv, errors.csv\n", r.options.output);
        if (ts_replay_report_mismatches(r.report))
            status = TS_EXIT_FAILURE;
    }
    ts_replay_report_free(r.report);
    ts_tiles_close(r.tiles);
    ts_trace_close(r.trace);
    return ts_cli_finish("tessera replay", status);
}
