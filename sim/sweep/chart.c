/* SPDX-License-Identifier: Apache-2.0 */
/* The chart of the front: its script, and gnuplot at work on it. */
#include "sweep/sweep.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_LABELS = 40, MODE = 0666, NO_PROGRAM = 127 };

/* ---- The script ---- */

/* Text within gnuplot's double quotes. */
static void write_quoted(const char *text, FILE *out)
{
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            fputc('\\', out);
        fputc(*text, out);
    }
}

/* Where the values differ by more than tenfold. */
static void write_scale(const struct sweep *s, char axis, const double *values, FILE *out)
{
    static const double wide = 10;
    double least = 0, most = 0;
    bool any = false;
    for (size_t i = 0; i < s->results.n; i++) {
        if (s->results.outcomes[i].status != STATUS_OK)
            continue;
        least = !any || values[i] < least ? values[i] : least;
        most = !any || values[i] > most ? values[i] : most;
        any = true;
    }
    if (least > 0 && most > wide * least)
        fprintf(out, "set logscale %c\n", axis);
}

static void write_front(const struct sweep *s, const struct front *front, FILE *out)
{
    size_t *order = front_in_order(front, s->results.n);
    fputs("$front << END\n", out);
    for (size_t i = 0; order && i < front->n; i++)
        fprintf(out, "%.9g,%.9g,%zu\n", front->x_values[order[i]], front->y_values[order[i]],
                order[i]);
    fputs("END\n", out);
    free(order);
}

void write_plot(const struct sweep *s, const struct front *front, FILE *out)
{
    fputs("# gnuplot pareto.gp > pareto.svg draws pareto.csv, in this directory.\n"
          "set terminal svg size 900,600 noenhanced background rgb 'white'\n"
          "set datafile separator ','\n"
          "set grid\n"
          "set key top right\n"
          "set title \"",
          out);
    write_quoted(s->workload.name, out);
    fprintf(out, ", batch %" PRId64 ", on variants of ", s->workload.batch);
    write_quoted(s->design.name, out);
    fprintf(out, "\"\nset xlabel \"%s\"\nset ylabel \"%s\"\n", front->x.name, front->y.name);
    write_scale(s, 'x', front->x_values, out);
    write_scale(s, 'y', front->y_values, out);
    write_front(s, front, out);
    fprintf(out,
            "plot 'pareto.csv' skip 1 using 3:4 title 'points' with points pt 7 ps 0.5 lc rgb "
            "'#999999', \\\n"
            "    $front using 1:2 notitle with %s lw 2 lc rgb '#1f6fb4', \\\n"
            "    $front using 1:2 title 'Pareto front' with points pt 7 ps 0.8 lc rgb '#1f6fb4'",
            front->x.more_is_better ? "fsteps" : "steps");
    fputs(front->n <= MAX_LABELS
              ? ", \\\n    $front using 1:2:3 notitle with labels offset 0.8,0.8 left\n"
              : "\n",
          out);
}

/* ---- gnuplot ---- */

__attribute__((noreturn)) static void become_gnuplot(const char *directory)
{
    int nowhere = open("/dev/null", O_RDWR);
    int out =
        chdir(directory) == 0 ? open("pareto.svg.partial", O_WRONLY | O_CREAT | O_TRUNC, MODE) : -1;
    if (out >= 0 && nowhere >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
        dup2(nowhere, STDERR_FILENO) >= 0 && dup2(nowhere, STDIN_FILENO) >= 0)
        execlp("gnuplot", "gnuplot", "-d", "pareto.gp", (char *)NULL);
    _exit(out >= 0 && errno == ENOENT ? NO_PROGRAM : 1);
}

static int run_gnuplot(const char *directory)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0)
        become_gnuplot(directory);
    if (pid < 0)
        return 1;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

bool draw_chart(const char *directory)
{
    char partial[PATH_MAX], final[PATH_MAX];
    snprintf(partial, sizeof partial, "%s/pareto.svg.partial", directory);
    snprintf(final, sizeof final, "%s/pareto.svg", directory);
    int status = run_gnuplot(directory);
    if (status == 0 && rename(partial, final) == 0)
        return true;
    unlink(partial);
    unlink(final); /* of an earlier run, with other figures */
    fprintf(stderr, "%s: %s; there is no pareto.svg, but %s/pareto.gp to make it with\n", program,
            status == NO_PROGRAM ? "gnuplot is missing (package gnuplot-nox)" : "gnuplot failed",
            directory);
    return false;
}
