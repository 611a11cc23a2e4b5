// SPDX-License-Identifier: Apache-2.0
// Inner and outer sum with their state, for Stages outputs interleaved cycle by cycle.
//
// Each adder's pipeline is its own state: Stages sums circulate through it. A
// cycle without an operation adds zero, which changes no sum. Whether a sum is
// open travels beside it, so reset need not clear the sums.

module chunk_accumulator #(
  parameter  int unsigned Modes     = 3,
  parameter  int unsigned Lanes     = 8,
  parameter  int unsigned Chunk     = 64,
  parameter  int unsigned Variant   = 0,
  parameter  int unsigned Outer     = 0,
  parameter  int unsigned Saturate  = 0,
  parameter  int unsigned Stages    = 1,
  localparam int unsigned PBits     = tessera_pkg::sum_bits(Modes, Lanes),
  localparam int unsigned AccBits   = tessera_pkg::acc_bits(Modes, Chunk, Variant),
  localparam int unsigned OuterBits = tessera_pkg::outer_bits(Outer)
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  input  logic                 valid_i,
  input  logic [PBits-1:0]     p_i,
  input  logic [6:0]           escale_i,  // signed
  input  logic                 fp4_i,     // ignored with one mode
  input  logic                 first_i,   // starts an output
  input  logic                 last_i,    // ends a chunk
  output logic                 valid_o,   // a chunk has ended
  output logic [OuterBits-1:0] outer_o
);

  // Inner sum.
  logic first, last, acc_open, acc_open_q;
  logic [AccBits-1:0] acc_in, acc_out;
  logic inner_valid;
  assign first = valid_i & first_i;
  assign last = valid_i & last_i;
  assign acc_in = acc_open_q & ~first ? acc_out : '0;
  assign acc_open = valid_i ? ~last_i : acc_open_q;

  chunk_add #(
    .Modes   (Modes),
    .Lanes   (Lanes),
    .Chunk   (Chunk),
    .Variant (Variant),
    .Saturate(Saturate),
    .Stages  (Stages)
  ) u_chunk_add (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .valid_i (last),
    .acc_i   (acc_in),
    .p_i     (valid_i ? p_i : '0),
    .escale_i(escale_i),
    .fp4_i   (fp4_i),
    .valid_o (inner_valid),
    .acc_o   (acc_out)
  );

  control_delay #(
    .Depth(Stages)
  ) u_acc_open (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .d_i   (acc_open),
    .q_o   (acc_open_q)
  );

  // Outer sum, Stages cycles later.
  logic first_q, outer_open, outer_open_q, fp4_q;
  logic [6:0] escale_q;
  logic [OuterBits-1:0] outer_in;
  assign outer_in = outer_open_q & ~first_q ? outer_o : '0;
  assign outer_open = inner_valid | (outer_open_q & ~first_q);

  control_delay #(
    .Depth(Stages)
  ) u_first (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .d_i   (first),
    .q_o   (first_q)
  );

  pipe_delay #(
    .Width(8),
    .Depth(Stages)
  ) u_weight (
    .clk_i(clk_i),
    .d_i  ({escale_i, fp4_i}),
    .q_o  ({escale_q, fp4_q})
  );

  outer_add #(
    .Modes   (Modes),
    .Chunk   (Chunk),
    .Variant (Variant),
    .Outer   (Outer),
    .Saturate(Saturate),
    .Stages  (Stages)
  ) u_outer_add (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .valid_i (inner_valid),
    .outer_i (outer_in),
    .acc_i   (inner_valid ? acc_out : '0),
    .escale_i(escale_q),
    .fp4_i   (fp4_q),
    .valid_o (valid_o),
    .outer_o (outer_o)
  );

  control_delay #(
    .Depth(Stages)
  ) u_outer_open (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .d_i   (outer_open),
    .q_o   (outer_open_q)
  );

endmodule
