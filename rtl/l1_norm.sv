// SPDX-License-Identifier: Apache-2.0
// Sum of magnitudes of a tensor that streams by, in fp32.

module l1_norm #(
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

  logic valid, first, last, busy;
  logic [InputBits*Lanes-1:0] x;
  logic [31*Lanes-1:0] terms;

  control_delay #(
    .Depth(Stages - 1)
  ) u_valid (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .d_i   (valid_i),
    .q_o   (valid)
  );

  pipe_stage #(
    .Width (2 + InputBits * Lanes),
    .Enable(Stages >= 2)
  ) u_elements (
    .clk_i(clk_i),
    .d_i  ({first_i, last_i, x_i}),
    .q_o  ({first, last, x})
  );

  for (genvar i = 0; i < Lanes; i++) begin : gen_lane
    logic unused_sign;
    stream_element #(
      .Input(Input)
    ) u_element (
      .x_i(x[InputBits*i+:InputBits]),
      .x_o({unused_sign, terms[31*i+:31]})
    );
  end

  lane_sums #(
    .Lanes(Lanes)
  ) u_sums (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .valid_i(valid),
    .first_i(first),
    .load_i (valid & last & ~busy),
    .terms_i(terms),
    .busy_o (busy),
    .done_o (valid_o),
    .sum_o  (norm_o[30:0])
  );
  assign norm_o[31] = 1'b0;

endmodule
