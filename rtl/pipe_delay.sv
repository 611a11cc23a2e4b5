// SPDX-License-Identifier: Apache-2.0
// A delay of Depth cycles for data, without reset.

module pipe_delay #(
  parameter int unsigned Width = 1,
  parameter int unsigned Depth = 1
) (
  input  logic             clk_i,
  input  logic [Width-1:0] d_i,
  output logic [Width-1:0] q_o
);

  logic [Width*(Depth+1)-1:0] taps;
  assign taps[Width-1:0] = d_i;

  for (genvar i = 0; i < Depth; i++) begin : gen_stage
    pipe_stage #(
      .Width(Width)
    ) u_stage (
      .clk_i(clk_i),
      .d_i  (taps[i*Width+:Width]),
      .q_o  (taps[(i+1)*Width+:Width])
    );
  end

  assign q_o = taps[Depth*Width+:Width];

endmodule
