// SPDX-License-Identifier: Apache-2.0
// Running sums of magnitudes that stream by, one a lane, and their sum in pairs when the tensor
// ends. Codes without a sign: nothing is subtracted.
//
// One adder takes the lanes in pairs, a pair a cycle: a queue gives its two
// oldest sums and takes theirs. So the order is that of a tree.

module lane_sums #(
  parameter  int unsigned ExpBits    = tessera_pkg::Fp32ExpBits,
  parameter  int unsigned ManBits    = tessera_pkg::Fp32ManBits,
  parameter  int unsigned Lanes      = 8,
  parameter  bit          Subnormals = 1'b1,  // 0: no term is
  parameter  bit          Normal     = 1'b0,  // all terms are and not 0, or it does not matter
  parameter  int unsigned Specials   = tessera_pkg::SpecialsIeee,  // None: no sum overflows
  localparam int unsigned Width      = ExpBits + ManBits
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  input  logic                   valid_i,
  input  logic                   first_i,  // starts from zero
  input  logic                   load_i,   // the tensor ends; not while busy
  input  logic [Width*Lanes-1:0] terms_i,
  output logic                   busy_o,
  output logic                   done_o,   // Lanes cycles after load_i
  output logic [Width-1:0]       sum_o
);

  localparam int unsigned CountBits = Lanes > 1 ? $clog2(Lanes) : 1;

  // Whether sums are open travels beside them, so reset need not clear them.
  logic open_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      open_q <= 1'b0;
    end else if (valid_i) begin
      open_q <= 1'b1;
    end
  end

  logic [Width*Lanes-1:0] sums_d, sums_q;
  for (genvar i = 0; i < Lanes; i++) begin : gen_lane
    logic unused_sign;
    float_add #(
      .ExpBits   (ExpBits),
      .ManBits   (ManBits),
      .Ieee      (1'b1),
      .Specials  (Specials),
      .Positive  (1'b1),
      .Subnormals(Subnormals),
      .Normal    (Normal),
      .Overflows (Specials != tessera_pkg::SpecialsNone),
      .CutOutput (1'b0)
    ) u_add (
      .clk_i(clk_i),
      .a_i  ({1'b0, open_q & ~first_i ? sums_q[Width*i+:Width] : Width'(0)}),
      .b_i  ({1'b0, terms_i[Width*i+:Width]}),
      .sum_o({unused_sign, sums_d[Width*i+:Width]})
    );
  end

  always_ff @(posedge clk_i) begin
    if (valid_i) sums_q <= sums_d;
  end

  // Pairs: so many additions are left.
  logic [CountBits-1:0] count_q;
  logic [Width*Lanes-1:0] queue_q;
  logic done_q;
  if (Lanes > 1) begin : gen_pairs
    logic [Width*(Lanes-1)-1:0] queue_d;
    logic [Width-1:0] pair;
    logic unused_sign;
    float_add #(
      .ExpBits   (ExpBits),
      .ManBits   (ManBits),
      .Ieee      (1'b1),
      .Specials  (Specials),
      .Positive  (1'b1),
      .Subnormals(Subnormals),
      .Normal    (Normal),
      .Overflows (Specials != tessera_pkg::SpecialsNone),
      .CutOutput (1'b0)
    ) u_pair (
      .clk_i(clk_i),
      .a_i  ({1'b0, queue_q[Width-1:0]}),
      .b_i  ({1'b0, queue_q[2*Width-1:Width]}),
      .sum_o({unused_sign, pair})
    );

    always_comb begin
      queue_d = (Width * (Lanes - 1))'(queue_q >> (2 * Width));
      for (int i = 0; i < Lanes - 1; i++) begin
        if (count_q == CountBits'(i + 1)) queue_d[Width*i+:Width] = pair;
      end
    end

    // The last sum of all is read in the cycle after load_i or never: it need not move.
    always_ff @(posedge clk_i) begin
      if (load_i) begin
        queue_q <= sums_d;
      end else if (busy_o) begin
        queue_q[Width*(Lanes-1)-1:0] <= queue_d;
      end
    end

    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        count_q <= '0;
      end else if (load_i) begin
        count_q <= CountBits'(Lanes - 1);
      end else if (busy_o) begin
        count_q <= count_q - CountBits'(1);
      end
    end
  end else begin : gen_single
    assign count_q = '0;
    always_ff @(posedge clk_i) begin
      if (load_i) queue_q <= sums_d;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      done_q <= 1'b0;
    end else begin
      done_q <= Lanes > 1 ? count_q == CountBits'(1) : load_i;
    end
  end

  assign busy_o = count_q != '0;
  assign done_o = done_q;
  assign sum_o = queue_q[Width-1:0];

endmodule
