// SPDX-License-Identifier: Apache-2.0
// RN of a fixed-point sum in a frame: magnitude, normalization, one rounding to dlfloat16.

module sum_to_dlfloat16 #(
  parameter int unsigned SumBits   = 28,    // two's complement
  parameter int unsigned FrameBits = 6,     // of the frame, an unsigned exponent
  parameter int          TopExp    = 3,     // biased exponent of the bit below the sign in frame 0
  parameter int unsigned CalcBits  = 8,     // holds every exponent, signed; at least 8
  parameter bit          Saturate  = 1'b0,
  parameter bit          CutSum    = 1'b0,  // registers after the magnitude,
  parameter bit          CutOutput = 1'b1   // after the rounding
) (
  input  logic                 clk_i,
  input  logic                 nan_i,
  input  logic [SumBits-1:0]   sum_i,
  input  logic [FrameBits-1:0] frame_i,
  output logic [15:0]          code_o
);

  localparam int unsigned MagBits = SumBits - 1;
  localparam int unsigned CountBits = $clog2(MagBits);

  typedef struct packed {
    logic nan;
    logic negative;
    logic [MagBits-1:0] magnitude;
    logic [FrameBits-1:0] frame;
  } summed_t;

  summed_t summed_d, summed_q;
  assign summed_d.nan = nan_i;
  assign summed_d.negative = sum_i[SumBits-1];
  assign summed_d.magnitude = sum_i[SumBits-1] ? -sum_i[MagBits-1:0] : sum_i[MagBits-1:0];
  assign summed_d.frame = frame_i;

  pipe_stage #(
    .Width (2 + MagBits + FrameBits),
    .Enable(CutSum)
  ) u_sum (
    .clk_i(clk_i),
    .d_i  (summed_d),
    .q_o  (summed_q)
  );

  logic [MagBits-1:0] normal;
  logic [CountBits-1:0] zeros;
  logic [CalcBits-1:0] exp;
  logic zero, unused_normal;
  normalize #(
    .Width(MagBits)
  ) u_normalize (
    .in_i    (summed_q.magnitude),
    .normal_o(normal),
    .count_o (zeros),
    .zero_o  (zero)
  );
  assign unused_normal = ^{normal[MagBits-1], normal[MagBits-12:0]};
  assign exp = CalcBits'(summed_q.frame) + CalcBits'(TopExp) - CalcBits'(zeros);

  logic [15:0] code;
  dlfloat16_round #(
    .ExpBits (CalcBits),
    .Saturate(Saturate)
  ) u_round (
    .nan_i  (summed_q.nan),
    .zero_i (zero),
    .sign_i (summed_q.negative),
    .exp_i  (exp),
    .man_i  (normal[MagBits-2-:9]),
    .round_i(normal[MagBits-11]),
    .code_o (code)
  );

  pipe_stage #(
    .Width (16),
    .Enable(CutOutput)
  ) u_output (
    .clk_i(clk_i),
    .d_i  (code),
    .q_o  (code_o)
  );

endmodule
