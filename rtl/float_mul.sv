// SPDX-License-Identifier: Apache-2.0
// Product of two codes of one format, rounded once: a dlfloat16, or an IEEE 754 or OCP format.

module float_mul #(
  parameter  int unsigned ExpBits    = 5,
  parameter  int unsigned ManBits    = 10,
  parameter  int          Bias       = tessera_pkg::ieee_bias(ExpBits),
  parameter  bit          Ieee       = 1'b1,  // subnormals, nearest_even; else nearest_up
  parameter  bit          Normal     = 1'b0,  // a product with an operand that is not is zero
  parameter  int unsigned Specials   = tessera_pkg::SpecialsIeee,
  parameter  bit          Saturate   = 1'b0,
  parameter  bit          CutProduct = 1'b0,  // registers after the multiplication,
  parameter  bit          CutAlign   = 1'b0,  // after the alignment,
  parameter  bit          CutOutput  = 1'b1,  // after the rounding
  localparam int unsigned Width      = 1 + ExpBits + ManBits
) (
  input  logic             clk_i,
  input  logic [Width-1:0] a_i,
  input  logic [Width-1:0] b_i,
  output logic [Width-1:0] product_o
);

  localparam int unsigned SigBits = ManBits + 1;
  localparam int unsigned PBits = 2 * SigBits;
  localparam int unsigned CalcBits = ExpBits + 2;
  localparam int unsigned MagBits = PBits + 1;
  localparam int unsigned FrameBits = ExpBits + 1;
  localparam int unsigned DownMax = SigBits + 1;
  localparam int unsigned DownBits = $clog2(DownMax + 1);
  localparam int unsigned FullBits = CalcBits > DownBits ? CalcBits : DownBits;

  logic [ExpBits-1:0] a_exp, b_exp;
  logic [SigBits-1:0] a_sig, b_sig;
  logic a_inf, b_inf, a_nan, b_nan;

  float_decode #(
    .ExpBits (ExpBits),
    .ManBits (ManBits),
    .Ieee    (Ieee),
    .Normal  (Normal),
    .Specials(Specials)
  ) u_decode_a (
    .mag_i(a_i[Width-2:0]),
    .exp_o(a_exp),
    .sig_o(a_sig),
    .inf_o(a_inf),
    .nan_o(a_nan)
  );

  float_decode #(
    .ExpBits (ExpBits),
    .ManBits (ManBits),
    .Ieee    (Ieee),
    .Normal  (Normal),
    .Specials(Specials)
  ) u_decode_b (
    .mag_i(b_i[Width-2:0]),
    .exp_o(b_exp),
    .sig_o(b_sig),
    .inf_o(b_inf),
    .nan_o(b_nan)
  );

  typedef struct packed {
    logic nan;
    logic inf;
    logic sign;
    logic signed [CalcBits-1:0] top;  // biased exponent of the product's top bit
    logic [PBits-1:0] product;
  } product_t;

  product_t product_d, product_q;
  assign product_d.nan = a_nan | b_nan | (a_inf & b_sig == '0) | (b_inf & a_sig == '0);
  assign product_d.inf = a_inf | b_inf;
  assign product_d.sign = a_i[Width-1] ^ b_i[Width-1];
  assign product_d.top = CalcBits'(a_exp) + CalcBits'(b_exp) + CalcBits'(1 - Bias);
  assign product_d.product = PBits'(a_sig) * PBits'(b_sig);

  pipe_stage #(
    .Width (3 + CalcBits + PBits),
    .Enable(CutProduct)
  ) u_product (
    .clk_i(clk_i),
    .d_i  (product_d),
    .q_o  (product_q)
  );

  logic [Width-1:0] code;
  if (Ieee) begin : gen_ieee
    // A product below exponent 1 moves down to it; beyond SigBits + 1 it is only sticky.
    logic tiny;
    logic [FullBits-1:0] distance;
    logic [DownBits-1:0] down;
    logic [PBits+DownMax-1:0] moved;
    assign tiny = product_q.top[CalcBits-1] | product_q.top == '0;
    assign distance = FullBits'(CalcBits'(1) - product_q.top);
    always_comb begin
      down = '0;
      if (tiny) down = distance > FullBits'(DownMax) ? DownBits'(DownMax) : distance[DownBits-1:0];
    end
    assign moved = {product_q.product, DownMax'(0)} >> down;

    logic nan, inf, sign;
    logic [FrameBits-1:0] frame_d, frame_q;
    logic [MagBits-1:0] magnitude_d, magnitude_q;
    assign frame_d = tiny ? FrameBits'(1) : product_q.top[FrameBits-1:0];
    assign magnitude_d = {moved[PBits+DownMax-1:DownMax], |moved[DownMax-1:0]};

    pipe_stage #(
      .Width (3 + FrameBits + MagBits),
      .Enable(CutAlign)
    ) u_align (
      .clk_i(clk_i),
      .d_i  ({product_q.nan, product_q.inf, product_q.sign, frame_d, magnitude_d}),
      .q_o  ({nan, inf, sign, frame_q, magnitude_q})
    );

    float_pack #(
      .ExpBits  (ExpBits),
      .ManBits  (ManBits),
      .MagBits  (MagBits),
      .FrameBits(FrameBits),
      .Specials (Specials),
      .Saturate (Saturate)
    ) u_pack (
      .nan_i      (nan),
      .inf_i      (inf),
      .sign_i     (sign),
      .frame_i    (frame_q),
      .magnitude_i(magnitude_q),
      .code_o     (code)
    );
  end else begin : gen_dlfloat
    // Both significands are normalized: the product is, or is but for one bit.
    logic top, nan, zero_d, zero_q, sign, half_d, half_q, unused;
    logic [CalcBits-1:0] exp_d, exp_q;
    logic [ManBits-1:0] man_d, man_q;
    assign unused = ^{product_q.inf, product_q.product};
    assign top = product_q.product[PBits-1];
    assign zero_d = product_q.product[PBits-1-:2] == '0;
    assign exp_d = top ? product_q.top : product_q.top - CalcBits'(1);
    assign {man_d, half_d} = top ? product_q.product[PBits-2-:SigBits]
                                 : product_q.product[PBits-3-:SigBits];

    pipe_stage #(
      .Width (4 + CalcBits + ManBits),
      .Enable(CutAlign)
    ) u_align (
      .clk_i(clk_i),
      .d_i  ({product_q.nan, zero_d, product_q.sign, exp_d, man_d, half_d}),
      .q_o  ({nan, zero_q, sign, exp_q, man_q, half_q})
    );

    dlfloat16_round #(
      .ExpBits    (CalcBits),
      .CodeExpBits(ExpBits),
      .CodeManBits(ManBits),
      .NanInf     (Specials != tessera_pkg::SpecialsNone),
      .Saturate   (Saturate)
    ) u_round (
      .nan_i  (nan),
      .zero_i (zero_q),
      .sign_i (sign),
      .exp_i  (exp_q),
      .man_i  (man_q),
      .round_i(half_q),
      .code_o (code)
    );
  end

  pipe_stage #(
    .Width (Width),
    .Enable(CutOutput)
  ) u_output (
    .clk_i(clk_i),
    .d_i  (code),
    .q_o  (product_o)
  );

endmodule
