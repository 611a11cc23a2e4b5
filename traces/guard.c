/* SPDX-License-Identifier: Apache-2.0 */
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the child has to say: one write, which a pipe takes whole. */
struct message {
    bool ok;
    struct ts_error error;
};

static void limit(int resource, rlim_t most)
{
    struct rlimit limits;
    if (getrlimit(resource, &limits) != 0)
        return;
    if (limits.rlim_cur > most)
        limits.rlim_cur = most;
    setrlimit(resource, &limits);
}

/* What a library has to say about its crash is no line for the user. */
static void silence(void)
{
    int nowhere = open("/dev/null", O_WRONLY);
    if (nowhere >= 0)
        dup2(nowhere, STDERR_FILENO);
}

static _Noreturn void be_child(bool (*work)(void *, struct ts_error *), void *argument,
                               unsigned long seconds, int pipe_end)
{
    struct message message = {0};
    silence();
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_CPU, seconds);
    message.ok = work(argument, &message.error);
    ssize_t written = write(pipe_end, &message, sizeof message);
    _exit(written != sizeof message);
}

static bool read_message(int pipe_end, struct message *message)
{
    ssize_t n;
    do
        n = read(pipe_end, message, sizeof *message);
    while (n < 0 && errno == EINTR);
    return n == sizeof *message;
}

static void wait_for(pid_t child)
{
    int status;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
}

enum guard_result guard_run(bool (*work)(void *, struct ts_error *), void *argument,
                            unsigned long seconds, struct ts_error *error)
{
    int ends[2];
    struct message message;
    if (pipe(ends) != 0) {
        ts_error_set(error, "cannot start a process to check it: %s", strerror(errno));
        return GUARD_FAILED;
    }
    pid_t child = fork();
    int reason = errno;
    if (child == 0)
        be_child(work, argument, seconds, ends[1]);
    close(ends[1]);
    bool returned = child > 0 && read_message(ends[0], &message);
    close(ends[0]);
    if (child < 0) {
        ts_error_set(error, "cannot start a process to check it: %s", strerror(reason));
        return GUARD_FAILED;
    }
    wait_for(child);
    if (!returned)
        return GUARD_CRASHED;
    if (!message.ok && error)
        *error = message.error;
    return message.ok ? GUARD_OK : GUARD_FAILED;
}
