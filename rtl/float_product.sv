// SPDX-License-Identifier: Apache-2.0
// The product of two floats without subnormals, as aligned_products takes it.

module float_product #(
  parameter  int unsigned ExpBits = 5,  // of the operands; e = m = 0 is zero,
  parameter  int unsigned ManBits = 3,  // e and m all ones NaN-Infinity
  localparam int unsigned OpBits  = 1 + ExpBits + ManBits
) (
  input  logic [OpBits-1:0]    a_i,
  input  logic [OpBits-1:0]    b_i,
  output logic                 nan_o,
  output logic                 zero_o,
  output logic                 negative_o,
  output logic [ExpBits:0]     exp_o,
  output logic [2*ManBits+1:0] sig_o
);

  assign nan_o = &a_i[OpBits-2:0] | &b_i[OpBits-2:0];
  assign zero_o = (a_i[OpBits-2:0] == '0) | (b_i[OpBits-2:0] == '0);
  assign negative_o = a_i[OpBits-1] ^ b_i[OpBits-1];
  assign exp_o = {1'b0, a_i[ManBits+:ExpBits]} + {1'b0, b_i[ManBits+:ExpBits]};
  assign sig_o = (2 * ManBits + 2)'({1'b1, a_i[ManBits-1:0]}) *
      (2 * ManBits + 2)'({1'b1, b_i[ManBits-1:0]});

endmodule
