#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# `tessera convert` rounds numbers, codes and files once, and says what that lost.
set -euo pipefail
. "$(dirname "$0")/assert.sh"
tessera=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

run 0 "$tessera" convert --to fp8_143 3.14
has "$out" '^input  3.14$'
has "$out" '^code   0x65  s=0 e=1100 m=101  fp8_143$'
has "$out" '^value  3.25  \(0x1.ap\+1\)$'
has "$out" '^error  0.11 \(3.503 %, 0.44 ulp\)$'
run 0 "$tessera" convert --from dlfloat16 --to e4m3 3e00
has "$out" '^from   0x3E00  s=0 e=011111 m=000000000  dlfloat16$'
has "$out" '^input  1$'
has "$out" '^error  none$'

run 0 "$tessera" convert --to e5m2 -inf
has "$out" '^value  -inf$'
has "$out" '^error  none$'
run 0 "$tessera" convert --to fp16 1e9
has "$out" '^value  inf$'
has "$out" '^error  overflow$'
run 0 "$tessera" convert --to e2m1 nan
has "$out" '^value  6 '
has "$out" '^error  not a number$'

run 0 "$tessera" convert --to e4m3 --overflow saturate_infinity inf
has "$out" '^value  448 '
has "$out" '^error  infinite$'
run 0 "$tessera" convert --to e8m0 0
has "$out" '^error  5.87747e-39$'

# codes EXPECTED ARGUMENT...: the codes of a conversion, one row each
codes()
{
    local expected=$1
    shift
    run 0 "$tessera" convert --json "$@"
    equal "$(jq -r '[.[].code] | join(" ")' <<<"$out")" "$expected"
}
codes '0x7E 0x7F 0x7F 0x7F' --to e4m3 464 464.00000000000000000000001 inf nan
codes '0x7E 0xFE 0x7F' --to e4m3 --overflow saturate 1e300 -1e300 inf
codes '0xFE 0x7F' --to e4m3 --overflow saturate_infinity -inf nan
codes '0x7E 0x7E' --to e4m3:overflow=saturate 500 449
codes '0x2 0x3 0x2' --to int4 --rounding nearest_even 2.5 2.50000000000000000000000001 1.5
codes '0x3 0xD 0x2' --to int4 --rounding nearest_up 2.5 -2.5 2.4999999999999999999999999
codes '0x1 0xF' --to int4 --rounding toward_zero 1.99 -1.99
codes '0x0 0x0' --to e2m1 -0.25 -0
codes '0xA 0x3 0xF 0xA' --to e2m1 -1 1.5 -inf -- -1
run 0 "$tessera" convert --to e2m1 -- -0x1p0
has "$out" '^code   0xA '
# A decimal is rounded once: through a double, this is a tie, and then even.
codes '0x3C01' --to fp16 1.00048828125000000000000000000001
codes '0x3C00' --to fp16 1.00048828125
# Stochastic: a seed is a sequence, and a step is taken for exact numbers too.
run 0 "$tessera" convert --to fp4_r2 --seed 7 --json 0.3 0.3 0.3 0.3 0.3 0.3 0.3 0.3
first=$out
equal "$(jq -r '[.[].value] | unique | join(" ")' <<<"$first")" '0.25 0.5'
run 0 "$tessera" convert --to fp4_r2 --seed 7 --json 1 0.3 0.3 0.3 0.3 0.3 0.3 0.3
equal "$(jq -r '[.[1:][].code] | join(" ")' <<<"$out")" \
    "$(jq -r '[.[1:][].code] | join(" ")' <<<"$first")"
codes '0x2 0x2 0x2 0x2' --to fp4_r2 --random-bits 0 0.49 0.3 0.4999 0.25

# x^2 + x + 1 has three states: 1, 3, 2, so a word of one bit is 1, 1, 0 in turn.
codes '0x3 0x3 0x2 0x3 0x3 0x2' --to fp4_r2 --polynomial 3 --random-bits 1 \
    0.375 0.375 0.375 0.375 0.375 0.375

