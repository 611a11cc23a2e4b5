// SPDX-License-Identifier: Apache-2.0
// Constants and width functions that the blocks share.

package tessera_pkg;

  // Bits of the Modes parameter.
  localparam int unsigned ModeInt4 = 1;
  localparam int unsigned ModeFp4 = 2;
  localparam int unsigned ModeHfp8 = 4;
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

  // Value of the Fp8 parameter: fp8_152, else fp8_143.
  localparam int unsigned Fp8Is152 = 1;

  // Values of the Method parameter of gradscale.
  localparam int unsigned GradscaleAlign = 0;
  localparam int unsigned GradscaleHysteresis = 2;

  // Values of the Accumulator parameter.
  localparam int unsigned AccumulatorShared = 0;

  // dlfloat16: 1,6,9, bias 31.
  localparam int DlExpBits = 6;
  localparam int DlManBits = 9;
  localparam int DlBias = 31;
  localparam logic [14:0] DlNanInf = 15'h7FFF;
  localparam logic [14:0] DlMax = 15'h7FFE;

  // fp32: 1,8,23, bias 127.
  localparam int Fp32ExpBits = 8;
  localparam int Fp32ManBits = 23;

  // Values of the Format parameter of fp_add and fp_mul.
  localparam int unsigned FormatFp32 = 0;
  localparam int unsigned FormatFp16 = 1;
  localparam int unsigned FormatBf16 = 2;
  localparam int unsigned FormatDlfloat16 = 3;
  localparam int unsigned FormatFp9153 = 4;
  localparam int unsigned FormatFp8143 = 5;  // HFP8's, as the next
  localparam int unsigned FormatFp8152 = 6;
  localparam int unsigned FormatE5M2 = 7;     // OCP's, as those below
  localparam int unsigned FormatE4M3 = 8;
  localparam int unsigned FormatE3M2 = 9;
  localparam int unsigned FormatE2M3 = 10;
  localparam int unsigned FormatE2M1 = 11;

  // Which codes are not numbers.
  localparam int unsigned SpecialsNone = 0;
  localparam int unsigned SpecialsAllOnes = 1;  // e and m all ones: NaN, or NaN-Infinity
  localparam int unsigned SpecialsIeee = 2;     // e all ones: infinity and NaN
  localparam int unsigned SpecialsTopExp = 3;   // e all ones: NaN-Infinity, whatever m is

  // Weight of an integer product P in FP4 mode: a << (e5 - 2) stands for a * 2^(e5 - 8).
  localparam int Fp4ProductExp = -6;

  function automatic int unsigned format_exp_bits(input int unsigned format);
    case (format)
      FormatFp32, FormatBf16: format_exp_bits = 8;
      FormatDlfloat16: format_exp_bits = 6;
      FormatFp16, FormatFp9153, FormatFp8152, FormatE5M2: format_exp_bits = 5;
      FormatFp8143, FormatE4M3: format_exp_bits = 4;
      FormatE3M2: format_exp_bits = 3;
      default: format_exp_bits = 2;
    endcase
  endfunction

  function automatic int unsigned format_man_bits(input int unsigned format);
    case (format)
      FormatFp32: format_man_bits = 23;
      FormatFp16: format_man_bits = 10;
      FormatDlfloat16: format_man_bits = 9;
      FormatBf16: format_man_bits = 7;
      FormatFp9153, FormatFp8143, FormatE4M3, FormatE2M3: format_man_bits = 3;
      FormatFp8152, FormatE5M2, FormatE3M2: format_man_bits = 2;
      default: format_man_bits = 1;
    endcase
  endfunction

  function automatic int unsigned format_bits(input int unsigned format);
    format_bits = 1 + format_exp_bits(format) + format_man_bits(format);
  endfunction

  function automatic int ieee_bias(input int unsigned exp_bits);
    ieee_bias = (1 << (exp_bits - 1)) - 1;
  endfunction

  function automatic int format_bias(input int unsigned format);
    format_bias = format == FormatFp8143 ? 11 : ieee_bias(format_exp_bits(format));
  endfunction

  // Subnormals and nearest_even, else no subnormals and nearest_up as in dlfloat16.
  function automatic bit format_ieee(input int unsigned format);
    format_ieee = format < FormatDlfloat16 || format > FormatFp8152;
  endfunction

  function automatic int unsigned format_specials(input int unsigned format);
    case (format)
      FormatFp32, FormatFp16, FormatBf16, FormatE5M2: format_specials = SpecialsIeee;
      FormatDlfloat16, FormatFp9153, FormatFp8152, FormatE4M3: format_specials = SpecialsAllOnes;
      default: format_specials = SpecialsNone;
    endcase
  endfunction

  // Bits of a product: |P| <= 120 with INT4 alone, else |P| <= 15 * 2^13.
  function automatic int unsigned product_bits(input int unsigned modes);
    product_bits = (modes & ModeFp4) != 0 ? 18 : 8;
  endfunction

  // An element of an operand inside the array: a 4-bit integer or an fp5_r2 code, else an fp9_153,
  // else a dlfloat16. Wider operands lie across the elements of a slice, from bit 0 on.
  function automatic int unsigned operand_bits(input int unsigned modes);
    operand_bits = modes == ModeFp16 ? 16 : (modes & (ModeInt4 | ModeFp4)) != 0 ? 5 : 9;
  endfunction

  function automatic int unsigned operand_word_bits(input int unsigned modes,
                                                    input int unsigned lanes);
    operand_word_bits = operand_bits(modes) * lanes;
  endfunction

  // Where there are integers and floats, the upper bit of the mode says which.
  function automatic int unsigned mode_bits(input int unsigned modes);
    mode_bits = (modes & (ModeInt4 | ModeFp4)) != 0 && (modes & (ModeHfp8 | ModeFp16)) != 0 ? 2 : 1;
  endfunction

  // Floating products of a slice: HFP8 makes a quarter of what INT4 and FP4 do, FP16 one.
  function automatic int unsigned float_lanes(input int unsigned modes, input int unsigned lanes);
    float_lanes = (modes & ModeHfp8) == 0 ? 1 : (modes & (ModeInt4 | ModeFp4)) != 0 ? lanes / 4 : lanes;
  endfunction

  // Exponent and significand of a product, of fp9_153 or where there is FP16 of dlfloat16.
  function automatic int unsigned mixed_exp_bits(input int unsigned modes);
    mixed_exp_bits = (modes & ModeFp16) != 0 ? DlExpBits + 1 : 6;
  endfunction

  function automatic int unsigned mixed_sig_bits(input int unsigned modes);
    mixed_sig_bits = (modes & ModeFp16) != 0 ? 2 * DlManBits + 2 : 8;
  endfunction

  // Wires but for zero and NaN-Infinity, whose codes keep all zeros and all ones.
  function automatic logic [15:0] fp9_to_dlfloat16(input logic [8:0] code);
    fp9_to_dlfloat16 = {code[8:7], ~code[7], code[6:0], 6'd0};
    if (code[7:0] == '0) fp9_to_dlfloat16 = '0;
    if (&code[7:0]) fp9_to_dlfloat16 = {16{1'b1}};
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

  // align_add: bits of its sum, of its signed frame, and the biased exponent of the sum's top bit
  // below the sign, in frame 0.
  function automatic int unsigned align_add_sum_bits(input int unsigned p_bits,
                                                     input int unsigned below,
                                                     input int unsigned man_bits);
    align_add_sum_bits = below + p_bits + man_bits + 4;
  endfunction

  function automatic int unsigned align_add_frame_bits(input int unsigned weight_bits,
                                                       input int unsigned exp_bits);
    align_add_frame_bits = (weight_bits > exp_bits + 2 ? weight_bits : exp_bits + 2) + 2;
  endfunction

  function automatic int align_add_top_exp(input int unsigned window, input int unsigned below,
                                             input int unsigned exp_bits);
    align_add_top_exp = window - 2 - below + ieee_bias(exp_bits);
  endfunction

  // The window of aligned products: exponents count from the least of a product's and a
  // dlfloat16's; above a product's top bit are carries, below the last bit is a sticky one.
  function automatic int unsigned dot_frame_bias(input int unsigned exp_bias);
    dot_frame_bias = exp_bias > DlBias ? exp_bias : DlBias;
  endfunction

  function automatic int unsigned dot_max_frame(input int unsigned max_exp,
                                                input int unsigned exp_bias);
    dot_max_frame = max_exp - exp_bias > 63 - DlBias ?
        max_exp - exp_bias + dot_frame_bias(exp_bias) : 63 - DlBias + dot_frame_bias(exp_bias);
  endfunction

  function automatic int unsigned dot_frame_bits(input int unsigned max_exp,
                                                 input int unsigned exp_bias);
    dot_frame_bits = $clog2(dot_max_frame(max_exp, exp_bias) + 1);
  endfunction

  // Integer bits of the largest sum.
  function automatic int unsigned dot_int_bits(input int unsigned products,
                                               input int unsigned max_sig,
                                               input int unsigned frac_bits);
    dot_int_bits = $clog2(products * max_sig + (2 << frac_bits)) - frac_bits;
  endfunction

  function automatic int unsigned dot_sum_bits(input int unsigned products,
                                               input int unsigned max_sig,
                                               input int unsigned frac_bits,
                                               input int unsigned width);
    dot_sum_bits = width + dot_int_bits(products, max_sig, frac_bits)
        - ($clog2(max_sig + 1) - frac_bits) + 2;
  endfunction

  // dlfloat16 exponent of the sum's top bit below its sign, in frame 0.
  function automatic int dot_top_exp(input int unsigned products, input int unsigned max_sig,
                                     input int unsigned frac_bits, input int unsigned exp_bias);
    dot_top_exp = dot_int_bits(products, max_sig, frac_bits) - 1 + DlBias
        - dot_frame_bias(exp_bias);
  endfunction

endpackage
