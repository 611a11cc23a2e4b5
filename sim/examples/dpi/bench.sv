// SPDX-License-Identifier: Apache-2.0
// Two units beside Tessera's golden models, compared in every clock: no state, and state.
`include "tessera_dpi.svh"

module bench #(
  parameter int Cycles = 10000
);

  logic clk = 1'b0, rst_n = 1'b0;
  always #5 clk = ~clk;

  // +mac_bug and +random_bug switch on what the comparison has to find.
  logic mac_bug, random_bug;
  initial begin
    mac_bug    = $test$plusargs("mac_bug") != 0;
    random_bug = $test$plusargs("random_bug") != 0;
  end

  logic valid, restart;
  logic [31:0] a, b, acc;

  logic mac_done, golden_mac_done;
  logic [31:0] mac_sum, golden_mac_sum;
  my_mac u_mac (
    .clk, .rst_n, .bug(mac_bug), .start(valid), .x(a), .y(b), .sum_in(acc),
    .done(mac_done), .sum_out(mac_sum)
  );
  golden_int8_mac #(
    .Lanes(4),
    .AccBits(32),
    .Stages(2)
  ) u_golden_mac (
    .clk_i(clk), .rst_ni(rst_n), .valid_i(valid), .a_i(a), .b_i(b), .acc_i(acc),
    .valid_o(golden_mac_done), .acc_o(golden_mac_sum)
  );

  // A port whose width follows from the parameters gets it by a parameter.
  logic random_ready, golden_random_ready;
  logic [7:0] word, golden_word;
  my_random u_random (
    .clk, .rst_n, .bug(random_bug), .next(valid), .restart, .ready(random_ready), .word
  );
  golden_lfsr #(
    .Width(16),
    .Polynomial(64'hB400),
    .Seed(64'hACE1),
    .Bits(8),
    .WordOWidth(8)
  ) u_golden_random (
    .clk_i(clk), .rst_ni(rst_n), .valid_i(valid), .reseed_i(restart),
    .valid_o(golden_random_ready), .word_o(golden_word)
  );

  int cycle = 0, compared = 0;
  always @(posedge clk) begin
    // Inputs change after the edge; the first cycles are in reset, and some later ones.
    cycle   <= cycle + 1;
    rst_n   <= cycle % 1000 >= 3;
    valid   <= $urandom_range(7) != 0;
    restart <= $urandom_range(63) == 0;
    a       <= $urandom;
    b       <= $urandom;
    acc     <= $urandom;

    // What both sides show came out at the edge before.
    if (cycle >= 3) begin
      if (mac_done !== golden_mac_done || (mac_done && mac_sum !== golden_mac_sum)) begin
        $display("cycle %0d: my_mac shows %b %h, int8_mac %b %h", cycle, mac_done, mac_sum,
                 golden_mac_done, golden_mac_sum);
        $fatal(1, "my_mac differs from the golden model");
      end
      if (random_ready !== golden_random_ready || (random_ready && word !== golden_word)) begin
        $display("cycle %0d: my_random shows %b %h, lfsr %b %h", cycle, random_ready, word,
                 golden_random_ready, golden_word);
        $fatal(1, "my_random differs from the golden model");
      end
      compared <= compared + 32'(mac_done) + 32'(random_ready);
    end
    if (cycle == Cycles) begin
      $display("%0d cycles, %0d results equal", cycle, compared);
      $finish;
    end
  end

endmodule
