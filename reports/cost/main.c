/* SPDX-License-Identifier: Apache-2.0 */
/* tessera cost: area, timing and, with a trace, power of a design. */
#include "cli/cli.h"
#include "cost/output.h"
#include "files/files.h"
#include "replay/progress.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char summary[] = "area, timing and power of a design, from synthesized netlists";

static const char help[] =
    "usage: tessera cost --design DESIGN [--liberty FILE]... [--trace TRACE] -o DIR\n"
    "\n"
    "Synthesizes the blocks of a design (Yosys, ABC) onto a cell library at the design's clock,\n"
    "times them (OpenSTA), and rolls their areas up to slice, mpe and array. With a trace it also\n"
    "replays the trace, recording operands and partial sums at some mpes of the running array,\n"
    "and works out power from the toggles that these cause in the netlist.\n"
    "\n"
    "  --design DESIGN    a design file, or a shipped design (see `tessera design`)\n"
    "  --liberty FILE     the cell library, NLDM Liberty; several files make one library\n"
    "                     (default: osu018 of Debian's qflow-tech-osu018, or $TESSERA_LIBERTY)\n"
    "  --trace TRACE      an HDF5 trace (see `tessera trace`)\n"
    "  --tiles N          tiles that the replay samples and records (default: 9)\n"
    "  --positions N      recorded slices that power is measured of, 1 to 64 (default: 24)\n"
    "  -o, --output DIR   writes cost.json and cost.csv there, and the replay to DIR/replay\n"
    "\n"
    "Results are cached by the content of RTL, parameters, library and stimulus.\n"
    "Exit status: 0; 1 if something failed or a netlist differs from its RTL; 2 for wrong usage.\n"
    "\n"
    "example: tessera cost --design int4_fp4_8x8 --trace traces/fashion_mnist_sawb_pact.h5 -o "
    "out\n";

struct options {
    const char *design, *trace, *output;
    const char *liberty[TS_MAX_LIBERTY];
    int n_liberty;
    long tiles, positions;
};

static bool parse(int argc, char **argv, struct options *o)
{
    static const struct option known[] = {
        {"design", required_argument, NULL, 'd'},
        {"liberty", required_argument, NULL, 'l'},
        {"trace", required_argument, NULL, 't'},
        {"output", required_argument, NULL, 'o'},
        {"tiles", required_argument, NULL, 'n'},
        {"positions", required_argument, NULL, 'p'},
        {NULL, 0, NULL, 0},
    };
    enum { MAX_TILES = 1000 };
    *o = (struct options){.tiles = 9, .positions = 24};
    int c = 0;
    bool ok = true;
    while (ok && (c = getopt_long(argc, argv, "o:", known, NULL)) != -1) {
        switch (c) {
        case 'd':
            o->design = optarg;
            break;
        case 't':
            o->trace = optarg;
            break;
        case 'o':
            o->output = optarg;
            break;
        case 'n':
            ok = ts_cli_number("tessera cost", "--tiles", optarg, 1, MAX_TILES, &o->tiles);
            break;
        case 'p':
            ok = ts_cli_number("tessera cost", "--positions", optarg, 1, TS_MAX_WORKING,
                               &o->positions);
            break;
        case 'l':
            ok = o->n_liberty < TS_MAX_LIBERTY;
            if (ok)
                o->liberty[o->n_liberty++] = optarg;
            else
                fprintf(stderr, "tessera cost: at most %d --liberty files\n", TS_MAX_LIBERTY);
            break;
        default:
            ok = false;
        }
    }
    if (ok && (optind != argc || !o->design || !o->output)) {
        fputs("tessera cost: needs --design DESIGN and -o DIR; see `tessera cost --help`\n",
              stderr);
        ok = false;
    }
    if (ok && o->n_liberty == 0)
        o->liberty[o->n_liberty++] = ts_library_preset();
    return ok;
}

