// SPDX-License-Identifier: Apache-2.0
// One product of a 4-bit integer and an int4 (INT4) or fp5_r2 (FP4) operand.

module mac_lane #(
  parameter  int unsigned Modes  = 3,
  parameter  int unsigned Stages = 0,
  localparam int unsigned PBits  = tessera_pkg::product_bits(Modes)
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             valid_i,
  input  logic [3:0]       a_i,
  input  logic             a_unsigned_i,  // uint4 (PACT), else int4
  input  logic [4:0]       b_i,           // fp5_r2, or int4 in the low bits
  input  logic             fp4_i,         // ignored with one mode
  output logic             valid_o,
  output logic [PBits-1:0] p_o            // value p in INT4, p * 2^-6 in FP4
);

  localparam bit HasInt4 = (Modes & tessera_pkg::ModeInt4) != 0;
  localparam bit HasFp4 = (Modes & tessera_pkg::ModeFp4) != 0;

  logic signed [4:0] a;
  assign a = {a_i[3] & ~a_unsigned_i, a_i};

  logic signed [PBits-1:0] int_product;
  logic signed [PBits-1:0] shift_product;
  logic [PBits-1:0] product;

  if (HasInt4) begin : gen_int4
    logic signed [3:0] b;
    assign b = b_i[3:0];
    assign int_product = PBits'(a * b);
  end else begin : gen_no_int4
    assign int_product = '0;
  end

  if (HasFp4) begin : gen_fp4
    // e5 - 2 is e5 with its top three bits, e3, less one. Negating the operand
    // before the shift needs 6 bits instead of 18.
    logic signed [5:0] a_signed;
    logic [2:0] e3_less_one;
    assign a_signed = b_i[4] ? -(6'(a)) : 6'(a);
    assign e3_less_one = b_i[3:1] - 3'd1;
    assign shift_product = b_i[3:1] == 3'd0 ? '0 : PBits'(a_signed) <<< {e3_less_one, b_i[0]};
  end else begin : gen_no_fp4
    logic unused_b;
    assign unused_b = b_i[4];
    assign shift_product = '0;
  end

  if (HasInt4 && HasFp4) begin : gen_select
    assign product = fp4_i ? shift_product : int_product;
  end else begin : gen_single_mode
    logic unused_fp4;
    assign unused_fp4 = fp4_i;
    assign product = shift_product | int_product;
  end

  control_delay #(
    .Depth(Stages)
  ) u_valid (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .d_i   (valid_i),
    .q_o   (valid_o)
  );

  pipe_stage #(
    .Width (PBits),
    .Enable(Stages != 0)
  ) u_output (
    .clk_i(clk_i),
    .d_i  (product),
    .q_o  (p_o)
  );

endmodule
