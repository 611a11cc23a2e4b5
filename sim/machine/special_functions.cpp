// SPDX-License-Identifier: Apache-2.0
// Elements one by one.
#include "machine/special_functions.h"

#include "tessera/lfsr.h"

#include <algorithm>
#include <cstring>

extern "C" const struct ts_block ts_block_sawb;

namespace tessera
{

namespace
{

std::size_t words(ts_port_dir dir, const std::int64_t *params)
{
    return static_cast<std::size_t>(ts_block_words(&ts_block_sawb, dir, params));
}

} // namespace

void special_functions::begin(const ts_elementwise_values &values, ts_axpy_sr_unit *unit,
                              std::int64_t elements)
{
    values_ = &values;
    unit_ = unit;
    elements_ = elements;
    seen_ = 0;
    lane_ = 0;
    largest_ = 0;
    if (values.special != TS_SPECIAL_SAWB)
        return;
    sawb_params_.resize(TS_MAX_PARAMS);
    ts_block_presets(&ts_block_sawb, sawb_params_.data());
    const auto set = [&](const char *name, std::int64_t value) {
        sawb_params_[static_cast<std::size_t>(ts_block_param(&ts_block_sawb, name))] = value;
    };
    set("Input", ts_format_bits(values.value) == 32 ? TS_OUTER_FP32 : TS_OUTER_DLFLOAT16);
    set("Lanes", values.lanes);
    sawb_.resize(ts_block_sawb.state_bytes(sawb_params_.data()));
    ts_block_sawb.reset(sawb_params_.data(), sawb_.data());
    sawb_in_.assign(words(TS_IN, sawb_params_.data()), 0);
    sawb_out_.assign(words(TS_OUT, sawb_params_.data()), 0);
}

float special_functions::number(std::uint32_t code) const
{
    return static_cast<float>(ts_to_double(values_->value, code));
}

special_functions::outputs special_functions::element(const inputs &in)
{
    std::uint16_t code = 0;
    float x = 0;
    switch (values_->special) {
    case TS_SPECIAL_INT4:
        x = number(in[0]);
        ts_quantize_int4(&x, 1, values_->clip, &code);
        return {code, 0};
    case TS_SPECIAL_UINT4:
        x = number(in[0]);
        ts_quantize_uint4(&x, 1, values_->clip, &code);
        return {code, 0};
    case TS_SPECIAL_TPR:
        return two_phases(in[0]);
    case TS_SPECIAL_CONVERT:
        return {ts_encode(values_->to, ts_decode(values_->value, in[0]), values_->to->rounding,
                          values_->to->overflow),
                0};
    case TS_SPECIAL_AXPY_SR:
        return {axpy(in[0], in[1]), 0};
    case TS_SPECIAL_LARGEST:
        largest_ = std::max(largest_, static_cast<std::uint16_t>(in[0] & 0x7FFF));
        return {};
    case TS_SPECIAL_SAWB:
        sum(in[0]);
        return {};
    }
    return {};
}

special_functions::outputs special_functions::two_phases(std::uint32_t code) const
{
    const ts_tpr phases =
        ts_tpr_quantize({static_cast<std::uint16_t>(code)}, values_->k, values_->underflow);
    return {phases.even.v, phases.odd.v};
}

// All registers advance together, with the first lane.
std::uint32_t special_functions::axpy(std::uint32_t dw, std::uint32_t w)
{
    const auto lanes = static_cast<std::size_t>(unit_->lanes);
    for (std::size_t i = 0; lane_ == 0 && i < lanes; i++) {
        ts_lfsr lfsr = {unit_->polynomial, unit_->state[i]};
        random_[i] = ts_lfsr_word(&lfsr, unit_->random_bits);
        unit_->state[i] = lfsr.state;
    }
    const std::uint32_t random = random_[lane_];
    lane_ = (lane_ + 1) % lanes;
    return ts_axpy_sr(values_->lr, {static_cast<std::uint16_t>(dw)},
                      {static_cast<std::uint16_t>(w)}, random, unit_->random_bits, unit_->overflow)
        .v;
}

// A full set of lanes, or the last one, is an operation of the block sawb.
void special_functions::sum(std::uint32_t w)
{
    enum { FIRST, LAST, N };
    const auto lanes = static_cast<std::size_t>(values_->lanes);
    const auto lane = static_cast<std::size_t>(seen_) % lanes;
    if (lane == 0)
        std::fill(sawb_in_.begin(), sawb_in_.end(), 0);
    sawb_in_[lane] = w;
    seen_++;
    if (lane + 1 < lanes && seen_ < elements_)
        return;
    sawb_in_[lanes + FIRST] = seen_ <= values_->lanes;
    sawb_in_[lanes + LAST] = seen_ == elements_;
    sawb_in_[lanes + N] = static_cast<std::uint64_t>(elements_);
    ts_block_sawb.step(sawb_params_.data(), sawb_.data(), true, sawb_in_.data(), sawb_out_.data());
}

float special_functions::clip() const
{
    const auto code = static_cast<std::uint32_t>(sawb_out_[0]);
    float clip = 0;
    std::memcpy(&clip, &code, sizeof clip);
    return clip;
}

bool special_functions::fell_back() const
{
    return sawb_out_[1] & 1;
}

} // namespace tessera
