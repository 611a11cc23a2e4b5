// SPDX-License-Identifier: Apache-2.0
// Lanes products along k and their exact sum in an adder tree.

module dot_product #(
  parameter  int unsigned Modes  = 3,
  parameter  int unsigned Lanes  = 8,
  parameter  int unsigned Stages = 1,
  localparam int unsigned PBits  = tessera_pkg::sum_bits(Modes, Lanes)
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic               valid_i,
  input  logic [4*Lanes-1:0] a_i,
  input  logic               a_unsigned_i,
  input  logic [5*Lanes-1:0] b_i,
  input  logic               fp4_i,
  output logic               valid_o,
  output logic [PBits-1:0]   p_o
);

  localparam int unsigned LaneBits = tessera_pkg::product_bits(Modes);
  logic [LaneBits*Lanes-1:0] products;

  for (genvar i = 0; i < Lanes; i++) begin : gen_lane
    logic unused_valid;
    mac_lane #(
      .Modes (Modes),
      .Stages(Stages >= 2 ? 1 : 0)
    ) u_mac_lane (
      .clk_i       (clk_i),
      .rst_ni      (rst_ni),
      .valid_i     (1'b0),
      .a_i         (a_i[4*i+:4]),
      .a_unsigned_i(a_unsigned_i),
      .b_i         (b_i[5*i+:5]),
      .fp4_i       (fp4_i),
      .valid_o     (unused_valid),
      .p_o         (products[LaneBits*i+:LaneBits])
    );
  end

  // The order does not matter: synthesis makes a carry-save tree of the exact sum.
  logic [PBits-1:0] sum;
  always_comb begin
    sum = '0;
    for (int i = 0; i < Lanes; i++) begin
      sum = sum + PBits'(signed'(products[LaneBits*i+:LaneBits]));
    end
  end

  control_delay #(
    .Depth(Stages)
  ) u_valid (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .d_i   (valid_i),
    .q_o   (valid_o)
  );

  pipe_stage #(
    .Width (PBits),
    .Enable(Stages >= 1)
  ) u_output (
    .clk_i(clk_i),
    .d_i  (sum),
    .q_o  (p_o)
  );

endmodule
