#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# all_blocks_test.sh TESSERA TRACE: of every block, rows check out, and any flipped output bit is found
# in its row.
set -euo pipefail
here=$(dirname "$0")
. "$here/../../cli/assert.sh"
tessera=$1 trace=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# Every row that has an output gets a flipped bit, until every bit had its turn.
flip_all()
{
    local block=$1 from=0 more=3
    while [ "$more" -eq 3 ]; do
        more=0
        awk -v from="$from" -v rows="$dir/flipped" -f "$here/flip.awk" "$dir/rows" \
            >"$dir/bad" || more=$?
        [ "$more" -eq 0 ] || [ "$more" -eq 3 ] || fail "$block: awk failed"
        local next
        next=$(cat "$dir/flipped.next")
        [ "$next" -gt "$from" ] || fail "$block: no row has outputs"
        from=$next
        run 1 "$tessera" check "$block" --show 1000000 <"$dir/bad"
        grep -o '^row [0-9]*' <<<"$out" | cut -d ' ' -f 2 >"$dir/found"
        cmp -s "$dir/found" "$dir/flipped" || fail "$block: not all flipped rows are named"
    done
    flips=$((flips + from))
}

flips=0 blocks=0
run 0 "$tessera" blocks --json
for block in $(jq -r '.[].name' <<<"$out"); do
    for source in '--random 2000 --seed 7' "--trace $trace --random 500"; do
        # shellcheck disable=SC2086 # two options and their values
        "$tessera" vectors "$block" $source >"$dir/rows"
        run 0 "$tessera" check "$block" <"$dir/rows"
        has "$out" ': all [0-9]+ rows agree$'
        flip_all "$block"
        # The same seed, the same rows.
        # shellcheck disable=SC2086
        "$tessera" vectors "$block" $source | cmp - "$dir/rows" || fail "$block: rows vary"
    done
    blocks=$((blocks + 1))
done
equal "$blocks" "$(find "$here/../../blocks" -name '*.conf' | wc -l)"
echo "$blocks blocks, $flips flipped output bits found in their rows"
