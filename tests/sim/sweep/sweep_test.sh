#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# sweep_test.sh TESSERA DESIGNS: `tessera sweep` counts many designs: rows, front, bad input.
set -euo pipefail
. "$(dirname "$0")/../../cli/assert.sh"
tessera=$1 designs=$2
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

# column FILE NAME: its number.
column()
{
    head -1 "$1" | tr ',' '\n' | grep -nxF "$2" | cut -d: -f1
}

# cell FILE POINT NAME
cell()
{
    awk -F, -v column="$(column "$1" "$3")" -v point="$2" '$1 == point { print $column }' "$1"
}

# change FILE FIELD VALUE: a field of a design file.
change()
{
    awk -v field="$2" -v value="$3" '
        BEGIN { if (split(field, part, ".") == 1) { part[2] = part[1]; part[1] = "" } }
        /^[a-z]/ { section = $1; sub(":.*", "", section); if ($0 !~ /^[a-z0-9_]+: *(#.*)?$/) section = "" }
        $1 == part[2] ":" && section == part[1] { sub(": *[^ #]+", ": " value) }
        { print }' "$1" >changed.partial
    mv changed.partial "$1"
}

# ---- A grid: the last field varies fastest; ranges; files are the same whoever works ----

grid=(--set array.rows=2..8*2 --set 'dram.gb_s=0.5..2+0.5,2.5' --set 'dataflow.stationary=weight,output')
run 2 "$tessera" sweep tiny tiny_conv "${grid[@]}" -o grid
has "$err" "^tessera sweep: --set: dram.gb_s is '0.5'; it must be 1 to 100000$"
grid[3]=dram.gb_s=1..2+0.25,2.5
run 0 "$tessera" sweep tiny tiny_conv "${grid[@]}" --jobs 1 -o new/grid
has "$out" '^tiny_conv, batch [0-9]+, on variants of tiny: 36 points, 0 of them impossible; 0 were known$'
equal "$err" ''
equal "$(cd new/grid && echo *)" \
    'pareto.csv pareto.gp pareto.svg points.jsonl sweep.csv sweep.json'
equal "$(head -1 new/grid/sweep.csv | cut -d, -f1-8)" \
    'point,array.rows,dram.gb_s,dataflow.stationary,status,time_ms,utilization,gemm_utilization'
equal "$(sed -n '2,4p;13,14p;37p' new/grid/sweep.csv | cut -d, -f1-5 | tr '\n' ' ')" \
    '0,2,1,weight,ok 1,2,1,output,ok 2,2,1.25,weight,ok 11,2,2.5,output,ok 12,4,1,weight,ok 35,8,2.5,output,ok '
equal "$(awk -F, 'NF != columns && NR > 1 { print "ragged" } { columns = NF }' new/grid/sweep.csv)" ''
has "$(cat new/grid/pareto.svg)" '^</svg>$'
run 0 "$tessera" sweep tiny tiny_conv "${grid[@]}" --jobs 4 -o grid4
equal "$(diff -r new/grid grid4)" ''

# Known to the last point: nothing is worked out, and the files are as they were.
rm grid4/sweep.csv
run 0 "$tessera" sweep tiny tiny_conv "${grid[@]}" -o grid4
has "$out" '36 were known$'
equal "$(diff -r new/grid grid4)" ''

# JSON tells what CSV tells.
equal "$(jq -r '.points[] | [.point, .changes["array.rows"], .changes["dram.gb_s"],
    .changes["dataflow.stationary"], .status, .cycles, .dram_read_bytes] | @csv' new/grid/sweep.json | tr -d '"')" \
    "$(awk -F, -v c="$(column new/grid/sweep.csv cycles)" -v r="$(column new/grid/sweep.csv dram_read_bytes)" \
        'NR > 1 { print $1 "," $2 "," $3 "," $4 "," $5 "," $c "," $r }' new/grid/sweep.csv)"
equal "$(jq '[.points[] | .pareto] | map(select(.)) | length' new/grid/sweep.json)" \
    "$(awk -F, '$2 == 1' new/grid/pareto.csv | wc -l)"

# ---- A point is what `tessera cycles` says of a design file with these changes ----

for point in 0 13 35; do
    cp "$designs/tiny.yaml" point.yaml
    for field in array.rows dram.gb_s dataflow.stationary; do
        change point.yaml "$field" "$(cell new/grid/sweep.csv $point $field)"
    done
    run 0 "$tessera" cycles point.yaml tiny_conv --json
    row=$(jq ".points[$point]" new/grid/sweep.json)
    equal "$(jq -c '[.cycles, .busy_cycles, .macs, .dram_read_bytes, .dram_write_bytes,
        .l1_read_bytes, .l1_write_bytes, .l0_read_bytes, .l0_write_bytes]' <<<"$row")" \
        "$(jq -c '[.cycles, .busy, .macs, .bytes[]]' <<<"$out")"
    equal "$(jq -c '[to_entries[] | select(.key | startswith("stall_")) | .value]' <<<"$row")" \
        "$(jq -c '[.stalls[]]' <<<"$out")"
    equal "$(jq "[(.utilization - $(jq .utilization <<<"$row")), (.gemm_utilization -
        $(jq .gemm_utilization <<<"$row")), (.seconds * 1000 - $(jq .time_ms <<<"$row")),
        (.work.conv.share_of_cycles - $(jq .share_conv <<<"$row"))] | map(fabs) | max < 1e-8" <<<"$out")" true
    equal "$(jq '[to_entries[] | select(.key | startswith("share_")) | .value] | add | . * 1e7 | round' <<<"$row")" 10000000
done
equal "$(cell new/grid/sweep.csv 0 peak_tops)" 0.0128 # 2 arrays * 2*4*1*4 MACs * 2 * 100 MHz

# ---- Impossible designs are rows that say why; a list has its own points ----

cat >points.csv <<'END'
modes, l1.kib ,training.precision,link.gb_s
int4+fp16,2048,all -> fp16,1
int4+fp16,2048,"first -> fp16; all -> hfp8",1.5

int4+hfp8+fp16,16,all -> hfp8,1
int4+hfp8+fp16,4096,all -> hfp8,1
END
{ printf '\xEF\xBB\xBF'; sed 's/$/\r/' points.csv; } >windows.csv
run 0 "$tessera" sweep rapid tiny_text --list points.csv -o list
has "$out" 'tiny_text, batch .*: 4 points, 2 of them impossible; 0 were known'
run 0 "$tessera" sweep rapid tiny_text --list windows.csv -o list
has "$out" '4 were known'
equal "$(cut -d, -f1-6 list/sweep.csv | tail -4)" '0,int4+fp16,2048,all -> fp16,1,ok
1,int4+fp16,2048,first -> fp16; all -> hfp8,1.5,impossible
2,int4+hfp8+fp16,16,all -> hfp8,1,impossible
3,int4+hfp8+fp16,4096,all -> hfp8,1,ok'
equal "$(jq -r '.points[1].error' list/sweep.json)" \
    "training.precision, rule 2: mode hfp8 is none of the design's modes"
equal "$(jq -c '.points[2] | [.status, .cycles]' list/sweep.json)" '["impossible",null]'
has "$(cat list/sweep.csv)" '^2,.*,"l1.kib is too small.*, and the results"$'
cp "$designs/rapid.yaml" point.yaml
change point.yaml l1.kib 16
run 2 "$tessera" cycles point.yaml tiny_text
has "$err" "$(jq -r '.points[2].error' list/sweep.json | tr '()' '..')"

run 0 "$tessera" sweep rapid tiny_text --set l1.kib=1 -o none
has "$out" '1 points, 1 of them impossible'
equal "$(cat none/pareto.csv)" 'point,pareto,peak_tops,time_ms,l1.kib'

# The quantizers' fields are not for a design without them.
run 2 "$tessera" sweep rapid tiny_text --set quantization.phase_bwd=odd -o none
has "$err" 'quantization.phase_bwd: the design has no section quantization'
run 0 "$tessera" sweep rapid tiny_text --set modes=int4+hfp8+fp16,int4+fp4+hfp8+fp16 -o modes
has "$(cat modes/sweep.csv)" '^1,.*impossible.*quantization.phase_bwd is missing; it must be even or odd'

# A batch is the workload's.
run 0 "$tessera" sweep tiny tiny_conv --batch 3 --set dram.latency_ns=0 -o batch
run 0 "$tessera" cycles tiny tiny_conv --batch 3 --json
cp "$designs/tiny.yaml" point.yaml
change point.yaml dram.latency_ns 0
run 0 "$tessera" cycles point.yaml tiny_conv --batch 3 --json
equal "$(cell batch/sweep.csv 0 cycles)" "$(jq .cycles <<<"$out")"

# ---- The front, by hand: less is better; ties; points that are alike ----

cat >front.csv <<'END'
dram.gb_s,dram.latency_ns
4,350
2,450
2,400
1,500
3,400
3,300
3,300
5,100
6,100
END
run 0 "$tessera" sweep rapid tiny_conv --list front.csv --pareto dram.gb_s,dram.latency_ns -o front
equal "$(cat front/pareto.csv)" 'point,pareto,dram.gb_s,dram.latency_ns
0,0,4,350
1,0,2,450
2,1,2,400
3,1,1,500
4,0,3,400
5,1,3,300
6,1,3,300
7,1,5,100
8,0,6,100'
equal "$(sed -n '/END$/,/^END/p' front/pareto.gp | sed '1d;$d' | tr '\n' ' ')" \
    '1,500,3 2,400,2 3,300,5 3,300,6 5,100,7 '

# Other figures of the same sweep: nothing is worked out again. Of utilization more is better.
run 0 "$tessera" sweep tiny tiny_conv "${grid[@]}" --pareto utilization,dram_read_bytes -o grid4
has "$out" '36 were known'
equal "$(awk -F, 'NR > 1 { x[$1] = $3; y[$1] = $4; on[$1] = $2 }
    END { for (i in x) { best = 1; for (j in x) if (x[j] >= x[i] && y[j] <= y[i] &&
        (x[j] > x[i] || y[j] < y[i])) best = 0; if (best != on[i]) print i; n += best } if (!n) print "none" }' \
    grid4/pareto.csv)" ''

# What the front is of, where it is not said: the first resource that differs.
run 0 "$tessera" sweep tiny tiny_conv --set l1.kib=4,8 -o l1
equal "$(head -1 l1/pareto.csv)" point,pareto,total_l1_kib,time_ms,l1.kib
equal "$(cut -d, -f3 l1/pareto.csv | tail -2 | tr '\n' ' ')" '8 16 '

# ---- Names are text to gnuplot, to SVG and to the shell ----

# shellcheck disable=SC1003,SC2016 # nothing is to be expanded
name='`>run`$(>run) <script>"\n'"'"'%s\'
jq -n --arg name "$name" '{tessera_workload: 1, $name, layers: [{name: $name, kind: "linear",
    rows: 4, in_channels: 4, out_channels: 4}]}' >named.json
