// SPDX-License-Identifier: Apache-2.0
// dlfloat16, or a format of its kind, plus integer: RN(acc + p * 2^weight), one rounding of the
// exact sum.
//
// The window's bit Below has the weight of p's LSB. acc is shifted into the
// window; what falls off below is kept as a sticky LSB, which is as good as the
// exact bits once Below covers the result's last bit: 12 for any integer p, 1
// where p is a product of two normalized significands. Beyond Up bits above
// p's LSB the shift stops: there p is less than a quarter of acc's ulp, and the
// rounding only sees its sign.
//
// Where this adder is shared, another sum in its window can take the place of its own; it comes
// after the first cut.

module align_add #(
  parameter  int unsigned PBits      = 21,    // two's complement
  parameter  int unsigned WeightBits = 8,     // signed
  parameter  int unsigned Below      = 12,
  parameter  int unsigned ExpBits    = tessera_pkg::DlExpBits,
  parameter  int unsigned ManBits    = tessera_pkg::DlManBits,
  parameter  bit          Joins      = 1'b0,  // another sum may join, else its ports are ignored
  parameter  bit          Saturate   = 1'b0,
  parameter  bit          CutAlign   = 1'b0,  // registers after the alignment,
  parameter  bit          CutSum     = 1'b0,  // after the sum,
  parameter  bit          CutOutput  = 1'b1,  // after the rounding
  localparam int unsigned Width      = 1 + ExpBits + ManBits,
  localparam int unsigned SumBits    = tessera_pkg::align_add_sum_bits(PBits, Below, ManBits),
  localparam int unsigned CalcBits   = tessera_pkg::align_add_frame_bits(WeightBits, ExpBits)
) (
  input  logic                  clk_i,
  input  logic                  nan_i,     // p is not a number
  input  logic [PBits-1:0]      p_i,
  input  logic [WeightBits-1:0] weight_i,  // power of two of p's LSB
  input  logic [Width-1:0]      acc_i,
  input  logic                  join_i,
  input  logic                  join_nan_i,
  input  logic [SumBits-1:0]    join_sum_i,    // two's complement, with a fraction of Below bits
  input  logic [CalcBits-1:0]   join_frame_i,  // its power of two
  output logic [Width-1:0]      acc_o
);

  localparam int unsigned SigBits = ManBits + 1;
  localparam int unsigned Up = PBits + 1;
  localparam int unsigned MagBits = SumBits - 1;
  localparam int Bias = tessera_pkg::ieee_bias(ExpBits);
  localparam int AccLsbExp = -Bias - signed'(ManBits);
  localparam logic [Width-2:0] NanInf = {Width - 1{1'b1}};
  localparam int unsigned ShiftMax = Below + SigBits + Up;
  localparam int unsigned ShiftBits = $clog2(ShiftMax + 1);

  // Alignment: acc's significand enters SigBits below the window and moves up.
  logic [ExpBits-1:0] acc_exp;
  logic [SigBits-1:0] acc_sig;
  logic acc_zero, p_zero, acc_nan;
  assign acc_exp = acc_i[Width-2-:ExpBits];
  assign acc_zero = acc_i[Width-2:0] == '0;
  assign acc_nan = acc_i[Width-2:0] == NanInf;
  assign acc_sig = acc_zero ? '0 : {1'b1, acc_i[ManBits-1:0]};
  assign p_zero = p_i == '0;

  logic signed [CalcBits-1:0] acc_lsb_exp, weight, shift_raw, frame;
  logic [ShiftBits-1:0] shift;
  logic acc_above;
  assign acc_lsb_exp = CalcBits'(signed'({1'b0, acc_exp})) + CalcBits'(AccLsbExp);
  assign weight = CalcBits'(signed'(weight_i));
  assign shift_raw = acc_lsb_exp - weight + CalcBits'(Below + SigBits);
  // The sum is taken in acc's frame, p being nothing or only a sign there.
  assign acc_above = p_zero | (~acc_zero & (shift_raw > signed'(CalcBits'(ShiftMax))));
  assign frame = acc_above ? acc_lsb_exp - CalcBits'(Up) : weight;

  always_comb begin
    shift = shift_raw[ShiftBits-1:0];
    if (shift_raw < 0) shift = '0;
    if (acc_above) shift = ShiftBits'(ShiftMax);
  end

  logic [MagBits+SigBits-1:0] acc_wide;
  logic [MagBits-1:0] acc_aligned;
  assign acc_wide = (MagBits + SigBits)'(acc_sig) << shift;
  assign acc_aligned = {acc_wide[MagBits+SigBits-1:SigBits+1], |acc_wide[SigBits:0]};

  typedef struct packed {
    logic nan;
    logic acc_sign;
    logic [PBits-1:0] p;
    logic [MagBits-1:0] acc;
    logic signed [CalcBits-1:0] frame;
  } aligned_t;

  aligned_t aligned_d, aligned_q;
  assign aligned_d.nan = nan_i | acc_nan;
  assign aligned_d.acc_sign = acc_i[Width-1];
  assign aligned_d.p = p_i;
  assign aligned_d.acc = acc_aligned;
  assign aligned_d.frame = frame;

  pipe_stage #(
    .Width (2 + PBits + MagBits + CalcBits),
    .Enable(CutAlign)
  ) u_align (
    .clk_i(clk_i),
    .d_i  (aligned_d),
    .q_o  (aligned_q)
  );

  // Sum, sign and magnitude.
  logic [SumBits-1:0] p_term, acc_term, own, sum;
  logic negative, joined_nan;
  logic [MagBits-1:0] magnitude;
  logic [CalcBits-1:0] joined_frame;
  assign p_term = SumBits'(signed'({aligned_q.p, Below'(0)}));
  assign acc_term = {1'b0, aligned_q.acc} ^ {SumBits{aligned_q.acc_sign}};
  assign own = p_term + acc_term + SumBits'(aligned_q.acc_sign);

  if (Joins) begin : gen_join
    assign sum = join_i ? join_sum_i : own;
    assign joined_nan = join_i ? join_nan_i : aligned_q.nan;
    assign joined_frame = join_i ? join_frame_i : aligned_q.frame;
  end else begin : gen_own
    logic unused_join;
    assign unused_join = ^{join_i, join_nan_i, join_sum_i, join_frame_i};
    assign sum = own;
    assign joined_nan = aligned_q.nan;
    assign joined_frame = aligned_q.frame;
  end

  assign negative = sum[SumBits-1];
  assign magnitude = negative ? -sum[MagBits-1:0] : sum[MagBits-1:0];

  typedef struct packed {
    logic nan;
    logic negative;
    logic [MagBits-1:0] magnitude;
    logic signed [CalcBits-1:0] frame;
  } summed_t;

  summed_t summed_d, summed_q;
  assign summed_d.nan = joined_nan;
  assign summed_d.negative = negative;
  assign summed_d.magnitude = magnitude;
  assign summed_d.frame = joined_frame;

  pipe_stage #(
    .Width (2 + MagBits + CalcBits),
    .Enable(CutSum)
  ) u_sum (
    .clk_i(clk_i),
    .d_i  (summed_d),
    .q_o  (summed_q)
  );

  // Normalization and rounding.
  localparam int unsigned CountBits = $clog2(MagBits);
  localparam int TopExp = tessera_pkg::align_add_top_exp(SumBits, Below, ExpBits);
  logic [CountBits-1:0] zeros;
  logic sum_zero;
  logic [MagBits-1:0] normal;
  logic signed [CalcBits-1:0] exp;
  logic unused_normal;

  normalize #(
    .Width(MagBits)
  ) u_normalize (
    .in_i    (summed_q.magnitude),
    .normal_o(normal),
    .count_o (zeros),
    .zero_o  (sum_zero)
  );

  assign unused_normal = ^{normal[MagBits-1], normal[MagBits-ManBits-3:0]};
  assign exp = summed_q.frame + CalcBits'(TopExp) - CalcBits'(signed'({1'b0, zeros}));

  logic [Width-1:0] code;
  dlfloat16_round #(
    .ExpBits    (CalcBits),
    .CodeExpBits(ExpBits),
    .CodeManBits(ManBits),
    .Saturate   (Saturate)
  ) u_round (
    .nan_i  (summed_q.nan),
    .zero_i (sum_zero),
    .sign_i (summed_q.negative),
    .exp_i  (exp),
    .man_i  (normal[MagBits-2-:ManBits]),
    .round_i(normal[MagBits-ManBits-2]),
    .code_o (code)
  );

  pipe_stage #(
    .Width (Width),
    .Enable(CutOutput)
  ) u_output (
    .clk_i(clk_i),
    .d_i  (code),
    .q_o  (acc_o)
  );

endmodule
