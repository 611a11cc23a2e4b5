/* SPDX-License-Identifier: Apache-2.0 */
/* Figures by their names. */
#include "sweep/measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool number_of(const struct ts_design_field *field, const struct ts_design *design,
                      double *value)
{
    char text[FIGURE_NAME];
    char *end = NULL;
    if (field->kind == TS_FIELD_TEXT)
        return false;
    const char *got = ts_field_get(field, design, text, sizeof text);
    *value = strtod(got, &end);
    return end != got && !*end;
}

static bool is(int i, const char *name_of(int, char *), const char *name)
{
    char own[FIGURE_NAME];
    return strcmp(name_of(i, own), name) == 0;
}

bool measure_find(const char *name, const struct ts_design *design, struct measure *m,
                  struct ts_error *error)
{
    char path[TS_FIELD_PATH];
    double value = 0;
    *m = (struct measure){.counter = -1, .figure = -1};
    snprintf(m->name, sizeof m->name, "%s", name);
    for (int i = 0; i < COUNTER_GROUP && m->counter < 0; i++)
        if (is(i, counter_name, name))
            m->counter = i;
    for (int i = 0; i < FIGURES && m->figure < 0; i++)
        if (is(i, figure_name, name))
            m->figure = i;
    for (int i = 0; i < TS_DESIGN_FIELDS && !m->field; i++)
        if (strcmp(ts_field_path(&ts_design_fields[i], path), name) == 0)
            m->field = &ts_design_fields[i];
    m->more_is_better = m->figure == FIGURE_UTILIZATION || m->figure == FIGURE_GEMM_UTILIZATION;
    if (m->field && !number_of(m->field, design, &value))
        return ts_error_set(error, "%s is no number", name);
    return m->counter >= 0 || m->figure >= 0 || m->field ||
           ts_error_set(error,
                        "'%.60s' is no figure: take a column of sweep.csv or a number of "
                        "the design, such as time_ms, utilization, dram_read_bytes, "
                        "peak_tops, total_l1_kib, dram.gb_s",
                        name);
}

double measure_value(const struct measure *m, const struct ts_design *design,
                     const struct outcome *outcome)
{
    double value = 0;
    if (m->counter >= 0)
        return (double)outcome->counters[m->counter];
    if (m->figure >= 0)
        return figure_value(m->figure, design, outcome);
    number_of(m->field, design, &value);
    return value;
}
