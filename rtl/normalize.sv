// SPDX-License-Identifier: Apache-2.0
// Shifts a magnitude up until its top bit is set, and counts by how much.

module normalize #(
  parameter  int unsigned Width     = 8,
  localparam int unsigned CountBits = $clog2(Width)
) (
  input  logic [Width-1:0]     in_i,
  output logic [Width-1:0]     normal_o,
  output logic [CountBits-1:0] count_o,  // of no meaning for an input of zeros
  output logic                 zero_o
);

  always_comb begin
    normal_o = in_i;
    count_o = '0;
    for (int s = CountBits - 1; s >= 0; s--) begin
      if ((1 << s) < Width && (normal_o >> (Width - (1 << s))) == '0) begin
        normal_o = normal_o << (1 << s);
        count_o[s] = 1'b1;
      end
    end
  end

  assign zero_o = normal_o[Width-1] == '0;

endmodule
