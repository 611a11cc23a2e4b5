/* SPDX-License-Identifier: Apache-2.0 */
/* A workload by the word that a user gives for it. */
#include "tessera/workload.h"

#include <string.h>

bool ts_workload_load(const char *what, int64_t batch, struct ts_workload *w,
                      struct ts_error *error)
{
    struct ts_error problem;
    for (size_t i = 0; ts_network_name(i); i++)
        if (strcmp(ts_network_name(i), what) == 0)
            return ts_network_make(what, batch, w, error);
    FILE *file = fopen(what, "rb");
    if (!file) /* then it was perhaps meant as a network */
        return ts_network_make(what, batch, w, error);
    fclose(file);
    if (!ts_workload_read(what, w, error))
        return false;
    w->batch = batch ? batch : w->batch;
    if (ts_workload_check(w, &problem))
        return true;
    ts_workload_free(w);
    return ts_error_set(error, "%s: %s", what, problem.text);
}
