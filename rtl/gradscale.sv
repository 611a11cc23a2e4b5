// SPDX-License-Identifier: Apache-2.0
// Scale exponent of a tensor of gradients, from its largest exponent.

module gradscale #(
  parameter int unsigned Method = 0,  // 0 align, 1 previous, 2 hysteresis
  parameter int unsigned Target = 6,
  parameter int unsigned Window = 2,
  parameter int unsigned Lanes  = 8,
  parameter int unsigned Stages = 1
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                valid_i,
  input  logic [16*Lanes-1:0] x_i,
  input  logic                first_i,
  input  logic                last_i,
  output logic                valid_o,
  output logic [7:0]          k_o      // signed
);

  localparam bit Align = Method == tessera_pkg::GradscaleAlign;
  localparam bit Hysteresis = Method == tessera_pkg::GradscaleHysteresis;
  localparam int unsigned ExpBits = tessera_pkg::DlExpBits;
  localparam int unsigned KBits = ExpBits + 1;  // signed: -27 to 39

  // A key orders magnitudes by their exponent fields, above zero.
  localparam int unsigned KeyBits = ExpBits + 1;

  function automatic logic [KeyBits-1:0] larger(input logic [KeyBits-1:0] a,
                                                input logic [KeyBits-1:0] b);
    larger = a > b ? a : b;
  endfunction

  // Maximum of the lanes: a tree whose node i has the children 2i and 2i + 1.
  typedef struct packed {
    logic first;
    logic last;
    logic nan;
    logic [KeyBits-1:0] key;
  } lanes_t;

  lanes_t lanes_d, lanes_q;
  logic [2*Lanes*KeyBits-1:0] tree;
  logic [Lanes-1:0] nan;
  always_comb begin
    tree = '0;
    for (int i = 0; i < Lanes; i++) begin
      nan[i] = x_i[16*i+:15] == tessera_pkg::DlNanInf;
      tree[KeyBits*(Lanes+i)+:KeyBits] = {x_i[16*i+:15] != '0, x_i[16*i+9+:ExpBits]};
    end
    for (int i = Lanes - 1; i > 0; i--) begin
      tree[KeyBits*i+:KeyBits] =
          larger(tree[KeyBits*2*i+:KeyBits], tree[KeyBits*(2*i+1)+:KeyBits]);
    end
  end
  assign lanes_d.first = first_i;
  assign lanes_d.last = last_i;
  assign lanes_d.nan = |nan;
  assign lanes_d.key = tree[KeyBits+:KeyBits];

  logic unused_signs;
  always_comb begin
    unused_signs = 1'b0;
    for (int i = 0; i < Lanes; i++) unused_signs = unused_signs ^ x_i[16*i+15];
  end

  logic valid_q;
  control_delay #(
    .Depth(Stages - 1)
  ) u_lanes_valid (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .d_i   (valid_i),
    .q_o   (valid_q)
  );

  pipe_stage #(
    .Width (3 + KeyBits),
    .Enable(Stages >= 2)
  ) u_lanes (
    .clk_i(clk_i),
    .d_i  (lanes_d),
    .q_o  (lanes_q)
  );

  // Running maximum of the tensor.
  logic [KeyBits-1:0] key_d, key_q;
  assign key_d = lanes_q.first ? lanes_q.key : larger(lanes_q.key, key_q);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      key_q <= '0;
    end else if (valid_q) begin
      key_q <= key_d;
    end
  end

  // k of a tensor that ends.
  logic [KBits-1:0] k, k_new;
  if (Hysteresis) begin : gen_hysteresis
    // The maximum's exponent after scaling by the k in use, less Target.
    logic [KBits-1:0] k_q;
    logic signed [KBits:0] past;
    logic unused_nan;
    assign unused_nan = lanes_q.nan;
    assign past = (KBits + 1)'(key_d[ExpBits-1:0]) + (KBits + 1)'(signed'(k_q)) -
        (KBits + 1)'(tessera_pkg::DlBias + Target);
    always_comb begin
      k_new = k_q;
      if (key_d[ExpBits] && past > 0) k_new = k_q - KBits'(1);
      if (key_d[ExpBits] && past < -signed'((KBits + 1)'(Window))) k_new = k_q + KBits'(1);
    end

    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        k_q <= '0;
      end else if (valid_q & lanes_q.last) begin
        k_q <= k_new;
      end
    end
    assign k = k_q;
  end else begin : gen_align
    logic nan_d, nan_q;
    assign nan_d = lanes_q.nan | (nan_q & ~lanes_q.first);
    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        nan_q <= 1'b0;
      end else if (valid_q) begin
        nan_q <= nan_d;
      end
    end
    assign k_new = key_d[ExpBits] & ~nan_d
        ? KBits'(tessera_pkg::DlBias + Target) - KBits'(key_d[ExpBits-1:0]) : '0;

    if (Align) begin : gen_this
      assign k = k_new;
    end else begin : gen_previous
      logic [KBits-1:0] k_q;
      always_ff @(posedge clk_i) begin
        if (!rst_ni) begin
          k_q <= '0;
        end else if (valid_q & lanes_q.last) begin
          k_q <= k_new;
        end
      end
      assign k = k_q;
    end
  end

  logic [KBits-1:0] k_out;
  pipe_stage #(
    .Width (KBits),
    .Enable(1'b1)
  ) u_output (
    .clk_i(clk_i),
    .d_i  (k),
    .q_o  (k_out)
  );
  assign k_o = 8'(signed'(k_out));

  control_delay #(
    .Depth(1)
  ) u_valid (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .d_i   (valid_q & (Align ? lanes_q.last : lanes_q.first)),
    .q_o   (valid_o)
  );

endmodule
