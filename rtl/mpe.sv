// SPDX-License-Identifier: Apache-2.0
// Mixed-precision engine: Simd slices along N share a streamed operand.
//
// Each slice holds Lanes stationary operands, multiplies them with the
// streamed ones and adds the sum to the acc that comes from above. acc_i
// belongs to the stream of DotStages cycles before; acc_o follows AccStages
// later. The stationary operands move down the column while load_i is set.

module mpe #(
  parameter  int unsigned Modes       = 3,
  parameter  int unsigned Simd        = 8,
  parameter  int unsigned Lanes       = 8,
  parameter  int unsigned Chunk       = 64,
  parameter  int unsigned Variant     = 0,
  parameter  int unsigned Saturate    = 0,
  parameter  int unsigned DotStages   = 1,   // 0 in FP16 alone: its product needs no stage
  parameter  int unsigned AccStages   = 1,
  parameter  int unsigned AlignWidth  = 24,  // of floating modes
  parameter  int unsigned Accumulator = 0,   // of integer and floating modes together
  localparam int unsigned OpBits      = tessera_pkg::operand_bits(Modes),
  localparam int unsigned ModeBits    = tessera_pkg::mode_bits(Modes),
  localparam int unsigned AccBits     = tessera_pkg::acc_bits(Modes, Chunk, Variant)
) (
  input  logic                         clk_i,
  input  logic                         rst_ni,
  input  logic                         valid_i,
  input  logic                         load_i,
  input  logic [Simd*Lanes*OpBits-1:0] weight_i,
  input  logic [Lanes*OpBits-1:0]      stream_i,
  input  logic                         swap_i,        // stationary is port a, else port b
  input  logic                         a_unsigned_i,  // port a is uint4, else int4
  input  logic [ModeBits-1:0]          mode_i,        // bit 0: FP4 or FP16, bit 1: floating
  input  logic [6:0]                   escale_i,      // signed
  input  logic [Simd*AccBits-1:0]      acc_i,
  output logic                         valid_o,       // of acc_o
  output logic [Simd*AccBits-1:0]      acc_o,
  output logic [Lanes*OpBits-1:0]      stream_o,
  output logic [Simd*Lanes*OpBits-1:0] weight_o
);

  logic [Simd*Lanes*OpBits-1:0] weight_q;
  always_ff @(posedge clk_i) begin
    if (load_i) begin
      weight_q <= weight_i;
    end
  end
  assign weight_o = weight_q;

  pipe_stage #(
    .Width(Lanes * OpBits)
  ) u_stream (
    .clk_i(clk_i),
    .d_i  (stream_i),
    .q_o  (stream_o)
  );

  if (Modes == tessera_pkg::ModeFp16) begin : gen_fp16
    logic unused_control;
    assign unused_control = ^{swap_i, a_unsigned_i, mode_i, escale_i};
    for (genvar s = 0; s < Simd; s++) begin : gen_slice
      logic unused_valid;
      dlfloat16_fma #(
        .Saturate(Saturate),
        .Stages  (AccStages)
      ) u_dlfloat16_fma (
        .clk_i  (clk_i),
        .rst_ni (rst_ni),
        .valid_i(1'b0),
        .a_i    (stream_i),
        .b_i    (weight_q[s*OpBits+:OpBits]),
        .c_i    (acc_i[s*AccBits+:AccBits]),
        .valid_o(unused_valid),
        .sum_o  (acc_o[s*AccBits+:AccBits])
      );
    end
  end else if ((Modes & (tessera_pkg::ModeHfp8 | tessera_pkg::ModeFp16)) != 0) begin : gen_mixed
    for (genvar s = 0; s < Simd; s++) begin : gen_slice
      mixed_slice #(
        .Modes      (Modes),
        .Lanes      (Lanes),
        .Chunk      (Chunk),
        .Saturate   (Saturate),
        .DotStages  (DotStages),
        .AccStages  (AccStages),
        .AlignWidth (AlignWidth),
        .Accumulator(Accumulator)
      ) u_mixed_slice (
        .clk_i       (clk_i),
        .rst_ni      (rst_ni),
        .stationary_i(weight_q[s*Lanes*OpBits+:Lanes*OpBits]),
        .stream_i    (stream_i),
        .swap_i      (swap_i),
        .a_unsigned_i(a_unsigned_i),
        .mode_i      (mode_i),
        .escale_i    (escale_i),
        .acc_i       (acc_i[s*AccBits+:AccBits]),
        .acc_o       (acc_o[s*AccBits+:AccBits])
      );
    end
  end else begin : gen_int4_fp4
    localparam int unsigned PBits = tessera_pkg::sum_bits(Modes, Lanes);

    // The mode travels with the products.
    logic fp4_q;
    logic [6:0] escale_q;
    pipe_delay #(
      .Width(8),
      .Depth(DotStages)
    ) u_control (
      .clk_i(clk_i),
      .d_i  ({mode_i, escale_i}),
      .q_o  ({fp4_q, escale_q})
    );

    for (genvar s = 0; s < Simd; s++) begin : gen_slice
      logic [4*Lanes-1:0] a;
      logic [5*Lanes-1:0] b;
      logic [PBits-1:0] p;
      logic unused_dot_valid, unused_add_valid;
      for (genvar i = 0; i < Lanes; i++) begin : gen_operand
        logic [4:0] stationary, streamed;
        assign stationary = weight_q[(s*Lanes+i)*OpBits+:OpBits];
        assign streamed = stream_i[i*OpBits+:OpBits];
        assign a[4*i+:4] = swap_i ? stationary[3:0] : streamed[3:0];
        assign b[5*i+:5] = swap_i ? streamed : stationary;
      end

      dot_product #(
        .Modes (Modes),
        .Lanes (Lanes),
        .Stages(DotStages)
      ) u_dot_product (
        .clk_i       (clk_i),
        .rst_ni      (rst_ni),
        .valid_i     (1'b0),
        .a_i         (a),
        .a_unsigned_i(a_unsigned_i),
        .b_i         (b),
        .fp4_i       (mode_i),
        .valid_o     (unused_dot_valid),
        .p_o         (p)
      );

      chunk_add #(
        .Modes   (Modes),
        .Lanes   (Lanes),
        .Chunk   (Chunk),
        .Variant (Variant),
        .Saturate(Saturate),
        .Stages  (AccStages)
      ) u_chunk_add (
        .clk_i   (clk_i),
        .rst_ni  (rst_ni),
        .valid_i (1'b0),
        .acc_i   (acc_i[s*AccBits+:AccBits]),
        .p_i     (p),
        .escale_i(escale_q),
        .fp4_i   (fp4_q),
        .valid_o (unused_add_valid),
        .acc_o   (acc_o[s*AccBits+:AccBits])
      );
    end
  end

  control_delay #(
    .Depth(DotStages + AccStages)
  ) u_valid (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .d_i   (valid_i),
    .q_o   (valid_o)
  );

endmodule
