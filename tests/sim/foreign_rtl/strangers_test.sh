#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# strangers_test.sh TESSERA RTL: modules of other shapes, with state, and what is said of bad ones.
set -euo pipefail
. "$(dirname "$0")/../../cli/assert.sh"
tessera=$1 rtl=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

# No clock, no valid bits; ports of a struct and a typedef; an input of its own; a file included.
mkdir include
echo 'typedef logic [4:0] code_t;' >include/types.svh
cat >wires.sv <<'EOF'
`include "types.svh"
package radix4;
  typedef struct packed { logic sign; logic [1:0] high; logic low; } code_t;
endpackage
module wires(input radix4::code_t code, input phase, input [2:0] mode, output code_t result);
  assign result = mode == 5 ? {code, phase} : `BROKEN;
endmodule
EOF
wires=("$tessera" cosim radix4_to_radix2 --rtl wires.sv --include include --define BROKEN=0
    --map clk_i=- --map rst_ni=- --map valid_i=- --map valid_o=- --map code_o=result)
run 0 "${wires[@]}" --map 5=mode --exhaustive
has "$out" ', latency 0 \(no clock\)$'
has "$out" ', 32 outputs compared, '

# A clock but no valid bits: a latency that is wrong is noticed. A parameter, and a held input.
echo 'module helper; endmodule' >first.v
cat >plain.v <<'EOF'
module plain #(parameter FLIP = 1)
  (input clk, input [3:0] code, input phase, output reg [4:0] result);
  helper u_helper();
  reg [4:0] early;
  always @(posedge clk) begin early <= {code, phase ^ (FLIP != 0)}; result <= early; end
endmodule
EOF
plain=("$tessera" cosim radix4_to_radix2 --rtl first.v plain.v --parameter 'FLIP=0' --map 'rst_ni=-'
    --map 'valid_i=-' --map 'valid_o=-' --map 'code_o=result')
held=(--map 'phase_i=1' --map '1=phase')
run 1 "${plain[@]}" "${held[@]}" -o plain.out
has "$out" '^module plain of plain\.v, '
has "$out" '^with --latency 2 the first [0-9]+ outputs agree$'
run 0 "${plain[@]}" "${held[@]}" --latency 2 --cycles 5000
has "$out" 'latency 2 \(--latency\)'

# A module that ends the simulation is a difference, and found as small; `which` says how it does.
cat >stops.v <<'EOV'
module stops(input clk, input [3:0] code, input phase, output [4:0] result, output always_1);
  integer file, which = 0, got;
  initial begin
    file = $fopen("which", "r");
    got = $fscanf(file, "%d", which);
    if (which == 5) $finish;
  end
  wire bad = code == 9 & phase;
  reg loop = 0, back = 0;
  always @* loop = which == 4 & bad & ~back;
  always @* back = loop;
  assign result = {code, phase ^ loop}, always_1 = 1;
  always @(posedge clk) begin
    if (which == 1 & bad) $finish;
    if (which == 2 & bad) $stop;
    if (which == 3) assert (!bad);
    if (which == 6 & bad) $fatal(1, "code %0d", code);
  end
endmodule
EOV
stops=("$tessera" cosim radix4_to_radix2 --rtl stops.v --map rst_ni=- --map valid_i=-
    --map valid_o=always_1 --map code_o=result --cycles 5000)
ends()
{
    echo "$1" >which
    rm -rf ends
    run 1 "${stops[@]}" -o ends
    has "$out" '^ends the simulation in cycle [0-9]+, with these inputs:$'
    has "$out" "^  $2"
    grep -q '^#fields' ends/minimal.rows || fail 'no rows'
    fst2vcd ends/difference.fst >vcd
    fst2vcd ends/minimal.fst >vcd
    has "$out" '\([0-9]+ clocks? -> 1, '
    has "$out" '^  code_i: 9 '
}
echo 0 >which
run 0 "${stops[@]}"
has "$out" "latency 0 \\(the block's own, as valid_o does not tell;"
ends 1 '[$]finish at stops\.v:14$'
ends 2 '[$]stop, [$]fatal or assertion at stops\.v:15$'
ends 3 '[$]stop, [$]fatal or assertion at stops\.v:16: .*Assertion failed'
ends 4 '.* region did not converge'
ends 6 '[$]stop, [$]fatal or assertion at stops\.v:17: .*code 9$'
has "$err" 'code 9$'
run 1 "${stops[@]}" --json -o ends
equal "$(jq -r '[.agrees, (.difference.ends_by | test("stops.v:17"))] | join(" ")' <<<"$out")" \
    'false true'