run 0 "$tessera" convert --json --to fp32 0.1
equal "$(jq -r '.[0].exact_value' <<<"$out")" 0.100000001490116119384765625
equal "$(jq -r '.[0].exact' <<<"$out")" false
equal "$(jq -r '.[0].error_ulps * 10000 | round' <<<"$out")" 2000
run 0 "$tessera" convert --json --from bf16 --to e4m3 3f80 7f80
equal "$(jq -r '[.[].input_value] | @csv' <<<"$out")" '1,"inf"'
# Ulps where there is no sign, are several codes of zero, and is no number on that side.
run 0 "$tessera" convert --json --to e8m0 3 1e-40 -3
equal "$(jq -r '[.[].error_ulps] | @csv' <<<"$out")" '0.5,,'
run 0 "$tessera" convert --json --to fp5_r2 0.0048828125
equal "$(jq -r '.[0].error_ulps' <<<"$out")" 0.3125
run 0 "$tessera" convert --json --to uint4 -0.25
equal "$(jq -r '.[0] | [.code, .error, has("error_ulps")] | @csv' <<<"$out")" '"0x0",0.25,false'
run 0 "$tessera" convert --json --to fp16 1e9
equal "$(jq -r '.[0] | [.value, .exact, has("error")] | @csv' <<<"$out")" '"inf",false,false'
run 0 "$tessera" convert --to fp8_143 1 1000 1.06 1e-9
equal "$(lines "$out")" 4
has "$out" '^1000 +0x7F +s=0 e=1111 m=111 +30 +-970 \(-97 %\)$'
has "$out" '^1e-9 +0x00 .* 0 +-1e-09 \(-100 %, 1.82e-06 ulp\)$'

# Text files: a number or code a line, comments and blank lines between.
printf '3f80\t\n\n 0x4049 # pi\n# none\n7f80\r\n' >"$dir/in"
run 0 "$tessera" convert --from bf16 --to fp8_143 -i "$dir/in"
equal "$out" $'0x58\n0x65\n0x7F'
run 0 "$tessera" convert --from bf16 --to fp8_143 -i - <"$dir/in"
equal "$out" $'0x58\n0x65\n0x7F'
run 0 "$tessera" convert --from bf16 --to fp8_143 -i "$dir/in" -o "$dir/out"
equal "$(cat "$dir/out")" $'0x58\n0x65\n0x7F'
has "$out" 'out: 3 numbers to fp8_143'
has "$out" '^  no number 1, exact 1, out of range 0, became zero 0, rounded 1$'
[ ! -e "$dir/out.partial" ] || fail 'the partial output is still there'
run 0 "$tessera" convert --json --to e2m1 -i - -o "$dir/out" <<<$'1\n2.5\n100\n0.1'
equal "$(jq -r '[.numbers, .exact, .out_of_range, .became_zero, .max_error_ulps] | @csv' <<<"$out")" \
    4,1,1,1,0.5

# groups FORMAT NO_NUMBER EXACT OUT_OF_RANGE BECAME_ZERO ROUNDED NUMBER...: each is in one group
groups()
{
    local format=$1 expected="$2,$3,$4,$5,$6"
    shift 6
    printf '%s\n' "$@" >"$dir/numbers"
    run 0 "$tessera" convert --json --to "$format" -i "$dir/numbers" -o "$dir/out"
    equal "$(jq -r '[.no_number, .exact, .out_of_range, .became_zero, .rounded] | @csv' <<<"$out")" \
        "$expected"
    equal "$(jq '.no_number + .exact + .out_of_range + .became_zero + .rounded' <<<"$out")" $#
    equal "$(jq .numbers <<<"$out")" $#
}
groups e2m1 3 2 2 1 3 nan inf -inf 6 -0 6.1 -1e300 0.2 0.3 4.9 -5.1
groups fp16 2 2 3 1 1 nan inf 65504 -0.5 65520 1e300 -65505 1e-9 1.00001
groups dlfloat16 1 1 1 1 1 nan 1 1e30 1e-30 1.0001
groups int4 0 2 2 1 2 -8 7 -8.1 7.1 0.4 -7.6 1.5
groups uint4 0 2 3 1 1 0 15 15.000000000000000000000000001 -1 -20 0.5 14.9
groups e8m0 0 1 4 0 2 1 0 -3 1e-40 1e39 3 0.7
groups fp8_143:overflow=saturate_infinity 2 1 2 1 1 inf nan 30 31 \
    -30.000000000000000000000000001 1e-9 1.01

# A link stays and its target is replaced; a pipe is written to and stays.
ln -s out "$dir/link"
ln -s made "$dir/dangling"
mkfifo "$dir/pipe"
cat "$dir/pipe" >"$dir/read" &
for to in link dangling pipe; do
    run 0 "$tessera" convert --to e2m1 -i - -o "$dir/$to" <<<3
done
wait
equal "$(cat "$dir/out" "$dir/made" "$dir/read")" $'0x5\n0x5\n0x5'
if [ ! -L "$dir/link" ] || [ ! -L "$dir/dangling" ]; then fail 'a link was replaced'; fi
[ -p "$dir/pipe" ] || fail 'the pipe was replaced'

