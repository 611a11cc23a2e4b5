// SPDX-License-Identifier: Apache-2.0
// Whether all Lanes elements of an operand are zero: integers, fp5_r2 codes or dlfloat16 numbers.

module zero_operand #(
  parameter  int unsigned Modes  = 3,
  parameter  int unsigned Lanes  = 8,
  localparam int unsigned OpBits = tessera_pkg::operand_bits(Modes)
) (
  input  logic [Lanes*OpBits-1:0] operand_i,
  input  logic                    port_b_i,
  input  logic                    fp4_i,      // of port b; ignored with one mode
  output logic                    zero_o
);

  if (Modes == tessera_pkg::ModeFp16) begin : gen_fp16
    always_comb begin
      zero_o = 1'b1;
      for (int i = 0; i < Lanes; i++) begin
        if (operand_i[OpBits*i+:OpBits-1] != '0) zero_o = 1'b0;
      end
    end
    logic unused_port;
    assign unused_port = port_b_i;
  end else begin : gen_int4_fp4
    // An fp5_r2 code is zero whatever its phase, the exponent's lowest bit.
    logic fp4, fp5;
    assign fp4 = Modes == tessera_pkg::ModeFp4 || (fp4_i && Modes != tessera_pkg::ModeInt4);
    assign fp5 = port_b_i & fp4;
    always_comb begin
      zero_o = 1'b1;
      for (int i = 0; i < Lanes; i++) begin
        if (operand_i[OpBits*i+1+:3] != 3'd0 || (operand_i[OpBits*i] && !fp5)) zero_o = 1'b0;
      end
    end
  end

  logic unused_bits;
  assign unused_bits = ^{operand_i, fp4_i};

endmodule
