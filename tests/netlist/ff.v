// SPDX-License-Identifier: Apache-2.0
// A flip-flop to be cut out: its inputs become outputs of the netlist, its output an input.
(* blackbox *)
module ffcut (
    input  D,
    C,
    output Q
);
endmodule

// So that it has the same name as inside of a library's cell.
module ffwrap (
    input  D,
    C,
    output Q
);
  ffcut ff0 (
      .D(D),
      .C(C),
      .Q(Q)
  );
endmodule
