// SPDX-License-Identifier: Apache-2.0
// Sum of two codes of any floating-point format, rounded once.

module fp_add #(
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
  output logic [Width-1:0] sum_o
);

  float_add #(
    .ExpBits (tessera_pkg::format_exp_bits(Format)),
    .ManBits (tessera_pkg::format_man_bits(Format)),
    .Ieee    (tessera_pkg::format_ieee(Format)),
    .Specials(tessera_pkg::format_specials(Format)),
    .Saturate(Saturate != 0),
    .CutAlign(Stages >= 3),
    .CutSum  (Stages >= 2)
  ) u_float_add (
    .clk_i(clk_i),
    .a_i  (a_i),
    .b_i  (b_i),
    .sum_o(sum_o)
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
