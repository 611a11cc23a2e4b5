#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# cycles_test.sh TESSERA DESIGNS: `tessera cycles` says what a GEMM or a training step costs a machine.
set -euo pipefail
. "$(dirname "$0")/../../cli/assert.sh"
tessera=$1 designs=$2

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

# A waveform goes where links lead, into what is no file, and nowhere if it cannot be whole.
undated() { sed '/[$]date/,/[$]end/d' "$1"; }
ln -s linked.vcd "$directory/link.vcd"
run 0 "$tessera" cycles tiny 50x20x100 --count 2 --vcd "$directory/link.vcd"
[ -L "$directory/link.vcd" ] || fail 'a link was replaced'
equal "$(undated "$directory/linked.vcd" | cksum)" "$(undated "$directory/wave.vcd" | cksum)"
mkfifo "$directory/fifo"
cat "$directory/fifo" >"$directory/copy.vcd" &
run 0 "$tessera" cycles tiny 50x20x100 --count 2 --vcd "$directory/fifo"
wait $!
[ -p "$directory/fifo" ] || fail 'a pipe was replaced'
equal "$(undated "$directory/copy.vcd" | cksum)" "$(undated "$directory/wave.vcd" | cksum)"
rm "$directory"/{link,linked,copy}.vcd "$directory/fifo"
run 1 bash -c "ulimit -f 8; '$tessera' cycles tiny 50x20x100 --vcd '$directory/cut.vcd'"
equal "$err" "tessera cycles: $directory/cut.vcd: cannot be written: File too large"
equal "$out" ''
mkdir "$directory/temporary"
TMPDIR=$directory/temporary "$tessera" cycles tiny 500x500x5000 --vcd "$directory/cut.vcd" 2>/dev/null &
while [ ! -s "$directory/cut.vcd.partial" ]; do
    kill -0 $! || fail 'no waveform is begun'
    sleep 0.02
done
kill $!
! wait $! || fail 'it was over before it was ended'
rmdir "$directory/temporary" # empty
equal "$(ls -A "$directory")" wave.vcd

# With values, the same, and the results are right; what memories and arrays hold is in the waveform.
run 0 "$tessera" cycles tiny 50x20x100 --count 2 --json --values
equal "$(jq 'del(.by, .values)' <<<"$out")" "$(jq 'del(.by)' <<<"$closed")"
equal "$(jq -c .values <<<"$out")" '{"seed":1,"results":1000,"different":0}'
for mode in int4 fp4 hfp8 fp16; do
    run 0 "$tessera" cycles tiny 50x20x100 --mode "$mode" --values --seed 7
    has "$out" '^  values: random operands, seed 7: all bits of 1000 results are those of the GEMM'
done
run 0 "$tessera" cycles rapid_fp4 100x70x130 --mode fp4 --values
has "$out" 'all bits of 7000 results'
run 0 "$tessera" cycles tiny 9x5x33 --values --vcd "$directory/wave.vcd"
for port in command_i_b_from address_o data_o outer_o_0 group_o; do
    has "$(cat "$directory/wave.vcd")" "[$]var .* [a-z_]*$port"
done

# A training step: shares and causes are of one whole; stepped, it is the same.
cd "$directory"
rm wave.vcd
for workload in tiny_conv tiny_text resnet18; do
    run 0 "$tessera" cycles rapid_fp4 "$workload" --json
    equal "$(jq '.cycles == .busy + ([.stalls[]] | add)' <<<"$out")" true
    equal "$(jq '[.work[].cycles] | add' <<<"$out")" "$(jq .cycles <<<"$out")"
    equal "$(jq '[.work[].share_of_cycles] | add | . * 1e9 | round' <<<"$out")" 1000000000
    equal "$(jq '[.work[] | .share_of_macs] | add | . * 1e9 | round' <<<"$out")" 1000000000
    equal "$(jq '[.precision[] | .share_of_cycles] | add | . * 1e9 | round' <<<"$out")" 1000000000
    equal "$(jq '[.precision[] | .share_of_macs] | add | . * 1e9 | round' <<<"$out")" 1000000000
    equal "$(jq '[.layers[] | (.fwd, .bwd, .grad) | .cycles // 0] | add' <<<"$out")" \
        "$(jq .cycles <<<"$out")"
