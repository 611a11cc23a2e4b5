// SPDX-License-Identifier: Apache-2.0
// |x| * scale of dlfloat16, or a format of its kind, to an unsigned integer of OutBits bits,
// nearest_even; negative x gives zero, NaN-Infinity the largest.

module pact_core #(
  parameter  int unsigned ExpBits    = tessera_pkg::DlExpBits,
  parameter  int unsigned ManBits    = tessera_pkg::DlManBits,
  parameter  int unsigned OutBits    = 4,
  parameter  bit          CutProduct = 1'b0,
  parameter  bit          CutOutput  = 1'b0,
  localparam int unsigned Width      = 1 + ExpBits + ManBits
) (
  input  logic               clk_i,
  input  logic [Width-1:0]   x_i,
  input  logic [Width-2:0]   scale_i,
  output logic [OutBits-1:0] q_o
);

  localparam int unsigned SigBits = ManBits + 1;
  localparam int unsigned PBits = 2 * SigBits;
  localparam int unsigned Bias = (1 << (ExpBits - 1)) - 1;
  localparam logic [Width-2:0] NanInf = {Width - 1{1'b1}};
  // With a sum of exponents below Least no product reaches 1/2; from Past on all saturate.
  localparam int unsigned Least = 2 * Bias - 2;
  localparam int unsigned Past = 2 * Bias + OutBits;
  localparam int unsigned ShiftBits = $clog2(OutBits + 2);

  typedef struct packed {
    logic top;
    logic zero;
    logic [PBits-1:0] p;
    logic [ShiftBits-1:0] shift;
  } product_t;

  product_t product_d, product_q;
  logic [ExpBits:0] exp;
  logic x_zero, scale_zero, nan;
  assign exp = {1'b0, x_i[Width-2-:ExpBits]} + {1'b0, scale_i[Width-2-:ExpBits]};
  assign x_zero = x_i[Width-2:0] == '0;
  assign scale_zero = scale_i == '0;
  assign nan = (x_i[Width-2:0] == NanInf) | (scale_i == NanInf);
  assign product_d.top = nan | (exp >= (ExpBits + 1)'(Past));
  assign product_d.zero =
      ~nan & (x_i[Width-1] | x_zero | scale_zero | (exp < (ExpBits + 1)'(Least)));
  assign product_d.p = PBits'({1'b1, x_i[ManBits-1:0]}) * PBits'({1'b1, scale_i[ManBits-1:0]});
  assign product_d.shift = ShiftBits'(exp - (ExpBits + 1)'(Least));

  pipe_stage #(
    .Width (2 + PBits + ShiftBits),
    .Enable(CutProduct)
  ) u_product (
    .clk_i(clk_i),
    .d_i  (product_d),
    .q_o  (product_q)
  );

  // Unshifted, the product's top bit has weight 1/2.
  localparam int unsigned WideBits = PBits + OutBits + 1;
  logic [WideBits-1:0] wide;
  logic [OutBits:0] whole;
  logic [OutBits+1:0] rounded;
  logic half, rest, up, above;
  assign wide = WideBits'(product_q.p) << product_q.shift;
  assign {whole, half} = wide[WideBits-1:PBits-1];
  assign rest = |wide[PBits-2:0];
  assign up = half & (rest | whole[0]);
  assign rounded = {1'b0, whole} + (OutBits + 2)'(up);
  assign above = |rounded[OutBits+1:OutBits];

  logic [OutBits-1:0] q;
  always_comb begin
    q = rounded[OutBits-1:0];
    if (product_q.top | above) q = '1;
    if (product_q.zero) q = '0;
  end

  pipe_stage #(
    .Width (OutBits),
    .Enable(CutOutput)
  ) u_output (
    .clk_i(clk_i),
    .d_i  (q),
    .q_o  (q_o)
  );

endmodule
