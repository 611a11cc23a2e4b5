/* SPDX-License-Identifier: Apache-2.0 */
/* radix4_to_radix2: a radix-4 code and its TPR phase become a radix-2 code. */
#include "core/block_common.h"
#include "tessera/arith.h"

ts_fp5_r2 ts_radix4_to_radix2(ts_fp4_r4 code, bool odd)
{
    return (ts_fp5_r2){(uint8_t)((code.v & 0xF) << 1 | odd)};
}

enum { STAGES };
enum { IN_CODE, IN_PHASE };

static const struct ts_param params[] = {
    [STAGES] = {"Stages", 0, 1, 0, .doc = "pipeline registers; 0 is wires"},
};

static const struct ts_port ports[] = {
    {"code", TS_IN, .format = &ts_format_fp4_r4_even, .bits = 4, .doc = "{s, e3}"},
    {"phase", TS_IN, .control = true, .bits = 1, .doc = "0 even, 1 odd; one bit per GEMM"},
    {"code", TS_OUT, .format = &ts_format_fp5_r2, .bits = 5, .doc = "{s, e3, phase}"},
};

static int latency(const int64_t *p)
{
    return (int)p[STAGES];
}

static bool step(const int64_t *p, void *state, bool valid, const uint64_t *in, uint64_t *out)
{
    (void)p, (void)state;
    ts_fp4_r4 code = {(uint8_t)in[IN_CODE]};
    out[0] = ts_radix4_to_radix2(code, in[IN_PHASE] & 1).v;
    return valid;
}

const struct ts_block ts_block_radix4_to_radix2 = {
    .name = "radix4_to_radix2",
    .brief = "radix-4 code and TPR phase to radix-2 code: wires",
    .source = "Sun20",
    .params = params,
    .n_params = TS_COUNT(params),
    .ports = ports,
    .n_ports = TS_COUNT(ports),
    .cuts = "output",
    .latency = latency,
    .step = step,
};
