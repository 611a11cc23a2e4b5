#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# skew_test.sh TESSERA RTL: our own mpe and mac_array, whose ports count in different cycles, and
# copies with faults; the file `which` says which.
set -euo pipefail
. "$(dirname "$0")/../../cli/assert.sh"
tessera=$1 rtl=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
# shellcheck disable=SC2016 # they are Verilog's
select='integer file, which, got;
  initial begin file = $fopen("which", "r"); got = $fscanf(file, "%d", which); end'

# faulty BLOCK FROM TO...: a copy with each FROM replaced. No / and no newline in them.
faulty()
{
    local block=$1
    local text
    text=$(cat "$rtl/$block.sv")
    shift
    while [ $# -gt 0 ]; do
        [[ $text = *"$1"* ]] || fail "no '$1' to replace"
        text=${text/"$1"/"$2"}
        shift 2
    done
    echo "$text" >"$block.sv"
    mapfile -t files < <(find "$rtl" -name '*.sv' ! -name tessera_pkg.sv ! -name "$block.sv")
    cosim=("$tessera" cosim "$block" --top "$block" --rtl "$rtl/tessera_pkg.sv" "${files[@]}"
        "$block.sv" "${parameters[@]}")
    for each in "${parameters[@]}"; do cosim+=(--parameter "$each"); done
}

# faults of an mpe: 1 in operands that it passes on in each clock, 2 in a product.
parameters=(Modes=2 Variant=2 Simd=2 Lanes=2 Chunk=16 AccStages=2)
faulty mpe 'assign weight_o = weight_q;' "$select
  assign weight_o = weight_q ^ 20'(which == 1 && stream_o[4:0] == 21);" \
    ': streamed[3:0]' ': streamed[3:0] & (which == 2 ? 4'"'b1011 : 4'b1111)"
echo 0 >which
run 0 "${cosim[@]}" --cycles 100000
has "$out" ', latency 3 \(measured by valid_o\)$'
has "$out" '^100000 cycles, [78][0-9]{4} outputs compared, '
has "$out" '^agrees in every bit$'
echo 1 >which
run 1 "${cosim[@]}" --cycles 100000 -o passed
has "$out" '^  weight_o: expected .*, got '
# The operands are loaded, then passed on: the protocol's first clock stays, idle as it was.
has "$out" '^minimal input that shows it, after a reset \([0-9]+ clocks -> [45], '
has "$out" '^  clock 0 \(idle: valid_i = 0\)$'
equal "$(grep -c '^    load_i: 1' <<<"$out")" 1
run 0 "$tessera" check mpe "${parameters[@]}" <passed/minimal.rows
echo 2 >which
run 1 "${cosim[@]}" --cycles 100000 -o product
has "$out" '^differs in cycle [0-9]+, from the inputs of cycle [0-9]+:$'
equal "$(sed -n 's/^differs in cycle \([0-9]*\), from the inputs of cycle \([0-9]*\):/\1-\2/p' \
    <<<"$out" | bc)" 3
has "$out" '\([0-9]+ clocks -> 5, '
has "$out" '^  acc_o: expected '
# What is expected of a port stands in the waveform when the port shows it.
fst2vcd product/minimal.fst >vcd
changes()
{
    local id
    id=$(awk -v name="$1" '$5 == name { print $4; exit }' vcd)
    awk -v id="$id" -v late="$2" '/^#/ { time = substr($0, 2) } $2 == id || $0 ~ "^[01]" id "$" {
        if (time + late > 160) print time + late, $1 }' vcd # of the reset nothing counts
}
for port in stream_o weight_o; do
    [ -n "$(changes $port 5)" ] || fail "$port never changes"
    equal "$(changes expected_$port 0)" "$(changes $port 5)"
done

# An array: the last column's results come last. 1: there is a fault in it. 2: all comes a cycle
# later, which is no fault.
parameters=(Modes=2 Variant=2 Rows=1 Cols=3 Simd=1 Lanes=2 Chunk=4 Depth=2 AccStages=2)
faulty mac_array '  // Skew:' "  $select
  logic [Cols*Simd*OuterBits-1:0] outer, outer_q;
  logic valid_q;
  always_ff @(posedge clk_i) {valid_q, outer_q} <= {gen_column[0].valid_out & rst_ni, outer};
  assign outer_o = which == 2 ? outer_q : outer;
  // Skew:" 'assign valid_o = valid_out' 'assign valid_o = which == 2 ? valid_q : valid_out' \
    '(outer_o[' '(outer[' '= gen_column[c-1].stream_out;' "= gen_column[c-1].stream_out ^
        StreamWidth'(which == 1 && c == 2 && gen_column[1].stream_out[2:0] == 5);"
echo 0 >which
run 0 "${cosim[@]}" --cycles 100000
has "$out" ', latency 4 \(measured by valid_o\)$'
has "$out" '^agrees in every bit$'
echo 2 >which
run 0 "${cosim[@]}" --cycles 20000
has "$out" ', latency 5 \(measured by valid_o\)$'
run 1 "${cosim[@]}" --cycles 20000 --latency 4 -o early
has "$out" '^with --latency 5 the first [0-9]+ outputs agree$'
echo 1 >which
run 1 "${cosim[@]}" --cycles 100000 -o array
has "$out" '^  outer_o: expected \[(.*\), )(.*, .*)\], got \[\1'
n=$(sed -n 's/^minimal input.*(\([0-9]*\) clocks -> \([0-9]*\), .*/\1 \2/p' <<<"$out")
[ -n "$n" ] || fail 'no minimal input'
equal "${n% *}" "${n#* }"
# Of a fold nothing can go, and its controls are those of the run.
run 0 "$tessera" check mac_array "${parameters[@]}" <array/minimal.rows
controls()
{
    grep -v '^#' | cut -d ' ' -f "$columns"
}
columns=$(head -1 array/minimal.rows | tr ' ' '\n' | tail -n +2 | grep -n ':in$' |
    grep -Ev 'weight_i|stream_i' | cut -d : -f 1 | paste -sd ,)
equal "$(tr ',' '\n' <<<"$columns" | wc -l)" 11
ran=$("$tessera" vectors mac_array "${parameters[@]}" --random 5000 --seed 1 | controls)
[[ $ran = *"$(controls <array/minimal.rows)"* ]] || fail 'the controls are not those of the run'
