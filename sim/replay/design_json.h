/* SPDX-License-Identifier: Apache-2.0 */
/** @file A design as the reports of replay and cost show it. */
#ifndef TESSERA_SIM_DESIGN_JSON_H
#define TESSERA_SIM_DESIGN_JSON_H

#include "design/design.h"

#include <cjson/cJSON.h>

/** A new object; the caller's to delete. */
cJSON *ts_design_json(const struct ts_design *design);

#endif
