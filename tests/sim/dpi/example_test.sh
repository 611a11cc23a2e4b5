#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# example_test.sh BUILD WORK: the example of DPI-C as a user runs it.
set -euo pipefail
. "$(dirname "$0")/../../cli/assert.sh"
example=$(realpath "$(dirname "$0")/../../../sim/examples/dpi")
build=$1 work=$2
ulimit -c 0 # Verilator ends a $fatal by abort()

# Every golden module, at its presets.
run 0 verilator --lint-only -Wall -Wno-MULTITOP \
    "$build/share/tessera/tessera_dpi.svh"

rm -rf "$work"
run 0 "$example/run.sh" "$build" "$work"
has "$out" '^10000 cycles, 1[0-9]{4} results equal$'
run 134 "$example/run.sh" "$build" "$work" +mac_bug
has "$out" '^cycle [0-9]+: my_mac shows 1 [0-9a-f]{8}, int8_mac 1 [0-9a-f]{8}$'
run 134 "$example/run.sh" "$build" "$work" +random_bug
has "$out" '^cycle [0-9]+: my_random shows 1 [0-9a-f]{2}, lfsr 1 [0-9a-f]{2}$'
run 2 "$example/run.sh" "$work" "$work" # no installation
has "$err" 'build or install Tessera$'

# Nothing but the imports is to be seen of the library.
equal "$(nm -D --defined-only "$build/lib/libtessera_dpi.so" | grep -v ' tessera_' || true)" ''
