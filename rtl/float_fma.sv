// SPDX-License-Identifier: Apache-2.0
// a * b + c in IEEE 754 formats, rounded once to nearest even; c and the sum may be wider.
//
// The product stays where it is in a window, c moves down from the window's
// top. Below bits under the product's LSB leave room for the rounding of a
// product that is not normalized; what of c falls below them is sticky. A c
// that would have to move up stays at the top, and the window is c's: there
// the product is less than a quarter of c's ulp, and decides as a sticky bit.

module float_fma #(
  parameter  int unsigned ExpBits    = 5,     // of a and b
  parameter  int unsigned ManBits    = 10,
  parameter  int unsigned AccExpBits = ExpBits,
  parameter  int unsigned AccManBits = ManBits,
  parameter  bit          Subnormals = 1'b1,  // 0: operands and results flush to zero
  parameter  bit          Saturate   = 1'b0,
  parameter  bit          CutProduct = 1'b0,  // registers after the multiplication and alignment,
  parameter  bit          CutSum     = 1'b0,  // after the sum,
  parameter  bit          CutOutput  = 1'b1,  // after the rounding
  localparam int unsigned Width      = 1 + ExpBits + ManBits,
  localparam int unsigned AccWidth   = 1 + AccExpBits + AccManBits
) (
  input  logic                clk_i,
  input  logic [Width-1:0]    a_i,
  input  logic [Width-1:0]    b_i,
  input  logic [AccWidth-1:0] c_i,
  output logic [AccWidth-1:0] sum_o
);

  localparam int unsigned SigBits = AccManBits + 1;
  localparam int unsigned PBits = 2 * (ManBits + 1);
  // Significant bits of a product, at least, less one: 2 * ManBits unless an operand is subnormal.
  localparam int unsigned PTop = Subnormals ? ManBits : 2 * ManBits;
  localparam int unsigned Below = SigBits + 2 > PTop ? SigBits + 2 - PTop : 1;
  localparam int unsigned MagBits = Below + PBits + 2 + SigBits;
  localparam int unsigned SumBits = MagBits + 1;
  localparam int unsigned ShiftMax = MagBits - 1;
  localparam int unsigned ShiftBits = $clog2(ShiftMax + 1);

  // The window's top bit in the product's frame has the exponent a_exp + b_exp + TopOffset.
  localparam int Bias = tessera_pkg::ieee_bias(ExpBits);
  localparam int AccBias = tessera_pkg::ieee_bias(AccExpBits);
  localparam int TopOffset = AccBias - 2 * Bias + signed'(SigBits) + 3;
  localparam int TopMax = 2 * ((1 << ExpBits) - 1) + TopOffset;
  localparam int unsigned FrameBits = $clog2(TopMax + 1);
  localparam int unsigned CalcBits = FrameBits + 1;
  localparam int unsigned DownBits = FrameBits > ShiftBits ? FrameBits : ShiftBits;

  logic [ExpBits-1:0] a_exp, b_exp;
  logic [ManBits:0] a_sig, b_sig;
  logic [AccExpBits-1:0] c_exp;
  logic [SigBits-1:0] c_sig;
  logic a_inf, b_inf, c_inf, a_nan, b_nan, c_nan;

  float_decode #(
    .ExpBits   (ExpBits),
    .ManBits   (ManBits),
    .Subnormals(Subnormals)
  ) u_decode_a (
    .mag_i(a_i[Width-2:0]),
    .exp_o(a_exp),
    .sig_o(a_sig),
    .inf_o(a_inf),
    .nan_o(a_nan)
  );

  float_decode #(
    .ExpBits   (ExpBits),
    .ManBits   (ManBits),
    .Subnormals(Subnormals)
  ) u_decode_b (
    .mag_i(b_i[Width-2:0]),
    .exp_o(b_exp),
    .sig_o(b_sig),
    .inf_o(b_inf),
    .nan_o(b_nan)
  );

  float_decode #(
    .ExpBits   (AccExpBits),
    .ManBits   (AccManBits),
    .Subnormals(Subnormals)
  ) u_decode_c (
    .mag_i(c_i[AccWidth-2:0]),
    .exp_o(c_exp),
    .sig_o(c_sig),
    .inf_o(c_inf),
    .nan_o(c_nan)
  );

  // Product, and alignment of c.
  logic p_zero, p_inf, p_sign, c_sign, invalid;
  assign p_zero = a_sig == '0 | b_sig == '0;
  assign p_inf = a_inf | b_inf;
  assign p_sign = a_i[Width-1] ^ b_i[Width-1];
  assign c_sign = c_i[AccWidth-1];
  assign invalid = (p_inf & p_zero) | (p_inf & c_inf & (p_sign ^ c_sign));

  logic signed [CalcBits-1:0] top, distance;
  logic [DownBits-1:0] down;
  logic [ShiftBits-1:0] shift;
  logic c_above;
  logic [MagBits+SigBits-2:0] c_wide;
  assign top = CalcBits'(a_exp) + CalcBits'(b_exp) + CalcBits'(TopOffset);
  assign distance = top - signed'(CalcBits'(c_exp));
  assign c_above = p_zero | distance[CalcBits-1];
  assign down = DownBits'(distance[FrameBits-1:0]);
  always_comb begin
    shift = '0;
    if (!c_above) begin
      shift = down > DownBits'(ShiftMax) ? ShiftBits'(ShiftMax) : down[ShiftBits-1:0];
    end
  end
  assign c_wide = {c_sig, ShiftMax'(0)} >> shift;

  typedef struct packed {
    logic nan;
    logic inf;
    logic sign;  // of c, or of the infinity
    logic subtract;
    logic [FrameBits-1:0] frame;
    logic [PBits-1:0] p;
    logic [MagBits-1:0] c;
  } product_t;

  product_t product_d, product_q;
  assign product_d.nan = a_nan | b_nan | c_nan | invalid;
  assign product_d.inf = p_inf | c_inf;
  assign product_d.sign = p_inf ? p_sign : c_sign;
  assign product_d.subtract = p_sign ^ c_sign;
  assign product_d.frame = c_above ? FrameBits'(c_exp) : top[FrameBits-1:0];
  assign product_d.p = PBits'(a_sig) * PBits'(b_sig);
  assign product_d.c = {c_wide[MagBits+SigBits-2:SigBits], |c_wide[SigBits-1:0]};

  pipe_stage #(
    .Width (4 + FrameBits + PBits + MagBits),
    .Enable(CutProduct)
  ) u_product (
    .clk_i(clk_i),
    .d_i  (product_d),
    .q_o  (product_q)
  );

  // Sum, sign and magnitude.
  logic [SumBits-1:0] p_term, sum;
  logic negative;
  assign p_term = SumBits'({product_q.p, Below'(0)}) ^ {SumBits{product_q.subtract}};
  assign sum = {1'b0, product_q.c} + p_term + SumBits'(product_q.subtract);
  assign negative = sum[SumBits-1];

  typedef struct packed {
    logic nan;
    logic inf;
    logic sign;
    logic [FrameBits-1:0] frame;
    logic [MagBits-1:0] magnitude;
  } summed_t;

  summed_t summed_d, summed_q;
  assign summed_d.nan = product_q.nan;
  assign summed_d.inf = product_q.inf;
  assign summed_d.sign = product_q.sign ^ (negative & ~product_q.inf);
  assign summed_d.frame = product_q.frame;
  assign summed_d.magnitude = negative ? -sum[MagBits-1:0] : sum[MagBits-1:0];

  pipe_stage #(
    .Width (3 + FrameBits + MagBits),
    .Enable(CutSum)
  ) u_sum (
    .clk_i(clk_i),
    .d_i  (summed_d),
    .q_o  (summed_q)
  );

  // Normalization and rounding.
  logic [AccWidth-1:0] code;
  float_pack #(
    .ExpBits   (AccExpBits),
    .ManBits   (AccManBits),
    .MagBits   (MagBits),
    .FrameBits (FrameBits),
    .Subnormals(Subnormals),
    .Saturate  (Saturate)
  ) u_pack (
    .nan_i      (summed_q.nan),
    .inf_i      (summed_q.inf),
    .sign_i     (summed_q.sign),
    .frame_i    (summed_q.frame),
    .magnitude_i(summed_q.magnitude),
    .code_o     (code)
  );

  pipe_stage #(
    .Width (AccWidth),
    .Enable(CutOutput)
  ) u_output (
    .clk_i(clk_i),
    .d_i  (code),
    .q_o  (sum_o)
  );

endmodule