run 0 "$tessera" convert --to e2m1 -i - -o "$dir/out" <<<0
has "$out" 'largest error 0 ulp, NMSE 0$'

# Binary: what goes there and back is the same where the wider format holds all.
head -c 60000 /dev/urandom | od -An -v -tu1 -w1 | awk '$1 != 127 && $1 != 255' |
    awk '{ printf "\\x%02x", $1 }' >"$dir/escaped"
printf '%b' "$(cat "$dir/escaped")" >"$dir/fp8"
run 0 "$tessera" convert --from fp8_152 --to fp32 --binary -i "$dir/fp8" -o "$dir/fp32"
equal "$(stat -c %s "$dir/fp32")" "$((4 * $(stat -c %s "$dir/fp8")))"
run 0 "$tessera" convert --from fp32 --to fp8_152 --binary -i "$dir/fp32" -o "$dir/back"
has "$out" '^  no number 0, exact [0-9]+, out of range 0, became zero 0, rounded 0$'
tr '\200' '\000' <"$dir/fp8" | cmp - "$dir/back" # a zero has lost its sign
printf '\x80\x3f\x49\x40' >"$dir/bf16"
"$tessera" convert --from bf16 --to fp16 --binary -i "$dir/bf16" | od -An -tx1 | tr -d ' ' >"$dir/hex"
equal "$(cat "$dir/hex")" 003c4842

# Errors: one line each, nothing on standard output.
expect_error()
{
    local status=$1 pattern=$2
    shift 2
    run "$status" "$tessera" convert "$@"
    equal "$out" ''
    equal "$(lines "$err")" 1
    has "$err" "$pattern"
}
expect_error 2 '--to FORMAT is missing' 3
expect_error 2 "no format 'fp17'; did you mean 'fp16'" --to fp17 3
expect_error 2 'nothing to convert' --to fp16
expect_error 2 "'3x' is not a number" --to fp16 3x
expect_error 2 "'1e400' is too large to be read" --to fp16 1e400
expect_error 2 "'1e-400' is too small to be read" --to fp16 1e-400
expect_error 2 "'g' is not a code in hexadecimal" --from e4m3 --to fp16 g
expect_error 2 "'3g' is not a code in hexadecimal" --from e4m3 --to fp16 3g
expect_error 2 'is not a code in hexadecimal' --from e4m3 --to fp16 00000000000000003
expect_error 2 "'0x100' has more than the 8 bits of e4m3" --from e4m3 --to fp16 0x100
expect_error 2 "rounding must be .* not 'up'" --to fp16 --rounding up 3
expect_error 2 'fp8_143 has no special code' --to fp8_143 --overflow special 3
expect_error 2 '--seed must be a number from 1' --to fp16 --seed 0 3
expect_error 2 '--seed must be a number from 1' --to fp16 --seed 4294967296 3
for seed in '' 7x -7; do
    expect_error 2 "--seed must be a number from 1 .* not '$seed'" --to fp16 --seed "$seed" 3
done
for bits in '' x 7x -7 33; do
    expect_error 2 "--random-bits must be a number from 0 to 32, not '$bits'" \
        --to fp16 --random-bits "$bits" 3
done
expect_error 2 '--polynomial must be a number from 1' --to fp16 --polynomial 0 3
expect_error 2 '0x1, --seed 1: an LFSR must be 2 to 32 bits' --to fp16 --polynomial 1 3
expect_error 2 "seed must fit its width" --to fp16 --polynomial 0xB400 --seed 65536 3
expect_error 2 '--to needs a value' --to
# A bad argument: nothing is said of the good ones before it, nor does the rest become options.
expect_error 2 "'x' is not a number" --to fp16 1 2 x
expect_error 2 "'x' is not a number" --json --to fp16 1 2 x
expect_error 2 "'--to' is not a number" --to fp16 1 -- --to
expect_error 2 'nothing to convert' --to fp16 --
expect_error 2 "no option '-'" --to fp16 -
expect_error 2 "no option '--nonsense'" --to fp16 --nonsense 3
expect_error 2 "no option '-3x'" --to fp16 -3x
expect_error 2 'numbers or a file, not both' --to fp16 -i "$dir/in" 3
expect_error 2 'go with -i' --to fp16 -o "$dir/out" 3
expect_error 2 'go with -i' --to fp16 --binary 3
expect_error 2 '--binary needs --from' --to fp16 --binary -i "$dir/in"
expect_error 2 'needs -o' --to fp16 --json -i "$dir/in"
expect_error 1 'no-such-file: No such file' --to fp16 -i "$dir/no-such-file"
expect_error 1 'no-such-dir/x: cannot be written: No such file' --to fp16 -i "$dir/in" -o "$dir/no-such-dir/x"
expect_error 1 'Is a directory' --to fp16 -i "$dir"
expect_error 1 'the name of the output is too long' --to fp16 -i "$dir/in" \
    -o "$(printf 'x%.0s' {1..5000})"
