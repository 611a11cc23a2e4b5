/* SPDX-License-Identifier: Apache-2.0 */
/* The verdict on claim 7X, from the ratios. */
#include "render/figures.h"
#include "render/json.h"

#include <math.h>
#include <stdio.h>

static const char *const names[] = {"holds", "holds when", "does not hold", "open"};

const char *ts_verdict_name(enum ts_verdict verdict)
{
    return names[verdict];
}

static bool misses_clock(const struct ts_costed *c)
{
    return cJSON_IsFalse(ts_json_at(c->cost, "metrics.meets_clock"));
}

enum ts_verdict ts_verdict_of(const struct ts_costed *claimed, const struct ts_costed *rival,
                              const struct ts_ratio ratios[TS_N_RATIOS])
{
    if (misses_clock(claimed) || misses_clock(rival))
        return TS_OPEN;
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
        if (!r->told || side_of(r->value) != side)
            continue;
        fprintf(out, "%s%s", n++ ? "; " : before, r->label);
        if (side != MISSING)
            fprintf(out, " (%.2f)", r->value);
    }
    if (n)
        fputc('.', out);
}

static void opening(FILE *out, const struct ts_report *report, int rival)
{
    static const char *const openings[] = {
        "holds for the array: multiply-accumulates per mm2 and per joule are both above 7",
        "holds when only one of area and energy counts: multiply-accumulates per mm2 and per joule "
        "are not both above 7",
        "does not hold for the array: multiply-accumulates per mm2 and per joule are both not "
        "above 7",
        "is open: multiply-accumulates per mm2 and per joule were not both measured",
    };
    const struct ts_costed *claimed = &report->designs[0], *other = &report->designs[rival];
    bool first = misses_clock(claimed), second = misses_clock(other);
    fprintf(out, "Against %s the claim ", other->name);
    if (first || second)
        fprintf(out, "is open: %s%s%s %s the clock that the figures assume",
                first ? claimed->name : "", first && second ? " and " : "",
                second ? other->name : "", first && second ? "miss" : "misses");
    else
        fputs(openings[report->verdicts[rival]], out);
    fputc('.', out);
}

char *ts_verdict_sentence(const struct ts_report *report, int rival)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    opening(out, report, rival);
    list(out, report->ratios[rival], ABOVE, " Above 7: ");
    list(out, report->ratios[rival], BELOW, " Not above 7: ");
    list(out, report->ratios[rival], MISSING, " Not measured: ");
    fclose(out);
    return text;
}

void ts_report_compute(struct ts_report *report)
{
    for (int i = 1; i < report->n; i++) {
        ts_ratios_of(&report->designs[0], &report->designs[i], report->ratios[i]);
        report->verdicts[i] =
            ts_verdict_of(&report->designs[0], &report->designs[i], report->ratios[i]);
        report->verdict =
            i == 1 ? report->verdicts[i] : ts_verdict_join(report->verdict, report->verdicts[i]);
    }
}
