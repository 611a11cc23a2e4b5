/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What a replay leaves behind: replay.json, events.csv and errors.csv.
 */
#ifndef TESSERA_SIM_REPLAY_REPORT_H
#define TESSERA_SIM_REPLAY_REPORT_H

#include "replay/event.h"
#include "replay/tiles/tiles.h"

struct ts_replay_report;

/** Collects a replay of `trace` on `design`; `argv` is the command that repeats it. */
struct ts_replay_report *ts_replay_report_new(const struct ts_trace *trace,
                                              const struct ts_design *design, int argc,
                                              char *const *argv);
void ts_replay_report_free(struct ts_replay_report *report);

void ts_replay_report_operands(struct ts_replay_report *report, const struct ts_step *step,
                               const struct ts_layer *layer, const struct ts_operands *operands);
void ts_replay_report_event(struct ts_replay_report *report, const struct ts_step *step,
                            const struct ts_event *event, const struct ts_event_result *result);
/** A tile at `place`. */
void ts_replay_report_tile(struct ts_replay_report *report, const struct ts_step *step,
                           const struct ts_event *event, struct ts_mnk place,
                           const struct ts_tile_request *request,
                           const struct ts_tile_report *tile);

/** Mismatches so far, of events and tiles. */
uint64_t ts_replay_report_mismatches(const struct ts_replay_report *report);

/** A few lines for a person, on standard output. */
void ts_replay_report_print(const struct ts_replay_report *report);

/** Writes the files into `dir`: all of them, or none and one line in `error`. */
bool ts_replay_report_write(const struct ts_replay_report *report, const char *dir,
                            struct ts_error *error);

#endif
