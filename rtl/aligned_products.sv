// SPDX-License-Identifier: Apache-2.0
// The fixed-point sum of products and a dlfloat16, aligned to the largest exponent.
//
// The window has Width bits; its top bit is the top bit of a product with the
// largest exponent. Each term is shifted right in two's complement, so what
// falls off is never negative; whether anything fell off becomes one sticky
// bit below the sum. A window as wide as all exponents makes the sum exact.

module aligned_products #(
  parameter  int unsigned Products  = 2,
  parameter  int unsigned MaxExp    = 62,    // of a product's exponent, biased by
  parameter  int unsigned ExpBias   = 30,
  parameter  int unsigned MaxSig    = 225,   // largest significand of a product, with
  parameter  int unsigned FracBits  = 6,     // of its bits below the point
  parameter  int unsigned Width     = 24,
  parameter  bit          CutShift  = 1'b0,  // registers before the shifters
  localparam int unsigned ExpBits   = $clog2(MaxExp + 1),
  localparam int unsigned SigBits   = $clog2(MaxSig + 1),
  localparam int unsigned FrameBits = tessera_pkg::dot_frame_bits(MaxExp, ExpBias),
  localparam int unsigned SumBits   =
      tessera_pkg::dot_sum_bits(Products, MaxSig, FracBits, Width)
) (
  input  logic                        clk_i,
  input  logic                        nan_i,       // a product is not a number
  input  logic [Products-1:0]         zero_i,
  input  logic [Products-1:0]         negative_i,
  input  logic [Products*ExpBits-1:0] exp_i,
  input  logic [Products*SigBits-1:0] sig_i,
  input  logic [15:0]                 acc_i,
  output logic                        nan_o,
  output logic [SumBits-1:0]          sum_o,       // two's complement, its last bit the sticky one
  output logic [FrameBits-1:0]        frame_o
);

  // All exponents in one frame, whose zero is the least of them.
  localparam int unsigned DlBias = tessera_pkg::DlBias;
  localparam int unsigned DlManBits = tessera_pkg::DlManBits;
  localparam int unsigned FrameBias = tessera_pkg::dot_frame_bias(ExpBias);
  localparam int unsigned MaxFrame = tessera_pkg::dot_max_frame(MaxExp, ExpBias);

  // Significands with the point in one place.
  localparam int unsigned Terms = Products + 1;
  localparam int unsigned TermFrac = FracBits > DlManBits ? FracBits : DlManBits;
  localparam int unsigned TermBits = SigBits - FracBits + TermFrac;

  logic [Terms*FrameBits-1:0] frames;
  logic [Terms*TermBits-1:0] sigs;
  logic [Terms-1:0] negative;
  logic acc_zero;
  assign acc_zero = acc_i[14:0] == '0;
  assign negative = {acc_i[15], negative_i};
  assign frames[Products*FrameBits+:FrameBits] =
      acc_zero ? '0 : FrameBits'(acc_i[14:9]) + FrameBits'(FrameBias - DlBias);
  assign sigs[Products*TermBits+:TermBits] =
      acc_zero ? '0 : TermBits'({1'b1, acc_i[8:0]}) << (TermFrac - DlManBits);
  for (genvar i = 0; i < Products; i++) begin : gen_product
    assign frames[i*FrameBits+:FrameBits] = zero_i[i] ? '0 :
        FrameBits'(exp_i[i*ExpBits+:ExpBits]) + FrameBits'(FrameBias - ExpBias);
    assign sigs[i*TermBits+:TermBits] = zero_i[i] ? '0 :
        TermBits'(sig_i[i*SigBits+:SigBits]) << (TermFrac - FracBits);
  end

  logic [FrameBits-1:0] frame;
  always_comb begin
    frame = '0;
    for (int i = 0; i < Terms; i++) begin
      if (frames[i*FrameBits+:FrameBits] > frame) frame = frames[i*FrameBits+:FrameBits];
    end
  end

  // A shift by the whole width leaves nothing but the sticky bit.
  localparam bit Clamps = MaxFrame > Width;
  localparam int unsigned ShiftBits = Clamps ? $clog2(Width + 1) : FrameBits;
  logic [Terms*ShiftBits-1:0] shifts;
  for (genvar i = 0; i < Terms; i++) begin : gen_shift
    logic [FrameBits-1:0] below;
    assign below = frame - frames[i*FrameBits+:FrameBits];
    if (Clamps) begin : gen_clamp
      assign shifts[i*ShiftBits+:ShiftBits] =
          below > FrameBits'(Width) ? ShiftBits'(Width) : below[ShiftBits-1:0];
    end else begin : gen_pass
      assign shifts[i*ShiftBits+:ShiftBits] = below;
    end
  end

  typedef struct packed {
    logic nan;
    logic [FrameBits-1:0] frame;
    logic [Terms-1:0] negative;
    logic [Terms*ShiftBits-1:0] shifts;
    logic [Terms*TermBits-1:0] sigs;
  } terms_t;

  terms_t terms_d, terms_q;
  assign terms_d.nan = nan_i | (acc_i[14:0] == tessera_pkg::DlNanInf);
  assign terms_d.frame = frame;
  assign terms_d.negative = negative;
  assign terms_d.shifts = shifts;
  assign terms_d.sigs = sigs;

  pipe_stage #(
    .Width (1 + FrameBits + Terms * (1 + ShiftBits + TermBits)),
    .Enable(CutShift)
  ) u_shift (
    .clk_i(clk_i),
    .d_i  (terms_d),
    .q_o  (terms_q)
  );

  // The floor of -x is the complement of x's floor, plus one where nothing fell off.
  logic [Terms-1:0] lost, carries;
  logic [Terms*Width-1:0] kept;
  for (genvar i = 0; i < Terms; i++) begin : gen_align
    logic [Width+TermBits-1:0] wide;
    assign wide = {terms_q.sigs[i*TermBits+:TermBits], Width'(0)}
        >> terms_q.shifts[i*ShiftBits+:ShiftBits];
    assign kept[i*Width+:Width] = wide[TermBits+:Width];
    assign lost[i] = |wide[TermBits-1:0];
  end

  assign carries = terms_q.negative & ~lost;

  logic [SumBits-2:0] sum;
  always_comb begin
    sum = '0;
    for (int i = 0; i < Terms; i++) begin
      sum = sum + ((SumBits - 1)'(kept[i*Width+:Width]) ^ {(SumBits - 1) {terms_q.negative[i]}})
          + (SumBits - 1)'(carries[i]);
    end
  end

  assign nan_o = terms_q.nan;
  assign sum_o = {sum, |lost};
  assign frame_o = terms_q.frame;

endmodule
