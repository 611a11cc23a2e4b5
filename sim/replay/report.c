/* SPDX-License-Identifier: Apache-2.0 */
/* A replay as JSON and CSV. */
#include "replay/report.h"

#include "replay/design_json.h"
#include "files/files.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const clip_names[] = {"none", "pact", "least_mse"};

enum { TRAFFIC = 6, MAX_NAME = 32 };
static const char *const traffic_names[TRAFFIC] = {"dram_read", "dram_write", "l1_read",
                                                   "l1_write",  "l0_read",    "l0_write"};

struct totals {
    int64_t cycles, macs, events;
    uint64_t outputs, compared, mismatches;
    uint64_t tiles, tile_cycles, tile_bits, tile_mismatches;
};

struct ts_replay_report {
    const struct ts_design *design;
    const struct ts_run *run;
    struct totals totals;
    cJSON *root, *operands, *events, *tiles;
    FILE *events_csv, *errors_csv;
    char *events_text, *errors_text;
    size_t events_size, errors_size;
};

/* JSON has no NaN: what is not a number is null. */
static void add_number(cJSON *object, const char *name, double value)
{
    if (isfinite(value))
        cJSON_AddNumberToObject(object, name, value);
    else
        cJSON_AddNullToObject(object, name);
}

static cJSON *trace_json(const struct ts_trace *trace)
{
    const struct ts_run *run = ts_trace_run(trace);
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "file", ts_trace_path(trace));
    cJSON_AddStringToObject(json, "framework", run->framework);
    cJSON_AddStringToObject(json, "framework_version", run->framework_version);
    cJSON_AddStringToObject(json, "script", run->script);
    cJSON_AddStringToObject(json, "command", run->command);
    cJSON_AddStringToObject(json, "dataset", run->dataset);
    cJSON_AddStringToObject(json, "model", run->model);
    cJSON_AddStringToObject(json, "quantization", run->quantization);
    add_number(json, "seed", (double)run->seed);
    add_number(json, "batch", run->batch);
    add_number(json, "kept", run->kept);
    add_number(json, "steps", run->steps);
    add_number(json, "test_accuracy", run->test_accuracy);
    cJSON *steps = cJSON_AddArrayToObject(json, "captured");
    for (int i = 0; i < ts_trace_steps(trace); i++) {
        const struct ts_step *step = ts_trace_step(trace, i);
        cJSON *each = cJSON_CreateObject();
        add_number(each, "step", step->number);
        add_number(each, "loss", step->loss);
        add_number(each, "accuracy", step->accuracy);
        add_number(each, "loss_scale", step->loss_scale);
        cJSON_AddItemToArray(steps, each);
    }
    return json;
}

struct ts_replay_report *ts_replay_report_new(const struct ts_trace *trace,
                                              const struct ts_design *design, int argc,
                                              char *const *argv)
{
    struct ts_replay_report *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->design = design;
    r->run = ts_trace_run(trace);
    r->root = cJSON_CreateObject();
    cJSON_AddStringToObject(r->root, "tool", "tessera replay " TESSERA_VERSION);
    cJSON *command = cJSON_AddArrayToObject(r->root, "command");
    cJSON_AddItemToArray(command, cJSON_CreateString("tessera"));
    cJSON_AddItemToArray(command, cJSON_CreateString("replay"));
    for (int i = 1; i < argc; i++)
        cJSON_AddItemToArray(command, cJSON_CreateString(argv[i]));
    cJSON_AddStringToObject(r->root, "kind", "simulated");
    cJSON_AddItemToObject(r->root, "design", ts_design_json(design));
    cJSON_AddItemToObject(r->root, "trace", trace_json(trace));
    r->operands = cJSON_AddArrayToObject(r->root, "operands");
    r->events = cJSON_AddArrayToObject(r->root, "events");
    r->tiles = cJSON_AddArrayToObject(r->root, "tiles");
    r->events_csv = open_memstream(&r->events_text, &r->events_size);
    r->errors_csv = open_memstream(&r->errors_text, &r->errors_size);
    if (!r->root || !r->events_csv || !r->errors_csv) {
        ts_replay_report_free(r);
        return NULL;
    }
    fputs("step,layer,pass,m,n,k,macs,cycles,busy_cycles", r->events_csv);
    for (int cause = 0; cause < TS_STALLS; cause++)
        fprintf(r->events_csv, ",%s_cycles", ts_stall_names[cause]);
    for (int i = 0; i < TRAFFIC; i++)
        fprintf(r->events_csv, ",%s_bytes", traffic_names[i]);
    fputs(",utilization,outputs_compared,mismatches\n", r->events_csv);
    fputs("step,layer,pass,phase,used,nmse,snr_db,slope,magnitude_bias,channel_mean_nmse,"
          "not_finite\n",
          r->errors_csv);
    return r;
}

