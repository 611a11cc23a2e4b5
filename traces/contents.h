/* SPDX-License-Identifier: Apache-2.0 */
/* What a trace holds but for its tensors' values: read, and checked whole. */
#ifndef TESSERA_TRACES_CONTENTS_H
#define TESSERA_TRACES_CONTENTS_H

#include "hdf5_object.h"

#include "tessera/trace.h"

struct ts_trace {
    char *path;
    hid_t file;
    struct ts_run run;
    int n_layers, n_steps;
    struct ts_layer *layers;
    struct ts_step *steps;
    double *pact_alpha; /* [steps][layers] */
    float *grad_max, *loss;
};

/* Fills what follows `path` and `file`; what there is of it is to be freed in any case. */
bool contents_read(struct ts_trace *t, struct ts_error *error);

#endif
