/* SPDX-License-Identifier: Apache-2.0 */
enum { HALVES = 16 };

#include "quantize/isa/loops.h"

const struct ts_quantizers ts_quantizers_avx2 = TS_QUANTIZERS;
