// SPDX-License-Identifier: Apache-2.0
// Exact product of two integers.

module int_mul #(
  parameter int unsigned Bits   = 8,
  parameter int unsigned Signed = 1,
  parameter int unsigned Stages = 1
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  input  logic              valid_i,
  input  logic [Bits-1:0]   a_i,
  input  logic [Bits-1:0]   b_i,
  output logic              valid_o,
  output logic [2*Bits-1:0] p_o
);

  localparam bit IsSigned = Signed != 0;

  logic signed [Bits:0] a;
  logic [2*Bits-1:0] product;
  assign a = {IsSigned & a_i[Bits-1], a_i};

  if (Stages >= 2) begin : gen_halves
    // The two halves of b multiply on their own; a register lies before their sum.
    localparam int unsigned Low = Bits / 2;
    localparam int unsigned High = Bits - Low;
    logic signed [Low:0] b_low;
    logic signed [High:0] b_high;
    logic [Bits+Low-1:0] low_d, low_q;
    logic [Bits+High-1:0] high_d, high_q;
    assign b_low = {1'b0, b_i[Low-1:0]};
    assign b_high = {IsSigned & b_i[Bits-1], b_i[Bits-1:Low]};
    assign low_d = (Bits + Low)'(a * b_low);
    assign high_d = (Bits + High)'(a * b_high);

    pipe_stage #(
      .Width (3 * Bits)
    ) u_halves (
      .clk_i(clk_i),
      .d_i  ({high_d, low_d}),
      .q_o  ({high_q, low_q})
    );

    assign product = {high_q, Low'(0)} +
        {{High{IsSigned & low_q[Bits+Low-1]}}, low_q};
  end else begin : gen_whole
    logic signed [Bits:0] b;
    assign b = {IsSigned & b_i[Bits-1], b_i};
    assign product = (2 * Bits)'(a * b);
  end

  pipe_stage #(
    .Width (2 * Bits),
    .Enable(Stages >= 1)
  ) u_output (
    .clk_i(clk_i),
    .d_i  (product),
    .q_o  (p_o)
  );

  control_delay #(
    .Depth(Stages)
  ) u_valid (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .d_i   (valid_i),
    .q_o   (valid_o)
  );

endmodule
