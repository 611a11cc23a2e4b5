// SPDX-License-Identifier: Apache-2.0
// A pipeline cut for data: a register without reset, or wires.

module pipe_stage #(
  parameter int unsigned Width  = 1,
  parameter bit          Enable = 1'b1
) (
  input  logic             clk_i,
  input  logic [Width-1:0] d_i,
  output logic [Width-1:0] q_o
);

  if (Enable) begin : gen_register
    logic [Width-1:0] data_q;
    always_ff @(posedge clk_i) begin
      data_q <= d_i;
    end
    assign q_o = data_q;
  end else begin : gen_wires
    logic unused_clk;
    assign unused_clk = clk_i;
    assign q_o = d_i;
  end

endmodule
