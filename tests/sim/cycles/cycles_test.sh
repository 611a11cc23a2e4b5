#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# cycles_test.sh TESSERA: `tessera cycles` says what a GEMM costs a machine.
set -euo pipefail
. "$(dirname "$0")/../../cli/assert.sh"
tessera=$1

run 0 "$tessera" cycles ideal32_ws 256x256x256
has "$out" '^  cycles +22400 '
has "$out" '^  busy +16384 '
has "$out" '^  preload +2048 '
run 0 "$tessera" cycles ideal32_os 256x256x256 --mode fp16 --json
equal "$(jq .cycles <<<"$out")" 20352
equal "$(jq .mode <<<"$out")" '"fp16"'

# Each cycle is busy or has one cause, whatever the design and mode.
for design in rapid rapid_fp4 fp16_only hfp8_only tiny; do
    for shape in 1x1x1 576x64x401408; do
        run 0 "$tessera" cycles "$design" "$shape" --json
        equal "$(jq '.cycles == .busy + ([.stalls[]] | add)' <<<"$out")" true
        equal "$(jq '.utilization > 0 and .utilization <= 1' <<<"$out")" true
    done
done
run 0 "$tessera" cycles rapid 100x100x100 --mode int4 --count 3 --json
three=$(jq .cycles <<<"$out")
run 0 "$tessera" cycles rapid 100x100x100 --mode int4 --json
equal "$three" $((3 * $(jq .cycles <<<"$out")))

# Stepped, the same; and a waveform of the units.
run 0 "$tessera" cycles tiny 50x20x100 --count 2 --json
closed=$(jq 'del(.by)' <<<"$out")
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
run 0 "$tessera" cycles tiny 50x20x100 --count 2 --json --vcd "$directory/wave.vcd"
equal "$(jq 'del(.by)' <<<"$out")" "$closed"
equal "$(jq .by <<<"$out")" '"SystemC"'
equal "$(ls "$directory")" wave.vcd
has "$(cat "$directory/wave.vcd")" 'machine'
has "$(cat "$directory/wave.vcd")" '[$]var .* activity_o'
run 0 "$tessera" cycles tiny 50x20x100 --step

# Errors: one line each, nothing on standard output.
expect_error()
{
    local pattern=$1
    shift
    run 2 "$tessera" cycles "$@"
    equal "$out" ''
    equal "$(lines "$err")" 1
    has "$err" "$pattern"
}
expect_error 'needs a DESIGN and MxNxK' rapid
expect_error "'1x2' is no shape" rapid 1x2
expect_error "'1x2x3x4' is no shape" rapid 1x2x3x4
expect_error "m is 0; it must be 1 to 1099511627776" rapid 0x1x1
expect_error "'99999999999999999999x1x1' is no shape" rapid 99999999999999999999x1x1
expect_error 'counters overflow 64 bits' rapid 1099511627776x1099511627776x1099511627776
expect_error "no mode 'int8'" rapid 1x1x1 --mode int8
expect_error 'rapid: modes has no such mode' rapid 1x1x1 --mode fp4
expect_error 'int4_fp4_8x8: chip is missing' int4_fp4_8x8 1x1x1
expect_error "^tessera cycles: nope: no such file" nope 1x1x1
expect_error 'too many to be stepped; at most 1000000000' rapid 1000000x1000000x1000 --step
expect_error 'No such file or directory' tiny 1x1x1 --vcd "$directory/no/wave.vcd"
expect_error "'x' is no whole number" rapid 1x1x1 --count x

run 0 "$tessera" cycles --summary
equal "$(lines "$out")" 1
run 0 "$tessera" cycles --help
has "$out" '^Examples:'
run 1 sh -c "'$tessera' cycles tiny 1x1x1 > /dev/full"
has "$err" 'cannot write'
