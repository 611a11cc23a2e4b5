// SPDX-License-Identifier: Apache-2.0
// Constants and width functions that the blocks share.

package tessera_pkg;

  // Bits of the Modes parameter.
  localparam int unsigned ModeInt4 = 1;
  localparam int unsigned ModeFp4 = 2;
  localparam int unsigned ModeFp16 = 8;

  // Values of the Variant parameter.
  localparam int unsigned VariantFused = 0;
  localparam int unsigned VariantSplit = 1;
  localparam int unsigned VariantInteger = 2;

  // Values of the Outer parameter.
  localparam int unsigned OuterDlfloat16 = 0;
  localparam int unsigned OuterFp32 = 1;

  // Values of the Align parameter.
  localparam int unsigned AlignWindow = 0;
  localparam int unsigned AlignExact = 1;

  // dlfloat16: 1,6,9, bias 31.
  localparam int DlExpBits = 6;
  localparam int DlManBits = 9;
  localparam int DlBias = 31;
  localparam logic [14:0] DlNanInf = 15'h7FFF;
  localparam logic [14:0] DlMax = 15'h7FFE;

  // fp32: 1,8,23, bias 127.
  localparam int Fp32ExpBits = 8;
  localparam int Fp32ManBits = 23;

  // Weight of an integer product P in FP4 mode: a << (e5 - 2) stands for a * 2^(e5 - 8).
  localparam int Fp4ProductExp = -6;

  // Bits of a product: |P| <= 120 with INT4 alone, else |P| <= 15 * 2^13.
  function automatic int unsigned product_bits(input int unsigned modes);
    product_bits = (modes & ModeFp4) != 0 ? 18 : 8;
  endfunction

  // An operand inside the array: a 4-bit integer or an fp5_r2 code, or a dlfloat16.
  function automatic int unsigned operand_bits(input int unsigned modes);
    operand_bits = modes == ModeFp16 ? 16 : 5;
  endfunction

  function automatic int unsigned sum_bits(input int unsigned modes, input int unsigned lanes);
    sum_bits = product_bits(modes) + $clog2(lanes);
  endfunction

  // The inner sum is a dlfloat16, or an exact integer.
  function automatic int unsigned acc_bits(input int unsigned modes, input int unsigned chunk,
                                           input int unsigned variant);
    acc_bits = variant == VariantInteger ? product_bits(modes) + $clog2(chunk) : 16;
  endfunction

  function automatic int unsigned outer_bits(input int unsigned outer);
    outer_bits = outer == OuterFp32 ? 32 : 16;
  endfunction

endpackage
