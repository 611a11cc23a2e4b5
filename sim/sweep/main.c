/* SPDX-License-Identifier: Apache-2.0 */
/* tessera sweep: many designs under one workload. */
#include "cli/cli.h"
#include "files/chart.h"
#include "sweep/remote.h"
#include "sweep/sweep.h"

#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char program[] = "tessera sweep";
static const char summary[] = "many designs under one workload: a row each, and the Pareto front";
static const char help[] =
    "usage: tessera sweep DESIGN WORKLOAD --set FIELD=V1,V2,... [--set ...] -o DIR\n"
    "       tessera sweep DESIGN WORKLOAD --list FILE -o DIR\n"
    "\n"
    "Counts a training step of a workload on many variants of a design, in closed form, as\n"
    "`tessera cycles DESIGN WORKLOAD` does on one. A variant that is no design, or that the\n"
    "workload does not fit, is a row that says why.\n"
    "\n"
    "  DESIGN          a design file, or a shipped design, that is a machine (see `tessera "
    "design`)\n"
    "  WORKLOAD        a shipped network or a workload file (see `tessera workload`)\n"
    "  --set F=V,...   values of a field, named as `tessera design NAME` shows it; several --set\n"
    "                  make a grid of all combinations. A value may be a range:\n"
    "                    array.rows=8..64*2        8, 16, 32, 64\n"
    "                    dram.gb_s=100..400+100    100, 200, 300, 400\n"
    "                  training.precision takes rules, with ; between them:\n"
    "                    'training.precision=all -> fp16,last -> fp16; all -> hfp8'\n"
    "  --list FILE     CSV instead: a header of fields, then a row for each point\n"
    "  --batch N       samples of a step (default: the network's or the file's own)\n"
    "  --pareto X,Y    what the front is of: columns of sweep.csv, or numbers of the design. More\n"
    "                  is better of utilization, less of all others. (Default: time_ms, against\n"
    "                  the first that differs of peak_tops, total_l1_kib, total_l0_kib,\n"
    "                  dram.gb_s)\n"
    "  --jobs N        processes (default: the processors; under mpirun 1 for each of its own)\n"
    "  -o DIR          writes to DIR:\n"
    "                    sweep.csv     a row for each point: changes, cycles, time, utilization,\n"
    "                                  shares by kind of work, stalls, bytes by memory, error\n"
    "                    sweep.json    the same\n"
    "                    pareto.csv    the two figures of each point, and who is on the front\n"
    "                    pareto.svg    a chart of them, by gnuplot with pareto.gp\n"
    "                    points.jsonl  what is done so far\n"
    "\n"
    "A sweep that was stopped, however it was, goes on when the same command is given again:\n"
    "what points.jsonl has is not worked out again. Under mpirun all processes, on one host or\n"
    "several, share out the points; only the first one needs DIR. The files are the same, byte\n"
    "for byte, whoever worked on them and however often they were stopped.\n"
    "\n"
    "Exit status: 0 if all went well, 1 if something cannot be written or a point's process died,\n"
    "2 for a wrong command line, design, workload or list.\n"
    "\n"
    "Examples:\n"
    "  tessera sweep rapid resnet50 --set array.rows=4..32*2 --set array.cols=4..32*2 -o arrays\n"
    "  tessera sweep rapid bert_base --set dram.gb_s=100..300+50 --set l1.kib=1024..8192*2 \\\n"
    "      --pareto total_l1_kib,time_ms -o memories\n"
    "  tessera sweep rapid_fp4 resnet18 --set training.dy=two_4bit,requantized,one_5bit -o dy\n"
    "  printf 'chip.cores,dram.gb_s\\n4,200\\n8,300\\n' >points.csv\n"
    "  tessera sweep rapid resnet50 --list points.csv -o cores\n"
    "  mpirun -n 16 tessera sweep rapid resnet50 --set l1.kib=1024..8192+64 -o fine\n";

