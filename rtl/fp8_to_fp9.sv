// SPDX-License-Identifier: Apache-2.0
// Either FP8 format widened exactly to fp9_153 (1,5,3, bias 15).

module fp8_to_fp9 (
  input  logic [7:0] code_i,
  input  logic       is_152_i,  // fp8_152, else fp8_143
  input  logic [3:0] bias_i,    // of fp8_143
  output logic [8:0] code_o
);

  // 15 - bias is its complement. NaN-Infinity of fp8_152 keeps all ones.
  always_comb begin
    code_o = {code_i[7], 5'(code_i[6:3]) + {1'b0, ~bias_i}, code_i[2:0]};
    if (code_i[6:0] == '0) code_o = '0;
    if (is_152_i) code_o = {code_i, &code_i[6:0]};
  end

endmodule
