/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks of operands that are views. */
#ifndef TESSERA_GEMM_VIEW_H
#define TESSERA_GEMM_VIEW_H

#include "tessera/conv.h"

static inline bool ts_is_view(const struct ts_packed *packed)
{
    return packed->view.height > 0;
}

/* Codes k to k + n - 1 of some vectors of a view, to a block whose codes and stride have room. */
const struct ts_packed *ts_view_block(const struct ts_packed *packed, int64_t first,
                                      int64_t vectors, int64_t k, int64_t n,
                                      struct ts_packed *block);

#endif
