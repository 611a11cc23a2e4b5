// SPDX-License-Identifier: Apache-2.0
// Takes a corelet's part of a block through its array: tiles n, m, then slices k.
//
// While a slice is in the array, the next one moves from L1 to the other half of L0, and the tile
// before goes through the special functions. Both show done_i when they are idle or in their last
// cycle; fill_o and sfu_o are up in their first. A block may begin in the cycle after the last one
// of another: valid_i is held until begin_o is up. Addresses count elements.

module tile_sequencer #(
  parameter int unsigned Rows        = 8,
  parameter int unsigned Cols        = 8,
  parameter int unsigned Simd        = 8,
  parameter int unsigned Lanes       = 8,
  parameter int unsigned Chunk       = 64,
  parameter int unsigned Stationary  = 0,  // 0: weights, in a mac_array; 1: outputs, mac_array_os
  parameter int unsigned DotStages   = 1,
  parameter int unsigned AccStages   = 1,
  parameter int unsigned OuterStages = 1
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        valid_i,      // a block
  input  logic [79:0] size_i,       // first k; streamed: k of a slice or rows of a tile; k, columns, rows
  input  logic [71:0] stride_i,     // in L1: next tile of C, next slice of B, next tile of A
  input  logic [15:0] cycles_i,     // of L0: for a streamed row or a step, for a stationary row
  input  logic        ends_i,       // K ends with the block
  input  logic [1:0]  done_i,       // special functions, filling L0
  output logic        valid_o,      // the block is under way
  output logic        begin_o,
  output logic        fill_o,
  output logic [47:0] fill_at_o,    // B, A in L1
  output logic [47:0] fill_size_o,  // k, columns, rows
  output logic        load_o,
  output logic        enter_o,
  output logic [47:0] l0_at_o,      // B, A in L0
  output logic [3:0]  control_o,    // last (drain), first, close, open
  output logic [2:0]  half_o,       // results, of L0 that is filled, of L0 that is read
  output logic        sfu_o,
  output logic [23:0] sfu_at_o,     // C in L1
  output logic [31:0] sfu_size_o,   // columns, rows
  output logic [2:0]  activity_o    // 0 none, 1 busy, 2 preload, 3 l0, 4 skew, 5 drain
);

  localparam bit OutputStationary = Stationary != 0;
  localparam int unsigned TileRows = Rows * AccStages;  // of stationary outputs
  localparam int unsigned TileColumns = Cols * Simd;
  localparam int unsigned Step = OutputStationary ? Lanes : Rows * Lanes;  // k of a chunk at once
  localparam int unsigned Entries = OutputStationary ? AccStages : 1;
  localparam int unsigned Skew = (OutputStationary ? Rows : Rows * AccStages) + Cols - 2;
  localparam int unsigned LastSlot = OutputStationary ? AccStages - 1 : 0;
  localparam int unsigned Way = Skew + DotStages + LastSlot + OuterStages + 1;
  localparam int unsigned WayBits = $clog2(Way);

  // k goes in steps; of its bits, those below are zero. The others hold a tile or a slice.
  localparam int unsigned KLow = $clog2(Step);
  localparam int unsigned KBits = 16 - KLow;
  localparam int unsigned ChunkBits = $clog2(Chunk) > KLow ? $clog2(Chunk) - KLow : 0;
  localparam logic [KBits-1:0] ChunkMask = KBits'((1 << ChunkBits) - 1);
  localparam int unsigned RowBits = OutputStationary ? $clog2(TileRows + 1) : 16;
  localparam int unsigned ColumnBits = $clog2(TileColumns + 1);
  localparam int unsigned DepthBits = OutputStationary ? 16 : $clog2(Step + 1);
  localparam int unsigned L0ABits = OutputStationary || KLow > 8 ? 24 : 16 + KLow;
  localparam int unsigned LaneBits = $clog2(Lanes);
  localparam int unsigned L0BBits = OutputStationary ? 24 - LaneBits : $clog2(TileColumns * Rows + 1);

  typedef enum logic [2:0] {
    StIdle,
    StLeadIn,
    StLoad,
    StStream,
    StWay,
    StWait,
    StResults,
    StFlush
  } state_e;

  state_e state_d, state_q;

  logic fill_done, sfu_done;
  assign fill_done = done_i[0];
  assign sfu_done = done_i[1];

  // The block under way.
  logic start, over;
  logic [63:0] size_q;
  logic [KBits-1:0] first_k_q;  // in steps
  logic [71:0] stride_q;
  logic [15:0] cycles_q;
  logic ends_q;
  assign start = ((state_q == StIdle) | over) & valid_i;
  always_ff @(posedge clk_i) begin
    if (start) begin
      size_q <= size_i[63:0];
      first_k_q <= KBits'(size_i[79:64] >> KLow);
      stride_q <= stride_i;
      cycles_q <= cycles_i;
      ends_q <= ends_i;
    end
  end

  logic [15:0] block_m, block_n, block_k, streamed;
  logic [23:0] a_tile, b_slice, c_tile;
  logic [7:0] load_cycles, group_cycles;
  assign {streamed, block_k, block_n, block_m} = size_q;
  assign {c_tile, b_slice, a_tile} = stride_q;
  assign {group_cycles, load_cycles} = cycles_q;

  // The slice that is filled next or has been filled last, one ahead of the array.
  logic begin_slice;
  logic [15:0] m_d, m_q, n_d, n_q, k;
  logic [KBits-1:0] k_d, k_q;
  logic [23:0] a_d, a_q, b_d, b_q, c_d, c_q;
  logic more_d, more_q, parity_d, parity_q;
  logic [15:0] rest_m, rest_n, rest_k, tile_m, slice_k;
  logic last_m, last_n, last_k;
  logic [RowBits-1:0] rows;
  logic [ColumnBits-1:0] columns;
  logic [DepthBits-1:0] depth;
  assign k = 16'(k_q) << KLow;
  assign tile_m = OutputStationary ? 16'(TileRows) : streamed;
  assign slice_k = OutputStationary ? streamed : 16'(Step);
  assign rest_m = block_m - m_q;
  assign rest_n = block_n - n_q;
  assign rest_k = block_k - k;
  assign last_m = rest_m <= tile_m;
  assign last_n = rest_n <= 16'(TileColumns);
  assign last_k = rest_k <= slice_k;
  assign rows = RowBits'(last_m ? rest_m : tile_m);
  assign columns = ColumnBits'(last_n ? rest_n : 16'(TileColumns));
  assign depth = DepthBits'(last_k ? rest_k : slice_k);

  always_comb begin
    m_d = m_q;
    n_d = n_q;
    k_d = k_q;
    a_d = a_q;
    b_d = b_q;
    c_d = c_q;
    more_d = more_q;
    parity_d = parity_q;
    if (start) begin
      m_d = '0;
      n_d = '0;
      k_d = '0;
      a_d = '0;
      b_d = '0;
      c_d = '0;
      more_d = 1'b1;
      parity_d = 1'b0;
    end else if (begin_slice) begin
      parity_d = ~parity_q;
      k_d = last_k ? '0 : k_q + KBits'(slice_k >> KLow);
      b_d = last_k ? '0 : b_q + b_slice;
      if (last_k) begin
        m_d = last_m ? '0 : m_q + tile_m;
        a_d = last_m ? '0 : a_q + a_tile;
        c_d = last_m ? '0 : c_q + c_tile;
        if (last_m) begin
          n_d = n_q + 16'(TileColumns);
          more_d = ~last_n;
        end
      end
    end
  end

  always_ff @(posedge clk_i) begin
    m_q <= m_d;
    n_q <= n_d;
    k_q <= k_d;
    a_q <= a_d;
    b_q <= b_d;
    c_q <= c_d;
    more_q <= more_d;
    parity_q <= parity_d;
  end

  // The slice in the array.
  logic [RowBits-1:0] rows_q;
  logic [ColumnBits-1:0] columns_q;
  logic [DepthBits-1:0] depth_q;
  logic [KBits-1:0] chunk_k_q;  // its first, in steps from where a chunk begins
  logic first_q;                // in the first chunk
  logic [23:0] result_q;
  logic last_q, half_q;
  logic [KBits-1:0] first_in_chunk, k_in_chunk;
  logic [KBits:0] chunk_k;
  assign first_in_chunk = first_k_q & ChunkMask;
  assign k_in_chunk = k_q & ChunkMask;
  assign chunk_k = {1'b0, first_in_chunk} + {1'b0, k_in_chunk};
  always_ff @(posedge clk_i) begin
    if (begin_slice) begin
      rows_q <= rows;
      columns_q <= columns;
      depth_q <= depth;
      chunk_k_q <= chunk_k[KBits-1:0] & ChunkMask;
      first_q <= ((first_k_q | k_q) & ~ChunkMask) == '0 && chunk_k <= {1'b0, ChunkMask};
      result_q <= c_q + 24'(n_q);
      last_q <= last_k;
      half_q <= parity_q;
    end
  end

  // Where it is: clocks of a group, groups, clocks on the way out.
  logic [7:0] sub_d, sub_q;
  logic [15:0] at_d, at_q;  // stationary rows, streamed rows, or k
  logic [WayBits-1:0] way_d, way_q;
  logic [L0ABits-1:0] l0_a_d, l0_a_q;
  logic [L0BBits-1:0] l0_b_d, l0_b_q;  // in Lanes
  logic load_now, stream_now, group_ends, load_ends, stream_ends, way_ends, enters;
  logic [16:0] next_at;
  logic [15:0] end_at;
  assign end_at = OutputStationary ? 16'(depth_q) : 16'(rows_q);
  assign load_now = state_q == StLoad;
  assign stream_now = state_q == StStream;
  assign group_ends = sub_q == (load_now ? load_cycles : group_cycles) - 8'd1;
  assign next_at = 17'(at_q) + (OutputStationary ? 17'(Lanes) : 17'd1);
  assign load_ends = load_now & group_ends & (at_q == 16'(Rows - 1));
  assign stream_ends = stream_now & group_ends & (next_at >= 17'(end_at));
  assign way_ends = (state_q == StWay) & (way_q == WayBits'(Way - 1));
  assign enters = stream_now & (sub_q < 8'(Entries));

  always_comb begin
    sub_d = sub_q;
    at_d = at_q;
    way_d = way_q;
    l0_a_d = l0_a_q;
    l0_b_d = l0_b_q;
    if (begin_slice) begin
      sub_d = '0;
      at_d = '0;
      way_d = '0;
      l0_a_d = '0;
      // The bottom row's stationary operands come first.
      l0_b_d = OutputStationary ? '0 : L0BBits'(columns) * L0BBits'(Rows - 1);
    end else if (load_now | stream_now) begin
      sub_d = group_ends ? '0 : sub_q + 8'd1;
      if (group_ends) begin
        at_d = load_ends ? '0 : next_at[15:0];
        if (load_now) begin
          l0_b_d = l0_b_q - L0BBits'(columns_q);
        end else begin
          l0_a_d = l0_a_q + (OutputStationary ? L0ABits'(Lanes) : L0ABits'(depth_q));
          if (OutputStationary) begin
            l0_b_d = l0_b_q + L0BBits'(columns_q);
          end
        end
      end
    end else if (state_q == StWay) begin
      way_d = way_q + WayBits'(1);
    end
  end

  always_ff @(posedge clk_i) begin
    sub_q <= sub_d;
    at_q <= at_d;
    way_q <= way_d;
    l0_a_q <= l0_a_d;
    l0_b_q <= l0_b_d;
  end

  // Which row of its own each cell of a mac_array_os works on.
  localparam int unsigned SlotBits = AccStages > 1 ? $clog2(AccStages) : 1;
  logic [SlotBits-1:0] slot_q;
  if (OutputStationary && AccStages > 1) begin : gen_slot
    always_ff @(posedge clk_i) begin
      if (!rst_ni || slot_q == SlotBits'(AccStages - 1)) begin
        slot_q <= '0;
      end else begin
        slot_q <= slot_q + SlotBits'(1);
      end
    end
  end else begin : gen_no_slot
    assign slot_q = '0;
  end

  // What ends and what begins.
  logic leaves, array_over, slice_over, yields, hands_over, next_slice;
  assign leaves = !OutputStationary | last_q;
  assign array_over = way_ends | (stream_ends & ~leaves);
  assign slice_over = (array_over | (state_q == StWait)) & fill_done;
  assign yields = last_q & ends_q;
  assign hands_over = ((slice_over & yields) | (state_q == StResults)) & sfu_done;
  assign next_slice = hands_over | (slice_over & ~yields);
  assign begin_slice = ((state_q == StLeadIn) & fill_done) | (next_slice & more_q);
  assign over = sfu_done & ((state_q == StFlush) | (next_slice & ~more_q & ~hands_over));

  always_comb begin
    state_d = state_q;
    unique case (state_q)
      StLoad:   if (load_ends) state_d = StStream;
      StStream: if (stream_ends) state_d = leaves ? StWay : StWait;
      StWay:    if (way_ends) state_d = StWait;
      default:  state_d = state_q;
    endcase
    if (slice_over) begin
      state_d = StResults;
    end
    if (next_slice) begin
      state_d = StFlush;
    end
    if (begin_slice) begin
      state_d = OutputStationary ? StStream : StLoad;
    end
    if (over) begin
      state_d = StIdle;
    end
    if (start) begin
      state_d = StLeadIn;
    end
  end

  logic begin_q, fill_q, sfu_q, result_half_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= StIdle;
      begin_q <= 1'b0;
      fill_q <= 1'b0;
      sfu_q <= 1'b0;
      result_half_q <= 1'b0;
    end else begin
      state_q <= state_d;
      begin_q <= start;
      fill_q <= start | (begin_slice & more_d);
      sfu_q <= hands_over;
      result_half_q <= result_half_q ^ hands_over;
    end
  end

  // A tile that is handed over.
  logic [23:0] sfu_at_q;
  logic [RowBits-1:0] sfu_rows_q;
  logic [ColumnBits-1:0] sfu_columns_q;
  always_ff @(posedge clk_i) begin
    if (hands_over) begin
      sfu_at_q <= result_q;
      sfu_rows_q <= rows_q;
      sfu_columns_q <= columns_q;
    end
  end

  // The array's control: of a slice as a whole, or of each step.
  logic [16:0] now_k, next_k;
  logic controls, step_ends, open, close, first, last, whole;
  assign now_k = (17'(chunk_k_q) << KLow) + (OutputStationary ? 17'(at_q) : '0);
  assign next_k = now_k + 17'(Step);
  assign controls = OutputStationary ? enters : stream_now | (state_q == StWay);
  assign step_ends = !OutputStationary | (next_at >= 17'(depth_q));
  assign whole = yields & step_ends;
  assign open = (now_k & 17'(Chunk - 1)) != '0;
  assign close = whole | ((next_k & 17'(Chunk - 1)) == '0);
  assign first = first_q & (now_k < 17'(Chunk));
  assign last = whole & (!OutputStationary | (sub_q == 8'(Entries - 1)));

  logic at_work;
  assign at_work = load_now | stream_now | (state_q == StWay);
  always_comb begin
    activity_o = 3'd0;
    unique case (state_q)
      StLoad:   activity_o = 3'd2;
      StStream: activity_o = enters ? 3'd1 : 3'd3;
      StWay:    activity_o = 32'(way_q) + 32'd1 <= Skew ? 3'd4 : 3'd5;
      default:  activity_o = 3'd0;
    endcase
  end

  assign valid_o = state_q != StIdle;
  assign begin_o = begin_q;
  assign fill_o = fill_q;
  assign fill_at_o = fill_q ? {b_q + 24'(n_q), a_q + 24'(k)} : '0;
  assign fill_size_o = fill_q ? {16'(depth), 16'(columns), 16'(rows)} : '0;
  assign load_o = load_now & group_ends;
  assign enter_o = enters;
  assign l0_at_o[23:0] = enters ? 24'(l0_a_q) + 24'(slot_q) * 24'(depth_q) : '0;
  assign l0_at_o[47:24] = load_o | (enters & OutputStationary) ? 24'(l0_b_q) << LaneBits : '0;
  assign control_o = controls ? {last, first, close, open} : '0;
  assign half_o = {result_half_q, fill_q & parity_q, at_work & half_q};
  assign sfu_o = sfu_q;
  assign sfu_at_o = sfu_q ? sfu_at_q : '0;
  assign sfu_size_o = sfu_q ? {16'(sfu_columns_q), 16'(sfu_rows_q)} : '0;

endmodule
