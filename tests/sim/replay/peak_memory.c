/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a command and says how much memory it had at most, in KiB: peak_memory COMMAND... */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    int status = 1;
    struct rusage usage;
    if (argc < 2)
        return 2;
    pid_t child = fork();
    if (child == 0) {
        dup2(STDERR_FILENO, STDOUT_FILENO);
        execvp(argv[1], argv + 1);
        _exit(1);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) < 0)
        return 1;
    printf("%ld\n", usage.ru_maxrss);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
