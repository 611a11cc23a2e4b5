// SPDX-License-Identifier: Apache-2.0
// A slice of an mpe with floating modes, alone or beside the integer ones.
//
// The integer pipeline is dot_product, the floating one mixed_products. With a shared accumulator
// each aligns its products and acc to a fixed-point sum, and one of the two is normalized and
// rounded; with separate ones each rounds, and one of the two results leaves.

module mixed_slice #(
  parameter  int unsigned Modes       = 15,
  parameter  int unsigned Lanes       = 8,
  parameter  int unsigned Chunk       = 64,
  parameter  int unsigned Saturate    = 0,
  parameter  int unsigned DotStages   = 1,
  parameter  int unsigned AccStages   = 1,
  parameter  int unsigned AlignWidth  = 24,
  parameter  int unsigned Accumulator = 0,
  localparam int unsigned OpBits      = tessera_pkg::operand_word_bits(Modes, Lanes),
  localparam int unsigned ModeBits    = tessera_pkg::mode_bits(Modes)
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic [OpBits-1:0]   stationary_i,
  input  logic [OpBits-1:0]   stream_i,
  input  logic                swap_i,        // stationary is port a, else port b
  input  logic                a_unsigned_i,  // port a is uint4, else int4
  input  logic [ModeBits-1:0] mode_i,
  input  logic [6:0]          escale_i,      // signed
  input  logic [15:0]         acc_i,
  output logic [15:0]         acc_o
);

  localparam int unsigned IntModes =
      Modes & (tessera_pkg::ModeInt4 | tessera_pkg::ModeFp4);

  // Floating products.
  localparam bit HasFp16 = (Modes & tessera_pkg::ModeFp16) != 0;
  localparam int unsigned Count = tessera_pkg::float_lanes(Modes, Lanes);
  localparam int unsigned ExpBits = tessera_pkg::mixed_exp_bits(Modes);
  localparam int unsigned SigBits = tessera_pkg::mixed_sig_bits(Modes);
  localparam int unsigned MaxExp = HasFp16 ? 126 : 62;
  localparam int unsigned ExpBias = HasFp16 ? 62 : 30;
  localparam int unsigned MaxSig = HasFp16 ? 1023 * 1023 : 15 * 15;
  localparam int unsigned FracBits = HasFp16 ? 18 : 6;

  logic nan;
  logic [Count-1:0] zero, negative;
  logic [Count*ExpBits-1:0] exp;
  logic [Count*SigBits-1:0] sig;
  mixed_products #(
    .Modes (Modes),
    .Lanes (Lanes),
    .Stages(DotStages)
  ) u_mixed_products (
    .clk_i     (clk_i),
    .fp16_i    (mode_i[0]),
    .a_i       (stream_i),
    .b_i       (stationary_i),
    .nan_o     (nan),
    .zero_o    (zero),
    .negative_o(negative),
    .exp_o     (exp),
    .sig_o     (sig)
  );

  if (IntModes == 0) begin : gen_float
    logic unused_integer;
    assign unused_integer = ^{rst_ni, swap_i, a_unsigned_i, escale_i};
    align_dot #(
      .Products(Count),
      .MaxExp  (MaxExp),
      .ExpBias (ExpBias),
      .MaxSig  (MaxSig),
      .FracBits(FracBits),
      .Width   (AlignWidth),
      .Saturate(Saturate != 0),
      .CutShift(AccStages >= 3),
      .CutSum  (AccStages >= 2)
    ) u_align_dot (
      .clk_i     (clk_i),
      .nan_i     (nan),
      .zero_i    (zero),
      .negative_i(negative),
      .exp_i     (exp),
      .sig_i     (sig),
      .acc_i     (acc_i),
      .acc_o     (acc_o)
    );
  end else begin : gen_mixed
    localparam int unsigned PBits = tessera_pkg::sum_bits(IntModes, Lanes);
    logic [4*Lanes-1:0] a;
    logic [5*Lanes-1:0] b;
    logic [PBits-1:0] p;
    logic unused_dot_valid;
    for (genvar i = 0; i < Lanes; i++) begin : gen_operand
      assign a[4*i+:4] = swap_i ? stationary_i[5*i+:4] : stream_i[5*i+:4];
      assign b[5*i+:5] = swap_i ? stream_i[5*i+:5] : stationary_i[5*i+:5];
    end
    dot_product #(
      .Modes (IntModes),
      .Lanes (Lanes),
      .Stages(DotStages)
    ) u_dot_product (
      .clk_i       (clk_i),
      .rst_ni      (rst_ni),
      .valid_i     (1'b0),
      .a_i         (a),
      .a_unsigned_i(a_unsigned_i),
      .b_i         (b),
      .fp4_i       (mode_i[0]),
      .valid_o     (unused_dot_valid),
      .p_o         (p)
    );

    // The mode travels with the products.
    logic floating, fp4;
    logic [6:0] escale;
    pipe_delay #(
      .Width(9),
      .Depth(DotStages)
    ) u_control (
      .clk_i(clk_i),
      .d_i  ({mode_i, escale_i}),
      .q_o  ({floating, fp4, escale})
    );

    if (Accumulator == tessera_pkg::AccumulatorShared) begin : gen_shared
      localparam int unsigned Below = 12;
      localparam int unsigned SumBits =
          tessera_pkg::align_add_sum_bits(PBits, Below, tessera_pkg::DlManBits);
      localparam int unsigned CalcBits =
          tessera_pkg::align_add_frame_bits(8, tessera_pkg::DlExpBits);
      localparam int TopExp =
          tessera_pkg::align_add_top_exp(SumBits, Below, tessera_pkg::DlExpBits);
      localparam int unsigned DotSumBits =
          tessera_pkg::dot_sum_bits(Count, MaxSig, FracBits, AlignWidth);
      localparam int unsigned DotFrameBits = tessera_pkg::dot_frame_bits(MaxExp, ExpBias);
      localparam int DotTopExp = tessera_pkg::dot_top_exp(Count, MaxSig, FracBits, ExpBias);

      logic dot_nan, floating_q;
      logic [7:0] weight;
      logic [DotSumBits-1:0] dot_sum;
      logic [DotFrameBits-1:0] dot_frame;
      aligned_products #(
        .Products(Count),
        .MaxExp  (MaxExp),
        .ExpBias (ExpBias),
        .MaxSig  (MaxSig),
        .FracBits(FracBits),
        .Width   (AlignWidth),
        .CutShift(AccStages >= 3)
      ) u_aligned_products (
        .clk_i     (clk_i),
        .nan_i     (nan),
        .zero_i    (zero),
        .negative_i(negative),
        .exp_i     (exp),
        .sig_i     (sig),
        .acc_i     (acc_i),
        .nan_o     (dot_nan),
        .sum_o     (dot_sum),
        .frame_o   (dot_frame)
      );

      pipe_stage #(
        .Width (1),
        .Enable(AccStages >= 3)
      ) u_floating (
        .clk_i(clk_i),
        .d_i  (floating),
        .q_o  (floating_q)
      );

      product_weight #(
        .Modes(IntModes)
      ) u_product_weight (
        .escale_i(escale),
        .fp4_i   (fp4),
        .weight_o(weight)
      );

      // Both sums begin with their sign.
      align_add #(
        .PBits   (PBits),
        .Below   (Below),
        .Joins   (1'b1),
        .Saturate(Saturate != 0),
        .CutAlign(AccStages >= 3),
        .CutSum  (AccStages >= 2)
      ) u_align_add (
        .clk_i       (clk_i),
        .nan_i       (1'b0),
        .p_i         (p),
        .weight_i    (weight),
        .acc_i       (acc_i),
        .join_i      (floating_q),
        .join_nan_i  (dot_nan),
        .join_sum_i  (SumBits'(dot_sum) << (SumBits - DotSumBits)),
        .join_frame_i(CalcBits'(dot_frame) + CalcBits'(DotTopExp - TopExp)),
        .acc_o       (acc_o)
      );
    end else begin : gen_separate
      logic unused_add_valid, floating_q;
      logic [15:0] integer_acc, float_acc;
      chunk_add #(
        .Modes   (IntModes),
        .Lanes   (Lanes),
        .Chunk   (Chunk),
        .Saturate(Saturate),
        .Stages  (AccStages)
      ) u_chunk_add (
        .clk_i   (clk_i),
        .rst_ni  (rst_ni),
        .valid_i (1'b0),
        .acc_i   (acc_i),
        .p_i     (p),
        .escale_i(escale),
        .fp4_i   (fp4),
        .valid_o (unused_add_valid),
        .acc_o   (integer_acc)
      );

      align_dot #(
        .Products(Count),
        .MaxExp  (MaxExp),
        .ExpBias (ExpBias),
        .MaxSig  (MaxSig),
        .FracBits(FracBits),
        .Width   (AlignWidth),
        .Saturate(Saturate != 0),
        .CutShift(AccStages >= 3),
        .CutSum  (AccStages >= 2)
      ) u_align_dot (
        .clk_i     (clk_i),
        .nan_i     (nan),
        .zero_i    (zero),
        .negative_i(negative),
        .exp_i     (exp),
        .sig_i     (sig),
        .acc_i     (acc_i),
        .acc_o     (float_acc)
      );

      pipe_delay #(
        .Width(1),
        .Depth(AccStages)
      ) u_floating (
        .clk_i(clk_i),
        .d_i  (floating),
        .q_o  (floating_q)
      );
      assign acc_o = floating_q ? float_acc : integer_acc;
    end
  end

endmodule