struct cost_run {
    struct options options;
    struct ts_design design;
    struct ts_library library;
    struct ts_cost_areas areas;
    struct ts_cost_power power;
    struct ts_progress progress;
    cJSON *replay;
    struct ts_error error;
};

static void show_progress(void *context, const char *now)
{
    ts_progress_step(context, now);
}

static const char *file_text(const char *path, char **text)
{
    *text = NULL;
    FILE *in = fopen(path, "r");
    if (!in)
        return strerror(errno);
    size_t size = 0, read = 0;
    char buffer[65536];
    while ((read = fread(buffer, 1, sizeof buffer, in)) > 0) {
        char *more = realloc(*text, size + read + 1);
        if (!more)
            break;
        *text = more;
        memcpy(*text + size, buffer, read);
        size += read;
        (*text)[size] = '\0';
    }
    fclose(in);
    return *text ? NULL : "cannot be read";
}

/* The replay program lies beside this one; its progress goes where ours does. */
static bool run_replay(struct cost_run *r, const char *dir)
{
    char program[PATH_MAX], tiles[16];
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    program[n > 0 ? n : 0] = '\0';
    char *slash = strrchr(program, '/');
    if (!slash || (size_t)(slash - program) + sizeof "/tessera-replay" > sizeof program)
        return ts_error_set(&r->error, "cannot find the program behind `tessera replay`");
    memcpy(slash, "/tessera-replay", sizeof "/tessera-replay");
    snprintf(tiles, sizeof tiles, "%ld", r->options.tiles);
    pid_t child = fork();
    if (child == 0) {
        int null = open("/dev/null", O_WRONLY);
        if (null >= 0)
            dup2(null, STDOUT_FILENO);
        execl(program, program, r->options.trace, "--design", r->options.design, "-o", dir,
              "--tiles", tiles, "--record", (char *)NULL);
        _exit(127);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child)
        return ts_error_set(&r->error, "cannot run `tessera replay`: %s", strerror(errno));
    if (WIFSIGNALED(status))
        return ts_error_set(&r->error, "`tessera replay` was ended by signal %d", WTERMSIG(status));
    return WIFEXITED(status) && WEXITSTATUS(status) == 0; /* else it has said why */
}

static bool load_replay(struct cost_run *r, const char *dir)
{
    char path[PATH_MAX + sizeof "/replay.json"];
    snprintf(path, sizeof path, "%s/replay.json", dir);
    char *text = NULL;
    const char *why_not = file_text(path, &text);
    if (!why_not) {
        r->replay = cJSON_Parse(text);
        free(text);
        why_not = r->replay ? NULL : "is not JSON";
    }
    return !why_not || ts_error_set(&r->error, "%s: %s", path, why_not);
}

static bool replay_trace(struct cost_run *r)
{
    char dir[PATH_MAX];
    int n = snprintf(dir, sizeof dir, "%s/replay", r->options.output);
    if (n < 0 || (size_t)n >= sizeof dir)
        return ts_error_set(&r->error, "%s: the name is too long", r->options.output);
    if (!run_replay(r, dir) || !load_replay(r, dir))
        return false;
    r->power.n = ts_streams_choose(r->replay, dir, &r->design, r->power.streams,
                                   (int)r->options.positions, TS_MAX_IDLE, &r->error);
    return r->power.n >= 0;
}

static bool measure_power(struct cost_run *r)
{
    ts_progress_start(&r->progress, "power", r->power.n);
    bool ok = ts_cost_measure(&r->power, &r->areas, &r->design, &r->library, show_progress,
                              &r->progress, &r->error);
    ts_progress_end(&r->progress);
    return ok;
}

static uint64_t netlist_mismatches(const struct cost_run *r)
{
    uint64_t sum = 0;
    for (int i = 0; i < r->power.n; i++)
        sum += r->power.positions[i].mismatches;
    return sum;
}

