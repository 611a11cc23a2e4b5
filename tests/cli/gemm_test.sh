#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# `tessera gemm` multiplies matrices of .npy files, and says in a line what is wrong with one.
set -euo pipefail
. "$(dirname "$0")/assert.sh"
tessera=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

# floats NUMBER...: as little-endian float32, of a few numbers that need no more than a table
floats()
{
    local number
    for number; do
        case $number in
        0) printf '\0\0\0\0' ;;
        0.25) printf '\0\0\x80\x3e' ;;
        1) printf '\0\0\x80\x3f' ;;
        -1) printf '\0\0\x80\xbf' ;;
        2) printf '\0\0\0\x40' ;;
        3) printf '\0\0\x40\x40' ;;
        4) printf '\0\0\x80\x40' ;;
        5) printf '\0\0\xa0\x40' ;;
        7) printf '\0\0\xe0\x40' ;;
        16) printf '\0\0\x80\x41' ;;
        nan) printf '\0\0\xc0\x7f' ;;
        *) fail "no float for $number" ;;
        esac
    done
}

# npy HEADER NUMBER...: a file of version 1 with that text in its header
npy()
{
    local header=$1 n
    shift
    n=$((${#header} + 1))
    printf '\x93NUMPY\x01\x00'
    printf %b "\\x$(printf %02x $((n % 256)))\\x$(printf %02x $((n / 256)))"
    printf '%s\n' "$header"
    floats "$@"
}

# shape ROWS COLS NUMBER...
shape()
{
    local rows=$1 cols=$2
    shift 2
    npy "{'descr': '<f4', 'fortran_order': False, 'shape': ($rows, $cols), }" "$@"
}

# numbers FILE: the floats of a file of ours, whose header has 128 bytes at most
numbers()
{
    local length
    length=$((10 + $(od -An -tu1 -j8 -N1 "$1")))
    equal "$((length % 64))" 0
    od -An -tf4 -w4 -v -j "$length" "$1" | tr -d ' ' | paste -sd' '
}

shape 2 3 1 2 3 -1 4 0 >a.npy
shape 3 2 1 4 16 0.25 0 1 >b.npy
run 0 "$tessera" gemm a.npy b.npy -o c.npy --a-format int4 --b-format fp4_r4
equal "$(numbers c.npy)" '33 7.5 63 -3'
equal "$(head -c 6 c.npy | tail -c 5)" NUMPY
has "$(head -c 128 c.npy | tr -d '\0')" "'descr': '<f4', 'fortran_order': False, 'shape': \(2, 2\)"
run 0 "$tessera" gemm a.npy b.npy -o d.npy --a-format int4 --b-format fp4_r4 --reference
cmp c.npy d.npy || fail 'the reference has other bits'

# Another order in memory, another version of the header, both of the same matrix.
npy "{'fortran_order': True, 'shape': (3,2), 'descr': '<f4'}" 1 16 0 4 0.25 1 >f.npy
run 0 "$tessera" gemm a.npy f.npy -o d.npy --a-format int4 --b-format fp4_r4
cmp c.npy d.npy || fail 'column-major data are read as others'
header="{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }"
for version in 2 3; do
    {
        printf %b "\\x93NUMPY\\x0$version\\x00\\x$(printf %02x ${#header})\\x00\\x00\\x00$header"
        floats 1 4 16 0.25 0 1
    } >f.npy
    run 0 "$tessera" gemm a.npy f.npy -o d.npy --a-format int4 --b-format fp4_r4
    cmp c.npy d.npy || fail "version $version is read as another matrix"
done

# Options: the odd grid is ..., 1/8, 1/2, 2, 8, ...
run 0 "$tessera" gemm a.npy b.npy -o d.npy --a-format int4 --b-format fp4_r4 --phase odd
equal "$(numbers d.npy)" '16.5 3.75 31.5 -1.5'
run 0 "$tessera" gemm a.npy b.npy -o d.npy --a-format int4 --b-format fp4_r4 --escale -1 \
    --lanes 1 --chunk 2 --variant integer --outer fp32 --threads 2
equal "$(numbers d.npy)" '16.5 3.75 31.5 -1.5'
run 0 "$tessera" gemm a.npy b.npy -o d.npy --a-format uint4 --b-format int4 --saturate
equal "$(numbers d.npy)" '15 7 28 0'
run 0 "$tessera" gemm a.npy b.npy -o d.npy --a-format fp8_143:bias=9 --b-format fp8_152 --align exact
equal "$(numbers d.npy)" '33 7.5 63 -3'
for format in int8 dlfloat16 fp16 bf16 fp32; do
    run 0 "$tessera" gemm a.npy b.npy -o d.npy --a-format "$format" --b-format "$format"
    expected='33 7.5 63 -3'
    [ "$format" != int8 ] || expected='33 7 63 -4'
    equal "$(numbers d.npy)" "$expected"
done
shape 1 1 nan >nan.npy
run 0 "$tessera" gemm nan.npy nan.npy -o d.npy --a-format bf16 --b-format bf16
equal "$(numbers d.npy)" nan
run 0 "$tessera" gemm a.npy b.npy -o d.npy --a-format fp8_143 --b-format fp8_143 --align 16
equal "$(numbers d.npy)" '33 7.5 63 -3'
shape 0 3 >empty.npy
run 0 "$tessera" gemm empty.npy b.npy -o d.npy --a-format int4 --b-format int4
equal "$(numbers d.npy)" ''
npy "{'descr': '<f4', 'fortran_order': True, 'shape': (3, 0)}" >empty.npy
run 0 "$tessera" gemm a.npy empty.npy -o d.npy --a-format int4 --b-format int4
equal "$(numbers d.npy)" ''
has "$(head -c 128 d.npy | tr -d '\0')" "'shape': \(2, 0\)"

# From a pipe, whose length is not known before its end.
run 0 "$tessera" gemm <(cat a.npy) <(cat b.npy) -o d.npy --a-format int4 --b-format fp4_r4
cmp c.npy d.npy || fail 'a pipe is read as another matrix'

# refused FILE MESSAGE: as an operand
refused()
{
    run 1 "$tessera" gemm "$1" b.npy -o none.npy --a-format int4 --b-format int4
    equal "$err" "tessera gemm: $1: $2"
    [ ! -e none.npy ] || fail 'there is a result'
}

refused missing.npy 'No such file or directory'
mkdir directory.npy
refused directory.npy 'Is a directory'
: >bad.npy
refused bad.npy 'is no .npy file'
printf 'x' >bad.npy
refused bad.npy 'is no .npy file'
printf 'PK\3\4 an archive of them' >bad.npy
refused bad.npy 'is no .npy file'
head -c 9 a.npy >bad.npy
refused bad.npy 'ends within its header'
head -c 20 a.npy >bad.npy
refused bad.npy 'ends within its header'
for version in 0 4; do
    sed "s/\\x01\\x00/\\x0$version\\x00/" a.npy >bad.npy
    refused bad.npy 'has a version of .npy other than 1 to 3'
done
printf '\x93NUMPY\x02\x00\x00\x00\x01\x00' >bad.npy
refused bad.npy 'has a header of more than 65535 bytes'
head -c -1 a.npy >bad.npy
refused bad.npy 'is shorter than its shape says'
{ cat a.npy && printf x; } >bad.npy
refused bad.npy 'is longer than its shape says'
# pipe MESSAGE COMMAND: what is wrong with a pipe shows as it is read
pipe()
{
    run 1 "$tessera" gemm <(eval "$2") b.npy -o none.npy --a-format int4 --b-format int4
    has "$err" "tessera gemm: /dev/fd/[0-9]*: $1"
}
pipe 'is shorter than its shape says' 'head -c -1 a.npy'
pipe 'is longer than its shape says' 'cat a.npy; printf x'
matrix='is no matrix: its shape must be (rows, columns)'
for shape in '(3,)' '(6)' '3, 2' '(3, 2, 1)' '()' '(3, x)' '(-3, 2)' '(1000000000000, 1' \
    '(10000000000000, 1)'; do
    npy "{'descr': '<f4', 'fortran_order': False, 'shape': $shape}" 1 2 3 4 5 7 >bad.npy
    refused bad.npy "$matrix"
done
npy "{'descr': '<f4', 'fortran_order': False}" 1 >bad.npy
refused bad.npy "$matrix"
shape 999999999999 999999999999 >bad.npy
refused bad.npy 'has too many elements'
shape 999999999999 1 >bad.npy
refused bad.npy 'is shorter than its shape says'
npy "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1)}" 1 1 >bad.npy
refused bad.npy "does not hold float32 (descr '<f4'): write it with .astype('<f4')"
npy "{'descr': '>f4', 'fortran_order': False, 'shape': (1, 1)}" 1 >bad.npy
refused bad.npy "does not hold float32 (descr '<f4'): write it with .astype('<f4')"
npy "{'fortran_order': False, 'shape': (1, 1)}" 1 >bad.npy
refused bad.npy "does not hold float32 (descr '<f4'): write it with .astype('<f4')"
npy "{'descr': '<f4', 'shape': (1, 1)}" 1 >bad.npy
refused bad.npy 'does not say its fortran_order'
npy "{'descr': '<f4', 'fortran_order': 1, 'shape': (1, 1)}" 1 >bad.npy
refused bad.npy 'does not say its fortran_order'

# As B, too.
head -c -1 b.npy >bad.npy
run 1 "$tessera" gemm a.npy bad.npy -o none.npy --a-format int4 --b-format int4
equal "$err" 'tessera gemm: bad.npy: is shorter than its shape says'

# large ROWS COLS ORDER: a file of zeros that take no place
large()
{
    npy "{'descr': '<f4', 'fortran_order': $3, 'shape': ($1, $2)}"
}

# Address space for a matrix of 64 MiB, but not for two; a sanitizer cannot do with so little.
limited() { bash -c 'ulimit -v 98304; exec "$@"' limited "$@"; }
if limited "$tessera" gemm --summary >/dev/null 2>&1; then
    for order in False True; do # the codes; the rows
        large 4096 4096 "$order" >large.npy
        truncate -s "+$((4096 * 4096 * 4))" large.npy
        run 1 limited "$tessera" gemm large.npy b.npy -o none.npy --a-format int4 --b-format int4
        equal "$err" 'tessera gemm: large.npy: is too large for the memory'
    done
    large 4096 65536 False >large.npy
    truncate -s "+$((4096 * 65536 * 4))" large.npy
    run 1 limited "$tessera" gemm large.npy b.npy -o none.npy --a-format int4 --b-format int4
    equal "$err" 'tessera gemm: large.npy: is too large for the memory'
    large 32768 1 False >column.npy
    truncate -s "+$((32768 * 4))" column.npy
    large 1 32768 False >row.npy
    truncate -s "+$((32768 * 4))" row.npy
    run 1 limited "$tessera" gemm column.npy row.npy -o none.npy --a-format int4 --b-format int4
    equal "$err" 'tessera gemm: the result is too large for the memory'
fi

# wrong MESSAGE ARGUMENT...: of the command line
wrong()
{
    local message=$1
    shift
    run 2 "$tessera" gemm "$@"
    has "$err" "$message"
}

ab=(a.npy b.npy -o none.npy)
wrong 'needs A.npy, B.npy, -o C.npy, --a-format and --b-format' "${ab[@]}" --a-format int4
wrong 'needs A.npy' a.npy -o none.npy --a-format int4 --b-format int4
wrong 'needs A.npy' a.npy b.npy --a-format int4 --b-format int4
wrong 'needs A.npy' "${ab[@]}" --b-format int4
wrong "^tessera gemm: unrecognized option '--nonsense'$" "${ab[@]}" --nonsense
wrong "no format 'int6'; did you mean 'int" "${ab[@]}" --a-format int4 --b-format int6
wrong "no format 'int5'; did you mean 'int" "${ab[@]}" --a-format int5 --b-format int4
wrong 'must be even or odd, not .both.' "${ab[@]}" --phase both
wrong 'must be fused, split or integer, not .x.' "${ab[@]}" --variant x
wrong 'lanes must be a power of two' "${ab[@]}" --a-format int4 --b-format int4 --lanes 3
wrong 'these two formats together' "${ab[@]}" --a-format int4 --b-format int8
wrong 'A and B differ in k' a.npy a.npy -o none.npy --a-format int4 --b-format int4
wrong '--align' "${ab[@]}" --a-format fp8_143 --b-format fp8_143 --align 15
run 1 env TESSERA_ISA=abacus "$tessera" gemm "${ab[@]}" --a-format int4 --b-format int4
has "$err" 'TESSERA_ISA names no kernels'
run 1 "$tessera" gemm "${ab[@]}" --a-format e4m3 --b-format e4m3
has "$err" 'a.npy: no GEMM takes operands of this format'
run 1 "$tessera" gemm a.npy b.npy -o missing/c.npy --a-format int4 --b-format int4
has "$err" 'missing/c.npy.*cannot be written'
# A full disk, here a file of at most 1 MiB.
large 600 1 False >column.npy
truncate -s "+$((600 * 4))" column.npy
large 1 600 False >row.npy
truncate -s "+$((600 * 4))" row.npy
run 1 bash -c "ulimit -f 1024; exec '$tessera' gemm column.npy row.npy -o none.npy \
    --a-format int4 --b-format int4"
equal "$err" 'tessera gemm: none.npy: cannot be written: File too large'
[ ! -e none.npy.partial ] || fail 'a part of the result is left'
[ ! -e none.npy ] || fail 'there is a result'
run 0 "$tessera" gemm --help
has "$out" '--reference'
