// SPDX-License-Identifier: Apache-2.0
// Lanes products of 16-bit integers along k into an integer accumulator.

module int16_mac #(
  parameter int unsigned Lanes    = 2,
  parameter int unsigned AccBits  = 48,
  parameter int unsigned Saturate = 0,
  parameter int unsigned Stages   = 2
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic               valid_i,
  input  logic [16*Lanes-1:0] a_i,
  input  logic [16*Lanes-1:0] b_i,
  input  logic [AccBits-1:0] acc_i,
  output logic               valid_o,
  output logic [AccBits-1:0] acc_o
);

  int_mac #(
    .OperandBits(16),
    .Lanes      (Lanes),
    .AccBits    (AccBits),
    .Saturate   (Saturate != 0),
    .Stages     (Stages)
  ) u_int_mac (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .valid_i(valid_i),
    .a_i    (a_i),
    .b_i    (b_i),
    .acc_i  (acc_i),
    .valid_o(valid_o),
    .acc_o  (acc_o)
  );

endmodule
