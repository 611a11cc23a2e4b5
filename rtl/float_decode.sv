// SPDX-License-Identifier: Apache-2.0
// Takes a code apart: the significand with its leading bit, and what is not a number.

module float_decode #(
  parameter  int unsigned ExpBits    = 5,
  parameter  int unsigned ManBits    = 10,
  parameter  bit          Ieee       = 1'b1,  // e = 0 is subnormal, else normal unless m = 0
  parameter  bit          Subnormals = 1'b1,  // of Ieee: 0 takes them for zero
  parameter  bit          Normal     = 1'b0,  // of Ieee: all are, or it does not matter
  parameter  int unsigned Specials   = tessera_pkg::SpecialsIeee,
  localparam int unsigned MagBits    = ExpBits + ManBits
) (
  input  logic [MagBits-1:0] mag_i,  // the code without its sign
  output logic [ExpBits-1:0] exp_o,  // a subnormal's is that of the smallest normal number
  output logic [ManBits:0]   sig_o,
  output logic               inf_o,
  output logic               nan_o
);

  logic [ExpBits-1:0] exp;
  logic [ManBits-1:0] man;
  assign {exp, man} = mag_i;

  if (!Ieee) begin : gen_dlfloat
    assign exp_o = exp;
    assign sig_o = mag_i == '0 ? '0 : {1'b1, man};
  end else if (Normal) begin : gen_normal
    assign exp_o = exp;
    assign sig_o = {1'b1, man};
  end else if (Subnormals) begin : gen_gradual
    assign exp_o = exp == '0 ? ExpBits'(1) : exp;
    assign sig_o = {exp != '0, man};
  end else begin : gen_flush
    assign exp_o = exp;
    assign sig_o = exp == '0 ? '0 : {1'b1, man};
  end

  if (Specials == tessera_pkg::SpecialsIeee) begin : gen_ieee
    assign inf_o = (&exp) & man == '0;
    assign nan_o = (&exp) & man != '0;
  end else if (Specials == tessera_pkg::SpecialsTopExp) begin : gen_top_exp
    assign inf_o = 1'b0;
    assign nan_o = &exp;
  end else begin : gen_all_ones
    assign inf_o = 1'b0;
    assign nan_o = Specials == tessera_pkg::SpecialsAllOnes & (&mag_i);
  end

endmodule
