#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# rows_test.sh TESSERA TRACE: what rows look like, and what `tessera check` says of bad ones.
set -euo pipefail
. "$(dirname "$0")/../../cli/assert.sh"
tessera=$1 trace=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# The values are right, and elements are where RTL has them, by the shell's own arithmetic.
run 0 "$tessera" vectors dot_product Modes=int4 Lanes=2 --random 200
equal "$(head -1 <<<"$out")" '#fields a_i:8:in a_unsigned_i:1:in b_i:10:in fp4_i:1:in p_o:9:out'
has "$out" '^#block dot_product Modes=1 Lanes=2 Stages=1$'
has "$out" '^#rows 200$'
signed() { echo $((($1 & 15) - 2 * ($1 & 8))); }
while read -r a unsigned b _ p; do
    sum=0
    for lane in 0 1; do
        x=$((16#$a >> (4 * lane) & 15))
        [ "$unsigned" = 1 ] || x=$(signed $x)
        sum=$((sum + x * $(signed $((16#$b >> (5 * lane))))))
    done
    equal "$((sum & 511))" "$((16#$p))"
done < <(grep -v '^#' <<<"$out")

# All inputs, once each.
run 0 "$tessera" vectors radix4_to_radix2 --exhaustive
rows=$(grep -v '^#' <<<"$out")
equal "$(lines "$rows")" 32
equal "$(cut -d ' ' -f 1,2 <<<"$rows" | sort -u | wc -l)" 32
"$tessera" check radix4_to_radix2 <<<"$out" >"$dir/out" || fail 'exhaustive rows differ'

# Sequences begin with a reset; a result is there exactly where valid_o says so.
run 0 "$tessera" vectors chunk_accumulator Stages=2 --random 2000
rows=$(grep -v '^#' <<<"$out")
equal "$(head -1 <<<"$rows" | cut -d ' ' -f 1)" 0
[ "$(grep -c '^0' <<<"$rows")" -gt 5 ] || fail 'too few sequences'
equal "$(grep -c ' 0 x$' <<<"$rows")" "$(grep -c ' x$' <<<"$rows")"
equal "$(grep -cE ' 1 [0-9a-f]{4}$' <<<"$rows")" "$(grep -vc ' x$' <<<"$rows")"
equal "$(grep -c '^1 0 .* 1 [0-9a-f]*$' <<<"$rows")" 0

# A seed is a sequence; a trace's operands are its own.
run 0 "$tessera" vectors dlfloat16_fma --random 50 --seed 1
first=$out
run 0 "$tessera" vectors dlfloat16_fma --random 50 --seed 2
[ "$out" != "$first" ] || fail 'seeds 1 and 2 give the same'
run 0 "$tessera" vectors dlfloat16_fma --random 300 --trace "$trace"
# The addend of a row is the sum of the row before, or zero where a dot product begins.
equal "$(grep -v '^#' <<<"$out" | awk 'NR > 1 && $3 != sum && $3 != "0000" { bad++ } { sum = $4 }
    END { print bad + 0 }')" 0
run 0 "$tessera" vectors int8_mac --random 300 --trace "$trace"
has "$out" '^#fields a_i'

# Fields in another order, without leading zeros, in upper case, with line ends of another system.
"$tessera" vectors dlfloat16_fma --random 100 >"$dir/rows"
awk '/^#fields/ { print $1, $5, $3, $2, $4 } /^#/ { next }
    { sub(/^0+/, "", $2); print toupper($4), $2 == "" ? 0 : $2, $1, $3 "\r" }' "$dir/rows" >"$dir/other"
run 0 "$tessera" check dlfloat16_fma <"$dir/other"
has "$out" ': all 100 rows agree$'

# Differences are decoded: operands, expected, got; all are counted, the first ones shown.
sed -i 's/^\(3da8.*\) 516b$/\1 516a/; s/^\(0200.*\) 6508$/\1 xxxx/' "$dir/rows"
run 1 "$tessera" check dlfloat16_fma <"$dir/rows"
has "$out" '^row 2 \(line 7\)$'
has "$out" '^  a_i: 3da8 \(0\.91'
has "$out" '^  sum_o: expected 516b \(875\), got 516a \(874\)'
has "$out" '^  sum_o: expected 6508 .*, got xxxx$'
has "$out" ': 2 of 100 rows differ$'
run 1 "$tessera" check dlfloat16_fma --show 1 <"$dir/rows"
equal "$(grep -c '^row' <<<"$out")" 1
has "$out" '^\.\.\. and 1 more$'
# One unknown digit is a difference like any other; the rows after it are compared too.
awk '!/^#/ { row++ } row == 4 { sub(/..$/, "X9") } row == 6 { sub(/.$/, "z") } { print }' \
    "$dir/rows" >"$dir/unknown"
run 1 "$tessera" check dlfloat16_fma <"$dir/unknown"
has "$out" '^row 4 '
has "$out" '^row 6 '
has "$out" '^  sum_o: expected .*, got [0-9a-f]{2}X9$'
has "$out" '^  sum_o: expected .*, got [0-9a-f]{3}z$'
has "$out" ': 4 of 100 rows differ$'

# Parameters come from the rows; other ones are said.
"$tessera" vectors dlfloat16_fma Saturate=1 --random 1000 >"$dir/saturating"
run 0 "$tessera" check dlfloat16_fma <"$dir/saturating"
equal "$err" ''
run 1 "$tessera" check dlfloat16_fma Saturate=0 <"$dir/saturating"
has "$err" 'warning: the rows were made with Saturate=1 and are checked with Saturate=0'

# malformed PATTERN EDIT: the edited rows exit with 2 and one line.
good=$dir/good
"$tessera" vectors dlfloat16_fma --random 20 >"$good"
malformed()
{
    local pattern=$1
    shift
    "$@" <"$good" >"$dir/edited"
    run 2 "$tessera" check dlfloat16_fma <"$dir/edited"
    equal "$(lines "$err")" 1
    has "$err" "$pattern"
}
malformed "input:8: 3 fields, not the 4 of line 1" sed '8s/ [^ ]*$//'
malformed "input:8: 5 fields, not the 4 of line 1" sed '8s/$/ 0/'
hexadecimal='is no number of 16 bits in hexadecimal: 4 digits at most, no prefix$'
malformed "input:9: row 4, field b_i: '3g' $hexadecimal" sed '9s/^\([^ ]*\) [^ ]*/\1 3g/'
malformed "input:9: row 4, field a_i: 'x' $hexadecimal" sed '9s/^[^ ]*/x/'
malformed "input:9: row 4, field a_i: '0x1' $hexadecimal" sed '9s/^[^ ]*/0x1/'
for text in 1ffff 11ffff 0x1 0X3e00 0x xxxxx 0000xxxx 3.5; do
    malformed "input:10: row 5, field sum_o: '$text' $hexadecimal" sed "10s/[^ ]*\$/$text/"
done
long=$(printf 'f%.0s' {1..50})
malformed "row 5, field sum_o: '${long:10}[.]{3}' $hexadecimal" sed "10s/[^ ]*\$/$long/"
malformed "input:1: the first line must be '#fields" sed 1d
malformed "input:1: empty" head -c 0
malformed "input:1: 'b_i:16' is not NAME:BITS:in" sed '1s/b_i:16:in/b_i:16/'
malformed "no field 'd_i'" sed '1s/b_i/d_i/'
malformed "a second field 'a_i'" sed '1s/b_i/a_i/'
malformed "field a_i has 17 bits, but 16 with the parameters Saturate=0" sed '1s/16/17/'
malformed "field b_i is 'in'" sed '1s/b_i:16:in/b_i:16:out/'
malformed "the field c_i:16:in is missing" sed '1s/ c_i:16:in//'
malformed "no rows" sed '/^[^#]/d'
malformed "19 rows, but '#rows' says 20" sed \$d
malformed "input:3: '#rows' needs a number" sed '3s/20/abc/'
malformed "input:3: '#rows' needs a number" sed '3s/20/20 rows/'
malformed "input:3: '#rows' needs a number" sed '3s/ 20//'
malformed "19 rows, but '#rows' says 20" sed -e '3s/ /\t/' -e \$d
malformed "input:8: a second '#rows'" sed '8s/^/#rows 20\n/'
malformed "20 rows, but '#rows' says 0" sed '3s/20/0/'
malformed "input:2: '#block' needs a block" sed '2s/ .*//'
malformed "input:8: '#block' must stand once" sed '8s/.*/#block int_add/'
malformed "input:3: '#block' must stand once" sed '3s/.*/#block dlfloat16_fma Saturate=1/'
malformed "field sum_o: '2gx9' $hexadecimal" sed '9s/[^ ]*$/2gx9/'
malformed "the line has no end" head -c -1
malformed "the line has no end" head -c -6
malformed "a zero byte" sed '12s/ /\x00/'
malformed "a second '#fields'" sed '3s/.*/#fields a_i:16:in/'
malformed "rows are of mac_lane" sed '2s/dlfloat16_fma/mac_lane/'
malformed "has no parameter 'Fast'" sed '2s/Saturate/Fast/'
head -c 3000 /dev/urandom >"$dir/edited"
run 2 "$tessera" check dlfloat16_fma <"$dir/edited"
# A difference before the malformed line is shown all the same.
malformed 'input:15: row 10, field' sed '6s/[^ ]*$/1/; 15s/^/-/'
has "$out" '^row 1 '

run 2 "$tessera" check dlfloat16_fma --show <"$dir/rows"
has "$err" '^tessera check: --show needs a value$'

# A field of one bit; and 0x as two digits of which one is unknown.
"$tessera" vectors chunk_accumulator --random 20 | sed '7s/^1 1/1 0x1/' >"$dir/edited"
run 2 "$tessera" check chunk_accumulator <"$dir/edited"
has "$err" "field valid_i: '0x1' is no number of 1 bit in hexadecimal: 1 digit at most, no prefix$"
"$tessera" vectors mac_lane Modes=int4 --random 20 | sed '8s/[^ ]*$/0x/' >"$dir/edited"
run 1 "$tessera" check mac_lane <"$dir/edited"
has "$out" 'got 0x$'

"$tessera" vectors chunk_accumulator --random 20 | sed '/^0 /d; /^#rows/d' >"$dir/edited"
run 2 "$tessera" check chunk_accumulator <"$dir/edited"
has "$err" 'rst_ni: must be 0 in the first row'

# Command lines.
usage()
{
    local pattern=$1
    shift
    run 2 "$tessera" "$@"
    equal "$out" ''
    equal "$(lines "$err")" 1
    has "$err" "$pattern"
}
usage '48 bits of input: 2\^48 = 281474976710656 rows, more than 2\^28' \
    vectors dlfloat16_fma --exhaustive
usage 'keeps state' vectors chunk_accumulator --exhaustive
usage 'exclude each other' vectors mac_lane --exhaustive --random 5
usage "did you mean 'mac_lane'" vectors mac_lan
usage "Lanes must be" vectors dot_product Lanes=3
usage "no option '--rndom'" vectors mac_lane --rndom 4
usage '--random must be a number' vectors mac_lane --random 0
usage '--seed needs a value' vectors mac_lane --seed
usage 'a block is needed' vectors
usage 'cannot be opened|No such|not a trace|no such' vectors mac_lane --trace "$dir/absent.h5"
usage 'a block is needed' check
usage "no option '--shw'" check mac_lane --shw
run 1 sh -c "'$tessera' vectors mac_lane --random 100000 > /dev/full"
has "$err" 'cannot write'
for verb in vectors check; do
    run 0 "$tessera" $verb --summary
    equal "$(lines "$out")" 1
    run 0 "$tessera" $verb --help
    has "$out" '^usage: '
done
