#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# `tessera formats` lists every format, and shows one with its numbers.
set -euo pipefail
. "$(dirname "$0")/assert.sh"
tessera=$1
named=$(dirname "$0")/../../models/formats/named.c

run 0 "$tessera" formats
names=$(grep -o '\.name = "[^"]*"' "$named" | cut -d'"' -f2)
for name in $names; do
    has "$out" "^$name +[0-9]"
done
equal "$(sed -n '2,/^$/p' <<<"$out" | grep -c .)" "$(wc -w <<<"$names")"
has "$out" '^fp8_143 +8 +1,4,3 +2 +11 +0.000549316 +30 +nearest_up +HFP8; .*\[A\]'

run 0 "$tessera" formats fp8_143
has "$out" '^value +\(-1\)\^s \* \(1 \+ m/8\) \* 2\^\(e - 11\)$'
has "$out" '^  largest +0x7F  30  \(0x1.ep\+4\)$'
has "$out" '^  0x78  e=15 +16 +18 +20 +22 +24 +26 +28 +30$'
run 0 "$tessera" formats fp8_143:bias=9,rounding=toward_zero
has "$out" '^  largest +0x7F  120 '
has "$out" '^rounding +toward zero'
run 0 "$tessera" formats fp32
has "$out" '^  smallest subnormal +0x00000001  1.4012984643248171e-45  \(0x1p-149\)$'
equal "$(grep -c '^  0x' <<<"$out")" 0

run 0 "$tessera" formats fp8_143:bias=-3
has "$out" '^value .* 2\^\(e \+ 3\)$'
run 0 "$tessera" formats e4m3:overflow=saturate_infinity
has "$out" '^overflow +saturates, as an infinity does$'
has "$out" '^  0x78  e=15 +256 .* 448 +NaN$'
run 0 "$tessera" formats fp8_152
has "$out" '^  0x7C  e=31 +65536 +81920 +98304 +NaN-Inf$'
# overflow FORMAT VALUE POLICY TEXT: what is said of it, and what becomes of a number
overflow()
{
    run 0 "$tessera" convert --to "$1" --json 1e300
    equal "$(jq -r '.[0].exact_value' <<<"$out")" "$2"
    run 0 "$tessera" formats --json "$1"
    equal "$(jq -r .overflow <<<"$out")" "$3"
    run 0 "$tessera" formats "$1"
    has "$out" "^overflow +$4$"
}
overflow e8m0 1.70141183460469231731687303715884105728e+38 saturate saturates
overflow e8m0:rounding=nearest_up nan special 'gives NaN'
overflow fp16 inf special 'gives infinity'
overflow fp16:rounding=stochastic inf special 'gives infinity'
overflow fp16:rounding=toward_zero 65504 saturate saturates
overflow fp8_152 nan special 'gives NaN-Infinity'
overflow fp8_152:rounding=toward_zero 98304 saturate saturates
overflow e4m3:rounding=toward_zero,overflow=saturate_infinity 448 saturate_infinity \
    'saturates, as an infinity does'
run 0 "$tessera" formats int2
has "$out" '^  0x0 +0 +1 +-2 +-1$'
has "$out" '^ +-2 +-1.25 +-0.5 +0.25 +1$'

# The line of a grid of powers of four: eight numbers, and each as far from the last as that from zero
run 0 "$tessera" formats fp4_r4_even
has "$out" '^  by powers +\|\.{9}\|\.{9}\|\.{9}\|\.{9}\|\.{9}\|\.{9}\|\.{4}$'
run 0 "$tessera" formats e2m1
has "$out" '^  evenly +\|\.{5}\|\.{5}\|\.{5}\|\.{5}\|\.{11}\|\.{11}\|\.{23}\|$'
has "$out" '^ +0 +1.5 +3 +4.5 +6$'
run 0 "$tessera" formats e8m0 # no zero, no sign
has "$out" '^number line \(\| one number, 2 to 9 so many, # more\)$'
has "$out" '^  evenly +#2\|\.\.\|\.{3}\|\.{8}\|\.{17}\|\.{35}\|$'
run 0 "$tessera" formats uint4
has "$out" '^  evenly +\|(\.{3,4}\|){15}$'

# As JSON, every number that a line counts is there: 256 codes of fp8 in the cells of a line.
run 0 "$tessera" formats --json e4m3
json=$out
value() { jq -r "$1" <<<"$json"; }
equal "$(value '.values | length')" 256
equal "$(value '.values[126] | .code + " " + .exact + " " + .hex')" '0x7E 448 0x1.cp+8'
equal "$(value '.values[127].class')" nan
equal "$(value '.values[1].value')" 0.001953125
equal "$(value '.largest.code')" 0x7E
equal "$(value '.smallest_normal.exact')" 0.015625
equal "$(value '.overflow')" special
equal "$(value '.has_assumptions')" true
run 0 "$tessera" formats --json bf16
equal "$(jq 'has("values")' <<<"$out")" false
run 0 "$tessera" formats --json
equal "$(jq length <<<"$out")" "$(wc -w <<<"$names")"
equal "$(jq -r '.[] | select(.name == "fp32") | .smallest.exact | length' <<<"$out")" 110
equal "$(jq -r '.[] | select(.name == "int8") | .lowest.value' <<<"$out")" -128

# Errors: one line each, nothing on standard output.
expect_error()
{
    local pattern=$1
    shift
    run 2 "$tessera" formats "$@"
    equal "$out" ''
    equal "$(lines "$err")" 1
    has "$err" "$pattern"
}
expect_error "no format 'dlfoat16'; did you mean 'dlfloat16'" dlfoat16
expect_error "no format 'fp8_134'; did you mean 'fp8_143'" fp8_134:bias=7
expect_error "no format 'xyzzy'; 'tessera formats' lists them" xyzzy
expect_error "no option '--jsn'" --jsn
expect_error "one format at a time: 'e4m3' or 'e5m2'" e4m3 e5m2
expect_error "bias must be a number from -512 to 512, not '1x'" fp8_143:bias=1x
expect_error 'int8 is an integer and has no bias' int8:bias=1
expect_error "overflow must be special, saturate or saturate_infinity, not 'clamp'" \
    e4m3:overflow=clamp
expect_error 'e2m1 has no special code: its overflow saturates' e2m1:overflow=special
expect_error "rounding must be nearest_even, nearest_up, toward_zero or stochastic, not 'up'" \
    e4m3:rounding=up
expect_error "no 'size' to override, only bias, overflow and rounding" e4m3:size=9
expect_error "'bias' after the format is not KEY=VALUE" e4m3:bias
expect_error 'at most 127 characters' "$(printf 'e%.0s' {1..200})"

run 0 "$tessera" formats --summary
equal "$(lines "$out")" 1
run 0 "$tessera" formats --help
has "$out" '^Examples:'
run 1 sh -c "'$tessera' formats > /dev/full"
has "$err" 'cannot write'
