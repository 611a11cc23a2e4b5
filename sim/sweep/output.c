/* SPDX-License-Identifier: Apache-2.0 */
/* sweep.csv, sweep.json, pareto.csv and pareto.gp. */
#include "sweep/sweep.h"

#include "files/files.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A cell of a CSV file, quoted if it must be. */
static void write_cell(const char *text, FILE *out)
{
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text; text++)
        fprintf(out, *text == '"' ? "\"%c" : "%c", *text);
    fputc('"', out);
}

static const char *axis_name(const struct sweep *s, size_t a, char *path)
{
    return ts_field_path(s->changes.axes[a].field, path);
}

/* ---- sweep.csv ---- */

/* The kinds of work are there as shares. */
static void write_columns(const struct sweep *s, FILE *out)
{
    char name[FIGURE_NAME];
    fputs("point", out);
    for (size_t a = 0; a < s->changes.n; a++)
        fprintf(out, ",%s", axis_name(s, a, name));
    fputs(",status", out);
    for (int i = 0; i < FIGURES; i++)
        fprintf(out, ",%s", figure_name(i, name));
    for (int i = 0; i < COUNTER_GROUP; i++)
        fprintf(out, ",%s", counter_name(i, name));
    fputs(",pareto,error\n", out);
}

static void write_row(const struct sweep *s, const struct front *front, size_t point, FILE *out)
{
    const struct outcome *outcome = &s->results.outcomes[point];
    struct ts_design design = sweep_design(s, point);
    bool ok = outcome->status == STATUS_OK;
    fprintf(out, "%zu", point);
    for (size_t a = 0; a < s->changes.n; a++) {
        fputc(',', out);
        write_cell(changes_value(&s->changes, point, a), out);
    }
    fprintf(out, ",%s", status_name(outcome->status));
    for (int i = 0; i < FIGURES; i++)
        if (ok)
            fprintf(out, ",%.9g", figure_value(i, &design, outcome));
        else
            fputc(',', out);
    for (int i = 0; i < COUNTER_GROUP; i++)
        if (ok)
            fprintf(out, ",%" PRId64, outcome->counters[i]);
        else
            fputc(',', out);
    fprintf(out, ",%s,", ok ? front->on[point] ? "1" : "0" : "");
    write_cell(s->results.errors[point] ? s->results.errors[point] : "", out);
    fputc('\n', out);
}

void write_points(const struct sweep *s, const struct front *front, FILE *out)
{
    write_columns(s, out);
    for (size_t i = 0; i < s->results.n; i++)
        write_row(s, front, i, out);
}

/* ---- sweep.json ---- */

/* Numbers and truth values as they are. */
static void write_value(const struct axis *axis, const char *value, FILE *out)
{
    char *end = NULL;
    strtod(value, &end);
    bool number = axis->field->kind != TS_FIELD_TEXT && end != value && !*end;
    if (number || axis->field->kind == TS_FIELD_BOOL)
        fputs(value, out);
    else
        write_json_text(value, out);
}

static void write_object(const struct sweep *s, const struct front *front, size_t point, FILE *out)
{
    char name[FIGURE_NAME];
    const struct outcome *outcome = &s->results.outcomes[point];
    struct ts_design design = sweep_design(s, point);
    fprintf(out, "    {\"point\": %zu, \"changes\": {", point);
    for (size_t a = 0; a < s->changes.n; a++) {
        fprintf(out, "%s\"%s\": ", a ? ", " : "", axis_name(s, a, name));
        write_value(&s->changes.axes[a], changes_value(&s->changes, point, a), out);
    }
    fprintf(out, "}, \"status\": \"%s\"", status_name(outcome->status));
    if (outcome->status != STATUS_OK) {
        fputs(", \"error\": ", out);
        write_json_text(s->results.errors[point] ? s->results.errors[point] : "", out);
        fputc('}', out);
        return;
    }
    for (int i = 0; i < FIGURES; i++)
        fprintf(out, ", \"%s\": %.9g", figure_name(i, name), figure_value(i, &design, outcome));
    for (int i = 0; i < COUNTER_GROUP; i++)
        fprintf(out, ", \"%s\": %" PRId64, counter_name(i, name), outcome->counters[i]);
    fprintf(out, ", \"pareto\": %s}", front->on[point] ? "true" : "false");
}

