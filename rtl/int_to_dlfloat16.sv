// SPDX-License-Identifier: Apache-2.0
// RN(p * 2^weight) to dlfloat16, or a format of its kind, nearest_up; combinational.

module int_to_dlfloat16 #(
  parameter  int unsigned PBits      = 21,   // two's complement
  parameter  int unsigned WeightBits = 8,    // signed
  parameter  int unsigned ExpBits    = tessera_pkg::DlExpBits,
  parameter  int unsigned ManBits    = tessera_pkg::DlManBits,
  parameter  bit          Saturate   = 1'b0,
  localparam int unsigned Width      = 1 + ExpBits + ManBits
) (
  input  logic [PBits-1:0]      p_i,
  input  logic [WeightBits-1:0] weight_i,
  output logic [Width-1:0]      code_o
);

  // At least a significand and its rounding bit.
  localparam int unsigned MagBits = PBits > ManBits + 2 ? PBits : ManBits + 2;
  localparam int unsigned CountBits = $clog2(MagBits);
  localparam int unsigned CalcBits = (WeightBits > ExpBits + 2 ? WeightBits : ExpBits + 2) + 2;
  localparam int unsigned TopExp = MagBits - 1 + tessera_pkg::ieee_bias(ExpBits);

  logic signed [MagBits-1:0] p;
  logic [MagBits-1:0] magnitude, normal;
  logic [CountBits-1:0] zeros;
  logic zero, unused_normal;
  assign p = MagBits'(signed'(p_i));
  assign magnitude = p < 0 ? -p : p;

  normalize #(
    .Width(MagBits)
  ) u_normalize (
    .in_i    (magnitude),
    .normal_o(normal),
    .count_o (zeros),
    .zero_o  (zero)
  );

  if (MagBits > ManBits + 2) begin : gen_below
    assign unused_normal = ^{normal[MagBits-1], normal[MagBits-ManBits-3:0]};
  end else begin : gen_nothing_below
    assign unused_normal = normal[MagBits-1];
  end

  dlfloat16_round #(
    .ExpBits    (CalcBits),
    .CodeExpBits(ExpBits),
    .CodeManBits(ManBits),
    .Saturate   (Saturate)
  ) u_round (
    .nan_i  (1'b0),
    .zero_i (zero),
    .sign_i (p_i[PBits-1]),
    .exp_i  (CalcBits'(signed'(weight_i)) + CalcBits'(TopExp) - CalcBits'(zeros)),
    .man_i  (normal[MagBits-2-:ManBits]),
    .round_i(normal[MagBits-ManBits-2]),
    .code_o (code_o)
  );

endmodule
