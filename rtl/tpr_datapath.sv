// SPDX-License-Identifier: Apache-2.0
// Two-phase rounding from a gradient to a sum: tpr_quantizer, a memory of both phases' codes,
// radix4_to_radix2, an mpe and its sums over chunks.
//
// A write quantizes Lanes gradients into a word. An operation reads a word in one phase, even for
// BWD and odd for GRAD, and multiplies it in each slice with the slice's a. The operation in clock
// cycle t belongs to output t mod AccStages, as in chunk_accumulator.

module tpr_datapath #(
  parameter  int unsigned Underflow       = 0,  // below the smallest magnitude: 0 nearest, 1 flush
  parameter  int unsigned Depth           = 16,
  parameter  int unsigned Simd            = 8,
  parameter  int unsigned Lanes           = 8,
  parameter  int unsigned Chunk           = 64,
  parameter  int unsigned Variant         = 0,
  parameter  int unsigned Outer           = 0,
  parameter  int unsigned Saturate        = 0,
  parameter  int unsigned QuantizerStages = 1,
  parameter  int unsigned DotStages       = 1,
  parameter  int unsigned AccStages       = 1,
  localparam int unsigned AddressBits     = $clog2(Depth),
  localparam int unsigned OuterBits       = tessera_pkg::outer_bits(Outer)
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,
  input  logic                      write_i,
  input  logic [AddressBits-1:0]    waddr_i,
  input  logic [16*Lanes-1:0]       x_i,           // k ascending
  input  logic [7:0]                k_i,           // signed
  input  logic                      valid_i,
  input  logic [AddressBits-1:0]    raddr_i,
  input  logic                      phase_i,       // 0 even, 1 odd
  input  logic [4*Simd*Lanes-1:0]   a_i,
  input  logic                      a_unsigned_i,  // uint4 (PACT), else int4
  input  logic [6:0]                escale_i,      // signed
  input  logic                      first_i,       // starts an output
  input  logic                      last_i,        // ends a chunk
  output logic                      valid_o,       // a chunk has ended
  output logic [Simd*OuterBits-1:0] outer_o
);

  localparam int unsigned Modes = tessera_pkg::ModeFp4;
  localparam int unsigned AccBits = tessera_pkg::acc_bits(Modes, Chunk, Variant);
  localparam int unsigned CodeWidth = 4 * Lanes;

  // Both phases of a word of gradients.
  logic [CodeWidth-1:0] even, odd;
  logic [Lanes-1:0] quantized;
  for (genvar i = 0; i < Lanes; i++) begin : gen_quantizer
    logic unused_invalid;  // gradscale, which has seen the tensor before, tells of NaN-Infinity
    tpr_quantizer #(
      .Underflow  (Underflow),
      .Stages     (QuantizerStages),
      .SignedZeros(1'b1)  // no product shows it
    ) u_tpr_quantizer (
      .clk_i    (clk_i),
      .rst_ni   (rst_ni),
      .valid_i  (write_i),
      .x_i      (x_i[16*i+:16]),
      .k_i      (k_i),
      .valid_o  (quantized[i]),
      .even_o   (even[4*i+:4]),
      .odd_o    (odd[4*i+:4]),
      .invalid_o(unused_invalid)
    );
  end

  logic [AddressBits-1:0] waddr;
  pipe_delay #(
    .Width(AddressBits),
    .Depth(QuantizerStages)
  ) u_waddr (
    .clk_i(clk_i),
    .d_i  (waddr_i),
    .q_o  (waddr)
  );

  // The memory: a word that has not been written since the reset reads as zeros.
  logic [CodeWidth-1:0] even_mem[Depth];
  logic [CodeWidth-1:0] odd_mem[Depth];
  logic [Depth-1:0] written_q;
  always_ff @(posedge clk_i) begin
    if (quantized[0]) begin
      even_mem[waddr] <= even;
      odd_mem[waddr] <= odd;
    end
  end
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      written_q <= '0;
    end else if (quantized[0]) begin
      written_q[waddr] <= 1'b1;
    end
  end

  logic [CodeWidth-1:0] codes;
  always_comb begin
    codes = phase_i ? odd_mem[raddr_i] : even_mem[raddr_i];
    if (!valid_i || !written_q[raddr_i]) codes = '0;  // adds nothing
  end

  // The operands of the mpe, registered: its own register takes a, the converter's the gradients.
  logic [5*Lanes-1:0] stream;
  logic [5*Simd*Lanes-1:0] stationary;
  logic [Lanes-1:0] converted;
  for (genvar i = 0; i < Lanes; i++) begin : gen_converter
    radix4_to_radix2 #(
      .Stages(1)
    ) u_radix4_to_radix2 (
      .clk_i  (clk_i),
      .rst_ni (rst_ni),
      .valid_i(valid_i),
      .code_i (codes[4*i+:4]),
      .phase_i(phase_i),
      .valid_o(converted[i]),
      .code_o (stream[5*i+:5])
    );
  end
  for (genvar i = 0; i < Simd * Lanes; i++) begin : gen_a
    assign stationary[5*i+:5] = {1'b0, a_i[4*i+:4]};  // the fifth bit is port b's
  end

  logic a_unsigned_q;
  logic [6:0] escale_q;
  pipe_stage #(
    .Width(8)
  ) u_control (
    .clk_i(clk_i),
    .d_i  ({a_unsigned_i, escale_i}),
    .q_o  ({a_unsigned_q, escale_q})
  );

  logic [Simd*AccBits-1:0] acc_in, acc_out;
  logic unused_mpe_valid;
  logic [5*Lanes-1:0] unused_stream;
  logic [5*Simd*Lanes-1:0] unused_weight;
  mpe #(
    .Modes    (Modes),
    .Simd     (Simd),
    .Lanes    (Lanes),
    .Chunk    (Chunk),
    .Variant  (Variant),
    .Saturate (Saturate),
    .DotStages(DotStages),
    .AccStages(AccStages)
  ) u_mpe (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .valid_i     (1'b0),
    .load_i      (valid_i),
    .weight_i    (stationary),
    .stream_i    (stream),
    .swap_i      (1'b1),
    .a_unsigned_i(a_unsigned_q),
    .mode_i      (1'b1),
    .escale_i    (escale_q),
    .acc_i       (acc_in),
    .valid_o     (unused_mpe_valid),
    .acc_o       (acc_out),
    .stream_o    (unused_stream),
    .weight_o    (unused_weight)
  );

  // Inner sums circulate through the mpe; whether they are open travels beside them.
  logic add_valid, add_first, add_last;
  control_delay #(
    .Width(3),
    .Depth(1 + DotStages)
  ) u_operation (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .d_i   ({valid_i, valid_i & first_i, valid_i & last_i}),
    .q_o   ({add_valid, add_first, add_last})
  );

  logic acc_open_d, acc_open_q;
  assign acc_in = acc_open_q & ~add_first ? acc_out : '0;
  assign acc_open_d = add_valid ? ~add_last : acc_open_q;
  control_delay #(
    .Depth(AccStages)
  ) u_acc_open (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .d_i   (acc_open_d),
    .q_o   (acc_open_q)
  );

  // Outer sums, AccStages cycles later. They circulate, too, and get a zero where no chunk ends; once
  // around after reset they are zeros.
  logic exit_first, exit_last, outer_starts_n;
  logic [6:0] exit_escale;
  logic [Simd*OuterBits-1:0] outer_in;
  control_delay #(
    .Width(2),
    .Depth(AccStages)
  ) u_exit (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .d_i   ({add_first, add_last}),
    .q_o   ({exit_first, exit_last})
  );
  pipe_delay #(
    .Width(7),
    .Depth(DotStages + AccStages)
  ) u_escale (
    .clk_i(clk_i),
    .d_i  (escale_q),
    .q_o  (exit_escale)
  );
  control_delay #(
    .Depth(AccStages)
  ) u_outer_starts (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .d_i   (1'b1),
    .q_o   (outer_starts_n)
  );
  assign outer_in = outer_starts_n & ~exit_first ? outer_o : '0;

  for (genvar s = 0; s < Simd; s++) begin : gen_slice
    logic unused_valid;
    outer_add #(
      .Modes   (Modes),
      .Chunk   (Chunk),
      .Variant (Variant),
      .Outer   (Outer),
      .Saturate(Saturate),
      .Stages  (AccStages)
    ) u_outer_add (
      .clk_i   (clk_i),
      .rst_ni  (rst_ni),
      .valid_i (1'b0),
      .outer_i (outer_in[OuterBits*s+:OuterBits]),
      .acc_i   (exit_last ? acc_out[AccBits*s+:AccBits] : '0),
      .escale_i(exit_escale),
      .fp4_i   (1'b1),
      .valid_o (unused_valid),
      .outer_o (outer_o[OuterBits*s+:OuterBits])
    );
  end

  control_delay #(
    .Depth(AccStages)
  ) u_valid (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .d_i   (exit_last),
    .q_o   (valid_o)
  );

  logic unused_parts;
  assign unused_parts = ^{quantized, converted};

endmodule