enum { MAX_BATCH = 1 << 24, BASE = 10, SHOWN = 24 /* points of the front, in the terminal */ };

struct options {
    const char *design, *workload, *directory, *list, *batch, *jobs, *pareto;
    const char *sets[TS_DESIGN_FIELDS];
    size_t n_sets;
};

/* What goes wrong before there is work: under mpirun, one process speaks for all. */
struct problem {
    int status;
    struct ts_error error;
};

static bool usage(struct problem *problem)
{
    problem->status = TS_EXIT_USAGE;
    return false;
}

static bool failure(struct problem *problem)
{
    problem->status = TS_EXIT_FAILURE;
    return false;
}

/* ---- The command line ---- */

static bool take_option(int c, char **argv, struct options *o, struct ts_error *error)
{
    const char **text = c == 'l'   ? &o->list
                        : c == 'b' ? &o->batch
                        : c == 'j' ? &o->jobs
                        : c == 'p' ? &o->pareto
                        : c == 'o' ? &o->directory
                                   : NULL;
    if (c == 's' && o->n_sets == TS_DESIGN_FIELDS)
        return ts_error_set(error, "more --set than a design has fields");
    if (c == 's')
        o->sets[o->n_sets++] = optarg;
    else if (text)
        *text = optarg;
    else
        return ts_error_set(error,
                            c == ':' ? "%s needs a value; see `%s --help`"
                                     : "no option '%s'; see `%s --help`",
                            argv[optind - 1], program);
    return true;
}

static bool parse(int argc, char **argv, struct options *o, struct ts_error *error)
{
    static const struct option known[] = {
        {"set", required_argument, NULL, 's'},
        {"list", required_argument, NULL, 'l'},
        {"batch", required_argument, NULL, 'b'},
        {"jobs", required_argument, NULL, 'j'},
        {"pareto", required_argument, NULL, 'p'},
        {"output", required_argument, NULL, 'o'},
        {NULL, 0, NULL, 0},
    };
    *o = (struct options){.n_sets = 0};
    opterr = 0;
    for (int c; (c = getopt_long(argc, argv, ":o:", known, NULL)) != -1;)
        if (!take_option(c, argv, o, error))
            return false;
    if (optind + 2 != argc)
        return ts_error_set(error, "needs a DESIGN and a WORKLOAD; see `%s --help`", program);
    if (!o->list == (o->n_sets == 0))
        return ts_error_set(error, "needs --set FIELD=V1,V2,... or --list FILE%s",
                            o->list ? ", not both" : "");
    if (!o->directory)
        return ts_error_set(error, "needs -o DIR, where the rows go");
    o->design = argv[optind];
    o->workload = argv[optind + 1];
    return true;
}

static bool number(const char *option, const char *text, long max, long *value,
                   struct ts_error *error)
{
    char *end = NULL;
    if (!text)
        return true;
    *value = strtol(text, &end, BASE);
    return (end != text && !*end && *value >= 1 && *value <= max) ||
           ts_error_set(error, "%s is '%.60s'; it must be 1 to %ld", option, text, max);
}

/* ---- What is asked ---- */

static bool load(const struct options *o, struct sweep *s, struct ts_error *error)
{
    struct ts_training training;
    struct ts_error why;
    long batch = 0;
    s->design_name = o->design;
    if (!number("--batch", o->batch, MAX_BATCH, &batch, error) ||
        !ts_design_load(o->design, &s->design, error->text, sizeof error->text))
        return false;
    if (!ts_training_make(&s->design, &training, &why))
        return ts_error_set(error, "%.60s: %s", o->design, why.text);
    return ts_workload_load(o->workload, batch, &s->workload, error);
}

