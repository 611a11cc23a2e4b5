// SPDX-License-Identifier: Apache-2.0
// Output-stationary systolic array of Rows x Cols cells.
//
// A tile has Rows * AccStages rows and Cols * Simd columns of the result. An operation multiplies
// Lanes k of one row of each cell: in clock cycle t after reset row r * AccStages + t mod AccStages
// of the cells in row r, while the operands on top stand still for AccStages cycles. The operation
// with drain_i is a tile's last. The mode is constant from a tile's first operation until its last
// outer sum is there, Rows + Cols - 2 + DotStages + AccStages + OuterStages cycles after its last
// operation; until then no operation of the next tile may end a chunk. In the cycles after, all
// rows leave, the last one first, and in these no other tile may end.

module mac_array_os #(
  parameter  int unsigned Rows        = 8,
  parameter  int unsigned Cols        = 8,
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
  parameter  int unsigned ZeroGate    = 0,
  localparam int unsigned OpBits      = tessera_pkg::operand_bits(Modes),
  localparam int unsigned OuterBits   = tessera_pkg::outer_bits(Outer)
) (
  input  logic                              clk_i,
  input  logic                              rst_ni,
  input  logic                              valid_i,
  input  logic [Rows*Lanes*OpBits-1:0]      left_i,        // k ascending
  input  logic [Cols*Simd*Lanes*OpBits-1:0] top_i,
  input  logic                              swap_i,        // top is port a, else port b
  input  logic                              a_unsigned_i,  // port a is uint4, else int4
  input  logic                              fp4_i,         // port b is fp5_r2, else int4
  input  logic [6:0]                        escale_i,      // signed
  input  logic                              close_i,       // a chunk ends with this operation
  input  logic                              first_i,       // its outer sum starts from zero
  input  logic                              drain_i,       // the tile ends with this operation
  output logic                              valid_o,
  output logic [Cols*Simd*OuterBits-1:0]    outer_o
);

  localparam int unsigned LeftWidth = Lanes * OpBits;
  localparam int unsigned TopWidth = Simd * Lanes * OpBits;
  localparam int unsigned RowWidth = Simd * OuterBits;

  // Cycles from an operation at the ports to each place in a cell of diagonal 0.
  localparam int unsigned Exit = DotStages + AccStages;
  localparam int unsigned End = Exit + OuterStages;
  localparam int unsigned Last = End + Rows + Cols - 2;

  // Which slot has its turn, one-hot; whether its chunk is open.
  logic [AccStages-1:0] slot_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      slot_q <= AccStages'(1);
    end else begin
      slot_q <= AccStages'({slot_q, slot_q[AccStages-1]});
    end
  end

  logic open_d, open_q;
  assign open_d = valid_i ? ~close_i : open_q;
  control_delay #(
    .Depth(AccStages)
  ) u_open (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .d_i   (open_d),
    .q_o   (open_q)
  );

  // The control's way along the diagonals: [t] is that of t cycles ago.
  logic [Last:0] valid, open, close, first, drain;
  assign valid[0] = valid_i;
  assign open[0] = open_q;
  assign close[0] = valid_i & close_i;
  assign first[0] = first_i;
  assign drain[0] = valid_i & drain_i;
  for (genvar t = 0; t < Last; t++) begin : gen_control
    control_delay #(
      .Width(3)
    ) u_control (
      .clk_i (clk_i),
      .rst_ni(rst_ni),
      .d_i   ({valid[t], close[t], drain[t]}),
      .q_o   ({valid[t+1], close[t+1], drain[t+1]})
    );
    pipe_stage #(
      .Width (2),
      .Enable(1'b1)
    ) u_with_it (
      .clk_i(clk_i),
      .d_i  ({open[t], first[t]}),
      .q_o  ({open[t+1], first[t+1]})
    );
  end
  logic unused_control;
  assign unused_control = ^{valid, open, close, first, drain};

  // Operands that are zero.
  logic [Rows-1:0] left_zero;
  logic [Cols*Simd-1:0] top_zero;
  if (ZeroGate != 0) begin : gen_zero
    for (genvar r = 0; r < Rows; r++) begin : gen_left
      zero_operand #(
        .Modes(Modes),
        .Lanes(Lanes)
      ) u_zero_operand (
        .operand_i(left_i[LeftWidth*r+:LeftWidth]),
        .port_b_i (swap_i),
        .fp4_i    (fp4_i),
        .zero_o   (left_zero[r])
      );
    end
    for (genvar n = 0; n < Cols * Simd; n++) begin : gen_top
      zero_operand #(
        .Modes(Modes),
        .Lanes(Lanes)
      ) u_zero_operand (
        .operand_i(top_i[LeftWidth*n+:LeftWidth]),
        .port_b_i (~swap_i),
        .fp4_i    (fp4_i),
        .zero_o   (top_zero[n])
      );
    end
  end else begin : gen_no_zero
    assign left_zero = '0;
    assign top_zero = '0;
  end

  for (genvar r = 0; r < Rows; r++) begin : gen_row
    logic [LeftWidth-1:0] skewed;
    logic skewed_zero;
    pipe_delay #(
      .Width(LeftWidth),
      .Depth(r)
    ) u_skew (
      .clk_i(clk_i),
      .d_i  (left_i[LeftWidth*r+:LeftWidth]),
      .q_o  (skewed)
    );
    pipe_delay #(
      .Depth(ZeroGate != 0 ? r : 0)
    ) u_skew_zero (
      .clk_i(clk_i),
      .d_i  (left_zero[r]),
      .q_o  (skewed_zero)
    );

    for (genvar c = 0; c < Cols; c++) begin : gen_column
      localparam int unsigned Diagonal = r + c;
      logic [LeftWidth-1:0] left_in, left_out;
      logic [TopWidth-1:0] top_in, top_out;
      logic [RowWidth-1:0] row_in, row_out;
      logic left_zero_in, left_zero_out;
      logic [Simd-1:0] top_zero_in, top_zero_out;
      logic [AccStages-1:0] exit_slot, end_slot;

      if (c == 0) begin : gen_left
        assign left_in = skewed;
        assign left_zero_in = skewed_zero;
      end else begin : gen_right
        assign left_in = gen_row[r].gen_column[c-1].left_out;
        assign left_zero_in = gen_row[r].gen_column[c-1].left_zero_out;
      end

      if (r == 0) begin : gen_top
        assign row_in = '0;
        pipe_delay #(
          .Width(TopWidth),
          .Depth(c)
        ) u_skew (
          .clk_i(clk_i),
          .d_i  (top_i[TopWidth*c+:TopWidth]),
          .q_o  (top_in)
        );
        pipe_delay #(
          .Width(Simd),
          .Depth(ZeroGate != 0 ? c : 0)
        ) u_skew_zero (
          .clk_i(clk_i),
          .d_i  (top_zero[Simd*c+:Simd]),
          .q_o  (top_zero_in)
        );
      end else begin : gen_below
        assign row_in = gen_row[r-1].gen_column[c].row_out;
        assign top_in = gen_row[r-1].gen_column[c].top_out;
        assign top_zero_in = gen_row[r-1].gen_column[c].top_zero_out;
      end

      // A slot that entered t cycles ago has its turn when that of t cycles ago had it.
      for (genvar j = 0; j < AccStages; j++) begin : gen_slot
        assign exit_slot[j] = slot_q[(j+Diagonal+Exit)%AccStages];
        assign end_slot[j] = slot_q[(j+Diagonal+End)%AccStages];
      end

      mpe_os #(
        .Modes      (Modes),
        .Simd       (Simd),
        .Lanes      (Lanes),
        .Chunk      (Chunk),
        .Variant    (Variant),
        .Outer      (Outer),
        .Saturate   (Saturate),
        .DotStages  (DotStages),
        .AccStages  (AccStages),
        .OuterStages(OuterStages),
        .ZeroGate   (ZeroGate)
      ) u_mpe_os (
        .clk_i       (clk_i),
        .rst_ni      (rst_ni),
        .left_i      (left_in),
        .top_i       (top_in),
        .left_zero_i (left_zero_in),
        .top_zero_i  (top_zero_in),
        .swap_i      (swap_i),
        .a_unsigned_i(a_unsigned_i),
        .fp4_i       (fp4_i),
        .escale_i    (escale_i),
        .add_valid_i (valid[Diagonal+DotStages]),
        .add_open_i  (open[Diagonal+DotStages]),
        .exit_close_i(close[Diagonal+Exit]),
        .exit_first_i(first[Diagonal+Exit]),
        .exit_slot_i (exit_slot),
        .end_close_i (close[Diagonal+End]),
        .end_slot_i  (end_slot),
        .capture_i   (drain[Last]),
        .row_i       (row_in),
        .row_o       (row_out),
        .left_o      (left_out),
        .top_o       (top_out),
        .left_zero_o (left_zero_out),
        .top_zero_o  (top_zero_out)
      );

      if (c == Cols - 1) begin : gen_right_end
        logic unused_left;
        assign unused_left = ^{left_out, left_zero_out};
      end
      if (r == Rows - 1) begin : gen_bottom
        logic unused_top;
        assign unused_top = ^{top_out, top_zero_out};
        assign outer_o[RowWidth*c+:RowWidth] = row_out;
      end
    end
  end

  // Rows that have not left.
  localparam int unsigned LeftBits = $clog2(Rows * AccStages + 1);
  logic [LeftBits-1:0] left_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      left_q <= '0;
    end else if (drain[Last]) begin
      left_q <= LeftBits'(Rows * AccStages);
    end else if (valid_o) begin
      left_q <= left_q - LeftBits'(1);
    end
  end
  assign valid_o = left_q != '0;

endmodule
