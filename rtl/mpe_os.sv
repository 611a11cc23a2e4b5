// SPDX-License-Identifier: Apache-2.0
// A cell of an output-stationary mac_array_os: Simd slices along n that hold their own sums.
//
// Operands pass through to the right and down, but for those that are zero: they are a bit beside,
// and the register holds what it has. AccStages inner sums circulate through each slice's
// adder; a cycle without an operation adds zero, which changes none. Their outer sums lie beside.
// When the tile ends all outer sums move at once to the registers in which rows leave downwards.
// The control of a cell is that of its diagonal, in the cycle in which it takes effect.

module mpe_os #(
  parameter  int unsigned Modes       = 3,
  parameter  int unsigned Simd        = 8,
  parameter  int unsigned Lanes       = 8,
  parameter  int unsigned Chunk       = 64,
  parameter  int unsigned Variant     = 0,
  parameter  int unsigned Outer       = 0,
  parameter  int unsigned Saturate    = 0,
  parameter  int unsigned DotStages   = 1,
  parameter  int unsigned AccStages   = 1,
  parameter  int unsigned OuterStages = 1,
  parameter  int unsigned ZeroGate    = 0,   // else nothing counts as zero
  localparam int unsigned OpBits      = tessera_pkg::operand_bits(Modes),
  localparam int unsigned OuterBits   = tessera_pkg::outer_bits(Outer)
) (
  input  logic                         clk_i,
  input  logic                         rst_ni,
  input  logic [Lanes*OpBits-1:0]      left_i,
  input  logic [Simd*Lanes*OpBits-1:0] top_i,
  input  logic                         left_zero_i,   // all of left_i counts as zero
  input  logic [Simd-1:0]              top_zero_i,    // all of a slice's top_i does
  input  logic                         swap_i,        // top is port a, else port b
  input  logic                         a_unsigned_i,  // port a is uint4, else int4
  input  logic                         fp4_i,         // port b is fp5_r2, else int4
  input  logic [6:0]                   escale_i,      // signed
  // DotStages after the operands.
  input  logic                         add_valid_i,
  input  logic                         add_open_i,    // the slot's inner sum goes on
  // AccStages later.
  input  logic                         exit_close_i,  // a chunk has ended
  input  logic                         exit_first_i,  // its outer sum starts from zero
  input  logic [AccStages-1:0]         exit_slot_i,   // one-hot
  // OuterStages later.
  input  logic                         end_close_i,
  input  logic [AccStages-1:0]         end_slot_i,
  input  logic                         capture_i,     // the outer sums become rows that leave
  input  logic [Simd*OuterBits-1:0]    row_i,
  output logic [Simd*OuterBits-1:0]    row_o,
  output logic [Lanes*OpBits-1:0]      left_o,
  output logic [Simd*Lanes*OpBits-1:0] top_o,
  output logic                         left_zero_o,
  output logic [Simd-1:0]              top_zero_o
);

  localparam int unsigned AccBits = tessera_pkg::acc_bits(Modes, Chunk, Variant);
  localparam int unsigned Width = Simd * OuterBits;

  localparam int unsigned SliceWidth = Lanes * OpBits;
  logic [SliceWidth-1:0] left_q;
  logic [Simd*SliceWidth-1:0] top_q;
  always_ff @(posedge clk_i) begin
    if (!left_zero_i) left_q <= left_i;
    for (int s = 0; s < Simd; s++) begin
      if (!top_zero_i[s]) top_q[SliceWidth*s+:SliceWidth] <= top_i[SliceWidth*s+:SliceWidth];
    end
  end
  assign left_o = left_q;
  assign top_o = top_q;

  // What is multiplied: not the operands that the registers before have kept.
  logic [SliceWidth-1:0] left_operand;
  logic [Simd*SliceWidth-1:0] top_operand;
  always_comb begin
    left_operand = left_zero_i ? '0 : left_i;
    top_operand = top_i;
    for (int s = 0; s < Simd; s++) begin
      if (top_zero_i[s]) top_operand[SliceWidth*s+:SliceWidth] = '0;
    end
  end

  pipe_stage #(
    .Width (1 + Simd),
    .Enable(ZeroGate != 0)
  ) u_zero (
    .clk_i(clk_i),
    .d_i  ({left_zero_i, top_zero_i}),
    .q_o  ({left_zero_o, top_zero_o})
  );

  // Inner sums.
  logic [Simd*AccBits-1:0] acc_in, acc_out;
  assign acc_in = add_open_i ? acc_out : '0;

  if (Modes == tessera_pkg::ModeFp16) begin : gen_fp16
    logic unused_control;
    assign unused_control = ^{swap_i, a_unsigned_i, fp4_i, escale_i};
    for (genvar s = 0; s < Simd; s++) begin : gen_slice
      logic unused_valid;
      dlfloat16_fma #(
        .Saturate(Saturate),
        .Stages  (AccStages)
      ) u_dlfloat16_fma (
        .clk_i  (clk_i),
        .rst_ni (rst_ni),
        .valid_i(1'b0),
        .a_i    (add_valid_i ? left_operand : '0),
        .b_i    (add_valid_i ? top_operand[OpBits*s+:OpBits] : '0),
        .c_i    (acc_in[AccBits*s+:AccBits]),
        .valid_o(unused_valid),
        .sum_o  (acc_out[AccBits*s+:AccBits])
      );
    end
  end else begin : gen_int4_fp4
    localparam int unsigned PBits = tessera_pkg::sum_bits(Modes, Lanes);
    for (genvar s = 0; s < Simd; s++) begin : gen_slice
      logic [4*Lanes-1:0] a;
      logic [5*Lanes-1:0] b;
      logic [PBits-1:0] p;
      logic unused_dot_valid, unused_add_valid;
      for (genvar i = 0; i < Lanes; i++) begin : gen_operand
        logic [4:0] left, top;
        assign left = left_operand[OpBits*i+:OpBits];
        assign top = top_operand[OpBits*(Lanes*s+i)+:OpBits];
        assign a[4*i+:4] = swap_i ? top[3:0] : left[3:0];
        assign b[5*i+:5] = swap_i ? left : top;
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
        .fp4_i       (fp4_i),
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
        .acc_i   (acc_in[AccBits*s+:AccBits]),
        .p_i     (add_valid_i ? p : '0),
        .escale_i(escale_i),
        .fp4_i   (fp4_i),
        .valid_o (unused_add_valid),
        .acc_o   (acc_out[AccBits*s+:AccBits])
      );
    end
  end

  // Outer sums. One that leaves its adder is there at once, for the next chunk or to leave.
  logic [Width-1:0] outer_in, sum;
  logic [AccStages*Width-1:0] outer_d, outer_q;
  always_comb begin
    outer_d = outer_q;
    outer_in = '0;
    for (int j = 0; j < AccStages; j++) begin
      if (end_close_i && end_slot_i[j]) outer_d[Width*j+:Width] = sum;
      if (!exit_first_i && exit_slot_i[j]) outer_in = outer_in | outer_d[Width*j+:Width];
    end
  end

  for (genvar s = 0; s < Simd; s++) begin : gen_outer
    logic unused_valid;
    outer_add #(
      .Modes   (Modes),
      .Chunk   (Chunk),
      .Variant (Variant),
      .Outer   (Outer),
      .Saturate(Saturate),
      .Stages  (OuterStages)
    ) u_outer_add (
      .clk_i   (clk_i),
      .rst_ni  (rst_ni),
      .valid_i (1'b0),
      .outer_i (exit_close_i ? outer_in[OuterBits*s+:OuterBits] : '0),
      .acc_i   (exit_close_i ? acc_out[AccBits*s+:AccBits] : '0),
      .escale_i(escale_i),
      .fp4_i   (fp4_i),
      .valid_o (unused_valid),
      .outer_o (sum[OuterBits*s+:OuterBits])
    );
  end

  // Rows that leave, slot by slot downwards.
  logic [AccStages*Width-1:0] rows_d, rows_q;
  assign rows_d = capture_i ? outer_d : (AccStages * Width)'({rows_q, row_i});
  always_ff @(posedge clk_i) begin
    outer_q <= outer_d;
    rows_q <= rows_d;
  end
  assign row_o = rows_q[AccStages*Width-1-:Width];

endmodule