sed "s/^name:.*/name: '\`>run\` \"%s @y'/" "$designs/tiny.yaml" >named.yaml
run 0 "$tessera" sweep named.yaml named.json --set dram.gb_s=1,2 -o named
equal "$err" ''
equal "$(find . -name run)" ''
# shellcheck disable=SC1003,SC2016 # nor here
title='`>run`$(>run) &lt;script>"\n'"'"'%s\, batch 1, on variants of `>run` "%s @y'
equal "$(grep -cF "$title" named/pareto.svg)" 1
run 0 "$tessera" cycles named.yaml named.json -o named.step
equal "$(find . -name run)" ''
equal "$(grep -c '<script' named.step/roofline.svg)" 0
has "$(cat named.step/roofline.svg)" '^</svg>$'

# ---- Without gnuplot ----

mkdir bin
run 0 env PATH="$directory/bin" "$tessera" sweep tiny tiny_conv --set l1.kib=4,8 -o l1
equal "$err" 'tessera sweep: gnuplot is missing (package gnuplot-nox); there is no pareto.svg, but l1/pareto.gp to make it with'
equal "$(cd l1 && echo pareto*)" 'pareto.csv pareto.gp'
printf '#!/bin/sh\nexit 3\n' >bin/gnuplot
chmod +x bin/gnuplot
run 0 env PATH="$directory/bin:$PATH" "$tessera" sweep tiny tiny_conv --set l1.kib=4,8 -o l1
has "$err" 'gnuplot failed; there is no pareto.svg'

