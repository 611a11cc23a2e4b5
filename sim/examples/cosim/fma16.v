// SPDX-License-Identifier: Apache-2.0
// A fused multiply-add as a stranger might have written it: Verilog-2001, names and reset of its
// own, three stages. With FIXED = 0 it has a bug that hardly ever shows: where the addend is so
// small that all of it is shifted out, a subtraction takes nothing away.

module fma16 #(
  parameter FIXED = 0
) (
  input             clk,
  input             reset,      // active high
  input             start,
  input      [15:0] x,
  input      [15:0] y,
  input      [15:0] z,          // result = x * y + z
  output reg        done,
  output reg [15:0] result
);

  // {sign, exponent[6], fraction[9]}, bias 31; no subnormals: a zero has all magnitude bits zero.
  wire x_zero = x[14:0] == 15'd0;
  wire y_zero = y[14:0] == 15'd0;
  wire z_zero = z[14:0] == 15'd0;
  wire x_nan = &x[14:0];
  wire y_nan = &y[14:0];
  wire z_nan = &z[14:0];

  // Stage 1: the product, and how far right of it the addend lies.
  reg         start_1, nan_1, product_zero_1, z_zero_1, product_sign_1, z_sign_1;
  reg  [19:0] product_1;
  reg  [9:0]  z_1;
  reg signed [8:0] product_exp_1;  // of the product's bit 18, unbiased
  reg signed [8:0] distance_1;     // product's exponent less the addend's
  always @(posedge clk) begin
    start_1        <= start & ~reset;
    nan_1          <= x_nan | y_nan | z_nan;
    product_zero_1 <= x_zero | y_zero;
    z_zero_1       <= z_zero;
    product_sign_1 <= x[15] ^ y[15];
    z_sign_1       <= z[15];
    product_1      <= {1'b1, x[8:0]} * {1'b1, y[8:0]};
    z_1            <= {1'b1, z[8:0]};
    product_exp_1  <= $signed({3'b0, x[14:9]}) + $signed({3'b0, y[14:9]}) - 9'sd62;
    distance_1     <= $signed({3'b0, x[14:9]}) + $signed({3'b0, y[14:9]}) - 9'sd31
                      - $signed({3'b0, z[14:9]});
  end

  // Stage 2: the sum. The product lies at the bottom of the window, above two bits for what the
  // addend has below it; the addend starts at the window's top, 13 places above the product.
  // Farther left it stays there, for the product is too small to matter, or zero.
  localparam WINDOW = 36;
  wire [35:0] product_aligned = product_zero_1 ? 36'd0 : {14'd0, product_1, 2'd0};
  wire signed [8:0] shift = distance_1 + 9'sd14;
  wire far_left  = shift < 9'sd0 | product_zero_1;
  wire far_right = shift > 9'sd35;
  wire [35:0] z_full = z_zero_1 ? 36'd0 : {1'b0, z_1, 25'd0};
  wire [35:0] z_aligned = far_left ? z_full : far_right ? 36'd0 : z_full >> shift;
  wire [35:0] z_kept = z_aligned << (far_left ? 9'sd0 : shift);
  wire lost = ~z_zero_1 & (far_right | (~far_left & (z_kept != z_full)));
  wire subtract = product_sign_1 ^ z_sign_1;
  wire borrow = lost & subtract & (FIXED ? 1'b1 : ~far_right);
  wire [36:0] sum = subtract
      ? {1'b0, product_aligned} - {1'b0, z_aligned} - {36'd0, borrow}
      : {1'b0, product_aligned} + {1'b0, z_aligned};
  wire negative = subtract & sum[36];

  reg         start_2, nan_2, sign_2;
  reg  [35:0] sum_2;
  reg signed [8:0] exp_2;          // of the sum's bit 35, unbiased
  always @(posedge clk) begin
    start_2 <= start_1 & ~reset;
    nan_2   <= nan_1;
    sign_2  <= product_zero_1 ? z_sign_1 : product_sign_1 ^ negative;
    sum_2   <= negative ? -sum[35:0] : sum[35:0];
    // Where the addend stays at the window's top, it says where the window is.
    exp_2   <= far_left & ~z_zero_1 ? product_exp_1 - distance_1 + 9'sd1
                                    : product_exp_1 + 9'sd15;
  end

  // Stage 3: normalize, round half up, pack.
  integer i;
  reg [5:0] zeros;
  always @* begin
    zeros = 6'd36;
    for (i = 0; i < WINDOW; i = i + 1) if (sum_2[i]) zeros = 6'd35 - i[5:0];
  end
  wire [35:0] normal = sum_2 << zeros;
  wire [10:0] rounded = {1'b0, normal[35:26]} + {10'd0, normal[25]};
  wire [8:0] fraction = rounded[10] ? rounded[9:1] : rounded[8:0];
  wire signed [9:0] exponent = {exp_2[8], exp_2} - $signed({4'b0, zeros}) + 10'sd31
                               + (rounded[10] ? 10'sd1 : 10'sd0);
  wire too_small = sum_2 == 36'd0 | exponent < 10'sd0 | (exponent == 10'sd0 & fraction == 9'd0);
  wire too_large = exponent > 10'sd63 | (exponent == 10'sd63 & &fraction);
  always @(posedge clk) begin
    done   <= start_2 & ~reset;
    result <= nan_2 ? 16'h7fff
            : too_small ? 16'h0000
            : too_large ? 16'h7fff
            : {sign_2, exponent[5:0], fraction};
  end

endmodule
