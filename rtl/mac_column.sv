// SPDX-License-Identifier: Apache-2.0
// One column of a weight-stationary mac_array: mpes, chunk bus, outer sums.
//
// acc goes down the column, AccStages cycles a row. Where a chunk ends within
// the column, an outer adder takes acc, zero is injected below it, and the
// outer sum goes on to the next chunk's adder over the chunk bus. Where a
// chunk is taller than the column, acc is kept at the bottom and re-enters at
// the top in the next pass.
//
// With ZeroGate the streamed operands that are zero do not move on: they are a bit beside, and the
// register holds what it has.

module mac_column #(
  parameter  int unsigned Rows        = 8,
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
  parameter  int unsigned Depth       = 64,
  parameter  int unsigned ZeroGate    = 0,   // else nothing counts as zero
  localparam int unsigned OpBits      = tessera_pkg::operand_bits(Modes),
  localparam int unsigned OuterBits   = tessera_pkg::outer_bits(Outer)
) (
  input  logic                         clk_i,
  input  logic                         rst_ni,
  input  logic                         load_i,
  input  logic [Simd*Lanes*OpBits-1:0] weight_i,
  input  logic                         valid_i,   // of row 0; row r is AccStages * r later
  input  logic [Rows*Lanes*OpBits-1:0] stream_i,
  input  logic [Rows-1:0]              zero_i,    // all of a row's stream_i counts as zero
  input  logic                         swap_i,
  input  logic                         a_unsigned_i,
  input  logic                         fp4_i,
  input  logic [6:0]                   escale_i,
  input  logic                         open_i,    // acc comes from the pass before
  input  logic                         close_i,   // a chunk ends with this pass
  input  logic                         first_i,   // the outer sum starts from zero
  input  logic                         last_i,    // the outer sum is a result
  output logic [Rows*Lanes*OpBits-1:0] stream_o,
  output logic [Rows-1:0]              zero_o,
  output logic                         valid_o,
  output logic [Simd*OuterBits-1:0]    outer_o
);

  localparam int unsigned AccBits = tessera_pkg::acc_bits(Modes, Chunk, Variant);
  localparam int unsigned AccWidth = Simd * AccBits;
  localparam int unsigned OuterWidth = Simd * OuterBits;
  localparam int unsigned StreamWidth = Lanes * OpBits;
  localparam int unsigned WeightWidth = Simd * StreamWidth;
  localparam int unsigned IndexBits = Depth > 1 ? $clog2(Depth) : 1;
  // Rows that work on one chunk, and chunks per pass.
  localparam int unsigned ChunkRows = Rows * Lanes > Chunk ? Chunk / Lanes : Rows;
  localparam int unsigned Segments = Rows / ChunkRows;
  localparam bit Keeps = Rows * Lanes < Chunk;

  // Valid bits: entry of acc at the top, exit of each segment, end of the outer sum.
  localparam int unsigned ExitStages = DotStages + AccStages * Rows;
  localparam int unsigned EndStages = ExitStages + OuterStages;
  logic [EndStages:0] valid;
  assign valid[0] = valid_i;
  for (genvar t = 0; t < EndStages; t++) begin : gen_valid
    control_delay u_valid (
      .clk_i (clk_i),
      .rst_ni(rst_ni),
      .d_i   (valid[t]),
      .q_o   (valid[t+1])
    );
  end
  logic top_valid, chunk_valid, exit_valid, end_valid;
  assign top_valid = valid[DotStages];
  assign chunk_valid = valid[DotStages+AccStages*ChunkRows];
  assign exit_valid = valid[ExitStages];
  assign end_valid = valid[EndStages];

  // The row's index at three places; a load starts a new fold.
  logic [IndexBits-1:0] top_q, chunk_q, end_q;
  always_ff @(posedge clk_i) begin
    if (load_i) begin
      top_q <= '0;
      chunk_q <= '0;
      end_q <= '0;
    end else begin
      top_q <= top_q + IndexBits'(top_valid);
      chunk_q <= chunk_q + IndexBits'(chunk_valid);
      end_q <= end_q + IndexBits'(end_valid);
    end
  end

  // Open chunks.
  logic [AccWidth-1:0] top_acc, bottom_acc;
  if (Keeps) begin : gen_keep
    logic [AccWidth-1:0] acc_mem[Depth];
    logic unused_exit;
    assign unused_exit = exit_valid;
    always_ff @(posedge clk_i) begin
      if (chunk_valid && !close_i) begin
        acc_mem[chunk_q] <= bottom_acc;
      end
    end
    assign top_acc = open_i ? acc_mem[top_q] : '0;
  end else begin : gen_no_keep
    logic unused_keep;
    assign unused_keep = ^{open_i, top_q, exit_valid, bottom_acc};
    assign top_acc = '0;
  end

  pipe_stage #(
    .Width (Rows),
    .Enable(ZeroGate != 0)
  ) u_zero (
    .clk_i(clk_i),
    .d_i  (zero_i),
    .q_o  (zero_o)
  );

  // The rows.
  assign bottom_acc = gen_row[Rows-1].acc_out;

  for (genvar r = 0; r < Rows; r++) begin : gen_row
    logic [AccWidth-1:0] acc_in, acc_out;
    logic [WeightWidth-1:0] weight_in, weight_out;
    logic [StreamWidth-1:0] stream, operand, mpe_stream;
    logic unused_valid;

    if (r == 0) begin : gen_top
      assign acc_in = top_acc;
      assign weight_in = weight_i;
    end else begin : gen_below
      assign acc_in = r % ChunkRows == 0 ? '0 : gen_row[r-1].acc_out;
      assign weight_in = gen_row[r-1].weight_out;
    end

    if (r == Rows - 1) begin : gen_bottom
      logic unused_weight;
      assign unused_weight = ^weight_out;
    end

    assign stream = stream_i[StreamWidth*r+:StreamWidth];
    if (ZeroGate != 0) begin : gen_zero
      logic [StreamWidth-1:0] stream_q;
      always_ff @(posedge clk_i) begin
        if (!zero_i[r]) stream_q <= stream;
      end
      assign stream_o[StreamWidth*r+:StreamWidth] = stream_q;
      // What is multiplied: not the operand that the register before has kept.
      assign operand = zero_i[r] ? '0 : stream;
      logic unused_stream;
      assign unused_stream = ^mpe_stream;
    end else begin : gen_no_zero
      assign stream_o[StreamWidth*r+:StreamWidth] = mpe_stream;
      assign operand = stream;
    end

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
      .load_i      (load_i),
      .weight_i    (weight_in),
      .stream_i    (operand),
      .swap_i      (swap_i),
      .a_unsigned_i(a_unsigned_i),
      .mode_i      (fp4_i),
      .escale_i    (escale_i),
      .acc_i       (acc_in),
      .valid_o     (unused_valid),
      .acc_o       (acc_out),
      .stream_o    (mpe_stream),
      .weight_o    (weight_out)
    );
  end

  // Outer sums: read before the first chunk's adder, written after the last one's.
  logic [OuterWidth-1:0] outer_mem[Depth];

  for (genvar q = 0; q < Segments; q++) begin : gen_segment
    logic [OuterWidth-1:0] outer_in, sum;
    logic [AccWidth-1:0] acc;
    assign acc = gen_row[(q+1)*ChunkRows-1].acc_out;

    if (q == 0) begin : gen_memory
      assign outer_in = first_i ? '0 : outer_mem[chunk_q];
    end else begin : gen_bus
      pipe_delay #(
        .Width(OuterWidth),
        .Depth(AccStages * ChunkRows - OuterStages)
      ) u_bus (
        .clk_i(clk_i),
        .d_i  (gen_segment[q-1].sum),
        .q_o  (outer_in)
      );
    end

    for (genvar s = 0; s < Simd; s++) begin : gen_slice
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
        .outer_i (outer_in[OuterBits*s+:OuterBits]),
        .acc_i   (acc[AccBits*s+:AccBits]),
        .escale_i(escale_i),
        .fp4_i   (fp4_i),
        .valid_o (unused_valid),
        .outer_o (sum[OuterBits*s+:OuterBits])
      );
    end
  end

  assign outer_o = gen_segment[Segments-1].sum;
  assign valid_o = end_valid & close_i & last_i;
  always_ff @(posedge clk_i) begin
    if (end_valid && close_i) begin
      outer_mem[end_q] <= outer_o;
    end
  end

endmodule
