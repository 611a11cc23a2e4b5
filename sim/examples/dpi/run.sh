#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# run.sh PREFIX WORK [+mac_bug] [+random_bug]: the bench under Verilator, with Tessera as it is
# installed in PREFIX (or built: build/). Verilator writes into WORK, once.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
prefix=$(cd "${1:?usage: run.sh PREFIX WORK [+mac_bug] [+random_bug]}" && pwd)
work=${2:?usage: run.sh PREFIX WORK [+mac_bug] [+random_bug]}
shift 2

library=$(find "$prefix" -maxdepth 3 -path "*/lib*" -name libtessera_dpi.so -print -quit)
header=$prefix/share/tessera
if [ -z "$library" ] || [ ! -e "$header/tessera_dpi.svh" ]; then
    echo "run.sh: $prefix: no libtessera_dpi.so and tessera_dpi.svh; build or install Tessera" >&2
    exit 2
fi
if [ ! -x "$work/bench" ]; then
    mkdir -p "$work"
    verilator --binary --timing --top-module bench -I"$header" --Mdir "$work" -o bench \
        -CFLAGS -O0 -LDFLAGS "$library -Wl,-rpath,$(dirname "$library")" \
        "$here/bench.sv" "$here/my_mac.sv" "$here/my_random.sv" >"$work/log" 2>&1 ||
        { cat "$work/log" >&2; exit 1; }
fi
exec "$work/bench" "$@"
