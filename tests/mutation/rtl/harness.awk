# SPDX-License-Identifier: Apache-2.0
# awk -v clocks=N -v always="OUTPUT ..." -f harness.awk cut.il: module miter, around two copies of
# module `netlist` with its registers cut out: `gold`, and `gate` with mutant_i.
#
# N = 0: no registers. bad_o is never 1 if gate does the same as gold in any state.
# N > 0: bad_o is never 1 if both of these hold:
#   step (forced_i = 0)  After any N clocks of gold from any state, gate does the same in that state.
#   base (forced_i = 1)  From any one state, after a clock with a reset, no output that counts
#                        differs in N clocks, and then both are in the same state again.
# Then, from the base on, both go from one same state to the next.

function escaped(name)
{
    return "\\" name " "
}

function value(module, name)
{
    if (name ~ /^mutant_[0-9]+_$/) {
        gsub(/[^0-9]/, "", name)
        return module == "gold" ? "1'b0" : "mutant_i[" name "]"
    }
    return name == "rst_ni" && clocks ? "rst_ni & ~begins" : escaped(name)
}

function connect(module,    i)
{
    printf "  netlist u_%s (", module
    for (i = 0; i < n_inputs; i++) {
        printf "\n    .%s(%s),", escaped(inputs[i]), value(module, inputs[i])
    }
    for (i = 0; i < n_states; i++) {
        printf "\n    .%s(%s_state[%d]),", escaped(states[i] ".Q"), module, i
        printf "\n    .%s(%s_next[%d]),", escaped(states[i] ".D"), module, i
        printf "\n    .%s(%s_clock[%d]),", escaped(states[i] ".C"), module, i
    }
    for (i = 0; i < n_outputs; i++) {
        printf "%s\n    .%s(%s_out[%d])", (i ? "," : ""), escaped(outputs[i]), module, i
    }
    print "\n  );"
}

# Outputs that count: some do in all cycles, the others beside valid_o.
function counts(name)
{
    sub(/(_[0-9]+_)?$/, "", name)
    return index(" " always " ", " " name " ") > 0
}

/^module / { inside = $2 == "\\netlist" }
inside && $1 == "wire" && / (input|output) / {
    name = substr($NF, 2)
    if (name ~ /^ff[0-9]+\.[DQC]$/) {
        if (name ~ /Q$/) {
            states[n_states++] = substr(name, 1, length(name) - 2)
        }
    } else if (/ input /) {
        inputs[n_inputs++] = name
    } else {
        if (name == "valid_o") {
            valid = n_outputs
        }
        outputs[n_outputs++] = name
    }
}

END {
    state = sprintf("logic [%d:0]", n_states - 1)
    print "module miter (\n  input logic clk, forced_i,\n  input logic [15:0] mutant_i,"
    for (i = 0; i < n_inputs; i++) {
        if (inputs[i] !~ /^mutant_/) {
            print "  input logic " escaped(inputs[i]) ","
        }
    }
    if (!clocks && n_states) {
        print "  input " state " state_i,"
    }
    print "  output logic bad_o\n);"
    if (n_states) {
        print "  " state " gold_state, gold_next, gold_clock, gate_state, gate_next, gate_clock;"
    }
    printf "  logic [%d:0] gold_out, gate_out, counts;\n  logic step_bad;\n", n_outputs - 1
    connect("gold")
    connect("gate")
    print "  assign step_bad = gold_out != gate_out" \
        (n_states ? " | gold_next != gate_next | gold_clock != gate_clock;" : ";")
    if (!clocks) {
        if (n_states) {
            print "  assign gold_state = state_i;\n  assign gate_state = state_i;"
        }
        print "  assign bad_o = step_bad;\nendmodule"
        exit
    }
    for (i = 0; i < n_outputs; i++) {
        printf "  assign counts[%d] = 1'b%d;\n", i, counts(outputs[i])
    }
    printf "  logic [%d:0] frame_q = '0;\n", clocks - 1
    print "  logic forced_q = 1'b0, forced, begins, out_bad;"
    print "  " state " gold_q, gate_q;"
    print "  assign forced = frame_q[0] ? forced_q : forced_i;"
    print "  assign begins = forced & ~frame_q[0];"
    print "  always_ff @(posedge clk) begin"
    print "    frame_q <= {frame_q, 1'b1};\n    forced_q <= forced;"
    print "    gold_q <= gold_next;\n    gate_q <= gate_next;\n  end"
    print "  assign gold_state = gold_q;"
    print "  assign gate_state = forced & frame_q[0] ? gate_q : gold_q;"
    printf "  assign out_bad = |((gold_out ^ gate_out) & (counts | {%d{gold_out[%d]}}));\n",
        n_outputs, valid
    printf "  assign bad_o = (forced & frame_q[0] & out_bad) |\n"
    printf "    (frame_q[%d] & (forced ? gold_next != gate_next : step_bad));\nendmodule\n", clocks - 1
}