# ---- Bad input: one line, before anything runs ----

# refused PATTERN ARGUMENT...: with a directory that must not be made.
refused()
{
    local pattern=$1
    shift
    run 2 "$tessera" sweep "$@" -o nothing
    equal "$out" ''
    equal "$(lines "$err")" 1
    has "$err" "^tessera sweep: .*$pattern"
    [ ! -e nothing ] || fail 'a directory was made'
}
set_refused()
{
    local pattern=$1
    shift
    refused "--set: $pattern" tiny tiny_conv "${@/#/--set=}"
}
set_refused "array.rows is '3x'; it must be" array.rows=4,3x
set_refused "array.rows is ''; it must be" array.rows=
set_refused "array.rows is ''; it must be" array.rows=4,
set_refused "array.rows is '65000'; it must be" array.rows=65000
set_refused "dataflow.stationary is 'row'; it must be weight or output" dataflow.stationary=row
set_refused "clock_mhz is 'nan'; it must be 1 to 10000" clock_mhz=nan
set_refused "'array.row' is no field of a design; did you mean array.rows\?" array.row=4
set_refused "'quux' is no field of a design; .tessera design NAME. shows them" quux=4
set_refused "'array.rows' must be FIELD=V1,V2" array.rows
set_refused 'array.rows is there twice' array.rows=4 array.rows=8
set_refused 'array.rows is 4 twice' array.rows=4,8,04
set_refused 'name changes nothing' name=a,b
set_refused "array.rows: '4..8' is no range; one is FROM..TO.STEP or FROM..TO.FACTOR" array.rows=4..8
set_refused "array.rows: '4..8-1' is no range" array.rows=4..8-1
set_refused "array.rows: '4..8\*2x' is no range" 'array.rows=4..8*2x'
set_refused "array.rows: the range '8..4\*2' does not rise" 'array.rows=8..4*2'
set_refused "array.rows: the range '4..8\*1' does not rise" 'array.rows=4..8*1'
set_refused "array.rows: the range '4..8\+0' does not rise" 'array.rows=4..8+0'
set_refused "array.rows is '2.5'; it must be" array.rows=2..4+0.5
set_refused "dram.gb_s is '1000000'; it must be" 'dram.gb_s=10..1e9*10'
set_refused 'dram.gb_s has more than 10000 values' 'dram.gb_s=1..100000+1'
set_refused 'these are 1000000 points or more; at most 100000' \
    dram.gb_s=1..1000+1 dram.latency_ns=1..1000+1
