// SPDX-License-Identifier: Apache-2.0
// Inner sum of a chunk: a dot product enters acc, rounded by Variant.

module chunk_add #(
  parameter  int unsigned Modes    = 3,
  parameter  int unsigned Lanes    = 8,
  parameter  int unsigned Chunk    = 64,
  parameter  int unsigned Variant  = 0,
  parameter  int unsigned Saturate = 0,
  parameter  int unsigned Stages   = 1,
  localparam int unsigned PBits    = tessera_pkg::sum_bits(Modes, Lanes),
  localparam int unsigned AccBits  = tessera_pkg::acc_bits(Modes, Chunk, Variant)
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic               valid_i,
  input  logic [AccBits-1:0] acc_i,
  input  logic [PBits-1:0]   p_i,
  input  logic [6:0]         escale_i,  // signed
  input  logic               fp4_i,     // ignored with one mode
  output logic               valid_o,
  output logic [AccBits-1:0] acc_o
);

  if (Variant == tessera_pkg::VariantInteger) begin : gen_integer
    logic unused_weight;
    assign unused_weight = ^{escale_i, fp4_i};
    pipe_delay #(
      .Width(AccBits),
      .Depth(Stages)
    ) u_output (
      .clk_i(clk_i),
      .d_i  (acc_i + AccBits'(signed'(p_i))),
      .q_o  (acc_o)
    );
  end else begin : gen_float
    logic [7:0] weight;
    product_weight #(
      .Modes(Modes)
    ) u_product_weight (
      .escale_i(escale_i),
      .fp4_i   (fp4_i),
      .weight_o(weight)
    );

    if (Variant == tessera_pkg::VariantSplit) begin : gen_split
      logic [15:0] term, term_q, acc_q;
      int_to_dlfloat16 #(
        .PBits   (PBits),
        .Saturate(Saturate != 0)
      ) u_int_to_dlfloat16 (
        .p_i     (p_i),
        .weight_i(weight),
        .code_o  (term)
      );
      pipe_stage #(
        .Width (32),
        .Enable(Stages >= 3)
      ) u_align (
        .clk_i(clk_i),
        .d_i  ({term, acc_i}),
        .q_o  ({term_q, acc_q})
      );
      float_add #(
        .Saturate(Saturate != 0),
        .CutSum  (Stages >= 2)
      ) u_float_add (
        .clk_i(clk_i),
        .a_i  (acc_q),
        .b_i  (term_q),
        .sum_o(acc_o)
      );
    end else begin : gen_fused
      align_add #(
        .PBits   (PBits),
        .Saturate(Saturate != 0),
        .CutAlign(Stages >= 3),
        .CutSum  (Stages >= 2)
      ) u_align_add (
        .clk_i       (clk_i),
        .nan_i       (1'b0),
        .p_i         (p_i),
        .weight_i    (weight),
        .acc_i       (acc_i),
        .join_i      (1'b0),
        .join_nan_i  (1'b0),
        .join_sum_i  ('0),
        .join_frame_i('0),
        .acc_o       (acc_o)
      );
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

endmodule
