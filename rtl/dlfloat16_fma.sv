// SPDX-License-Identifier: Apache-2.0
// dlfloat16 a * b + c with a single rounding, nearest_up.

module dlfloat16_fma #(
  parameter int unsigned Saturate = 0,
  parameter int unsigned Stages   = 2
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        valid_i,
  input  logic [15:0] a_i,
  input  logic [15:0] b_i,
  input  logic [15:0] c_i,
  output logic        valid_o,
  output logic [15:0] sum_o
);

  localparam int unsigned SigBits = tessera_pkg::DlManBits + 1;
  localparam int unsigned PBits = 2 * SigBits + 1;
  localparam int unsigned WeightBits = 8;
  // The product's LSB: both significands are integers times 2^(e - 40).
  localparam int LsbExp = -2 * (tessera_pkg::DlBias + tessera_pkg::DlManBits);

  logic zero, nan, negative;
  logic [2*SigBits-1:0] magnitude;
  assign zero = (a_i[14:0] == '0) | (b_i[14:0] == '0);
  assign nan = (a_i[14:0] == tessera_pkg::DlNanInf) | (b_i[14:0] == tessera_pkg::DlNanInf);
  assign negative = a_i[15] ^ b_i[15];
  assign magnitude = zero ? '0 : (2 * SigBits)'({1'b1, a_i[8:0]}) * (2 * SigBits)'({1'b1, b_i[8:0]});

  typedef struct packed {
    logic nan;
    logic [PBits-1:0] p;
    logic [WeightBits-1:0] weight;
    logic [15:0] c;
  } product_t;

  product_t product_d, product_q;
  assign product_d.nan = nan;
  assign product_d.p = negative ? -{1'b0, magnitude} : {1'b0, magnitude};
  assign product_d.weight =
      WeightBits'(a_i[14:9]) + WeightBits'(b_i[14:9]) + WeightBits'(LsbExp);
  assign product_d.c = c_i;

  pipe_stage #(
    .Width (1 + PBits + WeightBits + 16),
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
    .Saturate  (Saturate != 0),
    .CutSum    (Stages >= 2)
  ) u_align_add (
    .clk_i   (clk_i),
    .nan_i   (product_q.nan),
    .p_i     (product_q.p),
    .weight_i(product_q.weight),
    .acc_i   (product_q.c),
    .acc_o   (sum_o)
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
