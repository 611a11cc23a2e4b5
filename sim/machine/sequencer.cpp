// SPDX-License-Identifier: Apache-2.0
// Loops over blocks and slices as a state machine that goes on as far as no unit holds it.
#include "machine/sequencer.h"

#include <algorithm>

namespace tessera
{

namespace
{

std::int64_t parts_of(std::int64_t length, std::int64_t part)
{
    return (length + part - 1) / part;
}

std::int64_t bytes_of(std::int64_t elements, std::int64_t bits)
{
    return parts_of(elements * bits, 8);
}

// Of elements that are stored as they were before lowering.
std::int64_t stored_bytes(std::int64_t elements, const ts_operand &operand)
{
    return parts_of(elements * operand.stored * operand.unique, 8 * operand.lowered);
}

} // namespace

sequencer::sequencer(sc_core::sc_module_name name, const ts_machine &machine)
    : sc_core::sc_module(name), machine_(machine)
{
    // In the middle of a cycle, when all that units show of it stands: what is started then begins
    // with the next.
    SC_METHOD(on_clock);
    sensitive << clk_i.neg();
    dont_initialize();
}

void sequencer::begin(const ts_gemm_job &job, const ts_plan &plan)
{
    job_ = job;
    plan_ = plan;
    elementwise_ = false;
    row_bytes_ = bytes_of(machine_.rows * machine_.lanes, job.a.bits);
    stationary_bytes_ = bytes_of(machine_.columns * machine_.lanes, job.b.bits);
    addresses_.begin(job.shape, plan.parts, machine_.columns);
    begin_blocks();
    counts_.macs = job.shape.m * job.shape.n * job.shape.k;
}

void sequencer::begin(const ts_elementwise_job &job)
{
    elements_ = job;
    elementwise_ = true;
    begin_blocks();
}

// As a ring: each chip sends all but its own part twice.
void sequencer::begin_allreduce(std::int64_t bytes)
{
    counts_ = {};
    bytes_ = 2 * (machine_.chips - 1) * bytes;
    state_ = state::send;
}

void sequencer::begin_blocks()
{
    counts_ = {};
    a_ = b_ = nullptr;
    blocks_.clear();
    if (elementwise_)
        list_parts();
    else
        list_blocks();
    phase_ = 0;
    tile_ = 0;
    state_ = state::begin;
}

// ---- What a job consists of ----

void sequencer::list_blocks()
{
    const ts_mnk all = job_.shape;
    const ts_mnk part = {plan_.block.m * plan_.parts.m, plan_.block.n * plan_.parts.n,
                         plan_.block.k};
    for (std::int64_t n = 0; n < all.n; n += part.n)
        for (std::int64_t m = 0; m < all.m; m += part.m)
            for (std::int64_t k = 0; k < all.k; k += part.k)
                blocks_.push_back({{m, n, k},
                                   {std::min(part.m, all.m - m), std::min(part.n, all.n - n),
                                    std::min(part.k, all.k - k)},
                                   k + part.k >= all.k,
                                   {}});
}

// As few blocks of elements as fit, and as even.
void sequencer::list_parts()
{
    const std::int64_t corelets = machine_.cores * machine_.corelets;
    const std::int64_t share = parts_of(elements_.elements, corelets);
    const auto fits = [&](std::int64_t each) {
        const std::int64_t elements = each * machine_.corelets;
        return 2 * (bytes_of(elements, elements_.in) + bytes_of(elements, elements_.out)) <=
               machine_.l1_size;
    };
    std::int64_t n = 1;
    while (!fits(parts_of(share, n)))
        n++;
    const std::int64_t part = parts_of(share, n) * corelets;
    for (std::int64_t at = 0; at < elements_.elements; at += part)
        blocks_.push_back({{at, 0, 0}, {std::min(part, elements_.elements - at), 0, 0}, true, {}});
}

// Those of corelet 0, which has no less to do than another.
void sequencer::list_slices(const block &b)
{
    const std::int64_t rows = parts_of(b.size.m, plan_.parts.m);
    const std::int64_t columns = parts_of(b.size.n, plan_.parts.n);
    const ts_mnk tile = plan_.tile;
    slices_.clear();
    for (std::int64_t n = 0; n < columns; n += tile.n)
        for (std::int64_t m = 0; m < rows; m += tile.m)
            for (std::int64_t k = 0; k < b.size.k; k += tile.k)
                slices_.push_back({{m, n, k},
                                   {std::min(tile.m, rows - m), std::min(tile.n, columns - n),
                                    std::min(tile.k, b.size.k - k)},
                                   k + tile.k >= b.size.k,
                                   static_cast<int>(slices_.size() % 2)});
}

const slice *sequencer::slice_at(std::size_t i) const
{
    return i < slices_.size() ? &slices_[i] : nullptr;
}

// The block that corelets are at.
const block &sequencer::here() const
{
    return blocks_[phase_ - 1];
}

// ---- Cycles ----

void sequencer::on_clock()
{
    starting_ = {};
    if (state_ != state::idle && state_ != state::begin && state_ != state::send)
        account();
    while (advance()) {
    }
    for (std::size_t u = 0; u < UNITS; u++)
        go_o[u].write(starting_[u]);
    busy_o.write(!over());
    if (over())
        sc_core::sc_pause();
}

// The cycle that is under way: the innermost unit at work says what it is.
void sequencer::account()
{
    int at = ACTIVITY_NONE;
    for (std::size_t u = 0; u < UNITS && at == ACTIVITY_NONE; u++) {
        at = activity_i[u].read();
        if (u == UNIT_SFU && at != ACTIVITY_NONE)
            at = !elementwise_         ? int{TS_STALL_SFU}
                 : at == ACTIVITY_BUSY ? int{ACTIVITY_BUSY}
                                       : int{TS_STALL_L1};
    }
    stall_o.write(at);
    counts_.cycles++;
    if (at == ACTIVITY_BUSY)
        counts_.busy++;
    else if (at >= 0)
        counts_.stall[at]++;
    else
        SC_REPORT_ERROR("sequencer", "a cycle in which no unit works");
}

// At the end of this cycle.
bool sequencer::is_over(unit_index unit) const
{
    const auto u = static_cast<std::size_t>(unit);
    return !starting_[u] && done_i[u].read();
}

bool sequencer::slice_is_over() const
{
    return is_over(UNIT_ARRAY) && is_over(UNIT_PRELOAD) && is_over(UNIT_FILL);
}

// To the next state, if nothing holds this one.
bool sequencer::advance()
{
    switch (state_) {
    case state::idle:
        return false;
    case state::begin:
        start_phase();
        return true;
    case state::send:
        start(UNIT_LINK, {{bytes_, 0, 0, 0}, {}});
        state_ = state::link;
        return true;
    case state::link:
        if (!is_over(UNIT_LINK))
            return false;
        state_ = state::idle;
        return false;
    case state::dma:
        if (!is_over(UNIT_DMA))
            return false;
        phase_++;
        return start_phase();
    case state::flush:
        if (!is_over(UNIT_SFU))
            return false;
        state_ = state::dma;
        return true;
    default:
        return advance_slice();
    }
}

bool sequencer::advance_slice()
{
    if (state_ == state::preload   ? !is_over(UNIT_PRELOAD)
        : state_ == state::results ? !is_over(UNIT_SFU)
                                   : !slice_is_over())
        return false;
    switch (state_) {
    case state::fill_first:
        start_preload(slices_[0]);
        start_fill(slice_at(0), slice_at(1));
        state_ = state::lead_in;
        break;
    case state::lead_in:
        start_slice();
        break;
    case state::preload:
        start_array();
        break;
    case state::slice:
        if (slices_[slice_].last && here().yields)
            state_ = state::results;
        else
            next_slice();
        break;
    default:
        hand_over(slices_[slice_]);
        next_slice();
    }
    return true;
}

// ---- Phases ----

// A phase of blocks; false if the last is over.
bool sequencer::start_phase()
{
    if (phase_ == blocks_.size() + 2) {
        state_ = state::idle;
        return false;
    }
    start_dma();
    state_ = state::dma;
    if (phase_ == 0 || phase_ > blocks_.size())
        return true;
    if (elementwise_)
        start_elements(here());
    else
        start_block(here());
    return true;
}

void sequencer::start_block(const block &b)
{
    list_slices(b);
    slice_ = 0;
    start_fill(machine_.overlapped ? nullptr : slice_at(0), slice_at(0));
    state_ = machine_.overlapped ? state::fill_first : state::lead_in;
}

std::int64_t sequencer::elements_of_corelet(const block &b) const
{
    return parts_of(b.size.m, machine_.cores * machine_.corelets);
}

void sequencer::start_elements(const block &b)
{
    const std::int64_t each = elements_of_corelet(b);
    const std::int64_t in = bytes_of(machine_.corelets * each, elements_.in);
    const std::int64_t out = bytes_of(machine_.corelets * each, elements_.out);
    counts_.l1_read += machine_.cores * in;
    counts_.l1_write += machine_.cores * out;
    command c;
    c.amounts = {each * elements_.ops, out, in, 0};
    for (const operand_index operand : {OPERAND_A, OPERAND_B, OPERAND_C, OPERAND_D})
        c.moves[operand] = address_generator::elements(b, operand, each);
    start(UNIT_SFU, c);
    state_ = state::flush;
}

void sequencer::start_slice()
{
    const std::size_t b = slice_ + (machine_.overlapped ? 2 : 1);
    start_fill(slice_at(slice_ + 1), slice_at(b));
    if (machine_.overlapped && slice_at(slice_ + 1))
        start_preload(slices_[slice_ + 1]);
    if (machine_.overlapped || machine_.output_stationary) {
        start_array();
        return;
    }
    start_preload(slices_[slice_]);
    state_ = state::preload;
}

void sequencer::next_slice()
{
    slice_++;
    if (slice_at(slice_))
        start_slice();
    else
        state_ = state::flush;
}

// ---- Units ----

// One without work is not started: it is over as it was.
void sequencer::start(unit_index unit, const command &c)
{
    const bool on_chip = unit != UNIT_ARRAY && unit != UNIT_PRELOAD && unit != UNIT_LINK;
    const auto u = static_cast<std::size_t>(unit);
    if (c.amounts == command{}.amounts)
        return;
    if (on_chip && machine_.ideal) {
        if (at_once[u])
            at_once[u](c);
        return;
    }
    command_o[u].write(c);
    starting_[u] = true;
}

// What an L1 half has from the block before, the DMA need not read.
void sequencer::start_dma()
{
    std::int64_t a = 0, b = 0, write = 0;
    command c;
    if (phase_ < blocks_.size()) {
        block &next = blocks_[phase_];
        next.half[OPERAND_C] = static_cast<int>(phase_ % 2);
        if (elementwise_) {
            a = bytes_of(next.size.m, elements_.in);
            next.half.fill(static_cast<int>(phase_ % 2));
            const std::int64_t of_core = machine_.corelets * elements_of_corelet(next);
            for (int i = 0; i < inputs_; i++) {
                const auto operand = static_cast<operand_index>(OPERAND_A + i);
                c.moves[operand] = address_generator::elements(next, operand, true, of_core);
            }
        } else {
            const bool new_a = !a_ || a_->at.m != next.at.m || a_->at.k != next.at.k;
            const bool new_b = !b_ || b_->at.n != next.at.n || b_->at.k != next.at.k;
            next.half[OPERAND_A] = a_ ? a_->half[OPERAND_A] ^ new_a : 0;
            next.half[OPERAND_B] = b_ ? b_->half[OPERAND_B] ^ new_b : 0;
            if (new_a) {
                a = stored_bytes(next.size.m * next.size.k, job_.a);
                c.moves[OPERAND_A] = addresses_.read_a(next);
            }
            if (new_b) {
                b = stored_bytes(next.size.k * next.size.n, job_.b);
                c.moves[OPERAND_B] = addresses_.read_b(next);
            }
        }
        a_ = b_ = &next;
    }
    if (phase_ >= 2 && blocks_[phase_ - 2].yields) {
        const block &done = blocks_[phase_ - 2];
        if (elementwise_) {
            write = bytes_of(done.size.m, elements_.out);
            const std::int64_t of_core = machine_.corelets * elements_of_corelet(done);
            for (int i = 0; i < outputs_; i++) {
                const auto operand = static_cast<operand_index>(OPERAND_C + i);
                c.moves[operand] = address_generator::elements(done, operand, false, of_core);
            }
        } else {
            write = bytes_of(done.size.m * done.size.n, job_.stored);
            c.moves[OPERAND_C] = addresses_.write_c(done);
        }
    }
    const bool shared_n = !elementwise_ && plan_.parts.n > plan_.parts.core_n;
    const bool shared_m = !elementwise_ && plan_.parts.m > plan_.parts.core_m;
    counts_.dram_read += a + b;
    counts_.dram_write += write;
    counts_.l1_write += a * (shared_n ? machine_.cores : 1) + b * (shared_m ? machine_.cores : 1);
    counts_.l1_read += write;
    c.amounts = {a + b, write, 0, 0};
    start(UNIT_DMA, c);
}

void sequencer::start_fill(const slice *a, const slice *b)
{
    std::int64_t out_of_l1 = 0, into_l0 = 0;
    command c;
    if (a) {
        const std::int64_t elements = a->size.m * a->size.k;
        out_of_l1 += plan_.parts.core_m * bytes_of(elements, job_.a.stored);
        into_l0 += bytes_of(elements, job_.a.bits);
        c.moves[OPERAND_A] = addresses_.fill_a(here(), *a);
    }
    if (b) {
        const std::int64_t elements = b->size.k * b->size.n;
        out_of_l1 += plan_.parts.core_n * bytes_of(elements, job_.b.stored);
        into_l0 += bytes_of(elements, job_.b.bits);
        c.moves[OPERAND_B] = addresses_.fill_b(here(), *b);
    }
    counts_.l1_read += machine_.cores * out_of_l1;
    counts_.l0_write += machine_.cores * machine_.corelets * into_l0;
    c.amounts = {out_of_l1, into_l0, 0, 0};
    start(UNIT_FILL, c);
}

void sequencer::start_preload(const slice &s)
{
    const std::int64_t shared = machine_.overlapped ? row_bytes_ : 0; // L0 gives both
    command c = addresses_.enter(here(), s, tile_);
    c.amounts = {machine_.rows, stationary_bytes_ + shared, 0, 0};
    start(UNIT_PRELOAD, c);
}

void sequencer::start_array()
{
    const slice &s = slices_[slice_];
    counts_.l0_read +=
        machine_.cores * machine_.corelets *
        (bytes_of(s.size.m * s.size.k, job_.a.bits) + bytes_of(s.size.n * s.size.k, job_.b.bits));
    const std::int64_t stationary =
        machine_.overlapped || machine_.output_stationary ? stationary_bytes_ : 0;
    command c = addresses_.enter(here(), s, tile_);
    if (machine_.output_stationary)
        c.amounts = {parts_of(s.size.k, machine_.lanes), machine_.add * row_bytes_ + stationary,
                     s.last, 0};
    else
        c.amounts = {s.size.m, row_bytes_ + stationary, 1, 0};
    start(UNIT_ARRAY, c);
    state_ = state::slice;
}

// A tile goes to the special functions, whose other half is free by now.
void sequencer::hand_over(const slice &tile)
{
    const std::int64_t results = tile.size.m * tile.size.n;
    const std::int64_t bytes = bytes_of(machine_.corelets * results, job_.stored);
    counts_.l1_write += machine_.cores * bytes;
    command c;
    c.amounts = {results * job_.ops, bytes, 0, machine_.output_stationary ? plan_.tile.m : 0};
    c.moves[OPERAND_C] = addresses_.results(here(), tile, tile_);
    start(UNIT_SFU, c);
    tile_ ^= 1;
}

} // namespace tessera
