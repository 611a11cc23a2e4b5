#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The memory that a replay needs: at most 1.5 times the largest event's operands and result, besides
# what one of a small trace needs.
# memory_test.sh TESSERA TRACES LARGE_TRACE PEAK_MEMORY SAMPLES STEPS
set -euo pipefail
. "$(dirname "$0")/../../cli/assert.sh"
tessera=$1
small=$2/fashion_mnist_sawb_pact.h5
large_trace=$3
peak_memory=$4
samples=$5
steps=$6
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$large_trace" "$work/large.h5" "$samples" "$steps"
# In KiB, FP32 as stored: X and Y of conv3x3, or W of fc with its X and Y.
conv=$((2 * samples * 32 * 112 * 112 * 4 / 1024))
fc=$(((4096 * 4096 + 2 * samples * 4096) * 4 / 1024))
event=$((conv > fc ? conv : fc))
for design in int4_fp4_8x8 fp16_8x8; do
    options=(--design "$design" --tiles 0 --jobs 1 --golden 1 -o "$work/out")
    base=$("$peak_memory" "$tessera" replay "$small" --step 20 "${options[@]}" 2>/dev/null)
    peak=$("$peak_memory" "$tessera" replay "$work/large.h5" "${options[@]}" 2>"$work/err")
    has "$(cat "$work/err")" '^engine = golden blocks: [0-9]+ outputs compared of [0-9]+, 0 mismatches$'
    echo "$design: file $(($(stat -c %s "$work/large.h5") / 1024)) KiB, largest event $event KiB," \
        "peak $peak KiB, of a small trace $base KiB: ratio $(((peak - base) * 100 / event)) %"
    [ $((peak - base)) -le $((event * 3 / 2)) ] || fail "$design needs more than 1.5 times an event"
done
