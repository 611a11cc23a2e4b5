#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# zero_gate_test.sh RTL: netlists of both arrays with and without ZeroGate, on operands of which three
# in four are zero. Gated, the results are the same, and fewer bits of registers toggle.
set -euo pipefail
. "$(dirname "$0")/../cli/assert.sh"
rtl=$(realpath "$1")
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"

# Integers alone, the simplest slices; rows of 20 bits pass four columns.
netlist()
{
    local array=$1 gate=$2 assignment parameters=''
    for assignment in Rows=2 Cols=4 Simd=1 Lanes=4 Chunk=8 Modes=1 Variant=2 "ZeroGate=$gate"; do
        parameters+="chparam -set ${assignment%=*} ${assignment#*=} $array; "
    done
    yosys -q -p "read_verilog -sv -defer $(grep -lE '^package ' "$rtl"/*.sv | xargs) $(
        grep -lE '^module ' "$rtl"/*.sv | xargs); $parameters
        hierarchy -check -top $array; proc; flatten; opt; opt_clean -purge;
        write_verilog -noattr netlist.v"
}

# The same inputs in every run; the results of a clock are a line.
simulate()
{
    local array=$1 ports=$2
    cat >tb.v <<END
module tb;
  reg clk = 0, rst_n = 0, valid = 0, load = 0, drain = 0;
  reg [39:0] rows = 0;
  reg [79:0] columns = 0;
  wire shown;
  wire [63:0] outer;
  integer seed = 1, t, i;
  $array dut (.clk_i(clk), .rst_ni(rst_n), .valid_i(valid), .swap_i(1'b0), .a_unsigned_i(1'b0),
    .fp4_i(1'b0), .escale_i(7'd0), .close_i(1'b1), .first_i(1'b1), $ports,
    .valid_o(shown), .outer_o(outer));
  initial begin
    \$dumpfile("wave.vcd");
    \$dumpvars(0, dut);
    for (t = 0; t < 400; t = t + 1) begin
      rst_n = t > 3;
      load = t % 100 < 6;
      valid = t % 100 > 8 && t % 100 < 60;
      drain = t % 4 == 0;
      columns = {\$random(seed), \$random(seed), \$random(seed)};
      rows = {\$random(seed), \$random(seed)};
      for (i = 0; i < 2; i = i + 1) if (\$random(seed) & 3) rows[20*i+:20] = 0;
      #1 clk = 1;
      #4 if (shown && t > 20) \$display("%0d %h", t, outer);
      clk = 0;
      #5;
    end
    \$finish;
  end
endmodule
END
    iverilog -g2009 -o tb tb.v netlist.v
    vvp -n tb | grep '^[0-9]'
}

# Bits of registers that are not what they were, in the wave.
toggles()
{
    awk '$1 == "$var" && $2 == "reg" { width[$4] = $3 }
        /^[01b]/ {
            id = /^b/ ? $2 : substr($0, 2)
            if (!(id in width)) next
            value = /^b/ ? substr($1, 2) : substr($0, 1, 1)
            while (length(value) < width[id]) value = "0" value
            for (i = 1; id in was && i <= width[id]; i++)
                count += substr(value, i, 1) != substr(was[id], i, 1)
            was[id] = value
        }
        END { print count + 0 }' wave.vcd
}

compare()
{
    local array=$1 ports=$2 gate
    local -A said counted
    for gate in 0 1; do
        netlist "$array" "$gate"
        said[$gate]=$(simulate "$array" "$ports")
        counted[$gate]=$(toggles)
    done
    echo "$array: ${counted[0]} toggles of registers, with zero gating ${counted[1]}"
    [ "$(wc -l <<<"${said[0]}")" -gt 20 ] || fail "$array: hardly any results"
    [ "${said[0]}" = "${said[1]}" ] || fail "$array: zero gating changes results"
    [ "${counted[1]}" -lt "${counted[0]}" ] || fail "$array: zero gating saves nothing"
}

compare mac_array \
    '.load_i(load), .weight_i(columns), .stream_i(rows), .open_i(1'"'b0"'), .last_i(1'"'b1"')'
compare mac_array_os '.left_i(rows), .top_i(columns), .drain_i(valid && drain)'
