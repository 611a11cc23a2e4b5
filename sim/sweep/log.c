/* SPDX-License-Identifier: Apache-2.0 */
/* Outcomes that outlive the process. */
#include "sweep/log.h"

#include "files/files.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MODE = 0666 };

/* ---- Results ---- */

bool results_make(struct results *results, size_t n, struct ts_error *error)
{
    *results = (struct results){.n = n};
    results->outcomes = calloc(n, sizeof *results->outcomes);
    results->errors = calloc(n, sizeof *results->errors);
    return (results->outcomes && results->errors) || ts_error_set(error, "out of memory");
}

bool results_take(struct results *results, const struct report *report)
{
    size_t i = (size_t)report->point;
    free(results->errors[i]);
    results->outcomes[i] = report->outcome;
    results->errors[i] = *report->error.text ? strdup(report->error.text) : NULL;
    return results->errors[i] || !*report->error.text;
}

void results_free(struct results *results)
{
    for (size_t i = 0; results->errors && i < results->n; i++)
        free(results->errors[i]);
    free(results->errors);
    free(results->outcomes);
}

/* ---- A line ---- */

void write_json_text(const char *text, FILE *out)
{
    cJSON *string = cJSON_CreateString(text);
    char *quoted = string ? cJSON_PrintUnformatted(string) : NULL;
    fputs(quoted ? quoted : "\"\"", out);
    cJSON_free(quoted);
    cJSON_Delete(string);
}

/* 17 digits are any double, exactly. */
static void write_counters(const struct outcome *outcome, FILE *out)
{
    char name[FIGURE_NAME];
    for (int i = 0; i < COUNTERS; i++)
        fprintf(out, ",\"%s\":%" PRId64, counter_name(i, name), outcome->counters[i]);
    fprintf(out, ",\"ideal_cycles\":%.17g}\n", outcome->ideal);
}

static void write_line(int64_t point, const struct outcome *outcome, const char *error, FILE *out)
{
    fprintf(out, "{\"point\":%" PRId64 ",\"status\":\"%s\"", point, status_name(outcome->status));
    if (outcome->status == STATUS_OK) {
        write_counters(outcome, out);
        return;
    }
    fputs(",\"error\":", out);
    write_json_text(error ? error : "", out);
    fputs("}\n", out);
}

static bool skip(const char **at, const char *text)
{
    size_t length = strlen(text);
    bool found = strncmp(*at, text, length) == 0;
    *at += found ? length : 0;
    return found;
}

static bool read_integer(const char **at, const char *name, int64_t *value)
{
    char *end = NULL;
    if (!skip(at, "\"") || !skip(at, name) || !skip(at, "\":"))
        return false;
    errno = 0;
    *value = strtoll(*at, &end, 10);
    bool found = end != *at && errno == 0;
    *at = end;
    return found;
}

static bool read_status(const char **at, int64_t *status)
{
    for (*status = STATUS_OK; *status <= STATUS_IMPOSSIBLE; ++*status) {
        const char *rest = *at;
        if (skip(&rest, ",\"status\":\"") && skip(&rest, status_name(*status)) &&
            skip(&rest, "\"")) {
            *at = rest;
            return true;
        }
    }
    return false;
}

static bool read_counters(const char **at, struct outcome *outcome)
{
    char name[FIGURE_NAME];
    char *end = NULL;
    for (int i = 0; i < COUNTERS; i++)
        if (!skip(at, ",") || !read_integer(at, counter_name(i, name), &outcome->counters[i]))
            return false;
    if (!skip(at, ",\"ideal_cycles\":"))
        return false;
    outcome->ideal = strtod(*at, &end);
    bool found = end != *at;
    *at = end;
    return found;
}

static bool read_error(const char **at, struct ts_error *error)
{
    const char *end = NULL;
    if (!skip(at, ",\"error\":"))
        return false;
    cJSON *string = cJSON_ParseWithOpts(*at, &end, false);
    bool found = cJSON_IsString(string) && strlen(string->valuestring) < sizeof error->text;
    if (found)
        snprintf(error->text, sizeof error->text, "%s", string->valuestring);
    cJSON_Delete(string);
    *at = found ? end : *at;
    return found;
}

/* The library's numbers are doubles, too small for counters. Only this program writes such lines,
 * so that they need not be read in any other form. */
static bool read_line(const char *line, struct report *report)
{
    struct outcome *outcome = &report->outcome;
    const char *at = line;
    if (!skip(&at, "{") || !read_integer(&at, "point", &report->point) ||
        !read_status(&at, &outcome->status))
        return false;
    bool found = outcome->status == STATUS_OK ? read_counters(&at, outcome)
                                              : read_error(&at, &report->error);
    return found && strcmp(at, "}\n") == 0;
}

/* ---- The file ---- */

static bool refuse(const struct sweep_log *log, struct ts_error *error)
{
    return ts_error_set(error, "%.300s: %s", log->path, strerror(errno));
}

