#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# `tessera synth`: areas of known order, results that repeat, and one line for what goes wrong.
set -euo pipefail
. "$(dirname "$0")/../cli/assert.sh"
tessera=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# A space, as a user's home may have one.
export TESSERA_CACHE="$work/a cache"
unset TESSERA_LIBERTY
osu018=/usr/share/qflow/tech/osu018/osu018_stdcells.lib

synth() { "$tessera" synth "$@"; }
value() { jq -r "$1" <<<"$out"; }
less() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a + 0 < b + 0) }' || fail "$1 is not less than $2"; }
one_line() # PATTERN
{
    equal "$out" ''
    equal "$(lines "$err")" 1
    has "$err" "$1"
}

# Wires are a result.
run 0 synth --json radix4_to_radix2
equal "$(value '[.area_um2, .cells, .flops, .slack_ns, .leakage_mw, .critical_path_ns] | @text')" \
    '[0,0,0,10,0,0]'
equal "$(value '.parts | length')" 0
equal "$(value .fmax_mhz)" null
# A register of 5 bits and valid, a gate for its reset.
run 0 synth --json radix4_to_radix2 Stages=1
equal "$(value .flops)" 6
equal "$(value .sequential_um2)" 576

run 0 synth --json mac_lane Modes=fp4
fp4=$(value .area_um2)
run 0 synth --json mac_lane Modes=int4+fp4
less "$fp4" "$(value .area_um2)"
less 0 "$(value .leakage_mw)"
equal "$(value .cached)" false

# Repeated from the cache, and without it bit for bit.
first=$out
run 0 synth --json mac_lane Modes=int4+fp4
equal "$(value .cached)" true
equal "$(jq 'del(.cached)' <<<"$out")" "$(jq 'del(.cached)' <<<"$first")"
cp "$(value .netlist)" "$work/first.v"
TESSERA_CACHE=$work/other run 0 synth --json mac_lane Modes=int4+fp4
equal "$(value .cached)" false
equal "$(jq 'del(.cached, .netlist)' <<<"$out")" "$(jq 'del(.cached, .netlist)' <<<"$first")"
cmp "$work/first.v" "$(value .netlist)" || fail 'another netlist'

# The unit at the clock it is meant for, and its parts.
run 0 synth --json mpe Simd=1 DotStages=1 AccStages=2 Modes=fp4 --clock 120
less 0 "$(value .slack_ns)"
less "$(value .critical_path_ns)" 8.3334
# Operands, the product sum, two cuts of the adder and valid.
less 160 "$(value .flops)"
for part in dot_product chunk_add rest; do
    less 10000 "$(value ".parts[] | select(.name == \"$part\") | .area_um2")"
done
less "$(value '[.parts[].area_um2] | add')" "$(value '1.1 * .area_um2')"
less "$(value .area_um2)" "$(value '1.1 * ([.parts[].area_um2] | add)')"

run 0 synth mac_lane Modes=fp4
has "$out" '^mac_lane on osu018_stdcells at 100 MHz'
has "$out" '^  area +[0-9.]+ um2, [0-9.]+ kGE'

# Packed, and in two files: the same cells.
gzip -c "$osu018" >"$work/osu018.lib.gz"
run 0 synth --json mac_lane Modes=fp4 --liberty "$work/osu018.lib.gz"
equal "$(value .area_um2)" "$fp4"
# Cells end at the line of their brace.
awk '/^cell \(NAND/ { skip = 1 } !skip { print } /^}/ { skip = 0 }' "$osu018" >"$work/most.lib"
awk '/^cell/ { keep = /^cell \(NAND/; cells = 1 } keep || !cells { print }' "$osu018" \
    >"$work/nand.lib"
echo '}' >>"$work/nand.lib"
run 0 synth --json mac_lane Modes=fp4 --liberty "$work/most.lib" "$work/nand.lib"
equal "$(value .area_um2)" "$fp4"
equal "$(value .library)" osu018_stdcells
equal "$(value .library_sha256)" "$(cat "$work/most.lib" "$work/nand.lib" | sha256sum | cut -d ' ' -f 1)"
run 1 synth mac_lane --liberty "$osu018" "$work/nand.lib"
one_line "nand.lib: its cell 'NAND2X1' is another one than in .*osu018_stdcells.lib"

# What goes wrong.
echo 'Some text.' >"$work/text.lib"
run 1 synth mac_lane --liberty "$work/text.lib"
one_line "text.lib: not a Liberty library: it does not start with 'library \(NAME\) \{'"
: >"$work/empty.lib"
run 1 synth mac_lane --liberty "$work/empty.lib"
one_line 'empty.lib: not a Liberty library: it is empty'
head -c 100000 "$osu018" >"$work/half.lib"
run 1 synth mac_lane --liberty "$work/half.lib"
one_line 'half.lib: not a Liberty library: it ends inside a group'
head -c 20000 "$work/osu018.lib.gz" >"$work/half.lib.gz"
run 1 synth mac_lane --liberty "$work/half.lib.gz"
one_line 'half.lib.gz: cannot be unpacked; is it cut off\?'
echo 'library (bare) { time_unit : "1ns"; }' >"$work/bare.lib"
run 1 synth mac_lane --liberty "$work/bare.lib"
one_line "bare.lib: the library 'bare' has no cells"
run 1 synth mac_lane --liberty "$work/none.lib"
one_line 'none.lib: No such file or directory'
run 1 synth mac_lane --liberty "$work"
one_line "$work: Is a directory"
awk '/^cell \(DFF/ { skip = 1 } !skip { print } /^}/ { skip = 0 }' "$osu018" >"$work/noff.lib"
run 1 synth radix4_to_radix2 Stages=1 --liberty "$work/noff.lib"
one_line "flip-flop"

mkdir "$work/bin"
run 1 env PATH="$work/bin" "$tessera" synth mac_lane
one_line 'yosys: not installed \(package yosys\)'
ln -s "$(command -v yosys)" "$work/bin/yosys"
run 1 env PATH="$work/bin" "$tessera" synth mac_lane
one_line 'sta: not installed \(package opensta\)'

run 2 synth
one_line "no block"
run 2 synth mac_lan
one_line "did you mean 'mac_lane'"
run 2 synth mac_lane --clock fast
one_line "MHz, not 'fast'"
run 2 synth mac_lane Modes=fp5
one_line 'Modes'
