/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What a replay recorded: streams of mpes, and what each slice did in them.
 */
#ifndef TESSERA_REPORTS_STREAMS_H
#define TESSERA_REPORTS_STREAMS_H

#include "design/design.h"
#include "tessera/error.h"

#include <cjson/cJSON.h>
#include <stddef.h>

enum { TS_STREAM_NAME = 160, TS_STREAM_PATH = 4096 };

/** One slice of one recorded mpe. */
struct ts_stream {
    char record[TS_STREAM_NAME];
    char pass[8];
    char file[TS_STREAM_PATH];
    int row, col, slice;
    bool idle;    /**< a column of padding */
    int64_t macs; /**< useful multiply-accumulates of the slice in the recording; 0 if idle */
};

/**
 * Chooses at most `max` slices of columns at work among the recordings of a
 * replay, evenly over its tiles, mpes and slices (and so the same of twin designs), and behind them
 * at most `max_idle` of columns that hold padding. Returns how many in all, or -1 with one line in
 * `error` if the replay recorded no work.
 */
int ts_streams_choose(const cJSON *replay, const char *replay_dir, const struct ts_design *design,
                      struct ts_stream *streams, int max, int max_idle, struct ts_error *error);

#endif
