#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# dpi_header_test.sh PROGRAM HEADER: a golden module of every block, and the header is what the
# program prints.
set -euo pipefail
. "$(dirname "$0")/../cli/assert.sh"
program=$1 header=$2
blocks=$(dirname "$0")/../../models/blocks

run 0 "$program"
equal "$out" "$(cat "$header")"
equal "$(grep -c '^module ' <<<"$out")" "$(grep -c '^endmodule$' <<<"$out")"
for file in "$blocks"/*.c; do
    golden=golden_$(basename "$file" .c)
    equal "$(grep -c "^module $golden\>" <<<"$out" || true)" 1
done

# A vector's width follows from the block's parameters; more than 32 bits are more than a word.
has "$out" "^  parameter longint Polynomial = 64'sd[0-9]+,$"
has "$out" '^  parameter int AIWidth = 32,?$'
has "$out" 'tessera_dpi::tessera_put\(handle, a_i_port, w, a_i_words\[32\*w\+:32\]\);$'

run 1 sh -c "'$program' > /dev/full"
