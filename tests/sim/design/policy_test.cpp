// SPDX-License-Identifier: Apache-2.0
// Rules of a precision policy.
#include "design/policy.h"

#include <gtest/gtest.h>

#include <string>

namespace
{

constexpr std::int64_t kAllModes = 15;

ts_policy parse(const std::string &text)
{
    ts_policy policy;
    char error[512] = "";
    EXPECT_TRUE(ts_policy_parse(text.c_str(), kAllModes, &policy, error, sizeof error)) << error;
    return policy;
}

std::string refusal(const std::string &text, std::int64_t modes = kAllModes)
{
    ts_policy policy;
    char error[512] = "";
    EXPECT_FALSE(ts_policy_parse(text.c_str(), modes, &policy, error, sizeof error));
    return error;
}

TEST(Policy, TheFirstRuleThatFits)
{
    const ts_policy p = parse("first -> fp16\n\n last grad -> fp16\nconv 1x1 -> hfp8\n"
                              "depthwise -> fp16\nlinear bwd -> hfp8\nall -> 4bit");
    const ts_policy_layer conv1 = {TS_LAYERS_CONV, 1, 1, false, false};
    const ts_policy_layer conv3 = {TS_LAYERS_CONV, 3, 3, false, false};
    const ts_policy_layer first = {TS_LAYERS_CONV, 1, 1, true, false};
    const ts_policy_layer last = {TS_LAYERS_LINEAR, 0, 0, false, true};
    const ts_policy_layer depthwise = {TS_LAYERS_DEPTHWISE, 1, 1, false, false};
    EXPECT_EQ(ts_policy_mode(&p, &conv1, TS_PASS_FWD), TS_MODE_HFP8);
    EXPECT_EQ(ts_policy_mode(&p, &conv3, TS_PASS_FWD), TS_MODE_INT4);
    EXPECT_EQ(ts_policy_mode(&p, &conv3, TS_PASS_BWD), TS_MODE_FP4);
    EXPECT_EQ(ts_policy_mode(&p, &conv3, TS_PASS_GRAD), TS_MODE_FP4);
    EXPECT_EQ(ts_policy_mode(&p, &first, TS_PASS_GRAD), TS_MODE_FP16);
    EXPECT_EQ(ts_policy_mode(&p, &last, TS_PASS_FWD), TS_MODE_INT4);
    EXPECT_EQ(ts_policy_mode(&p, &last, TS_PASS_BWD), TS_MODE_HFP8);
    EXPECT_EQ(ts_policy_mode(&p, &last, TS_PASS_GRAD), TS_MODE_FP16);
    EXPECT_EQ(ts_policy_mode(&p, &depthwise, TS_PASS_FWD), TS_MODE_FP16);
}

TEST(Policy, KernelsOfAnySize)
{
    const ts_policy p = parse("conv -> hfp8\nmatmul -> fp16\nall -> 4bit\n");
    const ts_policy_layer conv = {TS_LAYERS_CONV, 7, 5, false, false};
    const ts_policy_layer matmul = {TS_LAYERS_MATMUL, 0, 0, false, false};
    EXPECT_EQ(ts_policy_mode(&p, &conv, TS_PASS_FWD), TS_MODE_HFP8);
    EXPECT_EQ(ts_policy_mode(&p, &matmul, TS_PASS_FWD), TS_MODE_FP16);
}

TEST(Policy, WhatIsNoPolicy)
{
    const std::string for_all = "the last rule must be for all: all -> MODE";
    EXPECT_EQ(refusal(""), for_all);
    EXPECT_EQ(refusal("first -> fp16"), for_all);
    EXPECT_EQ(refusal("all fwd -> fp16"), for_all);
    EXPECT_EQ(refusal("al -> fp16"), "rule 1: no layers 'al'; there are all, first, last, conv, "
                                     "depthwise, linear, matmul");
    EXPECT_EQ(refusal("all -> fp16\nall -> fp8"),
              "rule 2: no mode 'fp8'; there are 4bit, hfp8, fp16");
    const std::string form = "' a rule is [HxW of conv] [fwd, bwd or grad] -> MODE";
    EXPECT_EQ(refusal("conv 0x1 -> fp16"), "rule 1: after 'conv" + form);
    EXPECT_EQ(refusal("conv 1x1x1 -> fp16"), "rule 1: after 'conv" + form);
    EXPECT_EQ(refusal("linear 1x1 -> fp16"), "rule 1: after 'linear" + form);
    EXPECT_EQ(refusal("all -> "), "rule 1: after 'all" + form);
    EXPECT_EQ(refusal("all fwd bwd grad -> fp16 fp16"), "rule 1: after 'all" + form);
    EXPECT_EQ(refusal(std::string(128, 'x')), "rule 1 is longer than 127 bytes");
    EXPECT_EQ(refusal("all -> 4bit", TS_MODE_INT4 | TS_MODE_FP16),
              "rule 1: mode 4bit is none of the design's modes: it needs int4 and fp4");
    std::string many;
    for (int i = 0; i <= TS_POLICY_RULES; i++)
        many += "all -> fp16\n";
    EXPECT_EQ(refusal(many), "more than 32 rules");
}

} // namespace
