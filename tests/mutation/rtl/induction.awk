# SPDX-License-Identifier: Apache-2.0
# awk -v clocks=N -f induction.awk cut.il: module miter, around `gold` and `gate` with their
# registers cut out. bad_o is never 1 if both of these hold:
#   step (forced_i = 0)  After any N clocks of gold from any state, gate does the same in that state.
#   base (forced_i = 1)  From any one state, N clocks after one with a reset, both are in the same
#                        state again.
# Then, from the base on, both go from one same state to the next.
function connect(module, data,    text, i)
{
    text = sprintf("  %s u_%s (", module, module)
    for (i = 0; i < n_inputs; i++) {
        text = text sprintf(".\\%s (%s),", inputs[i],
                            inputs[i] == "rst_ni" ? "rst_ni & ~begins" : "\\" inputs[i] " ")
    }
    for (i = 0; i < n_states; i++) {
        text = text sprintf("\n    .\\%s.Q (%s_state[%d]), .\\%s.D (%s_next[%d]),", states[i],
                            module, i, states[i], module, i)
    }
    for (i = 0; i < n_outputs; i++) {
        text = text sprintf("\n    .\\%s (%s_out[%d])%s", outputs[i], module, i,
                            i < n_outputs - 1 ? "," : "\n  );")
    }
    print text
}

/^module / { inside = $2 == "\\netlist" }
inside && $1 == "wire" && / (input|output) / {
    name = substr($NF, 2)
    if (name ~ /^ff[0-9]+\.Q$/) {
        states[n_states++] = substr(name, 1, length(name) - 2)
    } else if (name !~ /^ff[0-9]+\.[CD]$/) {
        if (/ input /) {
            inputs[n_inputs++] = name
        } else {
            outputs[n_outputs++] = name
        }
    }
}

END {
    printf "module miter (\n  input logic clk, input logic forced_i,\n"
    for (i = 0; i < n_inputs; i++) {
        printf "  input logic \\%s ,\n", inputs[i]
    }
    print "  output logic bad_o\n);"
    printf "  logic [%d:0] frame_q = '0;\n", clocks - 1
    print "  logic forced_q = 1'b0, forced, begins;"
    print "  assign forced = frame_q[0] ? forced_q : forced_i;"
    print "  assign begins = forced & ~frame_q[0];"
    printf "  logic [%d:0] gold_state, gold_next, gold_q, gate_state, gate_next, gate_q;\n", n_states - 1
    printf "  logic [%d:0] gold_out, gate_out;\n", n_outputs - 1
    print "  always_ff @(posedge clk) begin"
    print "    frame_q <= {frame_q, 1'b1};\n    forced_q <= forced;"
    print "    gold_q <= gold_next;\n    gate_q <= gate_next;\n  end"
    print "  assign gold_state = gold_q;"
    print "  assign gate_state = forced & frame_q[0] ? gate_q : gold_q;"
    connect("gold")
    connect("gate")
    printf "  assign bad_o = frame_q[%d] &\n", clocks - 1
    print "    ({gold_next, gold_out} != {gate_next, gate_out});\nendmodule"
}
