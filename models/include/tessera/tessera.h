/* SPDX-License-Identifier: Apache-2.0 */
/** @file All of libtessera. */
#ifndef TESSERA_H
#define TESSERA_H

#include "tessera/arith.h"
#include "tessera/block.h"
#include "tessera/conv.h"
#include "tessera/format.h"
#include "tessera/gemm.h"
#include "tessera/lfsr.h"
#include "tessera/mac_array.h"
#include "tessera/quantize.h"
#include "tessera/vectors.h"

#endif
