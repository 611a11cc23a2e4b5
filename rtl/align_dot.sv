// SPDX-License-Identifier: Apache-2.0
// Products plus a dlfloat16, aligned to the largest exponent and rounded once.

module align_dot #(
  parameter  int unsigned Products  = 2,
  parameter  int unsigned MaxExp    = 62,    // of a product's exponent, biased by
  parameter  int unsigned ExpBias   = 30,
  parameter  int unsigned MaxSig    = 225,   // largest significand of a product, with
  parameter  int unsigned FracBits  = 6,     // of its bits below the point
  parameter  int unsigned Width     = 24,
  parameter  bit          Saturate  = 1'b0,
  parameter  bit          CutShift  = 1'b0,  // registers before the shifters,
  parameter  bit          CutSum    = 1'b0,  // after the sum,
  parameter  bit          CutOutput = 1'b1,  // after the rounding
  localparam int unsigned ExpBits   = $clog2(MaxExp + 1),
  localparam int unsigned SigBits   = $clog2(MaxSig + 1)
) (
  input  logic                        clk_i,
  input  logic                        nan_i,       // a product is not a number
  input  logic [Products-1:0]         zero_i,
  input  logic [Products-1:0]         negative_i,
  input  logic [Products*ExpBits-1:0] exp_i,
  input  logic [Products*SigBits-1:0] sig_i,
  input  logic [15:0]                 acc_i,
  output logic [15:0]                 acc_o
);

  localparam int unsigned FrameBits = tessera_pkg::dot_frame_bits(MaxExp, ExpBias);
  localparam int unsigned SumBits = tessera_pkg::dot_sum_bits(Products, MaxSig, FracBits, Width);

  logic nan;
  logic [SumBits-1:0] sum;
  logic [FrameBits-1:0] frame;
  aligned_products #(
    .Products(Products),
    .MaxExp  (MaxExp),
    .ExpBias (ExpBias),
    .MaxSig  (MaxSig),
    .FracBits(FracBits),
    .Width   (Width),
    .CutShift(CutShift)
  ) u_aligned_products (
    .clk_i     (clk_i),
    .nan_i     (nan_i),
    .zero_i    (zero_i),
    .negative_i(negative_i),
    .exp_i     (exp_i),
    .sig_i     (sig_i),
    .acc_i     (acc_i),
    .nan_o     (nan),
    .sum_o     (sum),
    .frame_o   (frame)
  );

  sum_to_dlfloat16 #(
    .SumBits  (SumBits),
    .FrameBits(FrameBits),
    .TopExp   (tessera_pkg::dot_top_exp(Products, MaxSig, FracBits, ExpBias)),
    .CalcBits (SumBits > 64 ? 9 : 8),
    .Saturate (Saturate),
    .CutSum   (CutSum),
    .CutOutput(CutOutput)
  ) u_sum_to_dlfloat16 (
    .clk_i  (clk_i),
    .nan_i  (nan),
    .sum_i  (sum),
    .frame_i(frame),
    .code_o (acc_o)
  );

endmodule
