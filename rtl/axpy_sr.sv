// SPDX-License-Identifier: Apache-2.0
// w + lr * dw in dlfloat16, rounded stochastically; a shift register of its own for each lane.

module axpy_sr #(
  parameter int unsigned Lanes      = 8,
  parameter int unsigned RandomBits = 14,
  parameter int unsigned Width      = 32,
  parameter int unsigned Polynomial = 32'h8020_0003,
  parameter int unsigned Seed       = 1,
  parameter int unsigned Saturate   = 0,
  parameter int unsigned Stages     = 2
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                valid_i,
  input  logic [15:0]         lr_i,
  input  logic [16*Lanes-1:0] dw_i,
  input  logic [16*Lanes-1:0] w_i,
  input  logic [Lanes-1:0]    gate_i,  // lr * dw counts as zero
  output logic                valid_o,
  output logic [16*Lanes-1:0] w_o
);

  // Seeds lie far apart, and none is zero.
  localparam logic [63:0] States = (64'd1 << Width) - 64'd1;
  localparam logic [63:0] Stride = 64'h9E37_79B9;

  for (genvar i = 0; i < Lanes; i++) begin : gen_lane
    localparam logic [63:0] LaneSeed = (64'(Seed) - 64'd1 + 64'(i) * Stride) % States + 64'd1;
    logic [RandomBits-1:0] word;
    logic unused_valid;

    lfsr #(
      .Width     (Width),
      .Polynomial(Polynomial),
      .Seed      (LaneSeed[31:0]),
      .Bits      (RandomBits),
      .Stages    (0)
    ) u_lfsr (
      .clk_i   (clk_i),
      .rst_ni  (rst_ni),
      .valid_i (valid_i),
      .reseed_i(1'b0),
      .valid_o (unused_valid),
      .word_o  (word)
    );

    axpy_sr_lane #(
      .RandomBits(RandomBits),
      .Saturate  (Saturate != 0),
      .CutProduct(Stages >= 3),
      .CutSum    (Stages >= 2)
    ) u_lane (
      .clk_i   (clk_i),
      .lr_i    (lr_i),
      .dw_i    (dw_i[16*i+:16]),
      .w_i     (w_i[16*i+:16]),
      .gate_i  (gate_i[i]),
      .random_i(word),
      .w_o     (w_o[16*i+:16])
    );
  end

  control_delay #(
    .Depth(Stages)
  ) u_valid (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .d_i   (valid_i),
    .q_o   (valid_o)
  );

endmodule