done
run 0 "$tessera" cycles tiny tiny_text --json
closed=$(jq 'del(.by, .kind)' <<<"$out")
equal "$(jq -r .kind <<<"$out")" modelled
run 0 "$tessera" cycles tiny tiny_text --json --step
equal "$(jq 'del(.by, .kind)' <<<"$out")" "$closed"
equal "$(jq -r .kind <<<"$out")" simulated

run 0 "$tessera" cycles rapid resnet50
has "$out" '^resnet50, batch 128, one training step on rapid: modelled .closed form., 1600 MHz'
has "$out" 'utilization: 8[0-9][.][0-9] % of peak while GEMMs run'
has "$out" 'GEMM-SHARE: GEMMs take [0-9.]+ % of the cycles'
has "$out" 'CONV1X1: 1x1 convolutions are 5[0-9.]+ % of MACs'
run 0 "$tessera" cycles rapid resnet50 --layers --batch 1
has "$out" 'batch 1,'
has "$out" '^  conv1 +conv +fp16 '

# Files: all that belongs together.
run 0 "$tessera" cycles tiny tiny_conv -o new/step
has "$out" 'written to new/step'
equal "$(cd new/step && echo *)" \
    'BANDWIDTH_REPORT.csv COMPUTE_REPORT.csv roofline.csv roofline.gp roofline.svg step.csv step.json timeline.json'
run 0 "$tessera" cycles tiny tiny_conv --json
equal "$(jq -S . new/step/step.json)" "$(jq -S . <<<"$out")"
cycles=$(jq .cycles <<<"$out")
equal "$(awk -F, 'NR > 1 { sum += $16 } END { print sum }' new/step/step.csv)" "$cycles"
equal "$(awk -F, 'NR > 1 && $15 != at { print "gap" } NR > 1 { at = $15 + $16 }' new/step/step.csv)" ''
equal "$(awk -F, 'NF != columns && NR > 1 { print "ragged" } { columns = NF }' new/step/step.csv)" ''
equal "$(jq '[.traceEvents[] | select(.ph == "X") | .args.cycles] | add' new/step/timeline.json)" \
    "$cycles"
equal "$(jq '[.traceEvents[] | select(.ph == "X")] | length' new/step/timeline.json)" \
    "$(jq .jobs new/step/step.json)"
# The last event ends with the step: microseconds at 100 MHz.
equal "$(jq '[.traceEvents[] | select(.ph == "X") | .ts + .dur] | max * 100 | round' \
    new/step/timeline.json)" "$cycles"
equal "$(head -1 new/step/COMPUTE_REPORT.csv)" "LayerID, Total Cycles (incl. prefetch), Total \
Cycles, Stall Cycles, Overall Util %, Mapping Efficiency %, Compute Util %,"
equal "$(head -1 new/step/BANDWIDTH_REPORT.csv)" "LayerID, Avg IFMAP SRAM BW, Avg FILTER SRAM \
BW, Avg OFMAP SRAM BW, Avg IFMAP DRAM BW, Avg FILTER DRAM BW, Avg OFMAP DRAM BW,"
equal "$(awk -F, 'NR > 1 && (NF != 8 || $1 != NR - 2) { print "row" }' new/step/COMPUTE_REPORT.csv)" ''
equal "$(awk -F, 'NR > 1 && (NF != 8 || $1 != NR - 2) { print "row" }' new/step/BANDWIDTH_REPORT.csv)" ''
equal "$(jq '[.work | .conv, .conv1x1, .depthwise, .linear | .cycles] | add' <<<"$out")" \
    "$(awk -F, 'NR > 1 { sum += $2 } END { print sum }' new/step/COMPUTE_REPORT.csv)"
