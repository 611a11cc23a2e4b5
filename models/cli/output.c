/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/output.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Follows symbolic links; a link to nothing is written through, as it cannot be followed. */
static bool resolve(const char *name, struct ts_cli_output *output)
{
    struct stat info;
    bool there = lstat(name, &info) == 0;
    bool replaceable = !there || (stat(name, &info) == 0 && S_ISREG(info.st_mode));
    if (!(there && replaceable && realpath(name, output->path)) &&
        snprintf(output->path, sizeof output->path, "%s", name) >= (int)sizeof output->path)
        return false;
    output->partial[0] = '\0';
    if (replaceable)
        snprintf(output->partial, sizeof output->partial, "%s.partial", output->path);
    return true;
}

/* What is open, for the signals by which users and shells end a program. */
static struct ts_cli_output *volatile unfinished;

static void remove_unfinished(int number)
{
    for (const struct ts_cli_output *o = unfinished; o; o = o->next)
        if (o->partial[0])
            unlink(o->partial);
    raise(number); /* as it would have been, when this returns */
}

static void guard(struct ts_cli_output *output)
{
    static const int ending[] = {SIGHUP, SIGINT, SIGTERM};
    output->next = unfinished;
    unfinished = output;
    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
        struct sigaction now = {.sa_flags = 0};
        if (sigaction(ending[i], NULL, &now) != 0 || now.sa_handler != SIG_DFL)
            continue; /* ignored under nohup, or there already */
        now = (struct sigaction){.sa_handler = remove_unfinished, .sa_flags = (int)SA_RESETHAND};
        sigaction(ending[i], &now, NULL);
    }
}

static void leave(const struct ts_cli_output *output)
{
    struct ts_cli_output *volatile *at = &unfinished;
    while (*at != output)
        at = &(*at)->next;
    *at = output->next;
}

/* The descriptor that a name stands for, or -1. A file behind it is not ours to replace. */
static int descriptor(const char *name)
{
    static const char fd[] = "/dev/fd/";
    if (strcmp(name, "-") == 0 || strcmp(name, "/dev/stdout") == 0)
        return STDOUT_FILENO;
    if (strcmp(name, "/dev/stderr") == 0)
        return STDERR_FILENO;
    if (strncmp(name, fd, strlen(fd)) != 0)
        return -1;
    const char *digits = name + strlen(fd);
    bool number = *digits && strspn(digits, "0123456789") == strlen(digits) && strlen(digits) < 8;
    return number ? (int)strtol(digits, NULL, 10) : -1;
}

static FILE *open_stream(const char *name, struct ts_cli_output *output)
{
    int given = descriptor(name);
    if (given < 0)
        return fopen(output->partial[0] ? output->partial : output->path, "wb");
    output->partial[0] = '\0';
    fflush(stdout);
    int own = dup(given);
    return own < 0 ? NULL : fdopen(own, "wb");
}

bool ts_cli_output_open(const char *program, const char *name, struct ts_cli_output *output)
{
    output->name = name;
    if (!resolve(name, output)) {
        fprintf(stderr, "%s: the name of the output is too long\n", program);
        return false;
    }
    output->stream = open_stream(name, output);
    if (!output->stream)
        fprintf(stderr, "%s: %s: cannot be written: %s\n", program, name, strerror(errno));
    else
        guard(output);
    return output->stream != NULL;
}

bool ts_cli_output_close(const char *program, struct ts_cli_output *output, bool keep)
{
    bool beside = output->partial[0] != '\0';
    bool good = !ferror(output->stream);
    good = fclose(output->stream) == 0 && good;
    if (keep && good && beside)
        good = rename(output->partial, output->path) == 0;
    if (keep && !good)
        fprintf(stderr, "%s: %s: cannot be written: %s\n", program, output->name, strerror(errno));
    if (beside && !(keep && good))
        unlink(output->partial);
    leave(output);
    return good;
}
