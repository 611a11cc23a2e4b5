/* SPDX-License-Identifier: Apache-2.0 */
/* gnuplot at work on a script. */
#include "files/chart.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MODE = 0666, NO_PROGRAM = 127, NAME_SIZE = 64 };

void ts_chart_text(const char *text, FILE *script)
{
    fputc('\'', script);
    for (; *text; text++) {
        if (*text == '\'')
            fputc('\'', script);
        fputc(iscntrl((unsigned char)*text) ? ' ' : *text, script); /* the end of a line is one */
    }
    fputc('\'', script);
}

__attribute__((noreturn)) static void become_gnuplot(const char *directory, const char *name)
{
    char script[NAME_SIZE], partial[NAME_SIZE];
    snprintf(script, sizeof script, "%s.gp", name);
    snprintf(partial, sizeof partial, "%s.svg.partial", name);
    int nowhere = open("/dev/null", O_RDWR);
    int out = chdir(directory) == 0 ? open(partial, O_WRONLY | O_CREAT | O_TRUNC, MODE) : -1;
    if (out >= 0 && nowhere >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
        dup2(nowhere, STDERR_FILENO) >= 0 && dup2(nowhere, STDIN_FILENO) >= 0)
        execlp("gnuplot", "gnuplot", "-d", script, (char *)NULL);
    _exit(out >= 0 && errno == ENOENT ? NO_PROGRAM : 1);
}

static int run_gnuplot(const char *directory, const char *name)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0)
        become_gnuplot(directory, name);
    if (pid < 0)
        return 1;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

bool ts_chart_draw(const char *program, const char *directory, const char *name)
{
    char partial[PATH_MAX], final[PATH_MAX];
    snprintf(partial, sizeof partial, "%s/%s.svg.partial", directory, name);
    snprintf(final, sizeof final, "%s/%s.svg", directory, name);
    int status = run_gnuplot(directory, name);
    if (status == 0 && rename(partial, final) == 0)
        return true;
    unlink(partial);
    unlink(final); /* of an earlier run, with other figures */
    fprintf(stderr, "%s: %s; there is no %s.svg, but %s/%s.gp to make it with\n", program,
            status == NO_PROGRAM ? "gnuplot is missing (package gnuplot-nox)" : "gnuplot failed",
            name, directory, name);
    return false;
}
