#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# No two of our static libraries define one symbol: linked together, one would call the other's.
# symbols_test.sh DIRECTORY
set -euo pipefail
. "$(dirname "$0")/assert.sh"

# shared LIBRARY...: the symbols that more than one of them defines; weak ones are meant to be.
shared()
{
    nm -g --defined-only --print-file-name "$@" 2>/dev/null |
        awk 'NF > 2 && $(NF - 1) ~ /^[TDRBC]$/ {
            split($1, file, ":")
            if ($NF in library && library[$NF] != file[1]) print $NF, library[$NF], file[1]
            library[$NF] = file[1]
        }'
}

libraries=("$1"/libtessera*.a)
[ "${#libraries[@]}" -gt 10 ] || fail "$1 has no libraries"
equal "$(shared "${libraries[@]}")" ''

copy=$(mktemp --suffix .a)
trap 'rm -f "$copy"' EXIT
cp "$1/libtessera_design.a" "$copy"
has "$(shared "${libraries[@]}" "$copy")" '^ts_design_load '
