// SPDX-License-Identifier: Apache-2.0
// Sum of squares of a tensor that streams by, or its square root, in fp32.

module l2_norm #(
  parameter  int unsigned Root      = 1,
  parameter  int unsigned Input     = 0,
  parameter  int unsigned Lanes     = 8,
  parameter  int unsigned Stages    = 1,
  localparam int unsigned InputBits = tessera_pkg::outer_bits(Input)
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,
  input  logic                       valid_i,
  input  logic [InputBits*Lanes-1:0] x_i,
  input  logic                       first_i,
  input  logic                       last_i,
  output logic                       valid_o,
  output logic [31:0]                norm_o
);

  logic valid, first, last;
  control_delay #(
    .Depth(Stages - 1)
  ) u_valid (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .d_i   (valid_i),
    .q_o   (valid)
  );

  pipe_stage #(
    .Width (2),
    .Enable(Stages >= 2)
  ) u_marks (
    .clk_i(clk_i),
    .d_i  ({first_i, last_i}),
    .q_o  ({first, last})
  );

  logic [31*Lanes-1:0] squares;
  for (genvar i = 0; i < Lanes; i++) begin : gen_lane
    logic [31:0] element;
    logic unused_sign;
    stream_element #(
      .Input(Input)
    ) u_element (
      .x_i(x_i[InputBits*i+:InputBits]),
      .x_o(element)
    );

    float_mul #(
      .ExpBits  (tessera_pkg::Fp32ExpBits),
      .ManBits  (tessera_pkg::Fp32ManBits),
      .Normal   (1'b1),
      .CutOutput(Stages >= 2)
    ) u_square (
      .clk_i    (clk_i),
      .a_i      (element),
      .b_i      (element),
      .product_o({unused_sign, squares[31*i+:31]})
    );
  end

  logic busy, sums_busy, sums_done;
  logic [30:0] sum;
  lane_sums #(
    .Lanes(Lanes)
  ) u_sums (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .valid_i(valid),
    .first_i(first),
    .load_i (valid & last & ~busy),
    .terms_i(squares),
    .busy_o (sums_busy),
    .done_o (sums_done),
    .sum_o  (sum)
  );

  assign norm_o[31] = 1'b0;
  if (Root != 0) begin : gen_root
    // One tensor at a time, from its end to its root.
    logic root_busy;
    assign busy = sums_busy | sums_done | root_busy;

    float_div_root #(
      .Divides(1'b0)
    ) u_root (
      .clk_i   (clk_i),
      .rst_ni  (rst_ni),
      .start_i (sums_done),
      .root_i  (1'b1),
      .a_i     (sum),
      .d_sig_i ('0),
      .d_exp_i ('0),
      .busy_o  (root_busy),
      .done_o  (valid_o),
      .result_o(norm_o[30:0])
    );
  end else begin : gen_square
    assign busy = sums_busy;
    assign valid_o = sums_done;
    assign norm_o[30:0] = sum;
  end

endmodule