set_refused "training.precision, rule 1: no layers 'some'" 'training.precision=some -> fp16'
set_refused 'training.precision, the last rule must be for all' 'training.precision=first -> fp16'
refused 'needs --set FIELD=V1,V2,... or --list FILE$' tiny tiny_conv
refused 'needs --set .* or --list FILE, not both' tiny tiny_conv --set array.rows=4 --list front.csv
refused 'needs a DESIGN and a WORKLOAD' tiny --set array.rows=4
refused "no option '--sets'" tiny tiny_conv --sets array.rows=4
refused "--batch is '0'; it must be 1 to" tiny tiny_conv --set array.rows=4 --batch 0
refused "--jobs is 'many'; it must be 1 to" tiny tiny_conv --set array.rows=4 --jobs many
refused "--pareto is 'cycles'; it must be two figures, X,Y" tiny tiny_conv --set array.rows=4 --pareto cycles
refused "--pareto is 'cycles,cycles'; it must be two different figures" tiny tiny_conv \
    --set array.rows=4 --pareto cycles,cycles
refused "'speed' is no figure" tiny tiny_conv --set array.rows=4 --pareto speed,cycles
refused 'dataflow.stationary is no number' tiny tiny_conv --set array.rows=4 --pareto cycles,dataflow.stationary
refused 'int4_fp4_8x8: chip is missing' int4_fp4_8x8 tiny_conv --set array.rows=4
refused 'nope: no such file, and no shipped design' nope tiny_conv --set array.rows=4
refused "'nope' is no file, and no shipped network" tiny nope --set array.rows=4
run 2 "$tessera" sweep tiny tiny_conv --set array.rows=4
has "$err" 'needs -o DIR'
run 2 "$tessera" sweep tiny tiny_conv -o
has "$err" '^tessera sweep: -o needs a value'

