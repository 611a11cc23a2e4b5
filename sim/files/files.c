/* SPDX-License-Identifier: Apache-2.0 */
/* Files written beside, then renamed. */
#include "files/files.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool ts_make_directory(const char *dir, struct ts_error *error)
{
    char path[PATH_MAX];
    int n = snprintf(path, sizeof path, "%s", dir);
    if (n <= 0 || (size_t)n >= sizeof path)
        return ts_error_set(error, "'%s' cannot be a directory's name", dir);
    for (char *p = path + 1;; p++) {
        if (*p != '/' && *p != '\0')
            continue;
        char end = *p;
        *p = '\0';
        struct stat info;
        if (mkdir(path, 0777) != 0 && errno != EEXIST)
            return ts_error_set(error, "%s: cannot make this directory: %s", path, strerror(errno));
        if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode))
            return ts_error_set(error, "%s: is not a directory", path);
        if (end == '\0')
            return true;
        *p = end;
    }
}

static bool path_of(char *path, const char *dir, const char *name, const char *suffix)
{
    int n = snprintf(path, PATH_MAX, "%s/%s%s", dir, name, suffix);
    return n > 0 && n < PATH_MAX;
}

static bool write_one(const char *path, const struct ts_file *file, struct ts_error *error)
{
    FILE *out = fopen(path, "w");
    if (!out)
        return ts_error_set(error, "%s: %s", path, strerror(errno));
    bool ok = fwrite(file->text, 1, file->size, out) == file->size;
    int reason = errno;
    if (fclose(out) != 0) {
        ok = false;
        reason = errno;
    }
    return ok || ts_error_set(error, "%s: cannot be written: %s; nothing is left of it", path,
                              strerror(reason));
}

bool ts_files_write(const char *dir, const struct ts_file *files, size_t n, struct ts_error *error)
{
    char partial[PATH_MAX], final[PATH_MAX];
    if (!ts_make_directory(dir, error))
        return false;
    bool ok = true;
    size_t written = 0;
    for (; ok && written < n; written++)
        ok = (path_of(partial, dir, files[written].name, ".partial") &&
              path_of(final, dir, files[written].name, "")) ||
             ts_error_set(error, "%s: the name is too long", dir);
    for (written = 0; ok && written < n; written++) {
        path_of(partial, dir, files[written].name, ".partial");
        ok = write_one(partial, &files[written], error);
    }
    for (size_t i = 0; i < written; i++) {
        path_of(partial, dir, files[i].name, ".partial");
        path_of(final, dir, files[i].name, "");
        if (!ok)
            unlink(partial);
        else if (rename(partial, final) != 0)
            ok = ts_error_set(error, "%s: %s", final, strerror(errno));
    }
    return ok;
}
