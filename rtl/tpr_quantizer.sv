// SPDX-License-Identifier: Apache-2.0
// A dlfloat16 gradient, scaled by 2^k, to one radix-4 code for each TPR phase.

module tpr_quantizer #(
  parameter int unsigned Underflow   = 0,    // below the smallest magnitude: 0 nearest, 1 flush
  parameter int unsigned Stages      = 1,
  parameter bit          SignedZeros = 1'b0  // 1: what becomes zero keeps its sign
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        valid_i,
  input  logic [15:0] x_i,
  input  logic [7:0]  k_i,       // signed
  output logic        valid_o,
  output logic [3:0]  even_o,
  output logic [3:0]  odd_o,
  output logic        invalid_o  // x is NaN-Infinity
);

  localparam int unsigned ExpBits = 9;
  // So biased, the even grid's smallest magnitude 4^-3 has exponent 2: e3 = exp / 2.
  localparam int Bias = 8 - tessera_pkg::DlBias;

  typedef struct packed {
    logic nan;
    logic zero;
    logic sign;
    logic from_midpoint;  // m >= 1.25: the top two fraction bits OR'ed
    logic signed [ExpBits-1:0] exp;
  } scaled_t;

  scaled_t scaled_d, scaled_q;
  assign scaled_d.nan = x_i[14:0] == tessera_pkg::DlNanInf;
  assign scaled_d.zero = x_i[14:0] == '0;
  assign scaled_d.sign = x_i[15];
  assign scaled_d.from_midpoint = |x_i[8:7];
  assign scaled_d.exp =
      ExpBits'(signed'({1'b0, x_i[14:9]})) + ExpBits'(signed'(k_i)) + ExpBits'(Bias);

  pipe_stage #(
    .Width (4 + ExpBits),
    .Enable(Stages >= 2)
  ) u_exponent (
    .clk_i(clk_i),
    .d_i  (scaled_d),
    .q_o  (scaled_q)
  );

  // One phase: exp is E' of this phase, biased.
  function automatic logic [2:0] quantize(input logic signed [ExpBits-1:0] exp,
                                          input logic from_midpoint);
    logic [ExpBits-2:0] e3;
    logic up;
    up = exp[0] & from_midpoint;
    e3 = exp[ExpBits-1:1] + {7'd0, up};
    quantize = e3 > 8'd7 ? 3'd7 : e3[2:0];
    if (exp < 2) quantize = Underflow == 0 && exp == 1 ? 3'd1 : 3'd0;
  endfunction

  logic [2:0] even_e3, odd_e3;
  assign even_e3 = quantize(scaled_q.exp, scaled_q.from_midpoint);
  assign odd_e3 = quantize(scaled_q.exp - ExpBits'(1), scaled_q.from_midpoint);

  typedef struct packed {
    logic [3:0] even;
    logic [3:0] odd;
    logic invalid;
  } codes_t;

  codes_t codes_d, codes_q;
  always_comb begin
    codes_d.even = {scaled_q.sign & (SignedZeros || even_e3 != 0), even_e3};
    codes_d.odd = {scaled_q.sign & (SignedZeros || odd_e3 != 0), odd_e3};
    codes_d.invalid = scaled_q.nan;
    if (scaled_q.zero) begin
      codes_d.even = '0;
      codes_d.odd = '0;
    end
    if (scaled_q.nan) begin
      codes_d.even = 4'd7;
      codes_d.odd = 4'd7;
    end
  end

  pipe_stage #(
    .Width (9),
    .Enable(Stages >= 1)
  ) u_output (
    .clk_i(clk_i),
    .d_i  (codes_d),
    .q_o  (codes_q)
  );

  assign even_o = codes_q.even;
  assign odd_o = codes_q.odd;
  assign invalid_o = codes_q.invalid;

  control_delay #(
    .Depth(Stages)
  ) u_valid (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .d_i   (valid_i),
    .q_o   (valid_o)
  );

endmodule