void ts_replay_report_free(struct ts_replay_report *r)
{
    if (!r)
        return;
    cJSON_Delete(r->root);
    if (r->events_csv)
        fclose(r->events_csv);
    if (r->errors_csv)
        fclose(r->errors_csv);
    free(r->events_text);
    free(r->errors_text);
    free(r);
}

static cJSON *errors_json(const struct ts_errors *e)
{
    cJSON *json = cJSON_CreateObject();
    add_number(json, "nmse", e->nmse);
    add_number(json, "snr_db", e->snr_db);
    add_number(json, "slope", e->slope);
    add_number(json, "magnitude_bias", e->magnitude_bias);
    add_number(json, "channel_mean_nmse", e->channel_mean);
    add_number(json, "not_finite", (double)e->not_finite);
    return json;
}

void ts_replay_report_operands(struct ts_replay_report *r, const struct ts_step *step,
                               const struct ts_layer *layer, const struct ts_operands *o)
{
    cJSON *json = cJSON_CreateObject();
    add_number(json, "step", step->number);
    cJSON_AddStringToObject(json, "layer", layer->name);
    add_number(json, "dy_flushed_share", o->flushed);
    if (r->design->modes != TS_MODE_FP16) {
        cJSON_AddStringToObject(json, "x_format", o->x_unsigned ? "uint4" : "int4");
        add_number(json, "x_clip", (double)o->x_clip);
        cJSON_AddStringToObject(json, "x_clip_source", clip_names[o->clip_source]);
        add_number(json, "w_clip", (double)o->w_clip);
        cJSON_AddBoolToObject(json, "w_clip_fell_back", o->w_fell_back);
        add_number(json, "gradscale_k", o->k);
        for (int phase = 0; phase < TS_PHASES; phase++) {
            cJSON *dy = cJSON_AddObjectToObject(json, phase ? "dy_odd" : "dy_even");
            add_number(dy, "zero_share", o->zeros[phase]);
            add_number(dy, "saturated_share", o->saturated[phase]);
            cJSON_AddItemToObject(dy, "error", errors_json(&o->dy_error[phase]));
        }
    }
    cJSON_AddItemToArray(r->operands, json);
}

static const char *phase_name(const struct ts_event_result *result, int phase)
{
    if (result->phases == 1)
        return "none";
    return phase ? "odd" : "even";
}

/* Of an array alone there are no memories to read from. */
static void traffic_of(const struct ts_replay_report *r, const struct ts_counts *c,
                       int64_t bytes[TRAFFIC])
{
    const int64_t all[TRAFFIC] = {c->dram_read, c->dram_write, c->l1_read,
                                  c->l1_write,  c->l0_read,    c->l0_write};
    for (int i = 0; i < TRAFFIC; i++)
        bytes[i] = r->design->is_machine ? all[i] : 0;
}

static void add_counts(cJSON *json, const struct ts_counts *c, const int64_t bytes[TRAFFIC])
{
    char name[MAX_NAME];
    add_number(json, "macs", (double)c->macs);
    add_number(json, "cycles", (double)c->cycles);
    add_number(json, "busy_cycles", (double)c->busy);
    for (int cause = 0; cause < TS_STALLS; cause++) {
        snprintf(name, sizeof name, "%s_cycles", ts_stall_names[cause]);
        add_number(json, name, (double)c->stall[cause]);
    }
    for (int i = 0; i < TRAFFIC; i++) {
        snprintf(name, sizeof name, "%s_bytes", traffic_names[i]);
        add_number(json, name, (double)bytes[i]);
    }
}

