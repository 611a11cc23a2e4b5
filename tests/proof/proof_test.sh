#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# proof_test.sh BUILD: small blocks are proved, and a fault of one gate turns its own link red.
set -euo pipefail
build=$(realpath "${1:?usage: proof_test.sh BUILD}")
here=$(realpath "$(dirname "$0")")
out=$build/proof_test

# expect RESULT RESULT: RTL = netlist and before = after mapping, of every block.
expect()
{
    jq -e --arg a "$1" --arg b "$2" \
        'length > 0 and all(.rtl_netlist.result == $a and .netlist_mapped.result == $b)' \
        "$out/proof.json" >/dev/null || {
        echo "expected $1 and $2:"
        jq -c '.[]' "$out/proof.json"
        exit 1
    }
}

"$here/proof.sh" "$build" -v 20000 -o "$out" mac_lane radix4_to_radix2
expect proved proved
if "$here/proof.sh" "$build" -v 20000 -f pre -o "$out" mac_lane; then exit 1; fi
expect failed proved
jq -e 'all(.rtl_netlist.vectors == null)' "$out/proof.json" >/dev/null # the vectors find it too
if "$here/proof.sh" "$build" -v 20000 -f post -o "$out" mac_lane; then exit 1; fi
expect proved failed
