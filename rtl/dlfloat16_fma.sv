// SPDX-License-Identifier: Apache-2.0
// dlfloat16 a * b + c with a single rounding, nearest_up.
//
// Other ExpBits and ManBits make a format of its kind, small enough for proofs.

module dlfloat16_fma #(
  parameter  int unsigned ExpBits  = tessera_pkg::DlExpBits,
  parameter  int unsigned ManBits  = tessera_pkg::DlManBits,
  parameter  int unsigned Saturate = 0,
  parameter  int unsigned Stages   = 2,
  localparam int unsigned Width    = 1 + ExpBits + ManBits
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             valid_i,
  input  logic [Width-1:0] a_i,
  input  logic [Width-1:0] b_i,
  input  logic [Width-1:0] c_i,
  output logic             valid_o,
  output logic [Width-1:0] sum_o
);

  localparam int unsigned SigBits = ManBits + 1;
  localparam int unsigned PBits = 2 * SigBits + 1;
  localparam int unsigned WeightBits = ExpBits + 2;
  // The product's LSB: both significands are integers times 2^(e - bias - ManBits).
  localparam int LsbExp = -2 * (tessera_pkg::ieee_bias(ExpBits) + signed'(ManBits));
  localparam logic [Width-2:0] NanInf = {Width - 1{1'b1}};

  logic zero, nan, negative;
  logic [2*SigBits-1:0] magnitude;
  assign zero = (a_i[Width-2:0] == '0) | (b_i[Width-2:0] == '0);
  assign nan = (a_i[Width-2:0] == NanInf) | (b_i[Width-2:0] == NanInf);
  assign negative = a_i[Width-1] ^ b_i[Width-1];
  assign magnitude = zero ? '0 : (2 * SigBits)'({1'b1, a_i[ManBits-1:0]}) *
                                 (2 * SigBits)'({1'b1, b_i[ManBits-1:0]});

  typedef struct packed {
    logic nan;
    logic [PBits-1:0] p;
    logic [WeightBits-1:0] weight;
    logic [Width-1:0] c;
  } product_t;

  product_t product_d, product_q;
  assign product_d.nan = nan;
  assign product_d.p = negative ? -{1'b0, magnitude} : {1'b0, magnitude};
  assign product_d.weight =
      WeightBits'(a_i[Width-2-:ExpBits]) + WeightBits'(b_i[Width-2-:ExpBits]) + WeightBits'(LsbExp);
  assign product_d.c = c_i;

  pipe_stage #(
    .Width (1 + PBits + WeightBits + Width),
    .Enable(Stages >= 3)
  ) u_product (
    .clk_i(clk_i),
    .d_i  (product_d),
    .q_o  (product_q)
  );

  align_add #(
    .PBits     (PBits),
    .WeightBits(WeightBits),
    .Below     (1),
    .ExpBits   (ExpBits),
    .ManBits   (ManBits),
    .Saturate  (Saturate != 0),
    .CutSum    (Stages >= 2)
  ) u_align_add (
    .clk_i       (clk_i),
    .nan_i       (product_q.nan),
    .p_i         (product_q.p),
    .weight_i    (product_q.weight),
    .acc_i       (product_q.c),
    .join_i      (1'b0),
    .join_nan_i  (1'b0),
    .join_sum_i  ('0),
    .join_frame_i('0),
    .acc_o       (sum_o)
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
