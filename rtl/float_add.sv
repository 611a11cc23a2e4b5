// SPDX-License-Identifier: Apache-2.0
// Sum of two codes of one format, rounded once: a dlfloat16, or an IEEE 754 or OCP format.
//
// The operand of smaller magnitude moves down into guard, round and sticky
// bits; with two operands these decide every rounding exactly.

module float_add #(
  parameter  int unsigned ExpBits    = 6,
  parameter  int unsigned ManBits    = 9,
  parameter  bit          Ieee       = 1'b0,  // subnormals, nearest_even; else nearest_up
  parameter  int unsigned Specials   =
      Ieee ? tessera_pkg::SpecialsIeee : tessera_pkg::SpecialsAllOnes,
  parameter  bit          Saturate   = 1'b0,
  parameter  bit          Positive   = 1'b0,  // no signs: nothing cancels
  parameter  bit          Subnormals = 1'b1,  // of Positive, 0: no operand is
  parameter  int unsigned Near       = 0,     // exponents differ by that at most, or do not matter
  parameter  bit          Ordered    = 1'b0,  // a_i is not the smaller magnitude
  parameter  bit          Normal     = 1'b0,  // operands and sums are, not 0, or do not matter
  parameter  bit          Overflows  = 1'b1,  // 0: no sum does
  parameter  bit          CutAlign   = 1'b0,  // registers after the alignment,
  parameter  bit          CutSum     = 1'b0,  // after the sum,
  parameter  bit          CutOutput  = 1'b1,  // after the rounding
  localparam int unsigned Width      = 1 + ExpBits + ManBits
) (
  input  logic             clk_i,
  input  logic [Width-1:0] a_i,
  input  logic [Width-1:0] b_i,
  output logic [Width-1:0] sum_o
);

  localparam int unsigned SigBits = ManBits + 1;
  localparam int unsigned WideBits = SigBits + 3;   // guard, round, sticky
  localparam int unsigned SumBits = WideBits + 1;   // carry

  // Major and minor operand, by magnitude.
  logic swap;
  logic [Width-1:0] major, minor;
  assign swap = !Ordered && b_i[Width-2:0] > a_i[Width-2:0];
  assign major = swap ? b_i : a_i;
  assign minor = swap ? a_i : b_i;

  logic [ExpBits-1:0] major_exp, minor_exp, shift;
  logic [SigBits-1:0] major_sig, minor_sig;
  logic major_inf, minor_inf, major_nan, unused_minor_nan;

  float_decode #(
    .ExpBits   (ExpBits),
    .ManBits   (ManBits),
    .Ieee      (Ieee),
    .Subnormals(Subnormals),
    .Normal    (Normal),
    .Specials  (Specials)
  ) u_decode_major (
    .mag_i(major[Width-2:0]),
    .exp_o(major_exp),
    .sig_o(major_sig),
    .inf_o(major_inf),
    .nan_o(major_nan)
  );

  // A NaN has the larger magnitude.
  float_decode #(
    .ExpBits   (ExpBits),
    .ManBits   (ManBits),
    .Ieee      (Ieee),
    .Subnormals(Subnormals),
    .Normal    (Normal),
    .Specials  (Specials)
  ) u_decode_minor (
    .mag_i(minor[Width-2:0]),
    .exp_o(minor_exp),
    .sig_o(minor_sig),
    .inf_o(minor_inf),
    .nan_o(unused_minor_nan)
  );

  // Alignment: beyond WideBits nothing but the sticky bit is left.
  localparam int unsigned BelowBits = Near != 0 ? Near : WideBits + 3;
  localparam int unsigned ShiftBits = $clog2((Near != 0 ? Near : WideBits) + 1);
  localparam int unsigned FullBits = ExpBits > ShiftBits ? ExpBits : ShiftBits;
  localparam int unsigned StickyBits = BelowBits - 2;
  logic [FullBits-1:0] full;
  logic [ShiftBits-1:0] down;
  logic [SigBits+BelowBits-1:0] minor_wide;
  assign shift = major_exp - minor_exp;
  assign full = FullBits'(shift);
  assign down = Near == 0 && full > FullBits'(WideBits) ? ShiftBits'(WideBits)
                                                        : full[ShiftBits-1:0];
  assign minor_wide = {minor_sig, {BelowBits{1'b0}}} >> down;

  typedef struct packed {
    logic nan;
    logic inf;
    logic sign;
    logic subtract;
    logic [ExpBits-1:0] exp;
    logic [SigBits-1:0] major;
    logic [WideBits-1:0] minor;
  } aligned_t;

  aligned_t aligned_d, aligned_q;
  assign aligned_d.nan = major_nan | (major_inf & minor_inf & (major[Width-1] ^ minor[Width-1]));
  assign aligned_d.inf = major_inf;
  assign aligned_d.sign = major[Width-1];
  assign aligned_d.subtract = major[Width-1] ^ minor[Width-1];
  assign aligned_d.exp = major_exp;
  assign aligned_d.major = major_sig;
  assign aligned_d.minor = {minor_wide[SigBits+BelowBits-1:StickyBits], |minor_wide[StickyBits-1:0]};

  pipe_stage #(
    .Width (4 + ExpBits + SigBits + WideBits),
    .Enable(CutAlign)
  ) u_align (
    .clk_i(clk_i),
    .d_i  (aligned_d),
    .q_o  (aligned_q)
  );

  // Sum: never negative, as the larger comes first.
  typedef struct packed {
    logic nan;
    logic inf;
    logic sign;
    logic [ExpBits-1:0] exp;
    logic [SumBits-1:0] sum;
  } summed_t;

  summed_t summed_d, summed_q;
  logic [SumBits-1:0] major_term, minor_term;
  assign major_term = {1'b0, aligned_q.major, 3'b000};
  assign minor_term = {1'b0, aligned_q.minor} ^ {SumBits{aligned_q.subtract}};
  assign summed_d.nan = aligned_q.nan;
  assign summed_d.inf = aligned_q.inf;
  assign summed_d.sign = aligned_q.sign;
  assign summed_d.exp = aligned_q.exp;
  assign summed_d.sum = major_term + minor_term + SumBits'(aligned_q.subtract);

  pipe_stage #(
    .Width (3 + ExpBits + SumBits),
    .Enable(CutSum)
  ) u_sum (
    .clk_i(clk_i),
    .d_i  (summed_d),
    .q_o  (summed_q)
  );

  // Normalization and rounding. The sum's top bit has exponent exp + 1.
  logic [Width-1:0] code;
  if (Ieee) begin : gen_ieee_round
    float_pack #(
      .ExpBits  (ExpBits),
      .ManBits  (ManBits),
      .MagBits  (SumBits),
      .FrameBits(ExpBits + 1),
      .Zeros    (Positive ? 1 : SumBits - 1),
      .Limited  (!Normal && !Positive),
      .Normal   (Normal || !Subnormals),
      .Specials (Specials),
      .Saturate (Saturate),
      .Overflows(Overflows)
    ) u_pack (
      .nan_i      (summed_q.nan),
      .inf_i      (summed_q.inf),
      .sign_i     (summed_q.sign),
      .frame_i    ({1'b0, summed_q.exp} + (ExpBits + 1)'(1)),
      .magnitude_i(summed_q.sum),
      .code_o     (code)
    );
  end else begin : gen_dlfloat_round
    localparam int unsigned CountBits = $clog2(SumBits);
    localparam int unsigned CalcBits = ExpBits + 2;
    logic [SumBits-1:0] normal;
    logic [CountBits-1:0] zeros;
    logic sum_zero, unused;
    assign unused = ^{normal, summed_q.inf};

    normalize #(
      .Width(SumBits)
    ) u_normalize (
      .in_i    (summed_q.sum),
      .normal_o(normal),
      .count_o (zeros),
      .zero_o  (sum_zero)
    );

    dlfloat16_round #(
      .ExpBits    (CalcBits),
      .CodeExpBits(ExpBits),
      .CodeManBits(ManBits),
      .NanInf     (Specials != tessera_pkg::SpecialsNone),
      .Saturate   (Saturate)
    ) u_round (
      .nan_i  (summed_q.nan),
      .zero_i (sum_zero),
      .sign_i (summed_q.sign),
      .exp_i  (CalcBits'(summed_q.exp) + CalcBits'(1) - CalcBits'(zeros)),
      .man_i  (normal[SumBits-2-:ManBits]),
      .round_i(normal[SumBits-2-ManBits]),
      .code_o (code)
    );
  end

  pipe_stage #(
    .Width (Width),
    .Enable(CutOutput)
  ) u_output (
    .clk_i(clk_i),
    .d_i  (code),
    .q_o  (sum_o)
  );

endmodule