static bool read_changes(const struct options *o, struct sweep *s, struct ts_error *error)
{
    struct ts_error why;
    if (o->list)
        return changes_read(&s->changes, &s->design, o->list, error);
    for (size_t i = 0; i < o->n_sets; i++)
        if (!changes_add(&s->changes, &s->design, o->sets[i], &why))
            return ts_error_set(error, "--set: %s", why.text);
    return true;
}

static bool prepare(int argc, char **argv, struct options *o, struct sweep *s, struct pool *pool,
                    struct problem *problem)
{
    struct front front;
    struct ts_error *error = &problem->error;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    long jobs = remote_is_wanted() || processors < 1 ? 1 : processors;
    if (!parse(argc, argv, o, error) || !number("--jobs", o->jobs, MAX_JOBS, &jobs, error) ||
        !load(o, s, error) || !read_changes(o, s, error) ||
        (o->pareto && !front_parse(s, o->pareto, &front, error)))
        return usage(problem);
    jobs = jobs < MAX_JOBS ? jobs : MAX_JOBS;
    size_t n = (size_t)jobs < s->changes.points ? (size_t)jobs : s->changes.points;
    s->key = sweep_key(s);
    s->header = sweep_header(s);
    if (!s->header && !ts_error_set(error, "out of memory"))
        return failure(problem);
    return pool_start(pool, n, error) || failure(problem);
}

/* ---- Under mpirun ---- */

struct hello {
    uint64_t key;
    struct problem problem; /* status TS_EXIT_OK: none */
};

/* All work on the same, or none does. */
static void agree(uint64_t key, struct problem *problem)
{
    for (int r = 1; r < remote_size(); r++) {
        struct hello hello;
        remote_receive(r, &hello, sizeof hello);
        if (problem->status != TS_EXIT_OK)
            continue;
        if (hello.problem.status == TS_EXIT_OK && hello.key == key)
            continue;
        problem->status = hello.problem.status ? hello.problem.status : TS_EXIT_USAGE;
        ts_error_set(&problem->error, "process %d of mpirun: %.400s", r,
                     hello.problem.status ? hello.problem.error.text
                                          : "its design, workload or version is another one");
    }
    for (int r = 1; r < remote_size(); r++)
        remote_send(r, &problem->status, sizeof problem->status);
}

static int follow(uint64_t key, const struct problem *problem, struct pool *pool)
{
    struct ts_error error;
    struct hello hello;
    int verdict = TS_EXIT_OK;
    memset(&hello, 0, sizeof hello);
    hello.key = key;
    hello.problem = *problem;
    remote_send(0, &hello, sizeof hello);
    remote_receive(0, &verdict, sizeof verdict);
    if (verdict == TS_EXIT_OK && !sweep_serve(pool, &error)) {
        fprintf(stderr, "%s: process %d of mpirun: %s\n", program, remote_rank(), error.text);
        _exit(TS_EXIT_FAILURE); /* mpirun ends the others; the log has what was done */
    }
    return verdict;
}

/* ---- The results ---- */

static void print_point(const struct sweep *s, const struct front *front, size_t point)
{
    char path[TS_FIELD_PATH];
    printf("  %5zu  %-12.6g %-12.6g ", point, front->x_values[point], front->y_values[point]);
    for (size_t a = 0; a < s->changes.n; a++)
        printf(" %s=%s", ts_field_path(s->changes.axes[a].field, path),
               changes_value(&s->changes, point, a));
    puts("");
}

static void print(const struct sweep *s, const struct front *front, const char *directory)
{
    size_t impossible = 0;
    size_t *order = front_in_order(front, s->results.n);
    for (size_t i = 0; i < s->results.n; i++)
        impossible += s->results.outcomes[i].status == STATUS_IMPOSSIBLE;
    printf("%s, batch %" PRId64 ", on variants of %s: %zu points, %zu of them impossible; %zu were "
           "known\n",
           s->workload.name, s->workload.batch, s->design.name, s->results.n, impossible, s->known);
    if (order && front->n > 0)
        printf("\nPareto front\n  point  %-12s %-12s  changes\n", front->x.name, front->y.name);
    for (size_t i = 0; order && i < front->n && i < SHOWN; i++)
        print_point(s, front, order[i]);
    if (front->n > SHOWN)
        printf("  and %zu more\n", front->n - SHOWN);
    printf("\nwritten to %s: sweep.csv and others; see `%s --help`\n", directory, program);
    free(order);
}

