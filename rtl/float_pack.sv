// SPDX-License-Identifier: Apache-2.0
// Normalizes a magnitude, rounds it to nearest even once, and packs it as IEEE 754 and OCP do.
//
// The top bit of magnitude_i has the biased exponent frame_i, its LSB may be a
// sticky bit. A subnormal result stops at exponent 1, before it is rounded.
// Without Subnormals, what is below the smallest normal number before rounding
// is zero.

module float_pack #(
  parameter  int unsigned ExpBits    = 5,
  parameter  int unsigned ManBits    = 10,
  parameter  int unsigned MagBits    = 15,    // at least ManBits + 3
  parameter  int unsigned FrameBits  = 6,
  parameter  bit          Subnormals = 1'b1,  // with them frame_i must be at least 1
  parameter  int unsigned Zeros      = MagBits - 1,  // above a normal result's top bit, at most
  parameter  bit          Limited    = 1'b1,  // 0: frame_i always is more than Zeros
  parameter  bit          Normal     = 1'b0,  // the result is, and not zero, or does not matter
  parameter  int unsigned Specials   = tessera_pkg::SpecialsIeee,
  parameter  bit          Saturate   = 1'b0,
  parameter  bit          Overflows  = 1'b1,  // 0: no result does
  localparam int unsigned Width      = 1 + ExpBits + ManBits
) (
  input  logic                 nan_i,
  input  logic                 inf_i,
  input  logic                 sign_i,
  input  logic [FrameBits-1:0] frame_i,
  input  logic [MagBits-1:0]   magnitude_i,
  output logic [Width-1:0]     code_o
);

  localparam bit Ieee = Specials == tessera_pkg::SpecialsIeee;
  localparam bit TopExp = Specials == tessera_pkg::SpecialsTopExp;
  localparam bit Clamp = Saturate || Specials == tessera_pkg::SpecialsNone;
  localparam int unsigned CountBits = $clog2(MagBits);
  localparam int unsigned WideBits = FrameBits + 1 + ManBits;
  localparam logic [Width-2:0] AllOnes = {Width - 1{1'b1}};
  localparam logic [Width-2:0] Infinity = AllOnes << ManBits;
  localparam logic [Width-2:0] Past = Ieee || TopExp ? Infinity : AllOnes;
  localparam logic [Width-2:0] Max =
      Specials == tessera_pkg::SpecialsNone ? AllOnes : Past - (Width - 1)'(1);
  localparam logic [Width-2:0] Nan = Ieee ? AllOnes << (ManBits - 1) : AllOnes;

  logic [MagBits-1:0] normal;
  logic [CountBits-1:0] count;
  logic [FrameBits-1:0] exp;
  logic flush;
  if (Subnormals) begin : gen_gradual
    normalize_limited #(
      .Width    (MagBits),
      .LimitBits(FrameBits),
      .Zeros    (Zeros),
      .Limited  (Limited)
    ) u_normalize (
      .in_i    (magnitude_i),
      .limit_i (frame_i - FrameBits'(1)),
      .normal_o(normal),
      .count_o (count)
    );
    assign exp = Normal || normal[MagBits-1] ? frame_i - FrameBits'(count) : '0;
    assign flush = 1'b0;
  end else begin : gen_flush
    logic zero, borrow;
    normalize #(
      .Width(MagBits)
    ) u_normalize (
      .in_i    (magnitude_i),
      .normal_o(normal),
      .count_o (count),
      .zero_o  (zero)
    );
    assign {borrow, exp} = {1'b0, frame_i} - (FrameBits + 1)'(count);
    assign flush = zero | borrow | exp == '0;
  end

  logic lsb, half, sticky, round_up, unused_top;
  logic [WideBits-1:0] rounded;
  logic overflow;
  assign unused_top = normal[MagBits-1];
  assign lsb = normal[MagBits-1-ManBits];
  assign half = normal[MagBits-2-ManBits];
  assign sticky = |normal[MagBits-3-ManBits:0];
  assign round_up = half & (lsb | sticky);
  assign rounded = {1'b0, exp, normal[MagBits-2-:ManBits]} + WideBits'(round_up);

  assign overflow = Overflows && rounded > WideBits'(Max);

  always_comb begin
    code_o = {sign_i & rounded != '0, rounded[Width-2:0]};
    if (TopExp) begin
      if (overflow | nan_i) code_o[Width-2-:ExpBits] = '1;
    end else begin
      if (overflow) code_o = Clamp ? {sign_i, Max} : {sign_i & Ieee, Past};
      if (flush) code_o = '0;
      if (inf_i) code_o = {sign_i, Infinity};
      if (nan_i) code_o = {1'b0, Nan};
    end
  end

endmodule