# Lists: file, line and column.
list_refused()
{
    printf '%b' "$2" >bad.csv
    refused "bad.csv: $1" tiny tiny_conv --list bad.csv
}
list_refused "line 3, column 2: l1.kib is 'x'; it must be 1 to 1048576" 'array.rows,l1.kib\n4,4\n4,x\n'
list_refused "line 1, column 2: 'l1.size' is no field" 'array.rows,l1.size\n4,4\n'
list_refused 'line 1, column 2: array.rows is there twice' 'array.rows,array.rows\n4,4\n'
list_refused 'line 3, column 2: the row ends here; the header has more columns' 'array.rows,l1.kib\n4,4\n4\n'
list_refused 'line 2, column 3: the row goes on; the header has fewer columns' 'array.rows,l1.kib\n4,4,4\n'
list_refused 'line 2, column 1: a quote is not closed' 'array.rows\n"4\n'
list_refused 'line 2, column 1: there is more behind a closed quote' 'array.rows\n"4"5\n'
list_refused 'line 2: is no text' 'array.rows\n4\0\n'
list_refused 'has no points' 'array.rows\n'
list_refused 'has no points' ''
refused 'nope.csv: No such file or directory' tiny tiny_conv --list nope.csv

# ---- Directories and disks ----

run 1 "$tessera" sweep tiny tiny_conv --set l1.kib=4,16 -o l1
equal "$err" 'tessera sweep: l1/points.jsonl: is of another sweep; choose another directory for this one, or remove that'
for other in '--batch 3 --set l1.kib=4,8' '--set l1.kib=8,4'; do
    # shellcheck disable=SC2086 # words
    run 1 "$tessera" sweep tiny tiny_conv $other -o l1
    has "$err" 'is of another sweep'
done
run 1 "$tessera" sweep tiny tiny_text --set l1.kib=4,8 -o l1
has "$err" 'is of another sweep'
run 1 "$tessera" sweep tiny tiny_conv --set l1.kib=4,8 -o points.csv
has "$err" 'points.csv: is not a directory'
mkdir full
ln -s /dev/full full/sweep.json.partial
run 1 "$tessera" sweep tiny tiny_conv --set l1.kib=4,8 -o full
has "$err" 'full/sweep.json.partial: cannot be written: No space left'
equal "$(cd full && echo *)" points.jsonl
run 0 "$tessera" sweep tiny tiny_conv --set l1.kib=4,8 -o full
has "$out" '2 were known'
run 1 bash -c "ulimit -f 2; '$tessera' sweep tiny tiny_conv --set l1.kib=4..64+4 -o limited"
has "$err" 'limited/points.jsonl: cannot be written: File too large; run the same command again'
equal "$(lines "$err")" 1
run 0 "$tessera" sweep tiny tiny_conv --set l1.kib=4..64+4 -o limited
has "$out" ': 16 points, .*; [1-9] were known'
run 0 "$tessera" sweep tiny tiny_conv --set l1.kib=4..64+4 -o unlimited
equal "$(diff -r limited unlimited)" ''

run 0 "$tessera" sweep --summary
equal "$(lines "$out")" 1
run 0 "$tessera" sweep --help
has "$out" '^Examples:'
run 1 sh -c "'$tessera' sweep tiny tiny_conv --set l1.kib=4,8 -o full > /dev/full"
has "$err" 'cannot write'
