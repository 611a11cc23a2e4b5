// SPDX-License-Identifier: Apache-2.0
// Sum of two integers, wrapping or saturating.

module int_add #(
  parameter int unsigned Bits     = 16,
  parameter int unsigned Saturate = 0,
  parameter int unsigned Stages   = 1
) (
  input  logic            clk_i,
  input  logic            rst_ni,
  input  logic            valid_i,
  input  logic [Bits-1:0] a_i,
  input  logic [Bits-1:0] b_i,
  output logic            valid_o,
  output logic [Bits-1:0] sum_o
);

  logic [Bits-1:0] wrapped, sum;
  assign wrapped = a_i + b_i;

  if (Saturate != 0) begin : gen_saturate
    // Operands of one sign whose sum has the other: the sign of the operands says which end.
    logic overflow;
    assign overflow = (a_i[Bits-1] == b_i[Bits-1]) & (wrapped[Bits-1] != a_i[Bits-1]);
    assign sum = overflow ? {a_i[Bits-1], {(Bits - 1){~a_i[Bits-1]}}} : wrapped;
  end else begin : gen_wrap
    assign sum = wrapped;
  end

  pipe_stage #(
    .Width (Bits),
    .Enable(Stages >= 1)
  ) u_output (
    .clk_i(clk_i),
    .d_i  (sum),
    .q_o  (sum_o)
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