static double utilization(const struct ts_replay_report *r, int64_t macs, int64_t cycles)
{
    int64_t peak = ts_design_macs_per_cycle(r->design) * ts_design_arrays(r->design);
    return cycles ? (double)macs / ((double)cycles * (double)peak) : 0;
}

void ts_replay_report_event(struct ts_replay_report *r, const struct ts_step *step,
                            const struct ts_event *event, const struct ts_event_result *e)
{
    const struct ts_counts *c = &e->counts;
    int64_t bytes[TRAFFIC];
    traffic_of(r, c, bytes);
    const double used = utilization(r, c->macs, c->cycles);
    const char *layer_name = event->layer->name, *pass_name = ts_pass_name(event->pass);
    cJSON *json = cJSON_CreateObject();
    add_number(json, "step", step->number);
    cJSON_AddStringToObject(json, "layer", layer_name);
    cJSON_AddStringToObject(json, "pass", pass_name);
    /* GRAD of some samples of the batch is a partial sum of dW. */
    cJSON_AddBoolToObject(json, "partial", event->pass == TS_GRAD && r->run->kept < r->run->batch);
    add_number(json, "m", (double)e->m);
    add_number(json, "n", (double)e->n);
    add_number(json, "k", (double)e->k);
    add_counts(json, c, bytes);
    add_number(json, "utilization", used);
    add_number(json, "outputs_compared", (double)e->compared);
    add_number(json, "mismatches", (double)e->mismatches);
    cJSON_AddStringToObject(json, "phase", phase_name(e, e->phase));
    cJSON *errors = cJSON_AddObjectToObject(json, "errors");
    for (int phase = 0; phase < e->phases; phase++)
        cJSON_AddItemToObject(errors, phase_name(e, phase), errors_json(&e->error[phase]));
    cJSON_AddItemToArray(r->events, json);

    fprintf(r->events_csv, "%d,%s,%s,%zu,%zu,%zu,%" PRId64 ",%" PRId64 ",%" PRId64, step->number,
            layer_name, pass_name, e->m, e->n, e->k, c->macs, c->cycles, c->busy);
    for (int cause = 0; cause < TS_STALLS; cause++)
        fprintf(r->events_csv, ",%" PRId64, c->stall[cause]);
    for (int i = 0; i < TRAFFIC; i++)
        fprintf(r->events_csv, ",%" PRId64, bytes[i]);
    fprintf(r->events_csv, ",%.6g,%" PRIu64 ",%" PRIu64 "\n", used, e->compared, e->mismatches);
    for (int phase = 0; phase < e->phases; phase++) {
        const struct ts_errors *x = &e->error[phase];
        fprintf(r->errors_csv, "%d,%s,%s,%s,%s,%.6g,%.6g,%.6g,%.6g,%.6g,%zu\n", step->number,
                layer_name, pass_name, phase_name(e, phase), phase == e->phase ? "yes" : "no",
                x->nmse, x->snr_db, x->slope, x->magnitude_bias, x->channel_mean, x->not_finite);
    }

    r->totals.events++;
    r->totals.cycles += c->cycles;
    r->totals.macs += c->macs;
    r->totals.outputs += e->outputs;
    r->totals.compared += e->compared;
    r->totals.mismatches += e->mismatches;
}

