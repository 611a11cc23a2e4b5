// SPDX-License-Identifier: Apache-2.0
// Plays rows of test vectors to fma16 and puts its results into them: standard input to output.
// Any simulator will do; with Icarus Verilog:
//
//   iverilog -o rows_tb rows_tb.v fma16.v
//   tessera vectors dlfloat16_fma --random 10000 | vvp -n rows_tb | tessera check dlfloat16_fma

module rows_tb #(
  parameter FIXED = 0
);

  reg clk = 0, reset = 1, start = 0;
  reg [15:0] x, y, z, golden;
  wire done;
  wire [15:0] result;
  fma16 #(.FIXED(FIXED)) dut (
    .clk(clk), .reset(reset), .start(start), .x(x), .y(y), .z(z), .done(done), .result(result)
  );
  always #5 clk = ~clk;

  integer in, out, length;
  reg [8*256-1:0] comment;
  initial begin
    in = $fopen("/dev/stdin", "r");
    out = $fopen("/dev/stdout", "w");
    length = $fgets(comment, in);
    $fwrite(out, "%0s", comment);  // #fields; the other comments are not needed
    repeat (4) @(negedge clk);
    reset = 0;
    while (!$feof(in)) begin
      if ($fscanf(in, "%h %h %h %h\n", x, y, z, golden) == 4) begin
        start = 1;
        @(negedge clk) start = 0;
        while (!done) @(negedge clk);
        $fwrite(out, "%h %h %h %h\n", x, y, z, result);
      end else length = $fgets(comment, in);
    end
    $finish;
  end

endmodule
