// SPDX-License-Identifier: Apache-2.0
// Drives, compares, and remembers the first difference.
#include "foreign_rtl/lockstep.h"

#include <algorithm>

namespace tessera
{

namespace
{

// Also flushes what valid bits without reset held before.
constexpr std::size_t kResetClocks = 16;

std::size_t words(const subject &what)
{
    return static_cast<std::size_t>(what.layout.in_words);
}

} // namespace

std::vector<clock_in> reset_clocks(const subject &what)
{
    return std::vector<clock_in>(kResetClocks,
                                 {true, false, std::vector<std::uint64_t>(words(what))});
}

lockstep::lockstep(const subject &what, foreign_model &model)
    : what_(what), model_(model), golden_(*what.layout.block, what.layout.params, what.latency()),
      has_valid_out_(what.pins.has(pin_kind::valid_out)),
      out_(static_cast<std::size_t>(what.layout.out_words)), shown_(out_.size())
{
    for (const pin &each : what.pins.pins())
        if (each.kind == pin_kind::output && !each.theirs.empty())
            fields_.push_back(each.field);
}

bool lockstep::agree(const operation &due, bool got_valid) const
{
    if (has_valid_out_ && due.valid != got_valid)
        return false;
    return std::all_of(fields_.begin(), fields_.end(), [&](const ts_field *field) {
        return !counts(*field, due) ||
               std::equal(out_.begin() + field->first, out_.begin() + field->first + field->count,
                          due.out.begin() + field->first);
    });
}

// The waveform shows the pins as they are, so what is expected of each is shown when it counts.
void lockstep::annotate_cycle(bool differs)
{
    for (std::size_t i = 0; i < shown_.size(); i++)
        shown_[i] = golden_.ago(what_.when.out[i]).out[i];
    model_.annotate(cycle_, golden_.ago(what_.when.valid_out).valid, shown_.data(), differs);
}

bool lockstep::clock(const clock_in &now)
{
    std::copy(now.in.begin(), now.in.end(), golden_.inputs());
    model_.drive(now.reset, now.valid, now.in.data());
    model_.settle();
    got_valid_ = model_.sample(out_.data());

    golden_.step(now.reset, now.valid && !now.reset);
    const operation &due = golden_.due();
    bool good = now.reset || agree(due, got_valid_);
    compared_ += due.valid && !now.reset;
    if (!good)
        expected_ = due;
    if (annotates_)
        annotate_cycle(!good);
    model_.rise();
    result_ = &golden_.present();
    if (good && !model_.stopped().empty()) {
        good = false;
        stop_ = model_.stopped();
        expected_ = *result_;
    }
    golden_.clock(now.reset);
    cycle_++;
    return good;
}

divergence lockstep::found() const
{
    return {cycle_ - 1, expected_, got_valid_, out_, stop_};
}

} // namespace tessera
