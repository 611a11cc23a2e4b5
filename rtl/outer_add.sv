// SPDX-License-Identifier: Apache-2.0
// Outer sum: a chunk's sum enters the sum over chunks.

module outer_add #(
  parameter  int unsigned Modes     = 3,
  parameter  int unsigned Chunk     = 64,
  parameter  int unsigned Variant   = 0,
  parameter  int unsigned Outer     = 0,
  parameter  int unsigned Saturate  = 0,
  parameter  int unsigned Stages    = 1,
  localparam int unsigned AccBits   = tessera_pkg::acc_bits(Modes, Chunk, Variant),
  localparam int unsigned OuterBits = tessera_pkg::outer_bits(Outer)
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  input  logic                 valid_i,
  input  logic [OuterBits-1:0] outer_i,
  input  logic [AccBits-1:0]   acc_i,
  input  logic [6:0]           escale_i,  // signed; integer variant only
  input  logic                 fp4_i,     // integer variant only
  output logic                 valid_o,
  output logic [OuterBits-1:0] outer_o
);

  // The chunk's sum as a dlfloat16.
  logic [15:0] acc;
  if (Variant == tessera_pkg::VariantInteger) begin : gen_round
    logic [7:0] weight;
    product_weight #(
      .Modes(Modes)
    ) u_product_weight (
      .escale_i(escale_i),
      .fp4_i   (fp4_i),
      .weight_o(weight)
    );
    int_to_dlfloat16 #(
      .PBits   (AccBits),
      .Saturate(Saturate != 0)
    ) u_int_to_dlfloat16 (
      .p_i     (acc_i),
      .weight_i(weight),
      .code_o  (acc)
    );
  end else begin : gen_pass
    logic unused_weight;
    assign unused_weight = ^{escale_i, fp4_i};
    assign acc = acc_i;
  end

  // Widened exactly to the outer format.
  logic [OuterBits-1:0] term;
  if (Outer == tessera_pkg::OuterFp32) begin : gen_fp32
    always_comb begin
      term = {acc[15], 8'(acc[14:9]) + 8'd96, acc[8:0], 14'd0};  // bias 31 to bias 127
      if (acc[14:0] == '0) term = '0;
      if (acc[14:0] == tessera_pkg::DlNanInf) term = 32'h7FC0_0000;
    end
  end else begin : gen_dlfloat16
    assign term = acc;
  end

  logic [OuterBits-1:0] term_q, outer_q;
  pipe_stage #(
    .Width (2 * OuterBits),
    .Enable(Stages >= 3)
  ) u_align (
    .clk_i(clk_i),
    .d_i  ({term, outer_i}),
    .q_o  ({term_q, outer_q})
  );

  float_add #(
    .ExpBits (Outer == tessera_pkg::OuterFp32 ? tessera_pkg::Fp32ExpBits : tessera_pkg::DlExpBits),
    .ManBits (Outer == tessera_pkg::OuterFp32 ? tessera_pkg::Fp32ManBits : tessera_pkg::DlManBits),
    .Ieee    (Outer == tessera_pkg::OuterFp32),
    .Saturate(Saturate != 0),
    .CutSum  (Stages >= 2)
  ) u_float_add (
    .clk_i(clk_i),
    .a_i  (outer_q),
    .b_i  (term_q),
    .sum_o(outer_o)
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
