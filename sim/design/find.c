/* SPDX-License-Identifier: Apache-2.0 */
/* Where the shipped designs are: beside the running program, built or installed. */
#include "design/design.h"
#include "design/find.h"
#include "share/share.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char suffix[] = ".yaml";
enum { SUFFIX_LENGTH = sizeof suffix - 1 };

static bool is_directory(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool ts_design_directory(char *path, size_t size)
{
    return ts_share_directory("designs", path, size);
}

static int is_design(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return length > SUFFIX_LENGTH && length - SUFFIX_LENGTH < TS_DESIGN_NAME &&
           strcmp(entry->d_name + length - SUFFIX_LENGTH, suffix) == 0;
}

size_t ts_design_list(char (*names)[TS_DESIGN_NAME], size_t max)
{
    char directory[TS_DESIGN_PATH];
    struct dirent **entries = NULL;
    if (!ts_design_directory(directory, sizeof directory))
        return 0;
    int found = scandir(directory, &entries, is_design, alphasort);
    for (int i = 0; i < found; i++) {
        size_t length = strlen(entries[i]->d_name) - SUFFIX_LENGTH;
        if ((size_t)i < max) {
            memcpy(names[i], entries[i]->d_name, length);
            names[i][length] = '\0';
        }
        free(entries[i]);
    }
    free(entries);
    return found > 0 ? (size_t)found : 0;
}

/* A design's name may have hyphens where its file has underscores. */
static bool shipped(const char *name, char *path, size_t size)
{
    char directory[TS_DESIGN_PATH - TS_DESIGN_NAME - SUFFIX_LENGTH - 1];
    size_t length = strlen(name);
    if (length >= TS_DESIGN_NAME || !ts_design_directory(directory, sizeof directory))
        return false;
    int start = snprintf(path, size, "%s/", directory);
    int n = snprintf(path, size, "%s/%s%s", directory, name, suffix);
    if (n <= 0 || (size_t)n >= size)
        return false;
    for (char *c = path + start; *c; c++)
        if (*c == '-')
            *c = '_';
    return access(path, F_OK) == 0;
}

bool ts_design_find(const char *path_or_name, char *path, size_t size)
{
    bool file = access(path_or_name, F_OK) == 0 && !is_directory(path_or_name);
    if (!file && !strchr(path_or_name, '/') && shipped(path_or_name, path, size))
        return true;
    int n = snprintf(path, size, "%s", path_or_name);
    return n > 0 && (size_t)n < size && access(path, F_OK) == 0;
}
