// SPDX-License-Identifier: Apache-2.0
// One lane of axpy_sr: w + lr * dw of dlfloat16, or a format of its kind, rounded stochastically.
//
// The window's bit Below has the weight of the product's LSB. w is shifted into
// the window; what falls off below is kept as a sticky LSB, which lies below all
// random bits. Beyond Up bits above the product's LSB the shift stops: there the
// product is below all random bits too, and the sum only sees its sign.

module axpy_sr_lane #(
  parameter  int unsigned ExpBits    = tessera_pkg::DlExpBits,
  parameter  int unsigned ManBits    = tessera_pkg::DlManBits,
  parameter  int unsigned RandomBits = 14,
  parameter  bit          Saturate   = 1'b0,
  parameter  bit          CutProduct = 1'b0,  // registers after the product,
  parameter  bit          CutSum     = 1'b0,  // after the sum; always after the rounding
  localparam int unsigned Width      = 1 + ExpBits + ManBits
) (
  input  logic                  clk_i,
  input  logic [Width-1:0]      lr_i,
  input  logic [Width-1:0]      dw_i,
  input  logic [Width-1:0]      w_i,
  input  logic                  gate_i,
  input  logic [RandomBits-1:0] random_i,
  output logic [Width-1:0]      w_o
);

  localparam int unsigned SigBits = ManBits + 1;
  localparam int unsigned PBits = 2 * SigBits;
  localparam int unsigned Below = RandomBits + 2 > SigBits ? RandomBits + 3 - SigBits : 1;
  localparam int unsigned Up = PBits + RandomBits + 1;
  localparam int unsigned MagBits = Below + Up + SigBits + 1;
  localparam int unsigned ShiftMax = Below + SigBits + Up;
  localparam int unsigned ShiftBits = $clog2(ShiftMax + 1);
  localparam int unsigned CalcBits = $clog2((4 << ExpBits) + 2 * MagBits) + 1;
  localparam int unsigned CountBits = $clog2(MagBits);
  localparam int unsigned Bias = (1 << (ExpBits - 1)) - 1;
  localparam logic [Width-2:0] NanInf = {Width - 1{1'b1}};

  // Product of two normalized significands.
  typedef struct packed {
    logic nan;
    logic sign;
    logic [PBits-1:0] p;
    logic [ExpBits:0] exp;
    logic [Width-1:0] w;
    logic [RandomBits-1:0] random;
  } product_t;

  product_t product_d, product_q;
  logic p_zero;
  assign p_zero = gate_i | (lr_i[Width-2:0] == '0) | (dw_i[Width-2:0] == '0);
  assign product_d.nan = (w_i[Width-2:0] == NanInf) |
      (~gate_i & ((lr_i[Width-2:0] == NanInf) | (dw_i[Width-2:0] == NanInf)));
  assign product_d.sign = lr_i[Width-1] ^ dw_i[Width-1];
  assign product_d.p =
      p_zero ? '0 : PBits'({1'b1, lr_i[ManBits-1:0]}) * PBits'({1'b1, dw_i[ManBits-1:0]});
  assign product_d.exp =
      {1'b0, lr_i[Width-2-:ExpBits]} + {1'b0, dw_i[Width-2-:ExpBits]};
  assign product_d.w = w_i;
  assign product_d.random = random_i;

  pipe_stage #(
    .Width (2 + PBits + ExpBits + 1 + Width + RandomBits),
    .Enable(CutProduct)
  ) u_product (
    .clk_i(clk_i),
    .d_i  (product_d),
    .q_o  (product_q)
  );

  // Alignment: w's significand enters SigBits below the window and moves up.
  logic signed [CalcBits-1:0] w_exp, p_exp, shift_raw, frame;
  logic [SigBits-1:0] w_sig;
  logic [ShiftBits-1:0] shift;
  logic w_zero, w_above;
  logic [MagBits+SigBits-1:0] w_wide;
  logic [MagBits-1:0] w_aligned;
  assign w_zero = product_q.w[Width-2:0] == '0;
  assign w_sig = w_zero ? '0 : {1'b1, product_q.w[ManBits-1:0]};
  assign w_exp = CalcBits'({1'b0, product_q.w[Width-2-:ExpBits]});
  assign p_exp = CalcBits'({1'b0, product_q.exp}) - CalcBits'(Bias + ManBits);
  assign shift_raw = w_exp - p_exp + CalcBits'(Below + SigBits);
  assign w_above =
      (product_q.p == '0) | (~w_zero & (shift_raw > signed'(CalcBits'(ShiftMax))));
  assign frame = w_above ? w_exp - CalcBits'(Up) : p_exp;

  always_comb begin
    shift = shift_raw[ShiftBits-1:0];
    if (shift_raw < 0) shift = '0;
    if (w_above) shift = ShiftBits'(ShiftMax);
  end

  assign w_wide = (MagBits + SigBits)'(w_sig) << shift;
  assign w_aligned = {w_wide[MagBits+SigBits-1:SigBits+1], |w_wide[SigBits:0]};

  // Sum, as sign and magnitude; negative when w has the other sign and is larger.
  typedef struct packed {
    logic nan;
    logic sign;
    logic [MagBits-1:0] magnitude;
    logic signed [CalcBits-1:0] frame;
    logic [RandomBits-1:0] random;
  } summed_t;

  summed_t summed_d, summed_q;
  logic subtract, negative;
  logic [MagBits:0] sum;
  assign subtract = product_q.sign ^ product_q.w[Width-1];
  assign sum = (MagBits + 1)'({product_q.p, Below'(0)}) +
      ({1'b0, w_aligned} ^ {(MagBits + 1){subtract}}) + (MagBits + 1)'(subtract);
  assign negative = sum[MagBits];
  assign summed_d.nan = product_q.nan;
  assign summed_d.sign = product_q.sign ^ negative;
  assign summed_d.magnitude = negative ? -sum[MagBits-1:0] : sum[MagBits-1:0];
  assign summed_d.frame = frame;
  assign summed_d.random = product_q.random;

  pipe_stage #(
    .Width (2 + MagBits + CalcBits + RandomBits),
    .Enable(CutSum)
  ) u_sum (
    .clk_i(clk_i),
    .d_i  (summed_d),
    .q_o  (summed_q)
  );

  // Normalization; the random bits decide whether the last place goes up.
  logic [MagBits-1:0] normal;
  logic [CountBits-1:0] zeros;
  logic zero, carry, unused_below;
  logic [RandomBits-1:0] unused_fraction;
  logic [CalcBits-1:0] exp;
  logic [Width-1:0] code;

  normalize #(
    .Width(MagBits)
  ) u_normalize (
    .in_i    (summed_q.magnitude),
    .normal_o(normal),
    .count_o (zeros),
    .zero_o  (zero)
  );

  assign {carry, unused_fraction} =
      {1'b0, normal[MagBits-SigBits-1-:RandomBits]} + {1'b0, summed_q.random};
  assign unused_below = ^{normal[MagBits-1], normal[MagBits-SigBits-RandomBits-1:0]};
  assign exp = summed_q.frame + CalcBits'(MagBits - 1 - Below - ManBits) - CalcBits'(zeros);

  dlfloat16_round #(
    .ExpBits    (CalcBits),
    .CodeExpBits(ExpBits),
    .CodeManBits(ManBits),
    .Saturate   (Saturate)
  ) u_round (
    .nan_i  (summed_q.nan),
    .zero_i (zero),
    .sign_i (summed_q.sign),
    .exp_i  (exp),
    .man_i  (normal[MagBits-2-:ManBits]),
    .round_i(carry),
    .code_o (code)
  );

  pipe_stage #(
    .Width (Width),
    .Enable(1'b1)
  ) u_output (
    .clk_i(clk_i),
    .d_i  (code),
    .q_o  (w_o)
  );

endmodule
