/* SPDX-License-Identifier: Apache-2.0 */
/* The script for the chart of the front. */
#include "sweep/sweep.h"

#include "files/chart.h"

#include <inttypes.h>
#include <stdlib.h>

enum { MAX_LABELS = 40 };

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
          "set title ",
          out);
    ts_chart_text(s->workload.name, out);
    fprintf(out, ".', batch %" PRId64 ", on variants of '.", s->workload.batch);
    ts_chart_text(s->design.name, out);
    fprintf(out, "\nset xlabel '%s'\nset ylabel '%s'\n", front->x.name, front->y.name);
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
