#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# tessera replay: a shipped trace on both shipped designs, and every way in which it can go wrong.
# replay_test.sh TESSERA TRACES DESIGNS
set -euo pipefail
. "$(dirname "$0")/../../cli/assert.sh"
tessera=$1
trace=$2/fashion_mnist_sawb_pact.h5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Whole trace, exact: every output of every GEMM equals the golden blocks.
run 0 "$tessera" replay "$trace" --design int4_fp4_8x8 -o "$work/out" --tiles 0
has "$out" '^engine = golden blocks: [0-9]+ outputs compared, 0 mismatches$'
json=$work/out/replay.json
equal "$(jq '.events | length' "$json")" "$(jq '.totals.events' "$json")"
equal "$(jq '[.events[].mismatches] | add' "$json")" 0
equal "$(jq '[.events[].outputs_compared] | add' "$json")" "$(jq '.totals.outputs_compared' "$json")"
equal "$(jq '[.events[].cycles] | add' "$json")" "$(jq '.totals.cycles' "$json")"
equal "$(jq '[.events[] | select(.cycles != .busy_cycles + .preload_cycles + .skew_cycles + .drain_cycles)] | length' "$json")" 0
# Both phases of every gradient GEMM, one of which the design uses.
equal "$(jq '[.events[] | select(.pass != "fwd") | .errors | keys == ["even","odd"]] | all' "$json")" true
equal "$(jq '[.events[] | select(.pass == "bwd") | .phase] | unique == ["even"]' "$json")" true
equal "$(jq '[.events[] | select(.pass == "grad") | .phase] | unique == ["odd"]' "$json")" true
# Six samples of a batch of 64 give a partial dW, and it says so.
equal "$(jq '[.events[] | select(.pass == "grad") | .partial] | all' "$json")" true
# Nearest in radix 4 shrinks log-uniform magnitudes by about 13 % in both phases.
for phase in even odd; do
    equal "$(jq "[.operands[].dy_$phase.error.slope] | add / length | . < -0.05 and . > -0.25" "$json")" true
done
# Errors are those of 4 bits: neither none nor everything.
equal "$(jq '[.events[].errors[].nmse] | all(. > 1e-5 and . < 0.6)' "$json")" true
equal "$(wc -l <"$work/out/events.csv")" "$(jq '.events | length + 1' "$json")"
equal "$(wc -l <"$work/out/errors.csv")" "$(jq '[.events[].errors | length] | add + 1' "$json")"

# On a design with memories cycles are those of the machine; an operand is not lowered until it
# leaves L1, which `tessera cycles` of the bare GEMM cannot know.
sed -e 's/^modes:.*/modes: int4+fp4/; s/^name:.*/name: mine/; /first ->\|last ->\|conv 1x1/d' \
    "$3/tiny.yaml" >"$work/mine.yaml"
run 0 "$tessera" replay "$trace" --design "$work/mine.yaml" -o "$work/machine" --tiles 0 --step 20
linear='.events[] | select(.layer == "classifier" and .pass == "fwd")'
shape=$(jq -r "$linear | \"\(.m)x\(.n)x\(.k)\"" "$work/machine/replay.json")
"$tessera" cycles "$work/mine.yaml" "$shape" --json >"$work/cycles.json"
equal "$(jq -c "$linear | [.cycles, .busy_cycles, .dram_read_bytes, .l0_read_bytes]" \
    "$work/machine/replay.json")" \
    "$(jq -c '[.cycles, .busy, .bytes.dram_read, .bytes.l0_read]' "$work/cycles.json")"
equal "$(jq '[.events[] | select(.cycles != ([to_entries[] | select(.key | test(".+_cycles$")) | .value] | add))] | length' \
    "$work/machine/replay.json")" 0

