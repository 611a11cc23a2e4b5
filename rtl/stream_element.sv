// SPDX-License-Identifier: Apache-2.0
// An element of a stream, dlfloat16 or fp32, as fp32: exact, combinational.

module stream_element #(
  parameter  int unsigned Input = 0,  // as Outer
  localparam int unsigned Width = tessera_pkg::outer_bits(Input)
) (
  input  logic [Width-1:0] x_i,
  output logic [31:0]      x_o
);

  if (Input == tessera_pkg::OuterFp32) begin : gen_fp32
    assign x_o = x_i;
  end else begin : gen_dlfloat16
    always_comb begin
      x_o = {x_i[15], 8'(x_i[14:9]) + 8'd96, x_i[8:0], 14'd0};  // bias 31 to bias 127
      if (x_i[14:0] == '0) x_o = '0;
      if (x_i[14:0] == tessera_pkg::DlNanInf) x_o = 32'h7FC0_0000;
    end
  end

endmodule
