// SPDX-License-Identifier: Apache-2.0
// Random words from a Galois shift register, Bits steps for each.

module lfsr #(
  parameter int unsigned Width      = 32,
  parameter int unsigned Polynomial = 32'h8020_0003,  // bit i: coefficient of x^(i+1)
  parameter int unsigned Seed       = 1,
  parameter int unsigned Bits       = 14,
  parameter int unsigned Stages     = 1
) (
  input  logic            clk_i,
  input  logic            rst_ni,
  input  logic            valid_i,
  input  logic            reseed_i,  // the word is the first one of the seed
  output logic            valid_o,
  output logic [Bits-1:0] word_o     // the first bit lowest
);

  // All steps of a word at once: a network of XORs.
  logic [Width-1:0] state_d, state_q;
  logic [Bits-1:0] word;
  always_comb begin
    state_d = reseed_i ? Width'(Seed) : state_q;
    word = '0;
    for (int i = 0; i < Bits; i++) begin
      word[i] = state_d[0];
      state_d = (state_d >> 1) ^ (Width'(Polynomial) & {Width{state_d[0]}});
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Width'(Seed);
    end else if (valid_i) begin
      state_q <= state_d;
    end
  end

  pipe_stage #(
    .Width (Bits),
    .Enable(Stages >= 1)
  ) u_output (
    .clk_i(clk_i),
    .d_i  (word),
    .q_o  (word_o)
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