void ts_replay_report_tile(struct ts_replay_report *r, const struct ts_step *step,
                           const struct ts_event *event, struct ts_mnk place,
                           const struct ts_tile_request *request, const struct ts_tile_report *t)
{
    cJSON *json = cJSON_CreateObject();
    add_number(json, "step", step->number);
    cJSON_AddStringToObject(json, "layer", event->layer->name);
    cJSON_AddStringToObject(json, "pass", ts_pass_name(event->pass));
    add_number(json, "m0", (double)place.m);
    add_number(json, "n0", (double)place.n);
    add_number(json, "rows", t->rows);
    add_number(json, "columns", t->columns);
    add_number(json, "folds", (double)t->folds);
    add_number(json, "cycles_compared", (double)t->cycles);
    add_number(json, "bits_compared", (double)t->bits);
    add_number(json, "mismatches", (double)t->mismatches);
    if (t->mismatches)
        cJSON_AddStringToObject(json, "first_mismatch", t->first);
    if (request->record_name)
        cJSON_AddStringToObject(json, "recorded", request->record_name);
    cJSON_AddItemToArray(r->tiles, json);
    r->totals.tiles++;
    r->totals.tile_cycles += t->cycles;
    r->totals.tile_bits += t->bits;
    r->totals.tile_mismatches += t->mismatches;
}

uint64_t ts_replay_report_mismatches(const struct ts_replay_report *r)
{
    return r->totals.mismatches + r->totals.tile_mismatches;
}

static double milliseconds(const struct ts_replay_report *r)
{
    return (double)r->totals.cycles / (r->design->clock_mhz * 1e3);
}

void ts_replay_report_print(const struct ts_replay_report *r)
{
    const struct totals *t = &r->totals;
    printf("%s: %" PRId64 " GEMMs, %.1f M multiply-accumulates in %" PRId64
           " cycles by closed form (%.3f ms at %g MHz), utilization %.1f %%\n",
           r->design->name, t->events, (double)t->macs / 1e6, t->cycles, milliseconds(r),
           r->design->clock_mhz, 100 * utilization(r, t->macs, t->cycles));
    printf("engine = golden blocks: %" PRIu64 " outputs compared", t->compared);
    if (t->compared < t->outputs)
        printf(" of %" PRIu64, t->outputs);
    printf(", %" PRIu64 " mismatches\n", t->mismatches);
    printf("RTL = SystemC = engine: %" PRIu64 " tiles, %" PRIu64 " cycles and %" PRIu64
           " output bits compared, %" PRIu64 " mismatches\n",
           t->tiles, t->tile_cycles, t->tile_bits, t->tile_mismatches);
}

static char *print_json(const struct ts_replay_report *r)
{
    const struct totals *t = &r->totals;
    cJSON *json = cJSON_CreateObject();
    add_number(json, "events", (double)t->events);
    add_number(json, "macs", (double)t->macs);
    add_number(json, "cycles", (double)t->cycles);
    add_number(json, "milliseconds", milliseconds(r));
    add_number(json, "utilization", utilization(r, t->macs, t->cycles));
    add_number(json, "delivered_tops",
               utilization(r, t->macs, t->cycles) * ts_design_peak_tops(r->design) *
                   (double)ts_design_arrays(r->design));
    add_number(json, "outputs", (double)t->outputs);
    add_number(json, "outputs_compared", (double)t->compared);
    add_number(json, "mismatches", (double)t->mismatches);
    add_number(json, "tiles", (double)t->tiles);
    add_number(json, "tile_cycles_compared", (double)t->tile_cycles);
    add_number(json, "tile_bits_compared", (double)t->tile_bits);
    add_number(json, "tile_mismatches", (double)t->tile_mismatches);
    cJSON_DeleteItemFromObject(r->root, "totals");
    cJSON_AddItemToObject(r->root, "totals", json);
    return cJSON_Print(r->root);
}

bool ts_replay_report_write(const struct ts_replay_report *r, const char *dir,
                            struct ts_error *error)
{
    fflush(r->events_csv);
    fflush(r->errors_csv);
    char *json = print_json(r);
    if (!json)
        return ts_error_set(error, "out of memory for replay.json");
    struct ts_file files[] = {
        {"replay.json", json, strlen(json)},
        {"events.csv", r->events_text, r->events_size},
        {"errors.csv", r->errors_text, r->errors_size},
    };
    bool ok = ts_files_write(dir, files, sizeof files / sizeof *files, error);
    free(json);
    return ok;
}
