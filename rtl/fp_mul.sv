// SPDX-License-Identifier: Apache-2.0
// Product of two codes of any floating-point format, rounded once.

module fp_mul #(
  parameter  int unsigned Format   = tessera_pkg::FormatFp16,
  parameter  int unsigned Saturate = 0,
  parameter  int unsigned Stages   = 1,
  localparam int unsigned Width    = tessera_pkg::format_bits(Format)
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             valid_i,
  input  logic [Width-1:0] a_i,
  input  logic [Width-1:0] b_i,
  output logic             valid_o,
  output logic [Width-1:0] product_o
);

  float_mul #(
    .ExpBits   (tessera_pkg::format_exp_bits(Format)),
    .ManBits   (tessera_pkg::format_man_bits(Format)),
    .Bias      (tessera_pkg::format_bias(Format)),
    .Ieee      (tessera_pkg::format_ieee(Format)),
    .Specials  (tessera_pkg::format_specials(Format)),
    .Saturate  (Saturate != 0),
    .CutProduct(Stages >= 2),
    .CutAlign  (Stages >= 3)
  ) u_float_mul (
    .clk_i    (clk_i),
    .a_i      (a_i),
    .b_i      (b_i),
    .product_o(product_o)
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