static bool put(const struct sweep_log *log, const char *text, size_t size, struct ts_error *error)
{
    while (size > 0) {
        ssize_t n = write(log->fd, text, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return ts_error_set(error,
                                "%.300s: cannot be written: %s; run the same command again "
                                "to go on",
                                log->path, strerror(errno));
        text += n;
        size -= (size_t)n;
    }
    return true;
}

/* The lock ends with the process, and children do not inherit it. */
static bool lock(const struct sweep_log *log, struct ts_error *error)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(log->fd, F_SETLK, &whole) == 0)
        return true;
    if (errno == EACCES || errno == EAGAIN)
        return ts_error_set(error, "%.300s: another process is at this sweep", log->path);
    return refuse(log, error);
}

static bool take_line(struct sweep_log *log, const char *line, struct results *results)
{
    struct report report = {.point = -1};
    if (!read_line(line, &report) || report.point < 0 || (size_t)report.point >= results->n) {
        log->damaged++;
        return true;
    }
    return results_take(results, &report);
}

/* Returns the length of its whole lines, or -1 with a line. */
static off_t take_lines(struct sweep_log *log, FILE *in, const char *header,
                        struct results *results, struct ts_error *error)
{
    char *line = NULL;
    size_t room = 0;
    off_t whole = 0;
    bool ok = true;
    for (ssize_t n; ok && (n = getline(&line, &room, in)) > 0;) {
        bool ended = line[n - 1] == '\n';
        int differs = ended ? strcmp(line, header) : strncmp(line, header, (size_t)n);
        if (whole == 0 && differs)
            ok = ts_error_set(error,
                              "%.300s: is of another sweep; choose another directory for "
                              "this one, or remove that",
                              log->path);
        else if (whole > 0 && ended && !take_line(log, line, results))
            ok = ts_error_set(error, "out of memory");
        whole += ended ? n : 0;
    }
    if (ok && ferror(in))
        ok = refuse(log, error);
    free(line);
    return ok ? whole : -1;
}

/* Into memory: to close a second descriptor of the file would end the lock. */
static char *read_all(const struct sweep_log *log, size_t *size, struct ts_error *error)
{
    struct stat info;
    if (fstat(log->fd, &info) != 0) {
        refuse(log, error);
        return NULL;
    }
    char *text = malloc((size_t)info.st_size + 1);
    if (!text)
        ts_error_set(error, "out of memory");
    for (*size = 0; text && *size < (size_t)info.st_size;) {
        ssize_t n = pread(log->fd, text + *size, (size_t)info.st_size - *size, (off_t)*size);
        if (n > 0) {
            *size += (size_t)n;
        } else if (n == 0 || errno != EINTR) {
            refuse(log, error);
            free(text);
            return NULL;
        }
    }
    return text;
}

static bool take_all(struct sweep_log *log, const char *header, struct results *results,
                     off_t *whole, struct ts_error *error)
{
    size_t size = 0;
    char *text = read_all(log, &size, error);
    FILE *in = text && size > 0 ? fmemopen(text, size, "r") : NULL;
    bool ok = text && (in || size == 0 || refuse(log, error));
    *whole = in ? take_lines(log, in, header, results, error) : 0;
    if (in)
        fclose(in);
    free(text);
    return ok && *whole >= 0;
}

static bool start(struct sweep_log *log, const char *header, struct results *results,
                  struct ts_error *error)
{
    off_t whole = 0;
    if (!take_all(log, header, results, &whole, error))
        return false;
    if (ftruncate(log->fd, whole) != 0)
        return refuse(log, error);
    return whole > 0 || put(log, header, strlen(header), error);
}

bool log_open(struct sweep_log *log, const char *directory, const char *header,
              struct results *results, struct ts_error *error)
{
    *log = (struct sweep_log){.fd = -1};
    int n = snprintf(log->path, sizeof log->path, "%s/points.jsonl", directory);
    if (n < 0 || (size_t)n >= sizeof log->path)
        return ts_error_set(error, "%.60s...: the name is too long", directory);
    if (!ts_make_directory(directory, error))
        return false;
    log->fd = open(log->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, MODE);
    if (log->fd < 0)
        return refuse(log, error);
    if (lock(log, error) && start(log, header, results, error))
        return true;
    log_close(log);
    return false;
}

bool log_add(const struct sweep_log *log, const struct report *report, struct ts_error *error)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return ts_error_set(error, "out of memory");
    write_line(report->point, &report->outcome, report->error.text, out);
    bool ok = fclose(out) == 0 || ts_error_set(error, "out of memory");
    ok = ok && put(log, text, size, error);
    free(text);
    return ok;
}

void log_close(struct sweep_log *log)
{
    if (log->fd >= 0)
        close(log->fd);
    log->fd = -1;
}

void log_write(const char *header, const struct results *results, FILE *out)
{
    fputs(header, out);
    for (size_t i = 0; i < results->n; i++) {
        int64_t status = results->outcomes[i].status;
        if (status == STATUS_OK || status == STATUS_IMPOSSIBLE)
            write_line((int64_t)i, &results->outcomes[i], results->errors[i], out);
    }
}
