/* SPDX-License-Identifier: Apache-2.0 */
/* fork, exec, wait. */
#include "run/run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_ARGUMENTS = 64 };

/* Where the child's output goes; -1 is nowhere. */
struct outputs {
    int out, err;
};

/* In the child. `failed` tells the parent why exec did not happen. */
static _Noreturn void become(const struct ts_tool *tool, const char *const *arguments,
                             const char *directory, struct outputs outputs, int failed)
{
    const char *argv[MAX_ARGUMENTS + 2] = {tool->program};
    for (int i = 0; i < MAX_ARGUMENTS && arguments[i]; i++)
        argv[i + 1] = arguments[i];
    int none = open("/dev/null", O_RDWR | O_CLOEXEC);
    bool ready = dup2(none, STDIN_FILENO) >= 0 &&
                 dup2(outputs.out < 0 ? none : outputs.out, STDOUT_FILENO) >= 0 &&
                 dup2(outputs.err < 0 ? none : outputs.err, STDERR_FILENO) >= 0 &&
                 (!directory || chdir(directory) == 0);
    /* execvp does not write to the strings. */
    if (ready)
        execvp(tool->program, (char *const *)(void *)argv);
    int why = errno;
    ssize_t written = write(failed, &why, sizeof why);
    _exit(written == sizeof why ? 127 : 126);
}

static bool not_started(const struct ts_tool *tool, const char *directory, int why,
                        struct ts_error *error)
{
    if (why == ENOENT && (!directory || access(directory, X_OK) == 0))
        return ts_error_set(error, "%s: not installed (package %s)", tool->program, tool->package);
    return ts_error_set(error, "%s: cannot be run: %s", tool->program, strerror(why));
}

/* Starts the tool; its process, or -1 with one line. */
static pid_t start(const struct ts_tool *tool, const char *const *arguments, const char *directory,
                   struct outputs outputs, struct ts_error *error)
{
    int failed[2];
    pid_t child = -1;
    if (pipe(failed) == 0) {
        fcntl(failed[0], F_SETFD, FD_CLOEXEC);
        fcntl(failed[1], F_SETFD, FD_CLOEXEC);
        fflush(NULL);
        child = fork();
    }
    if (child == 0)
        become(tool, arguments, directory, outputs, failed[1]);
    if (child < 0) {
        ts_error_set(error, "%s: cannot be run: %s", tool->program, strerror(errno));
        return -1;
    }
    close(failed[1]);
    int why = 0;
    ssize_t n;
    do
        n = read(failed[0], &why, sizeof why);
    while (n < 0 && errno == EINTR);
    close(failed[0]);
    if (n != sizeof why)
        return child;
    waitpid(child, NULL, 0);
    not_started(tool, directory, why, error);
    return -1;
}

static bool finish(const struct ts_tool *tool, pid_t child, const char *log, struct ts_error *error)
{
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return ts_error_set(error, "%s: lost: %s", tool->program, strerror(errno));
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    const char *see = log ? "; see " : "";
    log = log ? log : "";
    if (WIFSIGNALED(status))
        return ts_error_set(error, "%s: ended by signal %d (%s)%s%s", tool->program,
                            WTERMSIG(status), strsignal(WTERMSIG(status)), see, log);
    return ts_error_set(error, "%s: failed with status %d%s%s", tool->program, WEXITSTATUS(status),
                        see, log);
}

bool ts_run(const struct ts_tool *tool, const char *const *arguments, const char *directory,
            const char *log, struct ts_error *error)
{
    int file = -1;
    if (log) {
        file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
        if (file < 0)
            return ts_error_set(error, "%s: cannot be written: %s", log, strerror(errno));
    }
    pid_t child = start(tool, arguments, directory, (struct outputs){file, file}, error);
    if (file >= 0)
        close(file);
    return child >= 0 && finish(tool, child, log, error);
}

bool ts_run_output(const struct ts_tool *tool, const char *const *arguments, char *text,
                   size_t size, struct ts_error *error)
{
    int ends[2];
    if (pipe(ends) != 0)
        return ts_error_set(error, "%s: cannot be run: %s", tool->program, strerror(errno));
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    pid_t child = start(tool, arguments, NULL, (struct outputs){ends[1], -1}, error);
    close(ends[1]);
    size_t used = 0;
    while (child >= 0) {
        char rest[512];
        bool room = used + 1 < size;
        ssize_t n = read(ends[0], room ? text + used : rest, room ? size - 1 - used : sizeof rest);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        used += room ? (size_t)n : 0;
    }
    close(ends[0]);
    text[used] = '\0';
    return child >= 0 && finish(tool, child, NULL, error);
}
