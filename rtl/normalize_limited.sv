// SPDX-License-Identifier: Apache-2.0
// Shifts a magnitude up until its top bit is set, but not by more than limit_i.

module normalize_limited #(
  parameter  int unsigned Width     = 8,
  parameter  int unsigned LimitBits = 4,
  parameter  int unsigned Zeros     = Width - 1,  // above the top bit that is set, at most
  parameter  bit          Limited   = 1'b1,       // 0: limit_i never is less than Zeros
  localparam int unsigned CountBits = $clog2(Width)
) (
  input  logic [Width-1:0]     in_i,
  input  logic [LimitBits-1:0] limit_i,
  output logic [Width-1:0]     normal_o,
  output logic [CountBits-1:0] count_o
);

  if (Zeros == 0) begin : gen_normal
    logic unused_limit;
    assign unused_limit = ^limit_i;
    assign normal_o = in_i;
    assign count_o = '0;
  end else begin : gen_shift
    localparam int unsigned Steps = $clog2(Zeros + 1);
    // Once the count has a smaller bit than the limit, from the top, the limit no longer binds.
    localparam int unsigned FullBits = LimitBits > CountBits ? LimitBits : CountBits;
    logic [FullBits-1:0] limit;
    logic unbound;
    assign limit = FullBits'(limit_i);

    always_comb begin
      normal_o = in_i;
      count_o = '0;
      unbound = !Limited || (limit >> Steps) != '0;
      for (int s = Steps - 1; s >= 0; s--) begin
        if ((unbound | limit[s]) && (normal_o >> (Width - (1 << s))) == '0) begin
          normal_o = normal_o << (1 << s);
          count_o[s] = 1'b1;
        end else begin
          unbound = unbound | limit[s];
        end
      end
    end
  end

endmodule
