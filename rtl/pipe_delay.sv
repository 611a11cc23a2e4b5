// SPDX-License-Identifier: Apache-2.0
// A delay of Depth cycles for data, without reset.

module pipe_delay #(
  parameter int unsigned Width = 1,
  parameter int unsigned Depth = 1
) (
  input  logic             clk_i,
  input  logic [Width-1:0] d_i,
  output logic [Width-1:0] q_o
);

  if (Depth == 0) begin : gen_wires
    logic unused_clk;
    assign unused_clk = clk_i;
    assign q_o = d_i;
  end else begin : gen_registers
    logic [Width*Depth-1:0] data_q;
    always_ff @(posedge clk_i) begin
      data_q <= (Width * Depth)'({data_q, d_i});
    end
    assign q_o = data_q[Width*Depth-1-:Width];
  end

endmodule
