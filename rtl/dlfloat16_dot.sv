// SPDX-License-Identifier: Apache-2.0
// Products of dlfloat16 operands enter a dlfloat16 sum with one rounding.

module dlfloat16_dot #(
  parameter int unsigned Lanes      = 2,
  parameter int unsigned Align      = 0,
  parameter int unsigned AlignWidth = 24,
  parameter int unsigned Saturate   = 0,
  parameter int unsigned Stages     = 2
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                valid_i,
  input  logic [16*Lanes-1:0] a_i,
  input  logic [16*Lanes-1:0] b_i,
  input  logic [15:0]         acc_i,
  output logic                valid_o,
  output logic [15:0]         acc_o
);

  // Exact: from a product's top bit, 2^65, down to the last of another, 2^-80.
  localparam int unsigned ExactWidth = 146;

  float_dot #(
    .Lanes   (Lanes),
    .ExpBits (tessera_pkg::DlExpBits),
    .ManBits (tessera_pkg::DlManBits),
    .Bias    (tessera_pkg::DlBias),
    .Width   (Align == tessera_pkg::AlignExact ? ExactWidth : AlignWidth),
    .Saturate(Saturate),
    .Stages  (Stages)
  ) u_float_dot (
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
