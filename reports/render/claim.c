/* SPDX-License-Identifier: Apache-2.0 */
/* Claim 7X as it was made and doubted. */
#include "render/claim.h"

const struct ts_claim ts_claim_7x = {
    .id = "7X",
    .claim = "4-bit training hardware gives more than 7 times over FP16 systems",
    .by = "Sun et al., Ultra-Low Precision 4-bit Training of Deep Neural Networks, NeurIPS 2020 "
          "(Sun20); Wang et al. 2022 (Wang22)",
    .doubt = "NeurIPS reviews of Sun20: \"not backed up in any way\"",
    .measured = "The array alone, on both sides with the same library, flow and trace: peak "
                "multiply-accumulates per mm2 of its rolled-up area, and energy per useful "
                "multiply-accumulate over the whole replay, idle mpe columns included, from "
                "recorded activity. Not the whole core, not a whole "
                "training step.",
    .sensitivity =
        "Memory for the kept sums (modelled as flip-flops alone; the share of each array is with "
        "the ratios), lanes per slice (adders and registers of the accumulator are shared by more "
        "products), "
        "the chunk (outer additions per product), the clock (deeper pipelines have more "
        "registers), the library (memory and arithmetic shrink differently), gating of zero "
        "operands and idle lanes, utilization of the larger array, and a stronger FP16 rival: a "
        "dot product that rounds once. SRAM and DRAM traffic fall by 4 at most, and so pull a "
        "system's ratio towards 4 where they dominate.",
};
