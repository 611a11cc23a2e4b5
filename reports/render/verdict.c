/* SPDX-License-Identifier: Apache-2.0 */
/* The verdict on claim 7X, from the ratios. */
#include "render/figures.h"

#include <math.h>
#include <stdio.h>

static const char *const names[] = {"holds", "holds when", "does not hold", "open"};

const char *ts_verdict_name(enum ts_verdict verdict)
{
    return names[verdict];
}

enum ts_verdict ts_verdict_of(const struct ts_ratio ratios[TS_N_RATIOS])
{
    int above = 0, below = 0, missing = 0;
    for (int i = 0; i < TS_N_RATIOS; i++) {
        if (!ratios[i].judged)
            continue;
        above += ratios[i].value > TS_CLAIMED_RATIO;
        below += ratios[i].value <= TS_CLAIMED_RATIO;
        missing += isnan(ratios[i].value);
    }
    if (missing)
        return TS_OPEN;
    if (above && below)
        return TS_HOLDS_WHEN;
    return above ? TS_HOLDS : TS_DOES_NOT_HOLD;
}

enum ts_verdict ts_verdict_join(enum ts_verdict a, enum ts_verdict b)
{
    if (a == b)
        return a;
    return a == TS_OPEN || b == TS_OPEN ? TS_OPEN : TS_HOLDS_WHEN;
}

enum side { ABOVE, BELOW, MISSING };

static enum side side_of(double value)
{
    return isnan(value) ? MISSING : value > TS_CLAIMED_RATIO ? ABOVE : BELOW;
}

static void list(FILE *out, const struct ts_ratio *ratios, enum side side, const char *before)
{
    int n = 0;
    for (int i = 0; i < TS_N_RATIOS; i++) {
        const struct ts_ratio *r = &ratios[i];
        if (!r->headline || side_of(r->value) != side)
            continue;
        fprintf(out, "%s%s", n++ ? ", " : before, r->label);
        if (side != MISSING)
            fprintf(out, " (%.2f)", r->value);
    }
    if (n)
        fputc('.', out);
}

char *ts_verdict_sentence(const struct ts_ratio ratios[TS_N_RATIOS], const char *rival)
{
    static const char *const openings[] = {
        "holds for the array: multiply-accumulates per mm2 and per joule are both above 7",
        "holds when only one of area and energy counts: multiply-accumulates per mm2 and per joule "
        "are not both above 7",
        "does not hold for the array: multiply-accumulates per mm2 and per joule are both not "
        "above 7",
        "is open: multiply-accumulates per mm2 and per joule were not both measured",
    };
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    fprintf(out, "Against %s the claim %s.", rival, openings[ts_verdict_of(ratios)]);
    list(out, ratios, ABOVE, " Above 7: ");
    list(out, ratios, BELOW, " Not above 7: ");
    list(out, ratios, MISSING, " Not measured: ");
    fclose(out);
    return text;
}

void ts_report_compute(struct ts_report *report)
{
    for (int i = 1; i < report->n; i++) {
        ts_ratios_of(&report->designs[0], &report->designs[i], report->ratios[i]);
        report->verdicts[i] = ts_verdict_of(report->ratios[i]);
        report->verdict =
            i == 1 ? report->verdicts[i] : ts_verdict_join(report->verdict, report->verdicts[i]);
    }
}
