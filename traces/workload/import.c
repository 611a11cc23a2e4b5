/* SPDX-License-Identifier: Apache-2.0 */
/* Which importer a file is for. */
#include "workload/import.h"

#include "workload/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *after_space(const char *text)
{
    return text + strspn(text, " \t\r\n");
}

/* The file's name without directories and ending. */
static void name_after(const char *path, struct ts_workload *workload)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    size_t length = dot && dot != name ? (size_t)(dot - name) : strlen(name);
    snprintf(workload->name, sizeof workload->name, "%.*s", (int)length, name);
    for (char *c = workload->name; *c; c++)
        if ((unsigned char)*c < ' ' || (unsigned char)*c > '~')
            *c = '_';
}

static bool import_json(const char *path, const char *text, struct ts_workload *workload,
                        struct ts_error *left_out, struct ts_error *error)
{
    struct ts_error problem;
    cJSON *json = text_json(path, text, error);
    bool ok = json && (import_pytorch(json, workload, left_out, &problem) ||
                       ts_error_set(error, "%s: %s", path, problem.text));
    cJSON_Delete(json);
    return ok;
}

bool ts_workload_import(const char *path, int64_t batch, struct ts_workload *workload,
                        struct ts_error *left_out, struct ts_error *error)
{
    static const char byte_order_mark[] = "\xEF\xBB\xBF";
    struct ts_error problem;
    *workload = (struct ts_workload){.batch = batch};
    left_out->text[0] = '\0';
    name_after(path, workload);
    char *whole = text_read(path, error);
    if (!whole)
        return false;
    char *text = whole;
    if (strncmp(text, byte_order_mark, strlen(byte_order_mark)) == 0)
        text += strlen(byte_order_mark);
    bool ok;
    if (*after_space(text) == '{' || *after_space(text) == '[') {
        snprintf(workload->description, sizeof workload->description, "from a PyTorch trace");
        ok = import_json(path, text, workload, left_out, error);
    } else {
        snprintf(workload->description, sizeof workload->description, "from a SCALE-Sim topology");
        ok = import_scale_sim(text, workload, &problem) ||
             ts_error_set(error, "%s: %s", path, problem.text);
    }
    free(whole);
    ok = ok && (ts_workload_check(workload, &problem) ||
                ts_error_set(error, "%s: %s", path, problem.text));
    if (!ok)
        ts_workload_free(workload);
    return ok;
}
