#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# `tessera blocks` lists what models/blocks holds, and widths follow the parameters.
set -euo pipefail
. "$(dirname "$0")/assert.sh"
tessera=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
blocks_dir=$(dirname "$0")/../../models/blocks

run 0 "$tessera" blocks
for file in "$blocks_dir"/*.c; do
    has "$out" "^$(basename "$file" .c) +[^ ]"
done
sources=("$blocks_dir"/*.c)
equal "$(sed '/^$/,$d' <<<"$out" | wc -l)" "${#sources[@]}"

run 0 "$tessera" blocks dlfloat16_fma
has "$out" '^dlfloat16_fma: '
has "$out" '^latency: 2 cycles'
has "$out" '^  Stages +2 +2 +1 to 3 '
has "$out" '^  in +c_i +16 +dlfloat16 '
has "$out" '^  out +sum_o +16 +dlfloat16 '

run 0 "$tessera" blocks dlfloat16_fma stages=1
has "$out" '^latency: 1 cycle from'
has "$out" '^  Stages +1 +2 '

run 0 "$tessera" blocks dot_product Lanes=16 Modes=int4
has "$out" '^  Modes +int4 +int4\+fp4 +1 int4, 2 fp4, 3 int4\+fp4 +oper'
has "$out" '^  in +a_i +16 x 4 +integer'
has "$out" '^  in +b_i +16 x 5 +fp5_r2'
has "$out" '^  in +fp4_i +1 +control'
has "$out" '^  out +p_o +12 +integer'

# The format of a port may depend on a parameter.
run 0 "$tessera" blocks chunk_add
has "$out" '^  in +acc_i +16 +dlfloat16'
run 0 "$tessera" blocks chunk_add Variant=INTEGER
has "$out" '^  in +acc_i +24 +integer'

run 0 "$tessera" blocks lfsr
has "$out" '^keeps state from one operation to the next$'

run 0 "$tessera" blocks --json dot_product Lanes=4
json=$out
value() { jq -r "$1" <<<"$json"; }
equal "$(value '.name')" dot_product
equal "$(value '.latency')" 1
equal "$(value '.parameters[] | select(.name == "Lanes") | .value')" 4
equal "$(value '.parameters[] | select(.name == "Lanes") | .power_of_two')" true
equal "$(value '.parameters[] | select(.name == "Modes") | .value_name')" int4+fp4
equal "$(value '.ports[] | select(.rtl_name == "a_i") | .width')" 16
equal "$(value '.ports[] | select(.rtl_name == "p_o") | .bits')" 20
equal "$(value '.ports[] | select(.rtl_name == "p_o") | .direction')" out
run 0 "$tessera" blocks --json
equal "$(jq length <<<"$out")" "${#sources[@]}"
equal "$(jq -r '[.[].name] == ([.[].name] | sort)' <<<"$out")" true

# The text holds all names of a parameter's values that the JSON holds, perhaps in several lines.
run 0 "$tessera" blocks --json
jq -r '.[] | .name as $block | .parameters[] | select(.names) |
    "\(.name) \(.max - .min + 1) \(.names | length) \(.names | map(values) | join(","))" +
    " \($block)"' <<<"$out" >"$dir/named"
while read -r parameter count length names block; do
    run 0 "$tessera" blocks "$block"
    equal "$length" "$count"
    row=$(awk -v name="$parameter" '/^  [^ ]/ { mine = $1 == name } mine' <<<"$out")
    for name in ${names//,/ }; do
        has "$row" "[0-9] ${name//+/[+]}(,|  |$)"
    done
done <"$dir/named"
[ -s "$dir/named" ] || fail 'no parameter has names'

# What is no value has no name, is not listed and not taken.
for block in mac_array mac_array_os; do
    run 0 "$tessera" blocks --json "$block"
    equal "$(jq -c '.parameters[] | select(.name == "Modes") | .names' <<<"$out")" \
        '["int4","fp4","int4+fp4",null,null,null,null,"fp16"]'
    run 0 "$tessera" blocks "$block"
    has "$out" '  1 int4, 2 fp4, 3 int4\+fp4, 8 fp16  '
    for modes in hfp8 4 7 fp4+hfp8; do
        run 2 "$tessera" blocks "$block" Modes=$modes
        equal "$err" "tessera blocks: $block: Modes must be 1 to 8: int4, fp4, int4+fp4, fp16"
    done
done

# Columns are as wide as what is in them: what follows the widest text is two blanks further.
for block in $(jq -r '.[].name' < <("$tessera" blocks --json)); do
    run 0 "$tessera" blocks "$block"
    awk '
        /^  (name|dir) / { # where each column begins
            n = 0
            for (at = 3; at <= length($0); at++)
                if (substr($0, at - 2, 2) == "  " && substr($0, at, 1) != " ")
                    begin[++n] = at
            next
        }
        /^  / {
            for (i = 2; i <= n; i++)
                if (substr($0, begin[i] - 2, 2) !~ /^ *$/) {
                    print "column " i ": " $0
                    bad = 1
                }
        }
        END { exit bad }' <<<"$out" || fail "$block: a column is too narrow"
done

# A set in any order is that set.
run 0 "$tessera" blocks mpe Modes=HFP8+int4
has "$out" '^  Modes +int4\+hfp8 '

# Errors: one line each, nothing on standard output.
expect_error()
{
    local pattern=$1
    shift
    run 2 "$tessera" blocks "$@"
    equal "$out" ''
    equal "$(lines "$err")" 1
    has "$err" "$pattern"
}
expect_error "no block 'dot_prodct'; did you mean 'dot_product'" dot_prodct
expect_error "no block 'dot_prod'; did you mean 'dot_product'" dot_prod
expect_error "no block 'xyzzy'; 'tessera blocks' lists them" xyzzy
expect_error "no block ''; 'tessera blocks' lists them" ''
expect_error "lists them" "$(printf 'e%.0s' {1..100})"
expect_error "no option '--jsn'" --jsn
expect_error 'Lanes must be a power of two, 1 to 64' dot_product Lanes=12
expect_error 'Lanes must be' dot_product Lanes=8x
expect_error 'Lanes must be' dot_product Lanes=0 Modes=int4
expect_error "no parameter 'Chunk'" dot_product Chunk=64
expect_error 'is not PARAMETER=VALUE' dot_product Lanes
expect_error 'Modes must be 1 to 3: int4, fp4, int4\+fp4$' dot_product Modes=hfp8
expect_error 'Modes must be 1 to 15: int4, .*, int4\+fp4\+hfp8\+fp16$' mpe Modes=foo
expect_error 'Modes must be' mpe Modes=int4+int4
expect_error 'Modes must be' mpe Modes=fp4+int
expect_error 'Chunk must be a multiple of Lanes' chunk_add Chunk=4

run 0 "$tessera" blocks --summary
equal "$(lines "$out")" 1
run 0 "$tessera" blocks -h
has "$out" '^Examples:'
run 0 "$tessera" blocks --help
has "$out" '^Examples:'
run 1 sh -c "'$tessera' blocks > /dev/full"
has "$err" 'cannot write'
