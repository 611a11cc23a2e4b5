// SPDX-License-Identifier: Apache-2.0
// Radix-4 code and its TPR phase to a radix-2 code: the phase is the exponent's LSB.

module radix4_to_radix2 #(
  parameter int unsigned Stages = 0
) (
  input  logic       clk_i,
  input  logic       rst_ni,
  input  logic       valid_i,
  input  logic [3:0] code_i,   // {s, e3}
  input  logic       phase_i,  // 0 even, 1 odd
  output logic       valid_o,
  output logic [4:0] code_o    // {s, e3, phase}
);

  control_delay #(
    .Depth(Stages)
  ) u_valid (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .d_i   (valid_i),
    .q_o   (valid_o)
  );

  pipe_stage #(
    .Width (5),
    .Enable(Stages != 0)
  ) u_output (
    .clk_i(clk_i),
    .d_i  ({code_i, phase_i}),
    .q_o  (code_o)
  );

endmodule
