/* SPDX-License-Identifier: Apache-2.0 */
/* What makes a sweep this one and no other, and the work on a point of it. */
#include "sweep/sweep.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* FNV-1a: names content, and guards against nothing but chance. With each text's end. */
static void add_text(uint64_t *hash, const char *text)
{
    const uint64_t prime = 0x100000001b3;
    for (size_t i = 0; i == 0 || text[i - 1]; i++)
        *hash = (*hash ^ (unsigned char)text[i]) * prime;
}

static void add_field(uint64_t *hash, const struct ts_design_field *field,
                      const struct ts_design *design)
{
    char path[TS_FIELD_PATH];
    char value[FIGURE_NAME];
    if (ts_field_in(field, "quantization") && !design->quantizes)
        return;
    add_text(hash, ts_field_path(field, path));
    add_text(hash, ts_field_get(field, design, value, sizeof value));
}

static void add_workload(uint64_t *hash, const struct ts_workload *workload)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out && ts_workload_write(workload, out) && fclose(out) == 0)
        add_text(hash, text);
    free(text);
}

/* Another build may count otherwise: the design as it is tells. */
static void add_outcome(uint64_t *hash, const struct sweep *sweep)
{
    char text[FIGURE_NAME];
    struct report report = {.point = 0};
    work_out(&sweep->design, &sweep->workload, &report);
    for (int i = 0; i < COUNTERS; i++) {
        snprintf(text, sizeof text, "%" PRId64, report.outcome.counters[i]);
        add_text(hash, text);
    }
    add_text(hash, report.error.text);
}

uint64_t sweep_key(const struct sweep *sweep)
{
    char path[TS_FIELD_PATH];
    uint64_t hash = 0xcbf29ce484222325;
    add_text(&hash, TESSERA_VERSION);
    add_text(&hash, sweep->changes.list ? "list" : "grid");
    for (int i = 0; i < TS_DESIGN_FIELDS; i++)
        add_field(&hash, &ts_design_fields[i], &sweep->design);
    add_workload(&hash, &sweep->workload);
    for (size_t a = 0; a < sweep->changes.n; a++) {
        const struct axis *axis = &sweep->changes.axes[a];
        add_text(&hash, ts_field_path(axis->field, path));
        for (size_t i = 0; i < axis->n; i++)
            add_text(&hash, axis->values[i]);
    }
    add_outcome(&hash, sweep);
    return hash;
}

char *sweep_header(const struct sweep *s)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    fprintf(out,
            "{\"tessera_sweep\":\"%s\",\"key\":\"%016" PRIx64 "\",\"design\":", TESSERA_VERSION,
            s->key);
    write_json_text(s->design.name, out);
    fputs(",\"workload\":", out);
    write_json_text(s->workload.name, out);
    fprintf(out, ",\"batch\":%" PRId64 ",\"points\":%zu}\n", s->workload.batch, s->changes.points);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

struct ts_design sweep_design(const struct sweep *sweep, size_t point)
{
    struct ts_design design = sweep->design;
    changes_apply(&sweep->changes, point, &design);
    return design;
}

void sweep_work(const void *context, struct report *report)
{
    const struct sweep *sweep = context;
    struct ts_design design = sweep_design(sweep, (size_t)report->point);
    work_out(&design, &sweep->workload, report);
}
