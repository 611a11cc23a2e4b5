/* SPDX-License-Identifier: Apache-2.0 */
/* tessera: runs the program behind a verb; which verbs there are, only the directory knows. */
#include "cli/cli.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char prefix[] = "tessera-";
enum { PREFIX_LENGTH = sizeof prefix - 1, MAX_VERBS = 256, MAX_SUMMARY = 160 };

/* The verbs' directory: beside the one this program lies in, built or installed. */
static bool find_libexec(char *path, size_t size)
{
    char self[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length < 0) {
        perror("tessera: /proc/self/exe");
        return false;
    }
    self[length] = '\0';
    for (int up = 0; up < 2; up++) {
        char *slash = strrchr(self, '/');
        if (slash)
            *slash = '\0';
    }
    int n = snprintf(path, size, "%s/%s", self, TESSERA_LIBEXEC_DIR);
    if (n < 0 || (size_t)n >= size) {
        fputs("tessera: the installation's path is too long\n", stderr);
        return false;
    }
    return true;
}

static bool program_path(const char *libexec, const char *verb, char *path, size_t size)
{
    int n = snprintf(path, size, "%s/%s%s", libexec, prefix, verb);
    return n > 0 && (size_t)n < size && access(path, X_OK) == 0;
}

static int is_program(const struct dirent *entry)
{
    return strncmp(entry->d_name, prefix, PREFIX_LENGTH) == 0;
}

/* The verbs in alphabetical order; the caller frees each. */
static size_t list_verbs(const char *libexec, char **verbs)
{
    struct dirent **entries = NULL;
    int found = scandir(libexec, &entries, is_program, alphasort);
    size_t n = 0;
    for (int i = 0; i < found; i++) {
        char path[PATH_MAX];
        const char *verb = entries[i]->d_name + PREFIX_LENGTH;
        if (n < MAX_VERBS && program_path(libexec, verb, path, sizeof path))
            verbs[n++] = strdup(verb);
        free(entries[i]);
    }
    free(entries);
    return n;
}

/* The line with which a program answers --summary; empty if it does not. */
static void ask_summary(const char *path, char *line)
{
    int ends[2];
    line[0] = '\0';
    if (pipe(ends) != 0)
        return;
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execl(path, path, "--summary", (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    FILE *out = fdopen(ends[0], "r");
    if (out) {
        if (fgets(line, MAX_SUMMARY, out))
            line[strcspn(line, "\n")] = '\0';
        fclose(out);
    }
    if (child > 0)
        waitpid(child, NULL, 0);
}

static void print_help(const char *libexec)
{
    char *verbs[MAX_VERBS];
    size_t n = list_verbs(libexec, verbs);
    puts("usage: tessera VERB [ARGUMENT ...]\n"
         "       tessera help VERB\n"
         "       tessera --version\n"
         "\n"
         "A bit-accurate simulator of 4-bit training accelerators.\n");
    puts(n ? "verbs:" : "No verbs are installed.");
    fflush(stdout); /* before fork, or the child could write it again */
    for (size_t i = 0; i < n; i++) {
        char path[PATH_MAX];
        char line[MAX_SUMMARY];
        if (program_path(libexec, verbs[i], path, sizeof path)) {
            ask_summary(path, line);
            printf("  %-12s %s\n", verbs[i], line);
        }
        free(verbs[i]);
    }
}

static int unknown_verb(const char *libexec, const char *verb)
{
    char *verbs[MAX_VERBS];
    size_t n = list_verbs(libexec, verbs);
    const char *nearest = ts_cli_nearest(verb, (const char *const *)verbs, n);
    if (nearest)
        fprintf(stderr, "tessera: no verb '%s'; did you mean '%s'?\n", verb, nearest);
    else
        fprintf(stderr, "tessera: no verb '%s'; 'tessera --help' lists them\n", verb);
    for (size_t i = 0; i < n; i++)
        free(verbs[i]);
    return TS_EXIT_USAGE;
}

static int run(const char *libexec, const char *verb, char **argv)
{
    char path[PATH_MAX];
    bool plain = verb[0] && verb[0] != '-' && !strchr(verb, '/');
    if (!plain || !program_path(libexec, verb, path, sizeof path))
        return unknown_verb(libexec, verb);
    char name[PATH_MAX]; /* what getopt() begins its messages with */
    snprintf(name, sizeof name, "tessera %s", verb);
    argv[0] = name;
    execv(path, argv);
    fprintf(stderr, "tessera: cannot run %s: %s\n", path, strerror(errno));
    return TS_EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    char libexec[PATH_MAX];
    if (!find_libexec(libexec, sizeof libexec))
        return TS_EXIT_FAILURE;
    if (argc < 2) {
        fputs("tessera: a verb is needed; 'tessera --help' lists them\n", stderr);
        return TS_EXIT_USAGE;
    }
    const char *verb = argv[1];
    bool help = strcmp(verb, "help") == 0;
    if (help && argc > 2) {
        static char help_option[] = "--help";
        char *arguments[] = {argv[2], help_option, NULL};
        return run(libexec, argv[2], arguments);
    }
    if (help || strcmp(verb, "--help") == 0 || strcmp(verb, "-h") == 0) {
        print_help(libexec);
        return ts_cli_finish("tessera", TS_EXIT_OK);
    }
    if (strcmp(verb, "--version") == 0) {
        puts("tessera " TESSERA_VERSION);
        return ts_cli_finish("tessera", TS_EXIT_OK);
    }
    return run(libexec, verb, argv + 1);
}
