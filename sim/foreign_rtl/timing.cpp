// SPDX-License-Identifier: Apache-2.0
// Delays for what comes early.
#include "foreign_rtl/timing.h"

#include <algorithm>

namespace tessera
{

namespace
{

std::vector<int> cycles_of(const ts_layout &layout, ts_port_dir dir, int latency)
{
    std::vector<int> cycles;
    for (int i = 0; i < layout.n_fields; i++) {
        const ts_field &field = layout.fields[i];
        for (int n = 0; field.port && field.dir == dir && n < field.count; n++)
            cycles.push_back(ts_port_cycle(field.port, layout.params, n, latency));
    }
    return cycles;
}

} // namespace

timing::timing(const ts_layout &layout, int latency)
    : in(cycles_of(layout, TS_IN, latency)), out(cycles_of(layout, TS_OUT, latency)),
      valid_out(latency), last(latency)
{
    for (int each : out)
        last = std::max(last, each);
}

bool timing::is_aligned() const
{
    return std::all_of(in.begin(), in.end(), [](int each) { return each == 0; }) &&
           std::all_of(out.begin(), out.end(), [this](int each) { return each == valid_out; });
}

aligned_model::aligned_model(std::unique_ptr<foreign_model> model, timing when)
    : model_(std::move(model)), when_(std::move(when)), delayed_(when_.in.size())
{
    int longest = when_.last;
    for (int each : when_.in)
        longest = std::max(longest, each);
    cycles_.resize(static_cast<std::size_t>(longest) + 1);
    for (pins &each : cycles_) {
        each.in.resize(when_.in.size());
        each.out.resize(when_.out.size());
    }
}

const aligned_model::pins &aligned_model::ago(int cycles) const
{
    return cycles_[(now_ + cycles_.size() - static_cast<std::size_t>(cycles)) % cycles_.size()];
}

void aligned_model::drive(bool reset, bool valid, const std::uint64_t *in)
{
    reset_ = reset;
    std::copy_n(in, when_.in.size(), cycles_[now_].in.begin());
    for (std::size_t i = 0; i < delayed_.size(); i++)
        delayed_[i] = ago(when_.in[i]).in[i];
    model_->drive(reset, valid, delayed_.data());
}

void aligned_model::settle()
{
    model_->settle();
    pins &now = cycles_[now_];
    now.valid_out = model_->sample(now.out.data());
    // Nothing that was under way comes out of a reset.
    if (reset_)
        for (pins &each : cycles_)
            each.valid_out = false;
}

bool aligned_model::sample(std::uint64_t *out) const
{
    for (std::size_t i = 0; i < when_.out.size(); i++)
        out[i] = ago(when_.last - when_.out[i]).out[i];
    return ago(when_.last - when_.valid_out).valid_out;
}

void aligned_model::rise()
{
    model_->rise();
    now_ = (now_ + 1) % cycles_.size();
}

} // namespace tessera
