#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# skew_test.sh BUILD RTL WORK: the golden modules of blocks whose ports count in different cycles
# show what the RTL shows.
set -euo pipefail
. "$(dirname "$0")/../../cli/assert.sh"
bench=$(realpath "$(dirname "$0")/skew_bench.sv")
build=$1 rtl=$2 work=$3
ulimit -c 0 # Verilator ends a $fatal by abort()

rm -rf "$work"
mkdir -p "$work"
run 0 verilator --binary --timing --top-module skew_bench -I"$build/share/tessera" -y "$rtl" \
    --Mdir "$work" -o bench -CFLAGS -O0 \
    -LDFLAGS "$build/lib/libtessera_dpi.so -Wl,-rpath,$build/lib" "$rtl/tessera_pkg.sv" "$bench"
run 0 "$work/bench"
has "$out" '^3[0-9]{3} sums, 4[0-9]{2}, 4[0-9]{2} and 4[0-9]{2} results of columns equal$'
run 134 "$work/bench" +late_bug
has "$out" '^cycle [0-9]+: acc_o differs$'
