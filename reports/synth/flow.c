/* SPDX-License-Identifier: Apache-2.0 */
/* The tools run in the directory they fill, on names without a path: those need no quotes. */
#include "synth/flow.h"

#include "run/run.h"
#include "run/script.h"
#include "share/share.h"
#include "synth/file.h"
#include "synth/liberty.h"
#include "synth/result.h"
#include "synth/stat.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct ts_tool yosys = {"yosys", "yosys"};
static const struct ts_tool sta = {"sta", "opensta"};

static const char package[] = "tessera_pkg.sv";
static const char *const scripts[] = {"synth.ys.in", "parts.ys.in", "timing.tcl.in"};
enum { SCRIPTS = sizeof scripts / sizeof *scripts, VERSION = 256 };

/* Sources in the order in which Yosys reads them; the package is first. */
struct sources {
    char directory[PATH_MAX];
    struct dirent **entries;
    int n;
};

static int is_source(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name);
    return n > 3 && strcmp(entry->d_name + n - 3, ".sv") == 0;
}

static int package_first(const struct dirent **a, const struct dirent **b)
{
    int first = (strcmp((*b)->d_name, package) == 0) - (strcmp((*a)->d_name, package) == 0);
    return first ? first : strcmp((*a)->d_name, (*b)->d_name);
}

static bool find_sources(struct sources *sources, struct ts_error *error)
{
    *sources = (struct sources){.n = -1};
    if (ts_share_directory("rtl", sources->directory, sizeof sources->directory))
        sources->n = scandir(sources->directory, &sources->entries, is_source, package_first);
    return sources->n >= 0 ||
           ts_error_set(error, "share/tessera/rtl: not found beside this program; install Tessera "
                               "again");
}

static void free_sources(struct sources *sources)
{
    for (int i = 0; i < sources->n; i++)
        free(sources->entries[i]);
    free(sources->entries);
}

static struct ts_hash *add_text(struct ts_hash *hash, const char *text)
{
    return ts_hash_add(hash, text, strlen(text));
}

static bool add_sources(struct ts_hash **hash, struct ts_error *error)
{
    struct sources sources;
    bool fine = find_sources(&sources, error);
    for (int i = 0; i < sources.n && fine; i++) {
        char path[PATH_MAX + 256];
        snprintf(path, sizeof path, "%s/%s", sources.directory, sources.entries[i]->d_name);
        char *text = ts_file_read(path, error);
        fine = text != NULL;
        if (text)
            *hash = add_text(*hash, text);
        free(text);
    }
    free_sources(&sources);
    return fine;
}

static bool add_scripts(struct ts_hash **hash, struct ts_error *error)
{
    for (int i = 0; i < SCRIPTS; i++) {
        char *text = ts_script_read(scripts[i], error);
        if (!text)
            return false;
        *hash = add_text(*hash, text);
        free(text);
    }
    return true;
}

static bool add_versions(struct ts_hash **hash, struct ts_error *error)
{
    char version[VERSION];
    if (!ts_synth_version(TS_YOSYS, version, sizeof version, error))
        return false;
    *hash = add_text(*hash, version);
    if (!ts_synth_version(TS_OPENSTA, version, sizeof version, error))
        return false;
    *hash = add_text(*hash, version);
    return true;
}

bool ts_synth_version(enum ts_synth_tool tool, char *version, size_t size, struct ts_error *error)
{
    const char *const *arguments = tool == TS_YOSYS ? (const char *const[]){"-V", NULL}
                                                    : (const char *const[]){"-version", NULL};
    if (!ts_run_output(tool == TS_YOSYS ? &yosys : &sta, arguments, version, size, error))
        return false;
    version[strcspn(version, "\n")] = '\0';
    return true;
}

bool ts_flow_key(const struct ts_flow *flow, char key[TS_CACHE_KEY], struct ts_error *error)
{
    struct ts_hash *hash = NULL;
    char text[64];
    bool fine =
        add_versions(&hash, error) && add_scripts(&hash, error) && add_sources(&hash, error);
    hash = add_text(hash, flow->block->name);
    for (int i = 0; i < flow->block->n_params; i++) {
        snprintf(text, sizeof text, "%" PRId64, flow->params[i]);
        hash = add_text(hash, text);
    }
    hash = add_text(hash, flow->library->digest);
    snprintf(text, sizeof text, "%.17g", flow->period_ns);
    hash = add_text(hash, text);
    ts_hash_end(hash, key);
    return fine;
}

/* What the places in the scripts become. */
struct values {
    char *sources, *parameters; /* owned */
    char period_ps[32], period[32], load[32];
    const char *constraints;
};

static char *list_sources(struct ts_error *error)
{
    struct sources sources;
    char *text = NULL;
    size_t size = 0;
    FILE *out = find_sources(&sources, error) ? open_memstream(&text, &size) : NULL;
    for (int i = 0; i < sources.n && out; i++)
        fprintf(out, "rtl/%s ", sources.entries[i]->d_name);
    if (out)
        fclose(out);
    free_sources(&sources);
    return text;
}

static char *list_parameters(const struct ts_flow *flow)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    if (flow->block->n_params)
        fputs("chparam", out);
    for (int i = 0; i < flow->block->n_params; i++)
        fprintf(out, " -set %s %" PRId64, flow->block->params[i].name, flow->params[i]);
    if (flow->block->n_params)
        fprintf(out, " %s", flow->block->name);
    fclose(out);
    return text;
}