gemms=$(awk -F, 'NR > 1 && $6 == 0 && $4 ~ /conv|depth|linear/' new/step/step.csv | wc -l)
equal "$(awk 'END { print NR - 1 }' new/step/COMPUTE_REPORT.csv)" "$gemms"
equal "$(awk 'END { print NR - 1 }' new/step/roofline.csv)" "$gemms"
equal "$(awk -F, 'NR > 1 && ($7 > $8 * 1.000001 || $7 > $9 * 1.000001)' new/step/roofline.csv)" ''

equal "$(awk -F, 'NR > 1 && $10 != ($9 + 0 < $8 + 0 ? "memory" : "arrays")' new/step/roofline.csv)" ''

# The chart: units at both axes, each GEMM as a point (others are the modes' in the key), and, as
# there are few, its layer's name.
svg=$(cat new/step/roofline.svg)
has "$svg" '^</svg>$'
has "$svg" 'operations per byte of DRAM traffic .op/B.'
has "$svg" 'operations per second .Top/s.'
modes=$(awk -F, 'NR > 1 { print $3 }' new/step/roofline.csv | sort -u | wc -l)
equal "$(grep -c "<use xlink:href='#gpPt6'" new/step/roofline.svg)" $((gemms + modes))
while IFS=, read -r layer pass _; do
    has "$svg" "<text><tspan.*>$layer $pass</tspan>|<text>$layer $pass</text>"
done < <(tail -n +2 new/step/roofline.csv)
run 0 "$tessera" cycles rapid resnet50 -o large
modes=$(awk -F, 'NR > 1 { print $3 }' large/roofline.csv | sort -u | wc -l)
equal "$(grep -c "<use xlink:href='#gpPt6'" large/roofline.svg)" \
    $(($(wc -l <large/roofline.csv) - 1 + modes))

# By hand: of 58 cycles, 27 before the first block, 11 stalls; 256 MACs are 2 cycles at the peak.
cat >small.json <<'END'
{"tessera_workload": 1, "name": "small", "layers": [
  {"name": "l", "kind": "linear", "rows": 4, "in_channels": 16, "out_channels": 4}]}
END
run 0 "$tessera" cycles tiny small.json -o small
equal "$(sed -n 2p small/COMPUTE_REPORT.csv)" '0, 58, 31, 11, 6.451613, 100.000000, 10.000000,'
equal "$(sed -n 2p small/BANDWIDTH_REPORT.csv)" \
    '0, 1.103448, 2.206897, 0.275862, 1.103448, 1.103448, 0.275862,'
has "$(cat small/roofline.csv)" '^l,fwd,int4,512,96,5[.]33333,0[.]000882759,0[.]0256,0[.]00533333,memory$'

# CONV1X1's answer: what is left of 4 bit's gain.
run 0 "$tessera" cycles rapid_fp4 resnet50 --json
equal "$(jq '.claims.CONV1X1 | .speedup_over_all_8_bit > 1 and
    .speedup_of_all_4_bit_over_all_8_bit > .speedup_over_all_8_bit and
    .pointwise_in_8_bit_share_of_macs == .pointwise_share_of_macs' <<<"$out")" true
sed 's/all -> 4bit/all -> hfp8/' "$designs/rapid_fp4.yaml" >hfp8.yaml
speedup=$(jq .claims.CONV1X1.speedup_over_all_8_bit <<<"$out") cycles=$(jq .cycles <<<"$out")
run 0 "$tessera" cycles hfp8.yaml resnet50 --json
equal "$(jq "(.cycles / $cycles - $speedup) | fabs < 1e-9" <<<"$out")" true
equal "$(jq .claims.CONV1X1.gemm_speedup_over_all_8_bit <<<"$out")" 1

