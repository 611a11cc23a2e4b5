// SPDX-License-Identifier: Apache-2.0
// An activation in dlfloat16 times 15 / alpha, to uint4.

module pact #(
  parameter int unsigned Stages = 1
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        valid_i,
  input  logic [15:0] x_i,
  input  logic [15:0] scale_i,
  output logic        valid_o,
  output logic [3:0]  q_o
);

  logic unused_sign;
  assign unused_sign = scale_i[15];

  pact_core #(
    .CutProduct(Stages >= 2),
    .CutOutput (Stages >= 1)
  ) u_core (
    .clk_i  (clk_i),
    .x_i    (x_i),
    .scale_i(scale_i[14:0]),
    .q_o    (q_o)
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
