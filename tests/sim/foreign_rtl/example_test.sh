#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# example_test.sh TESSERA EXAMPLES: the bug of the shipped example is found, made small, and shown.
set -euo pipefail
. "$(dirname "$0")/../../cli/assert.sh"
tessera=$1 examples=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cosim=("$tessera" cosim dlfloat16_fma --rtl "$examples/fma16.v" --map 'rst_ni=!reset'
    --map valid_i=start --map a_i=x --map b_i=y --map c_i=z --map valid_o=done --map sum_o=result)

run 1 "${cosim[@]}" --cycles 100000 -o found
has "$out" '^module fma16 of .*/fma16\.v, latency 3 \(measured by valid_o\)$'
has "$out" '^[0-9]+ cycles, [0-9]+ outputs compared, seed 1, .* cycles/s$'
has "$out" '^differs in cycle [0-9]+, from the inputs of cycle [0-9]+:$'
has "$out" '^  c_i: [0-9a-f]{4} \(.*\)$'
has "$out" '^  sum_o: expected [0-9a-f]{4} \(.*\), got [0-9a-f]{4} \(.*\)$'
has "$out" '^minimal input that shows it, after a reset \([0-9]+ clocks -> 1, '
has "$out" '^waveform: found/difference\.fst '
cycle=$(sed -n 's/^differs in cycle \([0-9]*\),.*/\1/p' <<<"$out")
[ "$cycle" -lt 100000 ] || fail "found only in cycle $cycle"
result=$(grep -o 'got .*' <<<"$out" | tail -1 | cut -d ' ' -f 2)
equal "$(find found -type f | sort | tr '\n' ' ')" \
    'found/difference.fst found/minimal.fst found/minimal.rows '

# The rows are right, and another simulator shows the same wrong result for them.
run 0 "$tessera" check dlfloat16_fma <found/minimal.rows
iverilog -o bench "$examples/rows_tb.v" "$examples/fma16.v"
vvp -n bench <found/minimal.rows >theirs
run 1 "$tessera" check dlfloat16_fma <theirs
has "$out" "^  sum_o: expected .*, got $result "
has "$out" ': 1 of 1 rows differ$'
# No bit of the minimal input can go.
read -r -a field < <(tail -1 found/minimal.rows)
head -1 found/minimal.rows >fewer
for i in 0 1 2; do
    for bit in {0..15}; do
        old=$((16#${field[i]}))
        [ $((old >> bit & 1)) = 1 ] || continue
        printf -v less %04x $((old & ~(1 << bit)))
        row=("${field[@]}")
        row[i]=$less
        echo "${row[*]}"
    done
done >>fewer
[ "$(wc -l <fewer)" -gt 3 ] || fail 'the minimal input has no bits'
vvp -n bench <fewer >theirs
"$tessera" check dlfloat16_fma <theirs | tail -1 >wrong || true
# With other bits gone the golden results in the rows are stale, but theirs are right.
has "$(cat wrong)" 'all [0-9]+ rows agree$'

# GTKWave's own converter reads the waveforms: our side, theirs, and the cycles around alone.
for file in difference minimal; do
    fst2vcd "found/$file.fst" >$file.vcd
    grep -q 'var wire 16 . expected_sum_o' $file.vcd || fail "$file.fst lacks expected_sum_o"
    grep -q 'var logic 36 .* sum_2' $file.vcd || fail "$file.fst lacks the inside of fma16"
    grep -q '1ns' $file.vcd || fail "$file.fst has another unit of time"
done
# differs rises once, in the cycle that was named, and the window is small.
differs=$(awk '$5 == "differs" { print $4; exit }' difference.vcd)
at=$(awk -v id="1$differs" '/^#/ { time = substr($0, 2) } $0 == id { print time; exit }' difference.vcd)
first=$(grep -m 1 '^#' difference.vcd | cut -c 2-)
last=$(grep '^#' difference.vcd | tail -1 | cut -c 2-)
equal "$at" "$((cycle * 10))"
equal "$((last - first < 500 && first <= at - 50 && last >= at + 50))" 1

# Before it meets the bug it agrees.
run 0 "${cosim[@]}" --cycles 3000 -o fixed
has "$out" '^agrees in every bit$'
[ ! -e fixed ] || fail 'files without a difference'
run 0 "${cosim[@]}" --cycles 3000 --json --seed 5
equal "$(jq -r '[.agrees, .seed, .cycles, .latency] | join(" ")' <<<"$out")" 'true 5 3000 3'

run 1 "${cosim[@]}" --json -o json
equal "$(jq -r '[.agrees, .difference.cycle, (.minimal.clocks | length)] | join(" ")' <<<"$out")" \
    "false $cycle 1"
equal "$(jq -r '.minimal.shows.differences[0].got' <<<"$out" | cut -d ' ' -f 1)" "$result"

# A latency that does not fit is named with the one that does.
run 1 "${cosim[@]}" --latency 5 -o latency
has "$out" '^with --latency 3 the first [0-9]+ outputs agree$'

# The independent bench finds it too, with rows alone, and finds nothing in the fixed one.
"$tessera" vectors dlfloat16_fma --random 40000 | vvp -n bench >theirs
run 1 "$tessera" check dlfloat16_fma <theirs
iverilog -Prows_tb.FIXED=1 -o bench "$examples/rows_tb.v" "$examples/fma16.v"
"$tessera" vectors dlfloat16_fma --random 40000 | vvp -n bench >theirs
run 0 "$tessera" check dlfloat16_fma <theirs
