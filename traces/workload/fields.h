/* SPDX-License-Identifier: Apache-2.0 */
/* The fields of a layer: their names in files, the kinds that have them, and their ranges. */
#ifndef TESSERA_WORKLOAD_FIELDS_H
#define TESSERA_WORKLOAD_FIELDS_H

#include "tessera/workload.h"

#ifdef __cplusplus
extern "C" {
#endif

struct work_field {
    const char *name;
    size_t offset;  /* of an int64_t in struct ts_work_layer */
    unsigned kinds; /* bits: 1 << enum ts_work_kind */
    bool required;
    int64_t min, max, standard;
};

enum { WORK_MAX_LAYERS = 1 << 16, WORK_MAX_EXTENT = 1 << 24 };

extern const struct work_field work_fields[];
extern const size_t work_fields_n;

/* Whether a layer is sound by itself and beside those before, whose counts `sum` has. */
bool work_check(const struct ts_work_layer *layer, int64_t batch, double *sum,
                struct ts_error *error);

static inline int64_t *work_value(const struct work_field *field, struct ts_work_layer *layer)
{
    return (int64_t *)(void *)((char *)layer + field->offset);
}

static inline bool work_has(const struct work_field *field, enum ts_work_kind kind)
{
    return field->kinds >> kind & 1;
}

#ifdef __cplusplus
}
#endif
#endif
