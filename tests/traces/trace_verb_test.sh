#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# `tessera trace` as a user types it, on the traces that are shipped.
set -euo pipefail
. "$(dirname "$0")/../cli/assert.sh"
tessera=$1
traces=$(dirname "$0")/../../traces
scratch=$(mktemp -d)
trap 'rm -r "$scratch"' EXIT

shipped=("$traces"/*.h5)
[ -e "${shipped[0]}" ] || fail "no trace in $traces"
for file in "${shipped[@]}"; do
    run 0 "$tessera" trace --check "$file"
    has "$out" '^framework +[^ ]'
    has "$out" '^every tensor was read'

    run 0 "$tessera" trace --json "$file"
    json=$out
    value() { jq -r "$1" <<<"$json"; }
    # The JSON says what h5dump reads.
    for name in seed batch kept; do
        stored=$(h5dump -a "/$name" "$file" | sed -n 's/^ *(0): //p')
        equal "$(value ".$name")" "$stored"
    done
    equal "$(value '.captured | length')" "$(h5ls "$file/steps" | wc -l)"
    equal "$(value '.layers | length')" "$(h5ls "$file/layers" | wc -l)"
    equal "$(value 'all(.layers[]; .gemms.fwd.macs == .gemms.grad.macs)')" true
    equal "$(value 'all(.layers[].gemms[]; .macs == .m * .n * .k)')" true
done

expect_error()
{
    local status=$1 pattern=$2
    shift 2
    run "$status" "$tessera" trace "$@"
    equal "$out" ''
    equal "$(lines "$err")" 1
    has "$err" "$pattern"
}
head -c 5000 "${shipped[0]}" >"$scratch/short.h5"
expect_error 1 'short.h5: this HDF5 file is cut short' "$scratch/short.h5"
expect_error 1 'assert.sh: is not an HDF5 file' "$(dirname "$0")/../cli/assert.sh"
expect_error 1 'none.h5: cannot open: No such file' "$scratch/none.h5"
expect_error 1 ': is not a file' "$scratch"
expect_error 2 'no FILE given'
expect_error 2 'no option --jsn' --jsn "${shipped[0]}"
expect_error 2 'one FILE at a time' a b

run 0 "$tessera" trace --summary
equal "$(lines "$out")" 1
run 0 "$tessera" trace --help
has "$out" '^Examples:'
run 1 sh -c "'$tessera' trace '${shipped[0]}' > /dev/full"
has "$err" 'cannot write'
