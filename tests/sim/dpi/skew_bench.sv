// SPDX-License-Identifier: Apache-2.0
// The RTL of an mpe and of a mac_array beside their golden modules: every port in its cycle.
`include "tessera_dpi.svh"

module skew_bench #(
  parameter int Cycles = 4000
);

  logic clk = 1'b0, rst_n = 1'b0;
  always #5 clk = ~clk;

  int cycle = 0, sums = 0, columns[3];
  bit late_bug;
  initial late_bug = $test$plusargs("late_bug") != 0;

  // An engine: operands are loaded once, then anything goes.
  logic valid, load_next, load, swap, a_unsigned, mode;
  assign load = load_next & rst_n;
  logic [19:0] weight;
  logic [9:0] stream;
  logic [6:0] escale;
  logic [31:0] acc, acc_late;
  logic done, golden_done;
  logic [31:0] sum, golden_sum;
  logic [9:0] passed, golden_passed;
  logic [19:0] below, golden_below;
  // A sum that comes from above a cycle too late is what the comparison has to find.
  always @(posedge clk) acc_late <= acc;
  mpe #(
    .Simd(2), .Lanes(2), .Chunk(16), .DotStages(2), .AccStages(2)
  ) u_mpe (
    .clk_i(clk), .rst_ni(rst_n), .valid_i(valid), .load_i(load), .weight_i(weight),
    .stream_i(stream), .swap_i(swap), .a_unsigned_i(a_unsigned), .mode_i(mode),
    .escale_i(escale), .acc_i(late_bug ? acc_late : acc), .valid_o(done), .acc_o(sum),
    .stream_o(passed), .weight_o(below)
  );
  golden_mpe #(
    .Simd(2), .Lanes(2), .Chunk(16), .DotStages(2), .AccStages(2), .WeightIWidth(20),
    .StreamIWidth(10), .AccIWidth(32), .AccOWidth(32), .StreamOWidth(10), .WeightOWidth(20)
  ) u_golden_mpe (
    .clk_i(clk), .rst_ni(rst_n), .valid_i(valid), .load_i(load), .weight_i(weight),
    .stream_i(stream), .swap_i(swap), .a_unsigned_i(a_unsigned), .mode_i(mode),
    .escale_i(escale), .acc_i(acc), .valid_o(golden_done), .acc_o(golden_sum),
    .stream_o(golden_passed), .weight_o(golden_below)
  );

  // An array: folds of a load, two rows, and the drain.
  localparam int Fold = 16;
  int now;
  assign now = cycle % Fold;
  logic array_valid, array_done, golden_array_done;
  logic [47:0] outer, golden_outer;
  logic [2:0] counts;
  assign array_valid = rst_n && (now == 1 || now == 3);
  mac_array #(
    .Rows(1), .Cols(3), .Simd(1), .Lanes(2), .Chunk(2), .Depth(2)
  ) u_array (
    .clk_i(clk), .rst_ni(rst_n), .load_i(now == 0), .weight_i({weight, weight[9:0]}),
    .valid_i(array_valid), .stream_i(stream), .swap_i(1'b0), .a_unsigned_i(1'b0),
    .fp4_i(1'b1), .escale_i(7'd0), .open_i(1'b0), .close_i(1'b1), .first_i(1'b1),
    .last_i(1'b1), .valid_o(array_done), .outer_o(outer)
  );
  golden_mac_array #(
    .Rows(1), .Cols(3), .Simd(1), .Lanes(2), .Chunk(2), .Depth(2), .WeightIWidth(30),
    .StreamIWidth(10), .OuterOWidth(48)
  ) u_golden_array (
    .clk_i(clk), .rst_ni(rst_n), .load_i(now == 0), .weight_i({weight, weight[9:0]}),
    .valid_i(array_valid), .stream_i(stream), .swap_i(1'b0), .a_unsigned_i(1'b0),
    .fp4_i(1'b1), .escale_i(7'd0), .open_i(1'b0), .close_i(1'b1), .first_i(1'b1),
    .last_i(1'b1), .valid_o(golden_array_done), .outer_o(golden_outer)
  );

  task automatic differs(string what);
    $display("cycle %0d: %s differs", cycle, what);
    $fatal(1, "%s differs", what);
  endtask

  // Resets come between the folds.
  bit loaded = 0;
  always @(posedge clk) begin
    cycle      <= cycle + 1;
    rst_n      <= cycle % (64 * Fold) >= Fold - 1;
    load_next <= cycle == Fold || (cycle > Fold && $urandom_range(7) == 0);
    loaded     <= loaded | load;
    valid      <= loaded && $urandom_range(7) != 0;
    weight     <= 20'($urandom);
    stream     <= 10'($urandom);
    swap       <= 1'($urandom);
    a_unsigned <= 1'($urandom);
    mode       <= 1'($urandom);
    escale     <= 7'($urandom_range(8));
    acc        <= {1'($urandom), 6'd35, 9'($urandom), 1'($urandom), 6'd31, 9'($urandom)};
    counts     <= {counts[1:0] & {2{rst_n}}, array_done & rst_n};
  end

  // Just before the edge.
  logic [2:0] column;
  assign column = {counts[1:0], array_done};
  logic was_in_reset = 1;
  always @(posedge clk) begin
    was_in_reset <= !rst_n;
    if (rst_n && !was_in_reset) begin
      if (done !== golden_done || (done && sum !== golden_sum)) differs("acc_o");
      if (passed !== golden_passed) differs("stream_o");
      if (loaded && below !== golden_below) differs("weight_o");
      if (array_done !== golden_array_done) differs("valid_o");
      sums <= sums + 32'(done);
      for (int c = 0; c < 3; c++) begin
        if (column[c] && outer[16*c+:16] !== golden_outer[16*c+:16]) differs("outer_o");
        if (column[c] && outer[16*c+:15] != 0) columns[c] <= columns[c] + 1;
      end
    end
    if (cycle == Cycles) begin
      $display("%0d sums, %0d, %0d and %0d results of columns equal", sums, columns[0],
               columns[1], columns[2]);
      $finish;
    end
  end

endmodule
