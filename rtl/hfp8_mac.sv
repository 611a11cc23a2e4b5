// SPDX-License-Identifier: Apache-2.0
// Products of FP8 operands, widened to fp9_153, enter a dlfloat16 sum with one rounding.

module hfp8_mac #(
  parameter int unsigned Lanes      = 2,
  parameter int unsigned Align      = 0,
  parameter int unsigned AlignWidth = 24,
  parameter int unsigned Saturate   = 0,
  parameter int unsigned Stages     = 2
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic               valid_i,
  input  logic [8*Lanes-1:0] a_i,
  input  logic               a_152_i,  // a is fp8_152, else fp8_143
  input  logic [8*Lanes-1:0] b_i,
  input  logic               b_152_i,  // b is fp8_152, else fp8_143
  input  logic [3:0]         bias_i,   // of fp8_143
  input  logic [15:0]        acc_i,
  output logic               valid_o,
  output logic [15:0]        acc_o
);

  // Exact: from a product's top bit, 2^33, down to acc's last, 2^-40.
  localparam int unsigned ExactWidth = 74;

  logic [9*Lanes-1:0] a, b;
  for (genvar i = 0; i < Lanes; i++) begin : gen_lane
    fp8_to_fp9 u_a (
      .code_i  (a_i[8*i+:8]),
      .is_152_i(a_152_i),
      .bias_i  (bias_i),
      .code_o  (a[9*i+:9])
    );
    fp8_to_fp9 u_b (
      .code_i  (b_i[8*i+:8]),
      .is_152_i(b_152_i),
      .bias_i  (bias_i),
      .code_o  (b[9*i+:9])
    );
  end

  float_dot #(
    .Lanes   (Lanes),
    .ExpBits (5),
    .ManBits (3),
    .Bias    (15),
    .Width   (Align == tessera_pkg::AlignExact ? ExactWidth : AlignWidth),
    .Saturate(Saturate),
    .Stages  (Stages)
  ) u_float_dot (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .valid_i(valid_i),
    .a_i    (a),
    .b_i    (b),
    .acc_i  (acc_i),
    .valid_o(valid_o),
    .acc_o  (acc_o)
  );

endmodule
