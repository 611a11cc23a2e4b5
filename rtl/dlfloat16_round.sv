// SPDX-License-Identifier: Apache-2.0
// Rounds a normalized magnitude to dlfloat16, or a format of its kind, nearest_up, and packs it.
//
// The value is +-1.man_i * 2^(exp_i - bias), round_i being the bit below man_i's
// last. nearest_up needs no sticky bit. What rounds to 2^-bias or below is zero.

module dlfloat16_round #(
  parameter  int unsigned ExpBits     = 10,    // of exp_i, signed, at least CodeExpBits + 2
  parameter  int unsigned CodeExpBits = tessera_pkg::DlExpBits,
  parameter  int unsigned CodeManBits = tessera_pkg::DlManBits,
  parameter  bit          NanInf      = 1'b1,  // all ones is NaN-Infinity, else a number
  parameter  bit          Saturate    = 1'b0,  // overflow: 0 NaN-Infinity, 1 largest finite
  localparam int unsigned MagBits     = CodeExpBits + CodeManBits
) (
  input  logic                   nan_i,
  input  logic                   zero_i,
  input  logic                   sign_i,
  input  logic [ExpBits-1:0]     exp_i,  // biased, signed
  input  logic [CodeManBits-1:0] man_i,
  input  logic                   round_i,
  output logic [MagBits:0]       code_o
);

  // A carry out of the mantissa moves into the exponent.
  localparam int unsigned WideBits = ExpBits + CodeManBits;
  localparam logic [MagBits-1:0] AllOnes = {MagBits{1'b1}};
  localparam logic [MagBits-1:0] Max = AllOnes - MagBits'(NanInf);
  logic [WideBits-1:0] code;
  assign code = {exp_i, man_i} + WideBits'(round_i);

  logic negative, over, is_zero;
  assign negative = code[WideBits-1];
  assign over = ~negative &
      (|code[WideBits-2:MagBits] | (NanInf & (code[MagBits-1:0] == AllOnes)));
  assign is_zero = zero_i | negative | (code == '0);

  always_comb begin
    code_o = {sign_i, code[MagBits-1:0]};
    if (is_zero) code_o = '0;
    if (!zero_i && over) code_o = Saturate || !NanInf ? {sign_i, Max} : {1'b0, AllOnes};
    if (nan_i) code_o = {1'b0, AllOnes};
  end

endmodule
