// SPDX-License-Identifier: Apache-2.0
// A delay of Depth cycles for valid and state bits, which reset clears.

module control_delay #(
  parameter int unsigned Width = 1,
  parameter int unsigned Depth = 1
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic [Width-1:0] d_i,
  output logic [Width-1:0] q_o
);

  if (Depth == 0) begin : gen_wires
    logic unused_clk_rst;
    assign unused_clk_rst = clk_i ^ rst_ni;
    assign q_o = d_i;
  end else begin : gen_registers
    logic [Width*Depth-1:0] data_q;
    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        data_q <= '0;
      end else begin
        data_q <= (Width*Depth)'({data_q, d_i});
      end
    end
    assign q_o = data_q[Width*Depth-1-:Width];
  end

endmodule
