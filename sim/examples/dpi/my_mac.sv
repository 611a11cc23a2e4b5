// SPDX-License-Identifier: Apache-2.0
// Somebody's own unit: acc + sum of four products of 8-bit integers, two cycles later.
module my_mac (
  input  logic        clk,
  input  logic        rst_n,
  input  logic        bug,      // on purpose: a factor of the last product is unsigned
  input  logic        start,
  input  logic [31:0] x,
  input  logic [31:0] y,
  input  logic [31:0] sum_in,
  output logic        done,
  output logic [31:0] sum_out
);

  logic signed [17:0] product[4];
  logic [31:0] sum_q;
  logic start_q;
  always_ff @(posedge clk) begin
    for (int i = 0; i < 4; i++) begin
      product[i] <= $signed({x[8*i+7] & ~(bug && i == 3), x[8*i+:8]}) * $signed(y[8*i+:8]);
    end
    sum_q   <= sum_in;
    sum_out <= sum_q + 32'(product[0]) + 32'(product[1]) + 32'(product[2]) + 32'(product[3]);
    start_q <= start & rst_n;
    done    <= start_q & rst_n;
  end

endmodule
