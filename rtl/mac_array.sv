// SPDX-License-Identifier: Apache-2.0
// Weight-stationary systolic array of Rows x Cols mpes.
//
// A fold: Rows cycles of load_i, the bottom row's operands first; then up to
// Depth rows of the streamed matrix, one per valid_i; then the array drains.
// Control is constant from the first valid_i until the drain has ended, which is
// the cycle of the last column's last result: AccStages * Rows + Cols - 1 +
// DotStages + OuterStages cycles after the last valid_i. Column c's result of a
// row is c cycles later than column 0's.

module mac_array #(
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
  parameter  int unsigned Depth       = 64,
  parameter  int unsigned ZeroGate    = 0,
  localparam int unsigned OpBits      = tessera_pkg::operand_bits(Modes),
  localparam int unsigned OuterBits   = tessera_pkg::outer_bits(Outer)
) (
  input  logic                              clk_i,
  input  logic                              rst_ni,
  input  logic                              load_i,
  input  logic [Cols*Simd*Lanes*OpBits-1:0] weight_i,
  input  logic                              valid_i,
  input  logic [Rows*Lanes*OpBits-1:0]      stream_i,      // k ascending
  input  logic                              swap_i,        // stationary is port a, else port b
  input  logic                              a_unsigned_i,  // port a is uint4, else int4
  input  logic                              fp4_i,         // port b is fp5_r2, else int4
  input  logic [6:0]                        escale_i,      // signed
  input  logic                              open_i,        // acc comes from the pass before
  input  logic                              close_i,       // a chunk ends with this pass
  input  logic                              first_i,       // the outer sum starts from zero
  input  logic                              last_i,        // the outer sum is a result
  output logic                              valid_o,       // of column 0
  output logic [Cols*Simd*OuterBits-1:0]    outer_o
);

  localparam int unsigned RowWidth = Lanes * OpBits;
  localparam int unsigned StreamWidth = Rows * RowWidth;
  localparam int unsigned WeightWidth = Simd * RowWidth;
  localparam int unsigned OuterWidth = Simd * OuterBits;

  // Skew: row r meets the acc that has come down r rows.
  logic [StreamWidth-1:0] skewed;
  logic [Rows-1:0] zero, skewed_zero;
  for (genvar r = 0; r < Rows; r++) begin : gen_skew
    if (ZeroGate != 0) begin : gen_zero
      zero_operand #(
        .Modes(Modes),
        .Lanes(Lanes)
      ) u_zero_operand (
        .operand_i(stream_i[RowWidth*r+:RowWidth]),
        .port_b_i (swap_i),
        .fp4_i    (fp4_i),
        .zero_o   (zero[r])
      );
    end else begin : gen_no_zero
      assign zero[r] = 1'b0;
    end
    pipe_delay #(
      .Depth(ZeroGate != 0 ? AccStages * r : 0)
    ) u_skew_zero (
      .clk_i(clk_i),
      .d_i  (zero[r]),
      .q_o  (skewed_zero[r])
    );
    pipe_delay #(
      .Width(RowWidth),
      .Depth(AccStages * r)
    ) u_skew (
      .clk_i(clk_i),
      .d_i  (stream_i[RowWidth*r+:RowWidth]),
      .q_o  (skewed[RowWidth*r+:RowWidth])
    );
  end

  for (genvar c = 0; c < Cols; c++) begin : gen_column
    logic valid_in, valid_out;
    logic [StreamWidth-1:0] stream_in, stream_out;
    logic [Rows-1:0] zero_in, zero_out;

    if (c == 0) begin : gen_left
      assign valid_in = valid_i;
      assign stream_in = skewed;
      assign zero_in = skewed_zero;
    end else begin : gen_right
      assign valid_in = gen_column[c-1].valid_next;
      assign stream_in = gen_column[c-1].stream_out;
      assign zero_in = gen_column[c-1].zero_out;
    end

    logic valid_next;
    control_delay u_valid (
      .clk_i (clk_i),
      .rst_ni(rst_ni),
      .d_i   (valid_in),
      .q_o   (valid_next)
    );

    if (c == Cols - 1) begin : gen_end
      logic unused_end;
      assign unused_end = ^{stream_out, zero_out, valid_next};
    end
    if (c == 0) begin : gen_valid
      assign valid_o = valid_out;
    end else begin : gen_later
      logic unused_valid;
      assign unused_valid = valid_out;
    end

    mac_column #(
      .Rows       (Rows),
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
      .Depth      (Depth),
      .ZeroGate   (ZeroGate)
    ) u_mac_column (
      .clk_i       (clk_i),
      .rst_ni      (rst_ni),
      .load_i      (load_i),
      .weight_i    (weight_i[WeightWidth*c+:WeightWidth]),
      .valid_i     (valid_in),
      .stream_i    (stream_in),
      .zero_i      (zero_in),
      .swap_i      (swap_i),
      .a_unsigned_i(a_unsigned_i),
      .fp4_i       (fp4_i),
      .escale_i    (escale_i),
      .open_i      (open_i),
      .close_i     (close_i),
      .first_i     (first_i),
      .last_i      (last_i),
      .stream_o    (stream_out),
      .zero_o      (zero_out),
      .valid_o     (valid_out),
      .outer_o     (outer_o[OuterWidth*c+:OuterWidth])
    );
  end

endmodule
