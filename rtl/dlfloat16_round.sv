// SPDX-License-Identifier: Apache-2.0
// Rounds a normalized magnitude to dlfloat16, nearest_up, and packs it.
//
// The value is +-1.man_i * 2^(exp_i - 31), round_i being the bit below man_i's
// last. nearest_up needs no sticky bit. What rounds to 2^-31 or below is zero.

module dlfloat16_round #(
  parameter int unsigned ExpBits  = 10,   // of exp_i, signed, at least 8
  parameter bit          Saturate = 1'b0  // overflow: 0 NaN-Infinity, 1 largest finite
) (
  input  logic               nan_i,
  input  logic               zero_i,
  input  logic               sign_i,
  input  logic [ExpBits-1:0] exp_i,  // biased, signed
  input  logic [8:0]         man_i,
  input  logic               round_i,
  output logic [15:0]        code_o
);

  // A carry out of the mantissa moves into the exponent.
  logic [ExpBits+8:0] code;
  assign code = {exp_i, man_i} + (ExpBits + 9)'(round_i);

  logic negative, over, is_zero;
  assign negative = code[ExpBits+8];
  assign over = ~negative & (|code[ExpBits+7:15] | (code[14:0] == tessera_pkg::DlNanInf));
  assign is_zero = zero_i | negative | (code == '0);

  always_comb begin
    code_o = {sign_i, code[14:0]};
    if (is_zero) code_o = '0;
    if (!zero_i && over) code_o = Saturate ? {sign_i, tessera_pkg::DlMax} : 16'h7FFF;
    if (nan_i) code_o = 16'h7FFF;
  end

endmodule
