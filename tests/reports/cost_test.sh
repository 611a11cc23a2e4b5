#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# tessera cost: figures that add up, power of a small machine by activity, and what it refuses.
# cost_test.sh TESSERA TRACES
set -euo pipefail
. "$(dirname "$0")/../cli/assert.sh"
tessera=$1
trace=$2/fashion_mnist_sawb_pact.h5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/small.yaml" <<'YAML'
name: small
description: the smallest machine that has all parts
clock_mhz: 50
modes: int4+fp4
array: {rows: 2, cols: 2, simd: 2, lanes: 4, depth: 16}
accumulator: {chunk: 16, variant: fused, outer: dlfloat16, saturate: false}
stages: {dot: 1, acc: 2, outer: 2}
quantization: {phase_bwd: even, phase_grad: odd, gradscale_target: 6, underflow: nearest}
YAML

# holds FILTER: a statement about cost.json is true.
holds()
{
    equal "$(jq "$1" "$work/out/cost.json")" true
}
close='def close(a; b): (a - b | fabs) <= 1e-9 * (b | fabs); '

# Without a trace: areas and timing, and no power that nobody measured.
run 0 "$tessera" cost --design "$work/small.yaml" -o "$work/out"
holds '.power == null and .replay == null and .metrics.pj_per_mac == null'
holds "$close close(.mpe.area_um2; [.mpe.parts[].area_um2] | add)"
holds "$close close(.array.area_um2; [.array.parts[].area_um2] | add)"
holds "$close close(.metrics.area_mm2; .array.area_um2 / 1e6)"
holds "$close close(.metrics.peak_tops; 2 * 2 * 2 * 2 * 4 * 50e6 / 1e12)"
holds "$close close(.metrics.tops_per_mm2; .metrics.peak_tops / .metrics.area_mm2)"
# The mpe is the one that was synthesized with all its slices, and so is the slack.
# shellcheck disable=SC2016 # $a is jq's
holds '.mpe.area_um2 as $a | [.blocks[] | select(.name == "mpe" and (.params | test("Simd=2 "))) | .area_um2 - $a | fabs < 1e-6] == [true]'
holds "$close close(.slice.area_um2 * 2; .mpe.area_um2)"
holds '([.blocks[] | select(.name == "mpe" and (.params | test("Simd=2 "))) | .slack_ns] + [.blocks[] | select(.name == "outer_add") | .slack_ns] | min) == .metrics.worst_slack_ns'
# The conversion of radix 4 to radix 2 has no gates: that is a result.
holds '[.blocks[] | select(.name == "radix4_to_radix2")] | .[0].cells == 0 and .[0].area_um2 == 0'
holds '.metrics.meets_clock == (.metrics.worst_slack_ns >= 0)'

# With a trace: the netlist runs what the array ran.
run 0 "$tessera" cost --design "$work/small.yaml" --trace "$trace" --tiles 3 --positions 2 -o "$work/out"
holds '[.power.positions[] | select(.idle | not)] | length == 2'
holds '[.power.positions[] | .mismatches == 0 and .bits_compared > 1000 and .cycles > 50] | all'
# The run: its energy is power times time, over the multiply-accumulates of the trace.
holds "$close close(.run.energy_uj; .run.average_mw * .run.milliseconds)"
holds "$close close(.run.pj_per_mac; .run.energy_uj * 1e6 / .run.macs)"
holds '.run.cycles == .replay.cycles and .run.macs == .replay.macs'
holds '.run.working_share > 0.5 and .run.working_share <= 1'
holds '.replay.mismatches == 0 and .replay.tile_mismatches == 0 and .replay.tile_bits_compared > 0'
# OpenSTA prints its sum and the parts of it as single-precision numbers.
holds '[.power.positions[] | (.total_mw - .internal_mw - .switching_mw - .leakage_mw | fabs) < 1e-6 * .total_mw] | all'
holds "$close close(.power.slice_mw.mean; [.power.positions[] | select(.idle | not) | .total_mw] | add / length)"
holds '.power.slice_mw.min > 0 and .power.slice_mw.min <= .power.slice_mw.mean and .power.slice_mw.mean <= .power.slice_mw.max'
holds "$close close(.metrics.power_mw; .power.array_mw | .mpes + .outer_adders + .sums_and_skew)"
holds "$close close(.metrics.pj_per_mac; .metrics.power_mw / (.metrics.macs_per_cycle * 50 / 1e3) / .metrics.utilization)"
holds "$close close(.metrics.tops_per_w; 2 / .metrics.pj_per_mac)"
holds '.metrics.utilization > 0 and .metrics.utilization <= 1'

# What it refuses: one line, and what was there stays.
before=$(cat "$work/out/cost.json")
refuses()
{
    run 1 "$tessera" cost "$@"
    equal "$(lines "$err")" 1
    equal "$(cat "$work/out/cost.json")" "$before"
}
echo 'not a library' >"$work/not.lib"
refuses --design "$work/small.yaml" --liberty "$work/not.lib" -o "$work/no"
has "$err" 'not.lib: not a Liberty library'
refuses --design "$work/small.yaml" --liberty "$work/none.lib" -o "$work/no"
has "$err" 'none.lib: '
refuses --design no_such_design -o "$work/no"
refuses --design "$work/small.yaml" --trace "$work/none.h5" -o "$work/no"
has "$err" 'none.h5: cannot open'
[ ! -e "$work/no" ] || fail 'a refused run left a directory'
run 2 "$tessera" cost --design small

run 1 env PATH="$work/no programs" TESSERA_CACHE="$work/cache" \
    "$tessera" cost --design "$work/small.yaml" -o "$work/out"
has "$err" 'yosys'
equal "$(lines "$err")" 1
equal "$(cat "$work/out/cost.json")" "$before"

(
    ulimit -f 2
    exec "$tessera" cost --design "$work/small.yaml" -o "$work/out"
) 2>"$work/full.err" | cat >/dev/null && fail 'a full disk was not noticed'
has "$(cat "$work/full.err")" 'cannot be written'
equal "$(cat "$work/out/cost.json")" "$before"
