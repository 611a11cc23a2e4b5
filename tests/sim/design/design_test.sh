#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# design_test.sh TESSERA DESIGNS: `tessera design` lists, checks and shows designs.
set -euo pipefail
. "$(dirname "$0")/../../cli/assert.sh"
tessera=$1 designs=$2

run 0 "$tessera" design
for file in "$designs"/*.yaml; do
    has "$out" "^$(basename "$file" .yaml) +[^ ]"
    run 0 "$tessera" design "$file"
    run 0 "$tessera" design
done

run 0 "$tessera" design int4_fp4_8x8
has "$out" '^int4-fp4-8x8: '
has "$out" '^  array\.lanes +8 +a power of two from 1 to 64 '
has "$out" '^  quantization\.phase_grad +odd +even or odd '
has "$out" '4096 multiply-accumulates per cycle, [0-9.]+ TOPS at [0-9.]+ MHz'
run 0 "$tessera" design fp16_8x8
has "$out" ' 512 multiply-accumulates per cycle, '
equal "$(grep -c quantization <<<"$out")" 0
equal "$(grep -c 'chip\.' <<<"$out")" 0
run 0 "$tessera" design rapid
has "$out" '^  chip\.corelets +2 '
has "$out" '^  training\.precision +first -> fp16$'
has "$out" '^ +all -> hfp8$'
has "$out" '^  int4 +32768 multiply-accumulates per cycle, 104\.9 TOPS'
has "$out" '^  hfp8 +8192 .* 26\.21 TFLOPS'
has "$out" '^  fp16 +4096 .* 13\.11 TFLOPS'
has "$out" '^  L0 .* 512 bytes '

run 0 "$tessera" design int4_fp4_8x8 --json
equal "$(jq -r '[.modes, .array.lanes, .accumulator.saturate, .quantization.underflow]
    | join(" ")' <<<"$out")" 'int4+fp4 8 false nearest'
equal "$(jq .derived.macs_per_cycle <<<"$out")" 4096
equal "$(jq '.derived.peak_tops * 1e6 == 2 * 4096 * .clock_mhz' <<<"$out")" true
run 0 "$tessera" design rapid --json
equal "$(jq -r '[.chip.cores, .dataflow.preload, .training.precision] | join(" ")' <<<"$out")" \
    $'4 overlapped first -> fp16\nlast -> fp16\nall -> hfp8'
equal "$(jq '.derived.chip_tops | to_entries | map(.key) | join(" ")' <<<"$out")" '"fp16 hfp8 int4"'
run 0 "$tessera" design --json
equal "$(jq length <<<"$out")" "$(find "$designs" -name "*.yaml" | wc -l)"
equal "$(jq '.[] | select(.name == "fp16-8x8") | has("quantization")' <<<"$out")" false

# Errors: one line each, nothing on standard output.
expect_error()
{
    local pattern=$1
    shift
    run 2 "$tessera" design "$@"
    equal "$out" ''
    equal "$(lines "$err")" 1
    has "$err" "$pattern"
}
expect_error '^tessera design: nope: no such file, .* int4_fp4_8x8' nope
expect_error "no option '--jsn'" --jsn
expect_error "one design at a time, not 'a' and 'b'" a b
wrong=$(mktemp)
trap 'rm -f "$wrong"' EXIT
sed 's/lanes: 8/lanes: 12/' "$designs/int4_fp4_8x8.yaml" >"$wrong"
expect_error "^tessera design: $wrong: line [0-9]+: array\.lanes is '12'; it must be a power of two" "$wrong"

run 0 "$tessera" design --summary
equal "$(lines "$out")" 1
run 0 "$tessera" design --help
has "$out" '^Examples:'
run 1 sh -c "'$tessera' design > /dev/full"
has "$err" 'cannot write'
