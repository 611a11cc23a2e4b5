/* SPDX-License-Identifier: Apache-2.0 */
enum { HALVES = 8 };

#include "quantize/isa/loops.h"

const struct ts_quantizers ts_quantizers_portable = TS_QUANTIZERS;