# Names as they are, in CSV and JSON.
run 0 "$tessera" workload tiny_text -o named.json
sed -i 's/"name":"embedding"/"name":"a,\\"b\\""/' named.json
run 0 "$tessera" cycles tiny named.json -o named
has "$(cat named/step.csv)" '^0,"a,""b""",fwd,elementwise,'
equal "$(jq -r '.layers[0].name' named/step.json)" 'a,"b"'
equal "$(jq -r '[.traceEvents[] | select(.ph == "X")][0].name' named/timeline.json)" 'a,"b"'

# A topology of SCALE-Sim, and what SCALE-Sim makes of it (one less, its known off-by-one).
printf '%s\n' 'Layer, M, N, K,' 'square, 256, 256, 256,' >topology.csv
run 0 "$tessera" import topology.csv -o topology.json
for design in ideal32_ws:22400 ideal32_os:20352; do
    run 0 "$tessera" cycles "${design%:*}" topology.json -o scale
    has "$(sed -n 2p scale/COMPUTE_REPORT.csv)" "^0, ${design#*:}, ${design#*:}, 0, .*, 100.000000, "
done

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
expect_error 'needs a DESIGN, and a WORKLOAD or MxNxK' rapid
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
run 1 "$tessera" cycles tiny 1x1x1 --vcd "$directory/no/wave.vcd"
equal "$err" "tessera cycles: $directory/no/wave.vcd: cannot be written: No such file or directory"
expect_error 'm is 0; it must be' tiny 0x1x1 --vcd "$directory/no/wave.vcd"
expect_error "'x' is no whole number" rapid 1x1x1 --count x
expect_error "[-]-seed 'x' is no whole number" rapid 1x1x1 --values --seed x
expect_error '[-]-seed is for --values' rapid 1x1x1 --seed 2
expect_error '[-]-values is for a GEMM' rapid resnet50 --values
expect_error 'too many to be stepped with values; at most 4e.09 of 1e.08' rapid 4000x4000x4000 --values
expect_error "'resnet' is no file, and no shipped network; there are bert_base" rapid resnet
expect_error 'new/step/step.csv: line 1, column 1: not JSON' rapid new/step/step.csv
expect_error '[-]-batch' rapid resnet50 --batch 0
expect_error '[-]-batch' rapid resnet50 --batch many
expect_error "^tessera cycles: --mode is for a GEMM; 'resnet50' is a workload" rapid resnet50 --mode fp16
expect_error '[-]-vcd is for a GEMM' rapid resnet50 --vcd wave.vcd
expect_error "^tessera cycles: -o is for a workload; '1x1x1' is a GEMM" rapid 1x1x1 -o new
expect_error 'int4_fp4_8x8: chip is missing' int4_fp4_8x8 tiny_conv
expect_error "resnet50 on rapid: [0-9]+ cycles are too many to be stepped; at most 1000000000" \
    rapid resnet50 --step --batch 256
sed 's/int4+fp4+hfp8+fp16/int4+hfp8+fp16/' "$designs/rapid_fp4.yaml" >no_fp4.yaml
expect_error 'no_fp4.yaml.*training.precision, rule 4: .*4bit' no_fp4.yaml resnet50
run 1 "$tessera" cycles tiny tiny_conv -o topology.csv
has "$err" 'topology.csv: is not a directory'
equal "$out" ''
mkdir full
ln -s /dev/full full/timeline.json.partial
run 1 "$tessera" cycles tiny tiny_conv -o full
has "$err" 'full/timeline.json.partial: cannot be written: No space left'
equal "$(ls full)" ''

run 0 "$tessera" cycles --summary
equal "$(lines "$out")" 1
run 0 "$tessera" cycles --help
has "$out" '^Examples:'
run 1 sh -c "'$tessera' cycles tiny 1x1x1 > /dev/full"
has "$err" 'cannot write'
