// SPDX-License-Identifier: Apache-2.0
// techmap: the flip-flop in a library's cell.
module \$_DFF_P_ (
    input  D,
    C,
    output Q
);
  ffcut _TECHMAP_REPLACE_ (
      .D(D),
      .C(C),
      .Q(Q)
  );
endmodule
