/* SPDX-License-Identifier: Apache-2.0 */
enum { HALVES = 32 };

#include "quantize/isa/loops.h"

const struct ts_quantizers ts_quantizers_avx512vnni = TS_QUANTIZERS;
