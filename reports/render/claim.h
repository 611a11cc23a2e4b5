/* SPDX-License-Identifier: Apache-2.0 */
/** @file What is said of a claim, apart from its figures. */
#ifndef TESSERA_REPORTS_CLAIM_H
#define TESSERA_REPORTS_CLAIM_H

struct ts_claim {
    const char *id, *claim, *by, *doubt, *measured, *sensitivity;
};

extern const struct ts_claim ts_claim_7x;

#endif