static bool run(struct cost_run *r, int argc, char **argv)
{
    const struct options *o = &r->options;
    if (!ts_design_load_array(o->design, &r->design, r->error.text, sizeof r->error.text) ||
        !ts_library_open(&r->library, o->liberty, o->n_liberty, &r->error))
        return false;
    char yosys_version[128], sta_version[128];
    if (!ts_synth_version(TS_YOSYS, yosys_version, sizeof yosys_version, &r->error) ||
        !ts_synth_version(TS_OPENSTA, sta_version, sizeof sta_version, &r->error))
        return false;
    /* First what can be wrong with the trace, then what takes long. */
    if (o->trace && !replay_trace(r))
        return false;

    enum { BLOCKS_OF_FP16 = 4, BLOCKS_OF_INT4 = 8 };
    ts_progress_start(&r->progress, "synthesis",
                      r->design.modes == TS_MODE_FP16 ? BLOCKS_OF_FP16 : BLOCKS_OF_INT4);
    bool ok =
        ts_cost_areas(&r->areas, &r->design, &r->library, show_progress, &r->progress, &r->error);
    ts_progress_end(&r->progress);
    if (!ok || (o->trace && !measure_power(r)))
        return false;

    const struct ts_cost_power *power = o->trace ? &r->power : NULL;
    struct ts_cost cost = {
        .design = &r->design,
        .library = &r->library,
        .areas = &r->areas,
        .power = power,
        .replay = r->replay,
        .metrics = ts_cost_metrics_of(&r->areas, power, &r->design),
        .run = power ? ts_cost_run_of(&r->areas, power, &r->design, r->replay)
                     : (struct ts_cost_run){0},
        .argc = argc,
        .argv = argv,
        .yosys = yosys_version,
        .opensta = sta_version,
    };
    if (!ts_cost_write(&cost, o->output, &r->error))
        return false;

    const struct ts_cost_metrics *m = &cost.metrics;
    printf("%s on %s at %g MHz: %.4f mm2 [modelled from synthesized blocks], %s the clock "
           "(worst slack %.2f ns)\n",
           r->design.name, r->library.name, r->design.clock_mhz, m->area_mm2,
           m->meets_clock ? "meets" : "misses", r->areas.worst_slack_ns);
    printf("peak %.4f TOPS, %.4f TOPS/mm2\n", m->peak_tops, m->tops_per_mm2);
    if (power)
        printf("power by activity: slice %.3f mW at work (%.3f to %.3f at %d positions), %.3f mW "
               "idle; array %.1f mW at work, %.3f pJ/MAC, %.3f TOPS/W\n"
               "the replayed run: %.3f ms, %.1f uJ, %.3f pJ per useful MAC, %.0f %% of the columns "
               "at work\n",
               power->slice_mw.mean, power->slice_mw.min, power->slice_mw.max, power->working,
               power->idle_mw.mean, m->power_mw, m->pj_per_mac, m->tops_per_w,
               cost.run.milliseconds, cost.run.energy_uj, cost.run.pj_per_mac,
               100 * cost.run.working_share);
    printf("wrote %s/cost.json, cost.csv\n", o->output);
    return true;
}

int main(int argc, char **argv)
{
    if (ts_cli_introduces(argc, argv, summary, help))
        return ts_cli_finish("tessera cost", TS_EXIT_OK);
    signal(SIGXFSZ, SIG_IGN); /* a file size limit is an error like a full disk */
    static struct cost_run r;
    if (!parse(argc, argv, &r.options))
        return TS_EXIT_USAGE;
    int status = TS_EXIT_OK;
    if (!run(&r, argc, argv)) {
        if (r.error.text[0])
            fprintf(stderr, "tessera cost: %s\n", r.error.text);
        status = TS_EXIT_FAILURE;
    } else if (netlist_mismatches(&r)) {
        fputs("tessera cost: the netlist differs from its RTL; its power means nothing\n", stderr);
        status = TS_EXIT_FAILURE;
    }
    cJSON_Delete(r.replay);
    return ts_cli_finish("tessera cost", status);
}
