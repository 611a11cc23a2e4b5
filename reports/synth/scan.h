/* SPDX-License-Identifier: Apache-2.0 */
/** @file Statements of Liberty text, one after the other. */
#ifndef TESSERA_REPORTS_SCAN_H
#define TESSERA_REPORTS_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/** A piece of the text. */
struct ts_span {
    const char *at;
    size_t size;
};

enum ts_statement_kind {
    TS_ATTRIBUTE, /**< name : value; or name (value); */
    TS_GROUP,     /**< name (value) {: its statements follow */
    TS_GROUP_END, /**< } */
    TS_TEXT_END,
    TS_MALFORMED
};

struct ts_statement {
    enum ts_statement_kind kind;
    struct ts_span name, value; /**< value without quotes around it */
    const char *start;
};

struct ts_scan {
    const char *at, *end;
};

struct ts_statement ts_scan_next(struct ts_scan *scan);

/** Passes the rest of a group that was just entered; false if the text ends in it. */
bool ts_scan_leave(struct ts_scan *scan);

bool ts_span_is(struct ts_span span, const char *text);

/** A copy that fits, cut. */
void ts_span_copy(struct ts_span span, char *text, size_t size);

/** Its number, or `otherwise`. */
double ts_span_number(struct ts_span span, double otherwise);

#endif
