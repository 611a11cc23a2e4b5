/* SPDX-License-Identifier: Apache-2.0 */
/** @file A sweep: what is asked, what has been found, and how it is told. */
#ifndef TESSERA_SIM_SWEEP_H
#define TESSERA_SIM_SWEEP_H

#include "sweep/changes.h"
#include "sweep/log.h"
#include "sweep/measure.h"
#include "sweep/pool.h"

/** For messages: "tessera sweep". */
extern const char program[];

struct sweep {
    const char *design_name; /**< as given */
    struct ts_design design;
    struct ts_workload workload;
    struct changes changes;
    struct results results;
    struct sweep_log log;
    uint64_t key; /**< sweep_key() */
    char *header; /**< the log's first line: what the sweep is, and its key */
    size_t known; /**< points that were in the log */
    size_t crashed;
};

/** A hash of all that results depend on: what is asked, and what this program makes of it. */
uint64_t sweep_key(const struct sweep *sweep);

/** The log's first line; the caller frees it. NULL: no memory. */
char *sweep_header(const struct sweep *sweep);

/** The design of a point. */
struct ts_design sweep_design(const struct sweep *sweep, size_t point);

/** Works on a point, in a process of a pool. */
void sweep_work(const void *sweep, struct report *report);

/** Works out what is not in the log; shares it out over the pool and all processes of mpirun. */
bool sweep_run(struct sweep *sweep, struct pool *pool, struct ts_error *error);

/** Works for the sweep of process 0. */
bool sweep_serve(struct pool *pool, struct ts_error *error);

/** The points beside each other. */
struct front {
    struct measure x, y;
    bool *on;                    /**< of each point: whether no other one is as good and better */
    size_t n;                    /**< points on the front */
    double *x_values, *y_values; /**< of each point */
};

/** Reads "X,Y" into the front's measures. */
bool front_parse(const struct sweep *sweep, const char *text, struct front *front,
                 struct ts_error *error);

/** Two measures and what they say; text: "X,Y" or NULL. The caller frees it, also on failure. */
bool front_make(const struct sweep *sweep, const char *text, struct front *front,
                struct ts_error *error);

void front_free(struct front *front);

/** Writes all files to the directory; false with a line. */
bool write_files(const struct sweep *sweep, const struct front *front, const char *directory,
                 struct ts_error *error);

/* Files. Each writes to a stream, which knows of failures. */

void write_points(const struct sweep *sweep, const struct front *front, FILE *out);
void write_json(const struct sweep *sweep, const struct front *front, FILE *out);
void write_pareto(const struct sweep *sweep, const struct front *front, FILE *out);
void write_plot(const struct sweep *sweep, const struct front *front, FILE *out);

/** The points of the front in the order of their x; the caller frees them. NULL: no memory. */
size_t *front_in_order(const struct front *front, size_t points);

#endif
