/* SPDX-License-Identifier: Apache-2.0 */
/* Power by activity, rolled up. */
#include "cost/energy.h"

#include <math.h>
#include <stdio.h>

static struct ts_spread spread_of(const struct ts_power *p, int n)
{
    if (n == 0)
        return (struct ts_spread){NAN, NAN, NAN, NAN};
    struct ts_spread s = {0, INFINITY, -INFINITY, 0};
    for (int i = 0; i < n; i++) {
        s.mean += p[i].total_mw / n;
        s.min = fmin(s.min, p[i].total_mw);
        s.max = fmax(s.max, p[i].total_mw);
    }
    for (int i = 0; i < n && n > 1; i++)
        s.stddev += (p[i].total_mw - s.mean) * (p[i].total_mw - s.mean) / (n - 1);
    s.stddev = sqrt(s.stddev);
    return s;
}

static double part_area(const struct ts_cost_assembly *a, int part)
{
    return a->parts[part].area_um2;
}

bool ts_cost_measure(struct ts_cost_power *power, const struct ts_cost_areas *areas,
                     const struct ts_design *design, const struct ts_library *library,
                     ts_cost_progress progress, void *context, struct ts_error *error)
{
    double period_ns = 1e3 / design->clock_mhz;
    const struct ts_cost_block *one = areas->one_slice;
    double macs = 0, slots = 0;
    for (int i = 0; i < power->n; i++) {
        const struct ts_stream *s = &power->streams[i];
        struct ts_stimulus stimulus = {s->file, s->slice};
        if (progress)
            progress(context, s->record);
        if (!ts_power_of_mpe(&one->synth, one->params, library, period_ns, &stimulus,
                             &power->positions[i], error))
            return false;
        power->working += !s->idle;
        if (s->idle)
            continue;
        macs += (double)s->macs;
        slots += (double)power->positions[i].cycles * (double)design->array.lanes;
    }
    power->slice_mw = spread_of(power->positions, power->working);
    power->idle_mw = spread_of(power->positions + power->working, power->n - power->working);
    power->utilization = slots > 0 ? macs / slots : 0;

    /* Everything else draws power as the measured slices do, by area [A]. */
    double per_um2 = power->slice_mw.mean / one->synth.area_um2;
    power->mpes_mw = per_um2 * part_area(&areas->array, 0);
    power->outer_mw = per_um2 * part_area(&areas->array, 1);
    power->sums_skew_mw = per_um2 * (part_area(&areas->array, 2) + part_area(&areas->array, 3));
    power->array_mw = power->mpes_mw + power->outer_mw + power->sums_skew_mw;
    return true;
}

static double number(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsNumber(item) ? item->valuedouble : 0;
}

/* Of the columns of mpes that an n-wide result takes, the share that is not padding. */
static double working_share(const struct ts_design *d, double n)
{
    double tile = (double)(d->array.cols * d->array.simd);
    double columns = ceil(n / (double)d->array.simd);
    return columns / (ceil(n / tile) * (double)d->array.cols);
}

struct ts_cost_run ts_cost_run_of(const struct ts_cost_areas *areas,
                                  const struct ts_cost_power *power, const struct ts_design *design,
                                  const cJSON *replay)
{
    double cycles = 0, macs = 0, working = 0;
    const cJSON *event = NULL;
    cJSON_ArrayForEach(event, cJSON_GetObjectItemCaseSensitive(replay, "events"))
    {
        cycles += number(event, "cycles");
        macs += number(event, "macs");
        working += number(event, "cycles") * working_share(design, number(event, "n"));
    }
    struct ts_cost_run run = {
        .cycles = (int64_t)cycles,
        .macs = (int64_t)macs,
        .milliseconds = cycles / (design->clock_mhz * 1e3),
        .working_share = working / cycles,
    };
    /* By area, as for the array; without a recording an idle column counts as working. */
    double idle = isnan(power->idle_mw.mean) ? power->slice_mw.mean : power->idle_mw.mean;
    double mean = run.working_share * power->slice_mw.mean + (1 - run.working_share) * idle;
    run.average_mw = mean / areas->one_slice->synth.area_um2 * areas->array.area_um2;
    run.energy_uj = run.average_mw * run.milliseconds;
    run.pj_per_mac = run.energy_uj * 1e6 / macs;
    return run;
}

struct ts_cost_metrics ts_cost_metrics_of(const struct ts_cost_areas *areas,
                                          const struct ts_cost_power *power,
                                          const struct ts_design *design)
{
    struct ts_cost_metrics m = {
        .area_mm2 = areas->array.area_um2 / 1e6,
        .peak_tops = ts_design_peak_tops(design),
        .power_mw = NAN,
        .utilization = NAN,
        .tops_per_w = NAN,
        .pj_per_mac = NAN,
        .pj_per_mac_busy = NAN,
        .meets_clock = areas->worst_slack_ns >= 0,
    };
    m.tops_per_mm2 = m.peak_tops / m.area_mm2;
    if (!power)
        return m;
    m.power_mw = power->array_mw;
    m.utilization = power->utilization;
    m.tops_per_w = m.peak_tops * m.utilization / (m.power_mw / 1e3);
    double macs_per_ns = (double)ts_design_macs_per_cycle(design) * design->clock_mhz / 1e3;
    m.pj_per_mac_busy = m.power_mw / macs_per_ns;
    m.pj_per_mac = m.pj_per_mac_busy / m.utilization;
    return m;
}