mkdir "$dir/directory"
expect_error 1 'directory: cannot be written: Is a directory' --from bf16 --to fp16 -i "$dir/in" \
    -o "$dir/directory"
[ ! -e "$dir/directory.partial" ] || fail 'a failed conversion left a part of its output'
# A full disk, here a file of at most 1 MiB.
head -c 300000 /dev/zero >"$dir/zeros"
run 1 bash -c "ulimit -f 1024; trap '' XFSZ
    exec '$tessera' convert --from fp8_152 --to fp32 --binary -i '$dir/zeros' -o '$dir/large'"
has "$err" 'large: cannot be written: File too large'
[ ! -e "$dir/large.partial" ] || fail 'a failed conversion left a part of its output'
printf '1\n2\nthree\n' >"$dir/bad"
rm -f "$dir/out"
expect_error 1 "bad, line 3: 'three' is not a number" --to fp16 -i "$dir/bad" -o "$dir/out"
[ ! -e "$dir/out" ] || fail 'a failed conversion left its output'
run 1 sh -c "'$tessera' convert --to fp16 -i '$dir/bad' > /dev/full" # fails twice
has "$err" "line 3: 'three' is not a number"
has "$err" 'cannot write'
[ ! -e "$dir/out.partial" ] || fail 'a failed conversion left a part of its output'
for text in '1\00002\n' '\00002\n'; do
    printf '%b' "$text" >"$dir/bad"
    expect_error 1 'bad, line 1: holds a byte of 0' --to fp16 -i "$dir/bad"
done
# A carriage return ends a line, and hides nothing in it.
printf '1\r\n2\r\n' >"$dir/dos"
run 0 "$tessera" convert --to fp16 -i "$dir/dos"
equal "$out" $'0x3C00\n0x4000'
printf '1\r2\n' >"$dir/bad"
expect_error 1 'bad, line 1: ' --to fp16 -i "$dir/bad"
# What is open already is written to where it is.
for name in - /dev/stdout /dev/fd/1; do
    (echo before; "$tessera" convert --to fp16 -i "$dir/dos" -o "$name"; echo after) >"$dir/log"
    equal "$(sed -n '1,3p;$p' "$dir/log")" $'before\n0x3C00\n0x4000\nafter'
done
[ ! -e - ] || fail 'a file named - was written'
# What its user has told the shell to ignore stays ignored.
(trap '' HUP; "$tessera" convert --to fp16 -i "$dir/dos" -o "$dir/ignoring" >"$dir/log")
equal "$(cat "$dir/ignoring")" $'0x3C00\n0x4000'
text=$("$tessera" convert --to fp16 -i "$dir/dos" -o /dev/stderr 2>&1 >"$dir/log")
equal "$text" $'0x3C00\n0x4000'
for name in 987 '' 1x 123456789; do
    expect_error 1 "/dev/fd/$name: cannot be written" --to fp16 -i "$dir/dos" -o "/dev/fd/$name"
done
printf '\x80\x3f\x49' >"$dir/bad"
expect_error 1 'ends inside a code: bf16 takes 2 bytes' --from bf16 --to fp16 --binary -i "$dir/bad" \
    -o "$dir/out"
printf '\xff\x03' >"$dir/bad"
expect_error 1 'code 0 is 0x3FF, more than the 9 bits' --from fp9_153 --to fp16 --binary \
    -i "$dir/bad" -o "$dir/out"
: >"$dir/bad"
expect_error 1 'nothing in it to convert' --to fp16 -i "$dir/bad"

run 0 "$tessera" convert --summary
equal "$(lines "$out")" 1
run 0 "$tessera" convert --help
has "$out" '^Examples:'
run 1 sh -c "'$tessera' convert --to fp16 3 > /dev/full"
has "$err" 'cannot write'
run 1 sh -c "'$tessera' convert --to fp16 -i '$dir/in' --from bf16 > /dev/full"
has "$err" 'cannot write'
