// SPDX-License-Identifier: Apache-2.0
// Products of 4-bit integers and FP8 operands enter a dlfloat16 sum with one rounding.

module fp8_int4_mac #(
  parameter int unsigned Lanes      = 2,
  parameter int unsigned Fp8        = 1,
  parameter int unsigned Align      = 0,
  parameter int unsigned AlignWidth = 24,
  parameter int unsigned Saturate   = 0,
  parameter int unsigned Stages     = 2
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic               valid_i,
  input  logic [4*Lanes-1:0] a_i,
  input  logic               a_unsigned_i,  // a is uint4 (PACT), else int4
  input  logic [8*Lanes-1:0] b_i,
  input  logic [15:0]        acc_i,
  output logic               valid_o,
  output logic [15:0]        acc_o
);

  localparam bit Is152 = Fp8 == tessera_pkg::Fp8Is152;
  localparam int unsigned ExpBits = Is152 ? 5 : 4;
  localparam int unsigned ManBits = 7 - ExpBits;
  localparam int unsigned Bias = Is152 ? 15 : 11;
  localparam int unsigned SigBits = ManBits + 5;
  // Exact: from a product's top bit beside the largest acc, 2^36, down to acc's last, 2^-40.
  localparam int unsigned ExactWidth = 77;

  logic [Lanes-1:0] zero, negative, nan;
  logic [Lanes*ExpBits-1:0] exps;
  logic [Lanes*SigBits-1:0] sigs;
  for (genvar i = 0; i < Lanes; i++) begin : gen_lane
    logic [3:0] a, magnitude;
    logic [7:0] b;
    logic a_negative;
    assign a = a_i[4*i+:4];
    assign b = b_i[8*i+:8];
    assign a_negative = a[3] & ~a_unsigned_i;
    assign magnitude = a_negative ? -a : a;
    assign zero[i] = (a == '0) | (b[6:0] == '0);
    assign negative[i] = a_negative ^ b[7];
    assign nan[i] = Is152 & (&b[6:0]);
    assign exps[i*ExpBits+:ExpBits] = b[6-:ExpBits];
    assign sigs[i*SigBits+:SigBits] = SigBits'(magnitude) * SigBits'({1'b1, b[ManBits-1:0]});
  end

  align_dot #(
    .Products(Lanes),
    .MaxExp  ((1 << ExpBits) - 1),
    .ExpBias (Bias),
    .MaxSig  (15 * ((2 << ManBits) - 1)),
    .FracBits(ManBits),
    .Width   (Align == tessera_pkg::AlignExact ? ExactWidth : AlignWidth),
    .Saturate(Saturate != 0),
    .CutShift(Stages >= 3),
    .CutSum  (Stages >= 2)
  ) u_align_dot (
    .clk_i     (clk_i),
    .nan_i     (|nan),
    .zero_i    (zero),
    .negative_i(negative),
    .exp_i     (exps),
    .sig_i     (sigs),
    .acc_i     (acc_i),
    .acc_o     (acc_o)
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
