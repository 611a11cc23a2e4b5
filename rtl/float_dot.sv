// SPDX-License-Identifier: Apache-2.0
// Products of floats without subnormals plus a dlfloat16, rounded once: the core of the dot
// products, for operands of any width.

module float_dot #(
  parameter  int unsigned Lanes    = 2,
  parameter  int unsigned ExpBits  = 5,   // of the operands; e = m = 0 is zero,
  parameter  int unsigned ManBits  = 3,   // e and m all ones NaN-Infinity
  parameter  int unsigned Bias     = 15,
  parameter  int unsigned Width    = 24,  // of the alignment
  parameter  int unsigned Saturate = 0,
  parameter  int unsigned Stages   = 2,
  localparam int unsigned OpBits   = 1 + ExpBits + ManBits
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,
  input  logic                    valid_i,
  input  logic [Lanes*OpBits-1:0] a_i,
  input  logic [Lanes*OpBits-1:0] b_i,
  input  logic [15:0]             acc_i,
  output logic                    valid_o,
  output logic [15:0]             acc_o
);

  localparam int unsigned MaxOp = (2 << ManBits) - 1;
  localparam int unsigned MaxExp = (2 << ExpBits) - 2;
  localparam int unsigned ProductExpBits = ExpBits + 1;
  localparam int unsigned SigBits = 2 * ManBits + 2;

  logic [Lanes-1:0] zero, negative, nan;
  logic [Lanes*ProductExpBits-1:0] exps;
  logic [Lanes*SigBits-1:0] sigs;
  for (genvar i = 0; i < Lanes; i++) begin : gen_lane
    float_product #(
      .ExpBits(ExpBits),
      .ManBits(ManBits)
    ) u_float_product (
      .a_i       (a_i[i*OpBits+:OpBits]),
      .b_i       (b_i[i*OpBits+:OpBits]),
      .nan_o     (nan[i]),
      .zero_o    (zero[i]),
      .negative_o(negative[i]),
      .exp_o     (exps[i*ProductExpBits+:ProductExpBits]),
      .sig_o     (sigs[i*SigBits+:SigBits])
    );
  end

  align_dot #(
    .Products(Lanes),
    .MaxExp  (MaxExp),
    .ExpBias (2 * Bias),
    .MaxSig  (MaxOp * MaxOp),
    .FracBits(2 * ManBits),
    .Width   (Width),
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