void write_json(const struct sweep *s, const struct front *front, FILE *out)
{
    fprintf(out, "{\n  \"version\": \"%s\",\n  \"key\": \"%016" PRIx64 "\",\n  \"design\": ",
            TESSERA_VERSION, s->key);
    write_json_text(s->design.name, out);
    fputs(",\n  \"workload\": ", out);
    write_json_text(s->workload.name, out);
    fprintf(out,
            ",\n  \"batch\": %" PRId64 ",\n  \"kind\": \"modelled\",\n  \"by\": \"%s\",\n"
            "  \"pareto\": {\"x\": \"%s\", \"y\": \"%s\"},\n  \"points\": [\n",
            s->workload.batch, ts_closed_form.name, front->x.name, front->y.name);
    for (size_t i = 0; i < s->results.n; i++) {
        write_object(s, front, i, out);
        fputs(i + 1 < s->results.n ? ",\n" : "\n", out);
    }
    fputs("  ]\n}\n", out);
}

/* ---- pareto.csv ---- */

static bool is_measured(const struct sweep *s, const struct front *front, size_t a)
{
    const struct ts_design_field *field = s->changes.axes[a].field;
    return field == front->x.field || field == front->y.field;
}

void write_pareto(const struct sweep *s, const struct front *front, FILE *out)
{
    char name[FIGURE_NAME];
    fprintf(out, "point,pareto,%s,%s", front->x.name, front->y.name);
    for (size_t a = 0; a < s->changes.n; a++)
        if (!is_measured(s, front, a))
            fprintf(out, ",%s", axis_name(s, a, name));
    fputc('\n', out);
    for (size_t i = 0; i < s->results.n; i++) {
        if (s->results.outcomes[i].status != STATUS_OK)
            continue;
        fprintf(out, "%zu,%d,%.9g,%.9g", i, front->on[i], front->x_values[i], front->y_values[i]);
        for (size_t a = 0; a < s->changes.n; a++) {
            if (is_measured(s, front, a))
                continue;
            fputc(',', out);
            write_cell(changes_value(&s->changes, i, a), out);
        }
        fputc('\n', out);
    }
}

/* ---- All files ---- */

static void write_log(const struct sweep *s, const struct front *front, FILE *out)
{
    (void)front;
    log_write(s->header, &s->results, out);
}

static const struct {
    const char *name;
    void (*write)(const struct sweep *sweep, const struct front *front, FILE *out);
} outputs[] = {
    {"sweep.csv", write_points}, {"sweep.json", write_json},  {"pareto.csv", write_pareto},
    {"pareto.gp", write_plot},   {"points.jsonl", write_log},
};

enum { OUTPUTS = sizeof outputs / sizeof *outputs };

static bool compose(const struct sweep *s, const struct front *front, size_t i, char **text,
                    struct ts_file *file)
{
    FILE *out = open_memstream(text, &file->size);
    if (!out)
        return false;
    outputs[i].write(s, front, out);
    bool ok = !ferror(out);
    ok = fclose(out) == 0 && ok;
    file->name = outputs[i].name;
    file->text = *text;
    return ok;
}

bool write_files(const struct sweep *s, const struct front *front, const char *directory,
                 struct ts_error *error)
{
    struct ts_file files[OUTPUTS] = {{NULL, NULL, 0}};
    char *texts[OUTPUTS] = {NULL};
    bool ok = true;
    for (size_t i = 0; ok && i < OUTPUTS; i++)
        ok = compose(s, front, i, &texts[i], &files[i]);
    ok = ok ? ts_files_write(directory, files, OUTPUTS, error)
            : ts_error_set(error, "out of memory");
    for (size_t i = 0; i < OUTPUTS; i++)
        free(texts[i]);
    return ok;
}
