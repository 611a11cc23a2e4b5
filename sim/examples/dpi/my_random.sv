// SPDX-License-Identifier: Apache-2.0
// Somebody's own unit with state: eight bits of a Galois shift register, one by one.
module my_random (
  input  logic       clk,
  input  logic       rst_n,
  input  logic       bug,      // on purpose: now and then does not load the seed again
  input  logic       next,
  input  logic       restart,
  output logic       ready,
  output logic [7:0] word
);

  localparam logic [15:0] Polynomial = 16'hB400, Seed = 16'hACE1;

  logic [15:0] register_q;
  always_ff @(posedge clk) begin : step
    logic [15:0] value;
    value = restart && !(bug && register_q[3]) ? Seed : register_q;
    for (int i = 0; i < 8; i++) begin
      word[i] <= value[0];
      value = (value >> 1) ^ (value[0] ? Polynomial : 16'h0);
    end
    if (!rst_n) register_q <= Seed;
    else if (next) register_q <= value;
    ready <= next & rst_n;
  end

endmodule