static int tell(const struct sweep *s, const struct options *o, struct ts_error *error)
{
    struct front front;
    bool ok =
        front_make(s, o->pareto, &front, error) && write_files(s, &front, o->directory, error);
    if (ok && front.n > 0)
        ts_chart_draw(program, o->directory, "pareto");
    if (ok)
        print(s, &front, o->directory);
    front_free(&front);
    if (ok && s->crashed)
        ok = ts_error_set(error,
                          "of %zu points the processes died, as their rows say; the same "
                          "command tries them again",
                          s->crashed);
    return ok ? TS_EXIT_OK : TS_EXIT_FAILURE;
}

static bool open_log(struct sweep *s, const char *directory, struct ts_error *error)
{
    if (!results_make(&s->results, s->changes.points, error) ||
        !log_open(&s->log, directory, s->header, &s->results, error))
        return false;
    for (size_t i = 0; i < s->results.n; i++)
        s->known += s->results.outcomes[i].status != STATUS_MISSING;
    if (s->known > 0 && s->known < s->results.n)
        fprintf(stderr, "%s: %zu of %zu points are known\n", program, s->known, s->results.n);
    if (s->log.damaged)
        fprintf(stderr, "%s: %s: damaged lines: %zu; their points are worked out again\n", program,
                s->log.path, s->log.damaged);
    return true;
}

static int lead(const struct options *o, struct sweep *s, struct pool *pool,
                struct problem *problem)
{
    uint64_t key = problem->status == TS_EXIT_OK ? s->key : 0;
    if (problem->status == TS_EXIT_OK && !open_log(s, o->directory, &problem->error))
        failure(problem);
    agree(key, problem);
    if (problem->status == TS_EXIT_OK && !sweep_run(s, pool, &problem->error))
        failure(problem);
    return problem->status;
}

static void release(struct sweep *s)
{
    log_close(&s->log);
    results_free(&s->results);
    changes_free(&s->changes);
    ts_workload_free(&s->workload);
    free(s->header);
    free(s);
}

/* Processes start before MPI does, so that none of them has a part in it. */
static int run(int argc, char **argv)
{
    struct options o;
    struct problem problem = {.status = TS_EXIT_OK};
    struct sweep *s = calloc(1, sizeof *s);
    struct pool pool = {.work = sweep_work, .context = s};
    bool many = remote_is_wanted();
    if (!s) {
        fprintf(stderr, "%s: out of memory\n", program);
        return TS_EXIT_FAILURE;
    }
    s->log.fd = -1;
    bool ok = prepare(argc, argv, &o, s, &pool, &problem);
    if (many && !remote_start(&problem.error)) {
        many = false;
        failure(&problem);
    }
    bool first = remote_rank() == 0;
    int status = first ? lead(&o, s, &pool, &problem) : follow(ok ? s->key : 0, &problem, &pool);
    pool_stop(&pool);
    if (many)
        remote_stop();
    if (first && status == TS_EXIT_OK)
        status = tell(s, &o, &problem.error);
    if (first && status != TS_EXIT_OK)
        fprintf(stderr, "%s: %s\n", program, problem.error.text);
    release(s);
    return status;
}

int main(int argc, char **argv)
{
    if (ts_cli_introduces(argc, argv, summary, help))
        return ts_cli_finish(program, TS_EXIT_OK);
    signal(SIGXFSZ, SIG_IGN); /* a file size limit is an error like a full disk */
    return ts_cli_finish(program, run(argc, argv));
}
