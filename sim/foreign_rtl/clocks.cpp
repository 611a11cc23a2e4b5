// SPDX-License-Identifier: Apache-2.0
// Rows to clocks.
#include "foreign_rtl/clocks.h"

#include <new>
#include <stdexcept>

namespace tessera
{

namespace
{

constexpr std::uint64_t kIdleMask = 7;

} // namespace

clocks::clocks(const subject &what, const ts_source_options &options)
    : what_(what), idle_{~options.seed}
{
    ts_error error;
    source_ = ts_source_open(&what.layout, &options, &error);
    if (!source_)
        throw std::runtime_error(error.text);
    if (!ts_row_init(&row_, &what.layout))
        throw std::bad_alloc();
    for (const clock_in &each : reset_clocks(what))
        waiting_.push_back(each);
}

clocks::~clocks()
{
    ts_row_free(&row_);
    ts_source_close(source_);
}

void clocks::push(bool reset, bool valid)
{
    waiting_.push_back({reset, valid, {row_.in, row_.in + what_.layout.in_words}});
}

void clocks::refill()
{
    ts_error error;
    if (!ts_source_next(source_, &row_, &error))
        throw std::runtime_error(error.text);
    what_.pins.hold_constants(row_.in);
    bool has_state = what_.layout.block->state_bytes != nullptr;
    bool is_first = !has_begun_;
    has_begun_ = true;
    if (row_.reset && is_first)
        return; // the run has begun with a reset
    if (row_.reset) {
        for (int i = 0; i < what_.latency(); i++)
            push(false, false);
        if (what_.pins.has(pin_kind::reset))
            for (const clock_in &each : reset_clocks(what_))
                waiting_.push_back(each);
        else
            push(false, false);
        return;
    }
    bool can_idle = what_.pins.has(pin_kind::valid_in);
    if (!has_state && can_idle && (ts_random_next(&idle_) & kIdleMask) == 0)
        push(false, false);
    // Where a protocol says what is an operation, a module that has no valid_i gets others, too.
    bool has_protocol = what_.layout.block->protocol != nullptr;
    begins_ = has_protocol && sequence_ != ts_source_sequence(source_);
    sequence_ = ts_source_sequence(source_);
    push(false, row_.valid || (!can_idle && !has_protocol));
}

const clock_in &clocks::next()
{
    begins_ = false;
    while (waiting_.empty())
        refill();
    now_ = std::move(waiting_.front());
    waiting_.pop_front();
    return now_;
}

void clocks::result(const operation &golden)
{
    ts_source_result(source_, golden.valid, golden.out.data());
}

} // namespace tessera
