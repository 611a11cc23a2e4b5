// SPDX-License-Identifier: Apache-2.0
// Clip of a tensor of weights that streams by: c1 * sqrt(E[w^2]) + c2 * E|w|, in fp32.

module sawb #(
  parameter  int unsigned Input     = 0,
  parameter  int unsigned Lanes     = 8,
  parameter  int unsigned Stages    = 1,
  localparam int unsigned InputBits = tessera_pkg::outer_bits(Input)
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,
  input  logic                       valid_i,
  input  logic [InputBits*Lanes-1:0] w_i,
  input  logic                       first_i,
  input  logic                       last_i,
  input  logic [31:0]                n_i,         // elements of the tensor
  output logic                       valid_o,
  output logic [31:0]                clip_o,
  output logic                       fell_back_o  // the clip is the largest |w|
);

  localparam logic [30:0] C1 = 31'h4140_8F5C;       // 12.035
  localparam logic [30:0] MinusC2 = 31'h4140_7AE1;  // 12.03
  localparam logic [30:0] Infinity = 31'h7F80_0000;

  // Magnitudes, squares and the largest magnitude of the lanes; NaN is none. The sums are given
  // zeros for weights below 2^-63: an exponent of 0. What is 2^64 or more has an infinite square.
  logic [31*Lanes-1:0] weights, magnitudes_d, magnitudes_q, squares_d, squares_q;
  logic [30:0] largest_d, largest_q;
  for (genvar i = 0; i < Lanes; i++) begin : gen_lane
    logic [31:0] element;
    logic unused_sign, counts, overflows;
    logic [7:0] exp;
    logic [30:0] square;
    stream_element #(
      .Input(Input)
    ) u_element (
      .x_i(w_i[InputBits*i+:InputBits]),
      .x_o(element)
    );
    normal_mul u_square (
      .a_i      (element[30:0]),
      .b_i      (element[30:0]),
      .product_o(square)
    );
    assign {unused_sign, exp} = element[31:23];
    assign counts = exp >= 8'd64;
    assign overflows = exp >= 8'd191;

    assign weights[31*i+:31] = element[30:0];
    assign magnitudes_d[31*i+:31] = {exp[7:6], counts ? exp[5:0] : 6'd0, element[22:0]};
    assign squares_d[31*i+:31] = counts ? square | (overflows ? Infinity : 31'b0) : '0;
  end

  logic [62*Lanes-1:0] tree;  // node i has the children 2i and 2i + 1
  always_comb begin
    tree = '0;
    for (int i = 0; i < Lanes; i++) begin
      if (weights[31*i+:31] <= Infinity) tree[31*(Lanes+i)+:31] = weights[31*i+:31];
    end
    for (int i = Lanes - 1; i > 0; i--) begin
      tree[31*i+:31] = tree[31*2*i+:31] > tree[31*(2*i+1)+:31] ? tree[31*2*i+:31]
                                                               : tree[31*(2*i+1)+:31];
    end
  end
  assign largest_d = tree[31+:31];

  logic valid, first, last;
  logic [31:0] n;
  control_delay #(
    .Depth(Stages - 1)
  ) u_valid (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .d_i   (valid_i),
    .q_o   (valid)
  );

  pipe_stage #(
    .Width (62 * Lanes + 31 + 2 + 32),
    .Enable(Stages >= 2)
  ) u_elements (
    .clk_i(clk_i),
    .d_i  ({magnitudes_d, squares_d, largest_d, first_i, last_i, n_i}),
    .q_o  ({magnitudes_q, squares_q, largest_q, first, last, n})
  );

  // Sums. One tensor at a time, from its end to its clip. Where a magnitude is none of a number or
  // a sum of them might overflow, the squares are NaN-Infinity. Zeros among the magnitudes may be
  // any numbers below 2^-126: what they add up to is below half a place of others, and makes no tie.
  logic ends, busy, sums_busy, sums_done, unused_busy, unused_done;
  logic [30:0] magnitude_sum, square_sum;
  assign ends = valid & last & ~busy;

  lane_sums #(
    .Lanes   (Lanes),
    .Normal  (1'b1),
    .Specials(tessera_pkg::SpecialsNone)
  ) u_magnitudes (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .valid_i(valid),
    .first_i(first),
    .load_i (ends),
    .terms_i(magnitudes_q),
    .busy_o (unused_busy),
    .done_o (unused_done),
    .sum_o  (magnitude_sum)
  );

  lane_sums #(
    .Lanes     (Lanes),
    .Subnormals(1'b0),
    .Specials  (tessera_pkg::SpecialsTopExp)
  ) u_squares (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .valid_i(valid),
    .first_i(first),
    .load_i (ends),
    .terms_i(squares_q),
    .busy_o (sums_busy),
    .done_o (sums_done),
    .sum_o  (square_sum)
  );

  logic [30:0] max_d, max_q, tensor_max_q;
  logic max_open_q;
  logic [31:0] tensor_n_q;
  assign max_d = max_open_q & ~first & (max_q > largest_q) ? max_q : largest_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      max_open_q <= 1'b0;
    end else if (valid) begin
      max_open_q <= 1'b1;
    end
  end
  always_ff @(posedge clk_i) begin
    if (valid) max_q <= max_d;
    if (ends) begin
      tensor_max_q <= max_d;
      tensor_n_q <= n;
    end
  end

  // The number of elements, rounded to fp32.
  logic [31:0] count;
  float_pack #(
    .ExpBits  (tessera_pkg::Fp32ExpBits),
    .ManBits  (tessera_pkg::Fp32ManBits),
    .MagBits  (32),
    .FrameBits(tessera_pkg::Fp32ExpBits)
  ) u_count (
    .nan_i      (1'b0),
    .inf_i      (1'b0),
    .sign_i     (1'b0),
    .frame_i    (8'd158),  // of bit 31: bias 127
    .magnitude_i(tensor_n_q),
    .code_o     (count)
  );

  // Mean square, its root, and mean magnitude, one after the other in one unit.
  typedef enum logic [1:0] {
    Idle, MeanSquare, RootMeanSquare, Mean
  } step_e;

  step_e step_d, step_q;
  logic unit_start, unit_done, unused_unit_busy;
  logic [30:0] operand, result;
  logic [5:0] count_exp;
  assign count_exp = 6'(count[30:23] - 8'd127);

  always_comb begin
    step_d = step_q;
    unique case (step_q)
      Idle: if (sums_done) step_d = MeanSquare;
      MeanSquare: if (unit_done) step_d = RootMeanSquare;
      RootMeanSquare: if (unit_done) step_d = Mean;
      default: if (unit_done) step_d = Idle;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      step_q <= Idle;
    end else begin
      step_q <= step_d;
    end
  end

  // Then their products are added up, and the clip is chosen.
  logic means_done, adds, chooses;
  assign means_done = unit_done & step_q == Mean;
  control_delay u_adds (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .d_i   (means_done),
    .q_o   (adds)
  );
  control_delay u_chooses (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .d_i   (adds),
    .q_o   (chooses)
  );

  assign busy = sums_busy | sums_done | (step_q != Idle) | adds | chooses;
  assign unit_start = sums_done | (unit_done & step_q != Mean);
  always_comb begin
    operand = square_sum;
    if (step_q == MeanSquare) operand = result;
    if (step_q == RootMeanSquare) operand = magnitude_sum;
  end

  float_div_root #(
    .Specials(tessera_pkg::SpecialsNone)
  ) u_div_root (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .start_i (unit_start),
    .root_i  (step_q == MeanSquare),
    .a_i     (operand),
    .d_sig_i ({1'b1, count[22:0]}),
    .d_exp_i (count_exp),
    .busy_o  (unused_unit_busy),
    .done_o  (unit_done),
    .result_o(result)
  );

  logic unused_sign;
  assign unused_sign = count[31];

  // Products, as the results come: the last two are the root's and the mean's. A root of fp32 is
  // normal, and no product with it overflows. Where the mean's does one or the other, all squares
  // are zeros or one is infinite, and the clip is outside the range, whatever the product is. That
  // of a root of zero is 12.035 * 2^-127: more than no mean's but those of less than 2^-11 above
  // 12.03 * 2^-127, and then their difference leaves the range downwards and is a large code.
  logic [30:0] product, root_term_q, mean_term_q;
  logic [30:0] clip;
  normal_mul u_product (
    .a_i      (step_q == Mean ? MinusC2 : C1),
    .b_i      (result),
    .product_o(product)
  );

  always_ff @(posedge clk_i) begin
    if (unit_done) begin
      mean_term_q <= product;
      root_term_q <= mean_term_q;
    end
  end

  // By Cauchy and Schwarz the root is no more than 2^16 times the mean, or half as much more where the
  // mean square is subnormal.
  float_add #(
    .ExpBits  (tessera_pkg::Fp32ExpBits),
    .ManBits  (tessera_pkg::Fp32ManBits),
    .Ieee     (1'b1),
    .Specials (tessera_pkg::SpecialsNone),
    .Near     (17),
    .Ordered  (1'b1),
    .Normal   (1'b1),
    .Overflows(1'b0)
  ) u_sum (
    .clk_i(clk_i),
    .a_i  ({1'b0, root_term_q}),
    .b_i  ({1'b1, mean_term_q}),
    .sum_o({unused_clip_sign, clip})
  );

  // A number, positive, and no larger than the largest.
  logic special, inside_range, unused_clip_sign;
  assign special = (&square_sum[30:23]) | (tensor_n_q == '0);
  assign inside_range = ~special & (root_term_q > mean_term_q) & (clip <= tensor_max_q);

  pipe_stage #(
    .Width (33),
    .Enable(1'b1)
  ) u_output (
    .clk_i(clk_i),
    .d_i  ({1'b0, inside_range ? clip : tensor_max_q, ~inside_range}),
    .q_o  ({clip_o, fell_back_o})
  );

  control_delay #(
    .Depth(1)
  ) u_output_valid (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .d_i   (chooses),
    .q_o   (valid_o)
  );

endmodule