# The result is a function of its input, not of the number of threads.
run 0 "$tessera" replay "$trace" --design int4_fp4_8x8 -o "$work/one" --tiles 0 --jobs 1 --step 20
run 0 "$tessera" replay "$trace" --design int4_fp4_8x8 -o "$work/two" --tiles 0 --jobs 2 --step 20
equal "$(jq -c '[.events, .operands]' "$work/one/replay.json")" \
    "$(jq -c '[.events, .operands]' "$work/two/replay.json")"

# Some outputs of GEMMs that are too large for the golden blocks: the same ones, whatever the jobs.
run 0 "$tessera" replay "$trace" --design int4_fp4_8x8 -o "$work/some" --tiles 0 --jobs 3 --step 20 --golden 1
has "$out" '^engine = golden blocks: [0-9]+ outputs compared of [0-9]+, 0 mismatches$'
equal "$(jq '.totals | .outputs_compared < .outputs and .outputs_compared > 0' "$work/some/replay.json")" true
equal "$(jq '[.events[].outputs_compared] | min > 0' "$work/some/replay.json")" true
equal "$(jq -c '[.events[].errors]' "$work/one/replay.json")" "$(jq -c '[.events[].errors]' "$work/some/replay.json")"

# The 16-bit twin: much smaller errors, no phases.
run 0 "$tessera" replay "$trace" --design fp16_8x8 -o "$work/fp16" --tiles 0 --step 20
equal "$(jq '[.events[].errors | keys == ["none"]] | all' "$work/fp16/replay.json")" true
equal "$(jq '[.events[].errors.none.nmse] | all(. < 1e-4)' "$work/fp16/replay.json")" true

# Bad input: one line that names what is wrong, and nothing written.
refuses()
{
    run 1 "$tessera" replay "$@"
    equal "$(lines "$err")" 1
}
design=$work/design.yaml
shipped=$(dirname "$tessera")/../share/tessera/designs/int4_fp4_8x8.yaml
refuses "$work/none.h5" --design int4_fp4_8x8 -o "$work/no"
has "$err" 'none.h5: cannot open'
head -c 500000 "$trace" >"$work/short.h5"
refuses "$work/short.h5" --design int4_fp4_8x8 -o "$work/no"
has "$err" 'short.h5: .*cut short'
refuses "$trace" --design nothing_like_it -o "$work/no"
has "$err" 'nothing_like_it'
refuses "$trace" --design int4_fp4_8x8 -o "$work/no" --step 21
has "$err" 'step 21 was not captured'
sed 's/lanes: 8/lanes: 12/' "$shipped" >"$design"
refuses "$trace" --design "$design" -o "$work/no"
has "$err" 'design.yaml: line [0-9]+: array.lanes.*12.*power of two'
sed 's/chunk: 64/chunk: 4/' "$shipped" >"$design"
refuses "$trace" --design "$design" -o "$work/no"
has "$err" 'design.yaml: .*chunk'
{ cat "$shipped"; echo 'colour: blue'; } >"$design"
refuses "$trace" --design "$design" -o "$work/no"
has "$err" 'design.yaml: .*colour'
[ ! -e "$work/no" ] || fail 'a refused replay left a directory'
touch "$work/file"
refuses "$trace" --design int4_fp4_8x8 -o "$work/file" --tiles 0
has "$err" 'file: is not a directory'
run 2 "$tessera" replay "$trace" --design int4_fp4_8x8
run 2 "$tessera" replay "$trace" --design int4_fp4_8x8 -o "$work/no" --tiles many

# A full disk: nothing is half-written, and what was there stays.
before=$(cat "$work/one/replay.json")
(
    ulimit -f 8
    exec "$tessera" replay "$trace" --design int4_fp4_8x8 -o "$work/one" --tiles 0 --step 20
) >"$work/full.out" 2>"$work/full.err" && fail 'a full disk was not noticed'
has "$(cat "$work/full.err")" 'replay.json.*: cannot be written: '
equal "$(cat "$work/one/replay.json")" "$before"
equal "$(find "$work/one" -name '*.partial' | wc -l)" 0
