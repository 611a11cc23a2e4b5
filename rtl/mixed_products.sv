// SPDX-License-Identifier: Apache-2.0
// The floating products of an mpe's slice: fp9_153 along k, and where it has FP16 one of dlfloat16.
//
// The dlfloat16 multiplier also makes the first HFP8 product, its operands widened exactly.

module mixed_products #(
  parameter  int unsigned Modes   = 12,
  parameter  int unsigned Lanes   = 2,
  parameter  int unsigned Stages  = 0,
  localparam int unsigned OpBits  = tessera_pkg::operand_word_bits(Modes, Lanes),
  localparam int unsigned Count   = tessera_pkg::float_lanes(Modes, Lanes),
  localparam int unsigned ExpBits = tessera_pkg::mixed_exp_bits(Modes),
  localparam int unsigned SigBits = tessera_pkg::mixed_sig_bits(Modes)
) (
  input  logic                     clk_i,
  input  logic                     fp16_i,  // ignored with one of the two modes
  input  logic [OpBits-1:0]        a_i,
  input  logic [OpBits-1:0]        b_i,
  output logic                     nan_o,
  output logic [Count-1:0]         zero_o,
  output logic [Count-1:0]         negative_o,
  output logic [Count*ExpBits-1:0] exp_o,
  output logic [Count*SigBits-1:0] sig_o
);

  localparam bit HasHfp8 = (Modes & tessera_pkg::ModeHfp8) != 0;
  localparam bit HasFp16 = (Modes & tessera_pkg::ModeFp16) != 0;
  localparam int unsigned UsedBits = HasHfp8 ? 9 * Count : 0;
  localparam int unsigned PairBits = HasFp16 && UsedBits < 16 ? 16 : UsedBits;

  // The bits in use; the first cut is before the multipliers.
  logic fp16, fp16_q;
  logic [PairBits-1:0] a, b;
  assign fp16 = HasFp16 & (fp16_i | ~HasHfp8);
  pipe_stage #(
    .Width (1 + 2 * PairBits),
    .Enable(Stages >= 2)
  ) u_operands (
    .clk_i(clk_i),
    .d_i  ({fp16, a_i[PairBits-1:0], b_i[PairBits-1:0]}),
    .q_o  ({fp16_q, a, b})
  );
  if (OpBits > PairBits) begin : gen_unused
    logic unused_operands;
    assign unused_operands = ^{a_i[OpBits-1:PairBits], b_i[OpBits-1:PairBits]};
  end

  logic [Count-1:0] nan, zero, negative;
  logic [Count*ExpBits-1:0] exp;
  logic [Count*SigBits-1:0] sig;

  for (genvar i = 0; i < Count; i++) begin : gen_lane
    if (HasFp16 && i == 0) begin : gen_wide
      logic [15:0] wide_a, wide_b;
      if (HasHfp8) begin : gen_both
        assign wide_a = fp16_q ? a[15:0] : tessera_pkg::fp9_to_dlfloat16(a[8:0]);
        assign wide_b = fp16_q ? b[15:0] : tessera_pkg::fp9_to_dlfloat16(b[8:0]);
      end else begin : gen_fp16
        logic unused_fp16;
        assign unused_fp16 = fp16_q;
        assign wide_a = a;
        assign wide_b = b;
      end
      float_product #(
        .ExpBits(tessera_pkg::DlExpBits),
        .ManBits(tessera_pkg::DlManBits)
      ) u_float_product (
        .a_i       (wide_a),
        .b_i       (wide_b),
        .nan_o     (nan[0]),
        .zero_o    (zero[0]),
        .negative_o(negative[0]),
        .exp_o     (exp[ExpBits-1:0]),
        .sig_o     (sig[SigBits-1:0])
      );
    end else begin : gen_narrow
      logic narrow_nan, narrow_zero;
      logic [5:0] narrow_exp;
      logic [7:0] narrow_sig;
      float_product #(
        .ExpBits(5),
        .ManBits(3)
      ) u_float_product (
        .a_i       (a[9*i+:9]),
        .b_i       (b[9*i+:9]),
        .nan_o     (narrow_nan),
        .zero_o    (narrow_zero),
        .negative_o(negative[i]),
        .exp_o     (narrow_exp),
        .sig_o     (narrow_sig)
      );
      assign nan[i] = narrow_nan & ~fp16_q;
      assign zero[i] = narrow_zero | fp16_q;
      // From a bias of 30 to one of 62, from 6 bits below the point to 18.
      assign exp[i*ExpBits+:ExpBits] = ExpBits'(narrow_exp) + (HasFp16 ? ExpBits'(32) : '0);
      assign sig[i*SigBits+:SigBits] = SigBits'(narrow_sig) << (HasFp16 ? 12 : 0);
    end
  end

  pipe_stage #(
    .Width (1 + Count * (2 + ExpBits + SigBits)),
    .Enable(Stages >= 1)
  ) u_output (
    .clk_i(clk_i),
    .d_i  ({|nan, zero, negative, exp, sig}),
    .q_o  ({nan_o, zero_o, negative_o, exp_o, sig_o})
  );

endmodule