static bool write_scripts(const struct ts_flow *flow, const char *directory,
                          const struct values *values, struct ts_error *error)
{
    const struct ts_place places[] = {
        {"SOURCES", values->sources},     {"PARAMETERS", values->parameters},
        {"BLOCK", flow->block->name},     {"LIBERTY", "library.lib"},
        {"PERIOD_PS", values->period_ps}, {"CONSTRAINTS", values->constraints},
        {"PERIOD", values->period},       {"DRIVER", flow->library->driver},
        {"LOAD", values->load},           {NULL, NULL}};
    for (int i = 0; i < SCRIPTS; i++) {
        char path[PATH_MAX];
        int stem = (int)(strlen(scripts[i]) - strlen(".in"));
        snprintf(path, sizeof path, "%s/%.*s", directory, stem, scripts[i]);
        if (!ts_script_write(scripts[i], places, path, error))
            return false;
    }
    return true;
}

/* ABC's surroundings: it sizes gates for this driver and this load. */
static bool write_constraints(const struct ts_library *library, const char *directory,
                              struct ts_error *error)
{
    char path[PATH_MAX], text[256];
    snprintf(path, sizeof path, "%s/abc.constr", directory);
    snprintf(text, sizeof text, "set_driving_cell %s\nset_load %.6g\n", library->driver,
             library->load_ff);
    return ts_file_write(path, text, error);
}

static bool link_input(const char *target, const char *directory, const char *name,
                       struct ts_error *error)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return symlink(target, path) == 0 ||
           ts_error_set(error, "%s: cannot be made: %s", path, strerror(errno));
}

static bool prepare(const struct ts_flow *flow, const char *directory, struct ts_error *error)
{
    const struct ts_library *library = flow->library;
    char rtl[PATH_MAX];
    struct values values = {.sources = list_sources(error),
                            .parameters = list_parameters(flow),
                            .constraints = library->driver[0] ? "-constr abc.constr" : ""};
    snprintf(values.period_ps, sizeof values.period_ps, "%.0f", flow->period_ns * 1e3);
    snprintf(values.period, sizeof values.period, "%.9g",
             flow->period_ns * 1e-9 / library->time_unit_s);
    snprintf(values.load, sizeof values.load, "%.9g",
             library->load_ff * 1e-15 / library->capacitance_unit_f);
    bool fine = values.sources && values.parameters && ts_share_directory("rtl", rtl, sizeof rtl) &&
                link_input(rtl, directory, "rtl", error) &&
                link_input(library->liberty, directory, "library.lib", error) &&
                write_constraints(library, directory, error) &&
                write_scripts(flow, directory, &values, error);
    free(values.sources);
    free(values.parameters);
    return fine;
}

/* Yosys says why in its last lines. */
static bool run_yosys(const char *script, const char *directory, const char *log,
                      struct ts_error *error)
{
    if (ts_run(&yosys, (const char *const[]){"-s", script, NULL}, directory, log, error))
        return true;
    char *text = ts_file_read(log, NULL), *why = text ? strstr(text, "\nERROR: ") : NULL;
    if (why) {
        why += strlen("\nERROR: ");
        why[strcspn(why, "\n")] = '\0';
        ts_error_set(error, "yosys: %.200s; see %s", why, log);
    }
    free(text);
    return false;
}

static bool run_sta(const struct ts_flow *flow, const char *directory, const char *log,
                    struct ts_synth *result, struct ts_error *error)
{
    const char *const arguments[] = {"-no_init", "-no_splash", "-exit", "timing.tcl", NULL};
    if (!ts_run(&sta, arguments, directory, log, error))
        return false;
    /* It ends with success whatever happens, but the file comes last. */
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/timing.txt", directory);
    double slack_s, leakage_w;
    FILE *file = fopen(path, "r");
    bool fine = file && fscanf(file, "%lf %lf", &slack_s, &leakage_w) == 2;
    if (file)
        fclose(file);
    if (!fine)
        return ts_error_set(error, "sta: failed; see %s", log);
    /* Without a timed path it says 1e30. */
    result->slack_ns = slack_s < 1 ? slack_s * 1e9 : flow->period_ns;
    result->critical_path_ns = flow->period_ns - result->slack_ns;
    result->leakage_mw = leakage_w * 1e3;
    return true;
}

static bool count(const struct ts_library *library, const char *directory, struct ts_synth *result,
                  struct ts_error *error)
{
    struct ts_liberty liberty;
    char path[PATH_MAX];
    char *text = ts_file_read(library->liberty, error);
    bool fine = text && ts_liberty_parse(library->liberty, text, strlen(text), &liberty, error);
    free(text);
    if (!fine)
        return false;
    snprintf(path, sizeof path, "%s/netlist.json", directory);
    fine = ts_stat_netlist(path, &liberty, result, error);
    snprintf(path, sizeof path, "%s/parts.json", directory);
    fine = fine && ts_stat_parts(path, &liberty, result, error);
    ts_liberty_free(&liberty);
    return fine;
}

static void clean(const char *directory)
{
    static const char *const inputs[] = {"rtl", "library.lib"};
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        char path[PATH_MAX];
        snprintf(path, sizeof path, "%s/%s", directory, inputs[i]);
        unlink(path);
    }
}

bool ts_flow_run(const char *directory, void *context, struct ts_error *error)
{
    const struct ts_flow *flow = context;
    struct ts_synth result = {.slack_ns = flow->period_ns};
    char log[PATH_MAX], path[PATH_MAX];
    snprintf(log, sizeof log, "%s/build.log", directory);
    snprintf(path, sizeof path, "%s/result.json", directory);
    bool fine = prepare(flow, directory, error) && run_yosys("synth.ys", directory, log, error) &&
                run_yosys("parts.ys", directory, log, error) &&
                count(flow->library, directory, &result, error);
    /* OpenSTA has nothing to say of wires alone. */
    if (fine && result.cells > 0)
        fine = run_sta(flow, directory, log, &result, error);
    clean(directory);
    return fine && ts_synth_write(path, &result, error);
}
