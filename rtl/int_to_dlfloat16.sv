// SPDX-License-Identifier: Apache-2.0
// RN(p * 2^weight) to dlfloat16, nearest_up; combinational.

module int_to_dlfloat16 #(
  parameter int unsigned PBits      = 21,   // two's complement
  parameter int unsigned WeightBits = 8,    // signed
  parameter bit          Saturate   = 1'b0
) (
  input  logic [PBits-1:0]      p_i,
  input  logic [WeightBits-1:0] weight_i,
  output logic [15:0]           code_o
);

  // At least a significand and its rounding bit.
  localparam int unsigned MagBits = PBits > 11 ? PBits : 11;
  localparam int unsigned CountBits = $clog2(MagBits);
  localparam int unsigned ExpBits = (WeightBits > 8 ? WeightBits : 8) + 2;
  localparam int unsigned TopExp = MagBits - 1 + tessera_pkg::DlBias;

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

  if (MagBits > 11) begin : gen_below
    assign unused_normal = ^{normal[MagBits-1], normal[MagBits-12:0]};
  end else begin : gen_nothing_below
    assign unused_normal = normal[MagBits-1];
  end

  dlfloat16_round #(
    .ExpBits (ExpBits),
    .Saturate(Saturate)
  ) u_round (
    .nan_i  (1'b0),
    .zero_i (zero),
    .sign_i (p_i[PBits-1]),
    .exp_i  (ExpBits'(signed'(weight_i)) + ExpBits'(TopExp) - ExpBits'(zeros)),
    .man_i  (normal[MagBits-2-:9]),
    .round_i(normal[MagBits-11]),
    .code_o (code_o)
  );

endmodule
