// SPDX-License-Identifier: Apache-2.0
// Sum of two codes of one format, rounded once: dlfloat16, or an IEEE 754 format.
//
// The operand of smaller magnitude moves down into guard, round and sticky
// bits; with two operands these decide every rounding exactly.

module float_add #(
  parameter  int unsigned ExpBits   = 6,
  parameter  int unsigned ManBits   = 9,
  parameter  bit          Ieee      = 1'b0,  // subnormals, infinities, nearest_even
  parameter  bit          Saturate  = 1'b0,
  parameter  bit          CutAlign  = 1'b0,  // registers after the alignment,
  parameter  bit          CutSum    = 1'b0,  // after the sum,
  parameter  bit          CutOutput = 1'b1,  // after the rounding
  localparam int unsigned Width     = 1 + ExpBits + ManBits
) (
  input  logic             clk_i,
  input  logic [Width-1:0] a_i,
  input  logic [Width-1:0] b_i,
  output logic [Width-1:0] sum_o
);

  localparam int unsigned SigBits = ManBits + 1;
  localparam int unsigned WideBits = SigBits + 3;   // guard, round, sticky
  localparam int unsigned SumBits = WideBits + 1;   // carry
  localparam int unsigned CountBits = $clog2(SumBits);
  localparam logic [Width-2:0] Infinity = {{ExpBits{1'b1}}, {ManBits{1'b0}}};
  localparam logic [Width-1:0] Nan =
      Ieee ? {1'b0, {ExpBits{1'b1}}, 1'b1, {ManBits - 1{1'b0}}} : {1'b0, {Width - 1{1'b1}}};

  // Major and minor operand, by magnitude.
  logic swap;
  logic [Width-1:0] major, minor;
  assign swap = b_i[Width-2:0] > a_i[Width-2:0];
  assign major = swap ? b_i : a_i;
  assign minor = swap ? a_i : b_i;

  logic [ExpBits-1:0] major_exp, minor_exp, shift;
  logic [SigBits-1:0] major_sig, minor_sig;
  logic nan, inf;
  if (Ieee) begin : gen_ieee_decode
    assign major_exp = major[Width-2-:ExpBits] == '0 ? ExpBits'(1) : major[Width-2-:ExpBits];
    assign minor_exp = minor[Width-2-:ExpBits] == '0 ? ExpBits'(1) : minor[Width-2-:ExpBits];
    assign major_sig = {|major[Width-2-:ExpBits], major[ManBits-1:0]};
    assign minor_sig = {|minor[Width-2-:ExpBits], minor[ManBits-1:0]};
    // A NaN has the larger magnitude; two infinities of opposite sign are invalid.
    assign inf = major[Width-2:0] == Infinity;
    assign nan = major[Width-2:0] > Infinity |
                 (inf & minor[Width-2:0] == Infinity & (major[Width-1] ^ minor[Width-1]));
  end else begin : gen_dlfloat_decode
    assign major_exp = major[Width-2-:ExpBits];
    assign minor_exp = minor[Width-2-:ExpBits];
    assign major_sig = major[Width-2:0] == '0 ? '0 : {1'b1, major[ManBits-1:0]};
    assign minor_sig = minor[Width-2:0] == '0 ? '0 : {1'b1, minor[ManBits-1:0]};
    assign inf = 1'b0;
    assign nan = &major[Width-2:0];
  end

  // Alignment: beyond WideBits nothing but the sticky bit is left.
  logic [2*WideBits-1:0] minor_wide;
  assign shift = major_exp - minor_exp;
  assign minor_wide = {minor_sig, {WideBits + 3{1'b0}}} >>
      (shift > ExpBits'(WideBits) ? ExpBits'(WideBits) : shift);

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
  assign aligned_d.nan = nan;
  assign aligned_d.inf = inf;
  assign aligned_d.sign = major[Width-1];
  assign aligned_d.subtract = major[Width-1] ^ minor[Width-1];
  assign aligned_d.exp = major_exp;
  assign aligned_d.major = major_sig;
  assign aligned_d.minor = {minor_wide[2*WideBits-1:WideBits+1], |minor_wide[WideBits:0]};

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
  logic [SumBits-1:0] normal;
  logic [CountBits-1:0] zeros;
  logic sum_zero;
  logic [Width-1:0] code;

  normalize #(
    .Width(SumBits)
  ) u_normalize (
    .in_i    (summed_q.sum),
    .normal_o(normal),
    .count_o (zeros),
    .zero_o  (sum_zero)
  );

  if (Ieee) begin : gen_ieee_round
    // A subnormal result stops at the smallest exponent; it is always exact.
    logic [ExpBits:0] top_exp, limited, exp;
    logic [SumBits-1:0] shifted;
    logic round_up, unused_normal;
    logic [Width-1:0] rounded;
    assign unused_normal = ^{normal, sum_zero};
    assign top_exp = {1'b0, summed_q.exp} + (ExpBits + 1)'(1);
    assign limited = (ExpBits + 1)'(zeros) < top_exp ? (ExpBits + 1)'(zeros)
                                                     : {1'b0, summed_q.exp};
    assign shifted = summed_q.sum << limited;
    assign exp = shifted[SumBits-1] ? top_exp - limited : '0;
    assign round_up = shifted[3] & (shifted[4] | (|shifted[2:0]));
    assign rounded = {exp, shifted[SumBits-2-:ManBits]} + Width'(round_up);
    always_comb begin
      code = {summed_q.sign, rounded[Width-2:0]};
      if (rounded[Width-2:0] == '0) code[Width-1] = 1'b0;
      if (rounded[Width-1] || rounded[Width-2:0] >= Infinity) begin
        code = {summed_q.sign, Saturate ? Infinity - (Width - 1)'(1) : Infinity};
      end
      if (summed_q.inf) code = {summed_q.sign, Infinity};
      if (summed_q.nan) code = Nan;
    end
  end else begin : gen_dlfloat_round
    logic unused;
    assign unused = ^{normal[SumBits-1], normal[SumBits-12:0], summed_q.inf, Nan, Infinity};
    dlfloat16_round #(
      .ExpBits (ExpBits + 2),
      .Saturate(Saturate)
    ) u_round (
      .nan_i  (summed_q.nan),
      .zero_i (sum_zero),
      .sign_i (summed_q.sign),
      .exp_i  ((ExpBits + 2)'(summed_q.exp) + (ExpBits + 2)'(1) - (ExpBits + 2)'(zeros)),
      .man_i  (normal[SumBits-2-:9]),
      .round_i(normal[SumBits-11]),
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
