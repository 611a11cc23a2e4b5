/* SPDX-License-Identifier: Apache-2.0 */
/* Finds what lies beside the running program. */
#include "share/share.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_UP = 3 };

static bool is_directory(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool ts_share_directory(const char *name, char *path, size_t size)
{
    char self[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length < 0)
        return false;
    self[length] = '\0';
    /* PREFIX/bin/PROGRAM or PREFIX/libexec/tessera/PROGRAM */
    for (int up = 1; up <= MAX_UP; up++) {
        char *slash = strrchr(self, '/');
        if (!slash)
            return false;
        *slash = '\0';
        int n = snprintf(path, size, "%s/%s/%s", self, TESSERA_SHARE_DIR, name);
        if (up > 1 && n > 0 && (size_t)n < size && is_directory(path))
            return true;
    }
    return false;
}
