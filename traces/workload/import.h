/* SPDX-License-Identifier: Apache-2.0 */
/* Importers. Each adds layers to an empty workload, or says why not, without the file's name. */
#ifndef TESSERA_WORKLOAD_IMPORT_H
#define TESSERA_WORKLOAD_IMPORT_H

#include "tessera/workload.h"

#include <cjson/cJSON.h>

/* A topology of SCALE-Sim, convolutions or GEMMs. Takes the text apart. */
bool import_scale_sim(char *text, struct ts_workload *workload, struct ts_error *error);

/* An execution trace or a profiler's trace of PyTorch. */
bool import_pytorch(const cJSON *json, struct ts_workload *workload, struct ts_error *left_out,
                    struct ts_error *error);

#endif
