// SPDX-License-Identifier: Apache-2.0
// Quotient or square root of IEEE 754 numbers that are not negative, a binary digit a cycle.
//
// Both are one recurrence: twice the rest, less the divisor or, for a root, less
// twice the digits so far plus the digit's own weight. Neither is ever a tie.
//
// One that divides has no subnormal numbers: an exponent of 0 is a zero, also
// that of a result, whose significand does not matter then.

module float_div_root #(
  parameter  int unsigned ExpBits    = tessera_pkg::Fp32ExpBits,
  parameter  int unsigned ManBits    = tessera_pkg::Fp32ManBits,
  parameter  int unsigned DivExpBits = 6,
  parameter  bit          Divides    = 1'b1,  // 0: only roots
  parameter  int unsigned Specials   = tessera_pkg::SpecialsIeee,
  localparam int unsigned MagBits    = ExpBits + ManBits
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,
  input  logic                  start_i,    // not while busy
  input  logic                  root_i,     // of a_i, else a_i / d
  input  logic [MagBits-1:0]    a_i,        // a code without its sign
  input  logic [ManBits:0]      d_sig_i,    // of an integer that is not zero
  input  logic [DivExpBits-1:0] d_exp_i,    // not biased
  output logic                  busy_o,
  output logic                  done_o,     // ManBits + 5 cycles after start_i, one less if only roots
  output logic [MagBits-1:0]    result_o
);

  localparam int unsigned SigBits = ManBits + 1;
  localparam int unsigned Fraction = ManBits + (Divides ? 2 : 1);  // digits below the first
  localparam int unsigned RestBits = Fraction + 2;
  localparam int unsigned PackBits = Fraction + 2;  // digits and sticky
  localparam int unsigned CountBits = $clog2(SigBits);
  localparam int unsigned DistanceBits = $clog2(SigBits + (1 << DivExpBits));
  localparam int unsigned CalcBits = (ExpBits > DistanceBits ? ExpBits : DistanceBits) + 2;
  localparam bit HasSpecials = Specials != tessera_pkg::SpecialsNone;
  localparam int Bias = tessera_pkg::ieee_bias(ExpBits);

  // The operand, normalized.
  logic [ExpBits-1:0] a_exp;
  logic [SigBits-1:0] a_sig, sig;
  logic [CountBits-1:0] zeros;
  logic a_inf, a_nan;
  logic signed [CalcBits-1:0] exp, root_exp, top;

  float_decode #(
    .ExpBits   (ExpBits),
    .ManBits   (ManBits),
    .Subnormals(!Divides),
    .Specials  (Specials)
  ) u_decode (
    .mag_i(a_i),
    .exp_o(a_exp),
    .sig_o(a_sig),
    .inf_o(a_inf),
    .nan_o(a_nan)
  );

  if (Divides) begin : gen_normal
    assign sig = a_sig;
    assign zeros = '0;
  end else begin : gen_normalize
    logic unused_zero;
    normalize #(
      .Width(SigBits)
    ) u_normalize (
      .in_i    (a_sig),
      .normal_o(sig),
      .count_o (zeros),
      .zero_o  (unused_zero)
    );
  end

  logic is_root;
  assign is_root = root_i | ~Divides;
  assign exp = CalcBits'(a_exp) - CalcBits'(zeros);
  assign root_exp = exp + CalcBits'(Bias);
  assign top = is_root ? root_exp >>> 1 : exp - CalcBits'(d_exp_i);

  // Digits. The rest starts with half the operand; of an odd power of two, for a root, with all.
  logic nan_q, inf_q;
  logic [RestBits-1:0] rest_q;
  logic [Fraction:0] digits_q, unit_q;
  logic [RestBits-1:0] half, root_trial, trial, rest;
  logic below, unused_top;
  assign half = RestBits'(sig) << (Fraction - SigBits);
  assign root_trial = {digits_q, 1'b0} | RestBits'(unit_q);
  if (Divides) begin : gen_trial
    logic root_q;
    logic [SigBits-1:0] d_q;
    always_ff @(posedge clk_i) begin
      if (start_i) begin
        root_q <= root_i;
        d_q <= d_sig_i;
      end
    end
    assign trial = root_q ? root_trial : {1'b0, d_q, (RestBits - SigBits - 1)'(0)};
  end else begin : gen_root_trial
    logic unused_divisor;
    assign unused_divisor = ^d_sig_i;
    assign trial = root_trial;
  end
  assign {below, unused_top, rest} = {1'b0, rest_q, 1'b0} - {2'b00, trial};

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      nan_q <= a_nan;
      inf_q <= a_inf;
      rest_q <= is_root & root_exp[0] ? half << 1 : half;
      digits_q <= '0;
    end else begin
      rest_q <= below ? {rest_q[RestBits-2:0], 1'b0} : rest;
      if (!below) digits_q <= digits_q | unit_q;
    end
  end

  // The weight of the digit under way, and what follows the last one.
  logic last_q, done_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      unit_q <= '0;
      last_q <= 1'b0;
      done_q <= 1'b0;
    end else begin
      unit_q <= start_i ? {1'b1, Fraction'(0)} : unit_q >> 1;
      last_q <= unit_q[0];
      done_q <= last_q;
    end
  end
  assign busy_o = |unit_q | last_q;
  assign done_o = done_q;

  // A quotient by an integer does not overflow, but may be too small; a root is normal. A unit that
  // divides has a digit more, so that either may begin with a zero.
  logic [ExpBits-1:0] frame_q;
  logic tiny_q;
  logic [MagBits:0] code;
  always_ff @(posedge clk_i) begin
    if (start_i) begin
      frame_q <= top[ExpBits-1:0];
      tiny_q <= Divides && top < signed'(CalcBits'(1));
    end
  end

  float_pack #(
    .ExpBits  (ExpBits),
    .ManBits  (ManBits),
    .MagBits  (PackBits),
    .FrameBits(ExpBits),
    .Zeros    (Divides ? 1 : 0),
    .Limited  (1'b0),
    .Specials (Specials),
    .Overflows(1'b0)
  ) u_pack (
    .nan_i      (nan_q & HasSpecials),
    .inf_i      (inf_q & HasSpecials),
    .sign_i     (1'b0),
    .frame_i    (frame_q),
    .magnitude_i({digits_q, 1'b1}),
    .code_o     (code)
  );

  logic unused_bits;
  assign unused_bits = ^{top[CalcBits-1:ExpBits], code[MagBits]};

  pipe_stage #(
    .Width (MagBits),
    .Enable(1'b1)
  ) u_output (
    .clk_i(clk_i),
    .d_i  ({Divides && tiny_q ? ExpBits'(0) : code[MagBits-1:ManBits], code[ManBits-1:0]}),
    .q_o  (result_o)
  );

endmodule
