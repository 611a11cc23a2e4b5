// SPDX-License-Identifier: Apache-2.0
// fp16 a * b + c with a single rounding, nearest_even; subnormals are an option.

module fp16_fma #(
  parameter int unsigned Subnormals = 1,  // 0: operands and results flush to zero
  parameter int unsigned Saturate   = 0,
  parameter int unsigned Stages     = 2
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        valid_i,
  input  logic [15:0] a_i,
  input  logic [15:0] b_i,
  input  logic [15:0] c_i,
  output logic        valid_o,
  output logic [15:0] sum_o
);

  float_fma #(
    .ExpBits   (5),
    .ManBits   (10),
    .Subnormals(Subnormals != 0),
    .Saturate  (Saturate != 0),
    .CutProduct(Stages >= 3),
    .CutSum    (Stages >= 2)
  ) u_float_fma (
    .clk_i(clk_i),
    .a_i  (a_i),
    .b_i  (b_i),
    .c_i  (c_i),
    .sum_o(sum_o)
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
