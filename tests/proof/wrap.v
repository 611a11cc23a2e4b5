// SPDX-License-Identifier: Apache-2.0
// techmap: the flip-flop before mapping.
module \$_DFF_P_ (
    input  D,
    C,
    output Q
);
  ffwrap _TECHMAP_REPLACE_ (
      .D(D),
      .C(C),
      .Q(Q)
  );
endmodule
