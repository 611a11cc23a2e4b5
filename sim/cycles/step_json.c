/* SPDX-License-Identifier: Apache-2.0 */
/* A training step as JSON. */
#include "cycles/step.h"

#include <inttypes.h>
#include <stdlib.h>

/* Counters beyond 2^53 do not fit a double. */
static void add(cJSON *json, const char *name, int64_t value)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRId64, value);
    cJSON_AddRawToObject(json, name, text);
}

static void add_total(cJSON *json, const struct ts_total *total)
{
    const struct ts_counts *c = &total->counts;
    add(json, "cycles", c->cycles);
    add(json, "busy", c->busy);
    cJSON *stalls = cJSON_AddObjectToObject(json, "stalls");
    for (int i = 0; i < TS_STALLS; i++)
        add(stalls, ts_stall_names[i], c->stall[i]);
    add(json, "macs", c->macs);
    cJSON_AddNumberToObject(json, "utilization", ts_total_utilization(total));
    cJSON *bytes = cJSON_AddObjectToObject(json, "bytes");
    add(bytes, "dram_read", c->dram_read);
    add(bytes, "dram_write", c->dram_write);
    add(bytes, "l1_read", c->l1_read);
    add(bytes, "l1_write", c->l1_write);
    add(bytes, "l0_read", c->l0_read);
    add(bytes, "l0_write", c->l0_write);
}

static void add_share(cJSON *json, const char *name, const struct ts_total *total,
                      const struct step *s)
{
    const struct ts_counts *all = &s->totals.all.counts;
    if (total->counts.cycles == 0)
        return;
    cJSON *object = cJSON_AddObjectToObject(json, name);
    cJSON_AddNumberToObject(object, "share_of_cycles",
                            share_of((double)total->counts.cycles, (double)all->cycles));
    cJSON_AddNumberToObject(object, "share_of_macs",
                            share_of((double)total->counts.macs, (double)all->macs));
    add_total(object, total);
}

static void add_shares(cJSON *json, const struct step *s)
{
    const struct ts_totals *t = &s->totals;
    cJSON *work = cJSON_AddObjectToObject(json, "work");
    for (int g = 0; g < TS_GROUPS; g++)
        add_share(work, ts_group_name((enum ts_work_group)g), &t->group[g], s);
    cJSON *precision = cJSON_AddObjectToObject(json, "precision");
    for (int m = 0; m < TS_MACHINE_MODES; m++)
        add_share(precision, ts_mode_name((int64_t)1 << m), &t->mode[m], s);
    add_share(precision, "no_gemm", &t->others, s);
}

static void add_claims(cJSON *json, const struct step *s)
{
    const struct ts_totals *t = &s->totals;
    double cycles = (double)t->all.counts.cycles, macs = (double)t->all.counts.macs;
    double gemms = (double)t->gemms.counts.cycles;
    double four_macs = (double)t->mode[0].counts.macs + (double)t->mode[1].counts.macs;
    double four_cycles = (double)t->mode[0].counts.cycles + (double)t->mode[1].counts.cycles;
    cJSON *claims = cJSON_AddObjectToObject(json, "claims");
    cJSON *share = cJSON_AddObjectToObject(claims, "GEMM-SHARE");
    cJSON_AddNumberToObject(share, "gemm_share_of_cycles", share_of(gemms, cycles));
    cJSON_AddNumberToObject(share, "update_share_of_cycles",
                            share_of((double)t->group[TS_GROUP_UPDATE].counts.cycles, cycles));
    cJSON *conv = cJSON_AddObjectToObject(claims, "CONV1X1");
    const struct ts_counts *point = &t->group[TS_GROUP_CONV1X1].counts;
    const struct ts_counts *eight = &t->eight_bit_pointwise.counts;
    cJSON_AddNumberToObject(conv, "pointwise_share_of_macs", share_of((double)point->macs, macs));
    cJSON_AddNumberToObject(conv, "pointwise_share_of_gemm_cycles",
                            share_of((double)point->cycles, gemms));
    cJSON_AddNumberToObject(conv, "pointwise_in_8_bit_share_of_macs",
                            share_of((double)eight->macs, macs));
    cJSON_AddNumberToObject(conv, "pointwise_in_8_bit_share_of_gemm_cycles",
                            share_of((double)eight->cycles, gemms));
    cJSON_AddNumberToObject(conv, "in_4_bit_share_of_macs", share_of(four_macs, macs));
    cJSON_AddNumberToObject(conv, "in_4_bit_share_of_gemm_cycles", share_of(four_cycles, gemms));
    if (s->all_hfp8.gemms > 0) {
        cJSON_AddNumberToObject(conv, "speedup_over_all_8_bit", s->all_hfp8.step / cycles);
        cJSON_AddNumberToObject(conv, "gemm_speedup_over_all_8_bit", s->all_hfp8.gemms / gemms);
    }
    if (s->all_hfp8.gemms > 0 && s->all_4bit.gemms > 0) {
        cJSON_AddNumberToObject(conv, "speedup_of_all_4_bit_over_all_8_bit",
                                s->all_hfp8.step / s->all_4bit.step);
        cJSON_AddNumberToObject(conv, "gemm_speedup_of_all_4_bit_over_all_8_bit",
                                s->all_hfp8.gemms / s->all_4bit.gemms);
    }
}

static void add_layers(cJSON *json, const struct step *s)
{
    cJSON *layers = cJSON_AddArrayToObject(json, "layers");
    struct layer_pass *passes = layer_passes(s);
    for (size_t i = 0; passes && i < s->workload.n; i++) {
        const struct ts_work_layer *l = &s->workload.layers[i];
        cJSON *layer = cJSON_CreateObject();
        cJSON_AddStringToObject(layer, "name", l->name);
        cJSON_AddStringToObject(layer, "kind", ts_work_kind_name(l->kind));
        for (int p = 0; p < TS_PASSES; p++) {
            const struct layer_pass *of = &passes[i * TS_PASSES + (size_t)p];
            if (of->all.counts.cycles == 0)
                continue;
            cJSON *pass = cJSON_AddObjectToObject(layer, ts_pass_name((enum ts_pass)p));
            add_total(pass, &of->all);
            if (of->mode == 0)
                continue;
            cJSON *gemm = cJSON_AddObjectToObject(pass, "gemm");
            cJSON_AddStringToObject(gemm, "mode", ts_mode_name(of->mode));
            add_total(gemm, &of->gemm);
        }
        cJSON_AddItemToArray(layers, layer);
    }
    free(passes);
}

cJSON *step_json(const struct step *s)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "design", s->training.design.name);
    cJSON_AddStringToObject(json, "workload", s->workload.name);
    add(json, "batch", s->workload.batch);
    cJSON_AddStringToObject(json, "kind", kind_of(s));
    cJSON_AddStringToObject(json, "by", s->by->name);
    cJSON_AddNumberToObject(json, "clock_mhz", s->training.design.clock_mhz);
    cJSON_AddNumberToObject(json, "seconds", seconds_of(s, s->totals.all.counts.cycles));
    add(json, "jobs", (int64_t)s->jobs.n);
    add_total(json, &s->totals.all);
    add(json, "macs_skipped", s->totals.skipped);
    cJSON_AddNumberToObject(json, "gemm_utilization", ts_total_utilization(&s->totals.gemms));
    add_shares(json, s);
    add_claims(json, s);
    add_layers(json, s);
    return json;
}
