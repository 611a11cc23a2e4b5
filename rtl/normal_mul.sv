// SPDX-License-Identifier: Apache-2.0
// Product of two codes of an IEEE 754 format, without their signs, rounded to nearest even, where no
// number is zero, subnormal or special and no product leaves the range.

module normal_mul #(
  parameter  int unsigned ExpBits = tessera_pkg::Fp32ExpBits,
  parameter  int unsigned ManBits = tessera_pkg::Fp32ManBits,
  localparam int unsigned Width   = ExpBits + ManBits
) (
  input  logic [Width-1:0] a_i,
  input  logic [Width-1:0] b_i,
  output logic [Width-1:0] product_o
);

  localparam int unsigned PBits = 2 * ManBits + 2;
  localparam int Bias = tessera_pkg::ieee_bias(ExpBits);

  logic [ExpBits-1:0] a_exp, b_exp, exp;
  logic [PBits-1:0] product;
  logic [PBits-2:0] normal;
  logic top, round_up;
  assign a_exp = a_i[Width-1-:ExpBits];
  assign b_exp = b_i[Width-1-:ExpBits];
  assign product = PBits'({1'b1, a_i[ManBits-1:0]}) * PBits'({1'b1, b_i[ManBits-1:0]});
  assign top = product[PBits-1];
  assign normal = top ? product[PBits-2:0] : {product[PBits-3:0], 1'b0};
  assign exp = a_exp + b_exp - ExpBits'(Bias) + ExpBits'(top);
  assign round_up = normal[ManBits] & (normal[ManBits+1] | (|normal[ManBits-1:0]));

  assign product_o = {exp, normal[PBits-2-:ManBits]} + Width'(round_up);

endmodule
