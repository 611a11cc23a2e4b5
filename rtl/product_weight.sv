// SPDX-License-Identifier: Apache-2.0
// The power of two of an integer product's LSB: escale, and -6 in FP4 mode.

module product_weight #(
  parameter int unsigned Modes = 3
) (
  input  logic [6:0] escale_i,  // signed
  input  logic       fp4_i,     // ignored with one mode
  output logic [7:0] weight_o   // signed
);

  localparam bit HasInt4 = (Modes & tessera_pkg::ModeInt4) != 0;
  localparam bit HasFp4 = (Modes & tessera_pkg::ModeFp4) != 0;

  logic fp4;
  assign fp4 = HasFp4 & (fp4_i | ~HasInt4);
  assign weight_o = 8'(signed'(escale_i)) + (fp4 ? 8'(tessera_pkg::Fp4ProductExp) : 8'd0);

endmodule
