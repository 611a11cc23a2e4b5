#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# report_test.sh WORK: what holes.awk makes of points and of reasons.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$1
. "$here/../cli/assert.sh"
rm -rf "$work"
mkdir -p "$work"
cd "$work"
printf 'always\n  never;\nif (x)\n' >code.c
tab=$(printf '\t')
{
    echo "code.c${tab}1${tab}line${tab}${tab}7"
    echo "code.c${tab}2${tab}line${tab}${tab}0"
    echo "code.c${tab}3${tab}branch${tab}2 of its branches${tab}0"
    echo "code.c${tab}3${tab}toggle${tab}sum_o[3]${tab}0"
} >points.tsv

holes() # TEXT: of holes.txt
{
    printf '%s' "$1" >holes.txt
    awk -v unused=unused.txt -f "$here/holes.awk" holes.txt points.tsv
}

run 0 holes ''
equal "$(lines "$out")" 3
equal "$(cut -f 6 <<<"$out" | sort -u)" ''
equal "$(cat unused.txt)" ''

run 0 holes "$(printf 'code.c\n  at      never\n  why     it never is\n  toggle  sum_o\\[[23]\\]\n  why     constant\n')"
equal "$(cut -f 6 <<<"$out")" "$(printf 'it never is\n\nconstant')"
equal "$(cat unused.txt)" ''

# Of another file; of a line that is executed; without a reason.
run 0 holes "$(printf 'other.c\n  at      never\n  why     x\n')"
has "$(cat unused.txt)" 'other.c: never: no such hole'
run 0 holes "$(printf 'code.c\n  at      always\n  why     x\n')"
has "$(cat unused.txt)" 'code.c: always: no such hole'
run 0 holes "$(printf 'code.c\n  at      never\n')"
has "$(cat unused.txt)" 'code.c: never: no reason'

# Two instances of a module are one; a wrapper is not counted; toggles are no lines.
point() # FILE LINE PAGE WHAT LINES COUNT
{
    printf "C '\001f\002%s\001l\002%s\001n\0027\001page\002%s\001o\002%s\001S\002%s\001h\002top.a' %s\n" "$@"
}
{
    point "$work/rtl/m.sv" 4 v_branch/m if 4-5 3
    point "$work/rtl/m.sv" 4 v_branch/m if 4-5 2
    point "$work/rtl/m.sv" 4 v_branch/m else 6 0
    point "$work/rtl/m.sv" 2 v_toggle/m 'q[0]' '' 0
    point "$work/rtl/m.sv" 2 v_toggle/m 'q[1]' '' 8
    point "$work/bench.sv" 1 v_line/b block 1 1
} >coverage.dat
run 0 awk -v root="$work/" -f "$here/verilator.awk" coverage.dat
count() { awk -F '\t' -v what="$1" '$2 " " $3 " " $4 == what { print $5 }' <<<"$out"; }
equal "$(count '4 line ')" 5
equal "$(count '5 line ')" 5
equal "$(count '6 line ')" 0
equal "$(count '4 branch if in column 6')" 5
equal "$(count '4 branch else in column 6')" 0
equal "$(count '2 toggle q[0]')" 0
equal "$(count '2 line ')" '' # a declaration, of which toggles say enough
equal "$(grep -c '^rtl/m.sv' <<<"$out")" "$(lines "$out")"