echo 5 >which
run 1 "${stops[@]}" -o ends
has "$out" '^ends the simulation in cycle 0, '
has "$out" '[$]finish at stops\.v:6$'
has "$out" '^it is in reset$'

# State: a fault that takes several clocks to show, of which no more than those are left.
mapfile -t files < <(find "$rtl" -name '*.sv' ! -name tessera_pkg.sv ! -name chunk_accumulator.sv)
sed 's/valid_i ? ~last_i : acc_open_q/valid_i \& ~last_i/' "$rtl/chunk_accumulator.sv" >faulty.sv
cmp -s faulty.sv "$rtl/chunk_accumulator.sv" && fail 'no fault was put in'
run 1 "$tessera" cosim chunk_accumulator --rtl "$rtl/tessera_pkg.sv" "${files[@]}" faulty.sv \
    --top chunk_accumulator -o state --cycles 100000
has "$out" '^minimal input that shows it, after a reset \([0-9]+ clocks -> 3, '
has "$out" '^  clock 1 \(idle: valid_i = 0\)$'
run 0 "$tessera" check chunk_accumulator <state/minimal.rows
equal "$(grep -vc '^#' state/minimal.rows)" 4

# What has to be changed is one line on standard error.
refuses()
{
    local pattern=$1
    shift
    run 2 "$tessera" cosim "$@"
    equal "$out" ''
    equal "$(lines "$err")" 1
    has "$err" "$pattern"
}
refuses 'module plain has no port for rst_ni; .*--map rst_ni=PORT, or =!PORT if it is active high' \
    radix4_to_radix2 --rtl first.v plain.v
refuses 'no port for code_o; map one of its outputs \(result\)' radix4_to_radix2 \
    --rtl first.v plain.v --map rst_ni=- --map valid_i=- --map valid_o=-
refuses 'input mode of module wires is not connected; .*--map 0=mode to hold it at 0' "${wires[@]:2}"
refuses "no such port; its outputs are result" "${plain[@]:2}" --map code_o=reslt
refuses "port code of module plain is an input, code_o an output" "${plain[@]:2}" --map code_o=code
refuses "radix4_to_radix2 has no port 'x_i'" "${plain[@]:2}" --map x_i=code
refuses "is not OURS=THEIRS" "${plain[@]:2}" --map code
refuses "port phase of module plain has 1 bits, code_i has 4" "${plain[@]:2}" --map code_i=phase \
    --map phase_i=code
refuses 'nothing to compare' "${plain[@]:2}" --map code_o=-
refuses 'only a port of one bit is inverted' "${plain[@]:2}" --map 'code_i=!code'
refuses 'phase_i has 1 bits' "${plain[@]:2}" --map phase_i=2
refuses "Specified --top-module 'absent' was not found" "${plain[@]:2}" --top absent
refuses 'several modules .*: plain, wires; name one: --top|: wires, plain; name one: --top' \
    radix4_to_radix2 --rtl wires.sv first.v plain.v --include include --define BROKEN=0
refuses '-o plain\.v/x: no files can be written into .*/plain\.v;' "${plain[@]:2}" -o plain.v/x
printf 'module bad(input a, output b);\n  asign b = a;\nendmodule\n' >bad.v
refuses '%Error: bad\.v:2:' radix4_to_radix2 --rtl bad.v
refuses 'absent\.v' radix4_to_radix2 --rtl absent.v
refuses 'your RTL is needed' radix4_to_radix2
refuses 'a block is needed' --rtl bad.v
refuses "did you mean 'mac_lane'" mac_lan --rtl bad.v
refuses 'Lanes must be' dot_product Lanes=3 --rtl bad.v
refuses "no option '--tpo'" mac_lane --rtl bad.v --tpo x
refuses '--cycles must be a number' mac_lane --rtl bad.v --cycles none
refuses '--seed needs a value' mac_lane --rtl bad.v --seed
refuses '48 bits of input' dlfloat16_fma --exhaustive --rtl first.v plain.v --map rst_ni=- --map valid_i=- \
    --map valid_o=- --map a_i=code
run 0 "$tessera" cosim --help
has "$out" '^usage: tessera cosim BLOCK --rtl FILE'
run 0 "$tessera" cosim --summary
equal "$(lines "$out")" 1
