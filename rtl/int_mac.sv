// SPDX-License-Identifier: Apache-2.0
// Lanes products of integers along k, added exactly to an accumulator that wraps or saturates.

module int_mac #(
  parameter int unsigned OperandBits = 8,
  parameter int unsigned Lanes       = 4,
  parameter int unsigned AccBits     = 32,  // at least those of a product
  parameter bit          Saturate    = 1'b0,
  parameter int unsigned Stages      = 2
) (
  input  logic                         clk_i,
  input  logic                         rst_ni,
  input  logic                         valid_i,
  input  logic [OperandBits*Lanes-1:0] a_i,
  input  logic [OperandBits*Lanes-1:0] b_i,
  input  logic [AccBits-1:0]           acc_i,
  output logic                         valid_o,
  output logic [AccBits-1:0]           acc_o
);

  localparam int unsigned PBits = 2 * OperandBits;
  // Wrapping needs no bits above the accumulator.
  localparam int unsigned ExactBits = PBits + $clog2(Lanes);
  localparam int unsigned DotBits = Saturate || ExactBits < AccBits ? ExactBits : AccBits;
  localparam int unsigned SumBits =
      Saturate ? (DotBits > AccBits ? DotBits : AccBits) + 1 : AccBits;

  // Products.
  logic [PBits*Lanes-1:0] products_d, products_q;
  logic [AccBits-1:0] product_acc;
  for (genvar i = 0; i < Lanes; i++) begin : gen_lane
    logic signed [OperandBits-1:0] a, b;
    assign a = a_i[OperandBits*i+:OperandBits];
    assign b = b_i[OperandBits*i+:OperandBits];
    assign products_d[PBits*i+:PBits] = PBits'(a * b);
  end

  pipe_stage #(
    .Width (PBits * Lanes + AccBits),
    .Enable(Stages >= 3)
  ) u_products (
    .clk_i(clk_i),
    .d_i  ({products_d, acc_i}),
    .q_o  ({products_q, product_acc})
  );

  // Dot product.
  logic [DotBits-1:0] dot_d, dot_q;
  logic [AccBits-1:0] dot_acc;
  always_comb begin
    dot_d = '0;
    for (int i = 0; i < Lanes; i++) begin
      dot_d = dot_d + DotBits'(signed'(products_q[PBits*i+:PBits]));
    end
  end

  pipe_stage #(
    .Width (DotBits + AccBits),
    .Enable(Stages >= 2)
  ) u_dot (
    .clk_i(clk_i),
    .d_i  ({dot_d, product_acc}),
    .q_o  ({dot_q, dot_acc})
  );

  // Accumulator.
  logic [SumBits-1:0] sum;
  logic [AccBits-1:0] acc;
  assign sum = SumBits'(signed'(dot_acc)) + SumBits'(signed'(dot_q));

  if (Saturate) begin : gen_saturate
    logic negative, fits;
    assign negative = sum[SumBits-1];
    assign fits = sum[SumBits-2:AccBits-1] == {(SumBits - AccBits){negative}};
    assign acc = fits ? sum[AccBits-1:0] : {negative, {(AccBits - 1){~negative}}};
  end else begin : gen_wrap
    assign acc = sum;
  end

  pipe_stage #(
    .Width (AccBits),
    .Enable(1'b1)
  ) u_output (
    .clk_i(clk_i),
    .d_i  (acc),
    .q_o  (acc_o)
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
