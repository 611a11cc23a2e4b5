// SPDX-License-Identifier: Apache-2.0
/// @file
/// What the units of a machine do in a clock: their state, without ports. docs/machine.md has the
/// words.
#pragma once

#include "machine/command.h"
#include "machine/machine.h"

#include <algorithm>
#include <cstdint>

namespace tessera
{

/// What a unit is at in a clock: nothing, work, or a stall cause of enum ts_stall.
enum activity { ACTIVITY_NONE = -2, ACTIVITY_BUSY = -1 };

/// How far an amount has gone.
struct share {
    std::int64_t done, all;

    /// So many of n elements: they go evenly.
    std::int64_t of(std::int64_t n) const
    {
        if (done == all)
            return n;
        return static_cast<std::int64_t>(static_cast<double>(n) * static_cast<double>(done) /
                                         static_cast<double>(all));
    }
};

/// An amount that goes at a rate, so much a clock.
struct flow {
    flow() = default;

    flow(std::int64_t amount, std::int64_t a_clock) : left(amount), all(amount), rate(a_clock)
    {
    }

    std::int64_t left = 0, all = 0, rate = 1;

    share gone() const
    {
        return {all - left, all};
    }

    bool busy() const
    {
        return left > 0;
    }

    void clock()
    {
        left = std::max<std::int64_t>(0, left - rate);
    }
};

/// The DMA and the DRAM behind it. Bytes to read, bytes to write.
class dma_engine
{
  public:
    explicit dma_engine(const ts_machine &machine)
        : ideal_(machine.ideal), latency_cycles_(machine.latency), dram_(machine.dram)
    {
    }

    void start(const command &c)
    {
        if (ideal_)
            return;
        const std::int64_t read = c.amounts[0], write = c.amounts[1];
        // In units of which the DRAM brings a whole number a clock.
        latency_ = {read ? latency_cycles_ : 0, 1};
        read_ = {read * dram_.den, dram_.num};
        write_ = {write * dram_.den, dram_.num};
    }

    bool busy() const
    {
        return latency_.busy() || read_.busy() || write_.busy();
    }

    void clock()
    {
        (latency_.busy() ? latency_ : read_.busy() ? read_ : write_).clock();
    }

    int activity() const
    {
        return latency_.busy() ? int{TS_STALL_DRAM_LATENCY}
               : read_.busy()  ? int{TS_STALL_DRAM_READ}
               : write_.busy() ? int{TS_STALL_DRAM_WRITE}
                               : int{ACTIVITY_NONE};
    }

    share read() const
    {
        return read_.gone();
    }

    share written() const
    {
        return write_.gone();
    }

  private:
    bool ideal_;
    std::int64_t latency_cycles_;
    ts_rate dram_;
    flow latency_, read_, write_;
};

/// From an L1 to the L0s of its corelets. Bytes out of L1, bytes into each L0.
class fill_engine
{
  public:
    explicit fill_engine(const ts_machine &machine)
        : ideal_(machine.ideal), l1_rate_(machine.l1_rate), l0_rate_(machine.l0_rate)
    {
    }

    void start(const command &c)
    {
        if (ideal_)
            return;
        l1_ = {c.amounts[0], l1_rate_};
        l0_ = {c.amounts[1], l0_rate_};
    }

    bool busy() const
    {
        return l1_.busy() || l0_.busy();
    }

    void clock()
    {
        l1_.clock();
        l0_.clock();
    }

    int activity() const
    {
        return busy() ? int{TS_STALL_L1} : int{ACTIVITY_NONE};
    }

    /// So many of n elements are there.
    std::int64_t filled(std::int64_t n) const
    {
        return std::min(l1_.gone().of(n), l0_.gone().of(n));
    }

  private:
    bool ideal_;
    std::int64_t l1_rate_, l0_rate_;
    flow l1_, l0_;
};

/// Special functions. Operations, bytes into L1, bytes out of L1, rows that are shifted out of the
/// array.
class sfu_engine
{
  public:
    explicit sfu_engine(const ts_machine &machine)
        : ideal_(machine.ideal), lanes_rate_(machine.sfu_lanes), l1_rate_(machine.l1_rate)
    {
    }

    void start(const command &c)
    {
        if (ideal_)
            return;
        lanes_ = {c.amounts[0], lanes_rate_};
        in_ = {c.amounts[1], l1_rate_};
        out_ = {c.amounts[2], l1_rate_};
        rows_ = {c.amounts[3], 1};
    }

    bool busy() const
    {
        return lanes_.busy() || in_.busy() || out_.busy() || rows_.busy();
    }

    void clock()
    {
        lanes_.clock();
        in_.clock();
        out_.clock();
        rows_.clock();
    }

    /// Busy while the lanes work.
    int activity() const
    {
        return lanes_.busy() ? int{ACTIVITY_BUSY} : busy() ? int{TS_STALL_SFU} : int{ACTIVITY_NONE};
    }

    /// So many of n elements have come, been worked on and gone.
    std::int64_t finished(std::int64_t n) const
    {
        return std::min({lanes_.gone().of(n), in_.gone().of(n), out_.gone().of(n)});
    }

    /// Rows that have left the array.
    std::int64_t shifted() const
    {
        return rows_.all - rows_.left;
    }

  private:
    bool ideal_;
    std::int64_t lanes_rate_, l1_rate_;
    flow lanes_, in_, out_, rows_;
};

/// Between chips. Bytes that pass a link.
class link_engine
{
  public:
    explicit link_engine(const ts_machine &machine)
        : per_byte_(machine.link.den), rate_(machine.link.num * machine.chips)
    {
    }

    void start(const command &c)
    {
        bytes_ = {c.amounts[0] * per_byte_, rate_};
    }

    bool busy() const
    {
        return bytes_.busy();
    }

    void clock()
    {
        bytes_.clock();
    }

    int activity() const
    {
        return busy() ? int{ACTIVITY_BUSY} : int{ACTIVITY_NONE};
    }

  private:
    std::int64_t per_byte_, rate_;
    flow bytes_;
};

/// Stationary operands on their way from L0. Rows, bytes of each.
class preload_engine
{
  public:
    explicit preload_engine(const ts_machine &machine)
        : ideal_(machine.ideal), rate_(machine.l0_rate)
    {
    }

    void start(const command &c)
    {
        rows_ = c.amounts[0];
        bytes_ = ideal_ ? 1 : c.amounts[1];
        fetched_ = 0;
    }

    bool busy() const
    {
        return rows_ > 0;
    }

    void clock()
    {
        fetched_ += rate_;
        if (fetched_ < bytes_)
            return;
        fetched_ = 0;
        rows_--;
    }

    int activity() const
    {
        return busy() ? int{TS_STALL_PRELOAD} : int{ACTIVITY_NONE};
    }

    std::int64_t rows_left() const
    {
        return rows_;
    }

  private:
    bool ideal_;
    std::int64_t rate_, rows_ = 0, bytes_ = 0, fetched_ = 0;
};

/// Operands that enter an array, and the way of the last ones through it. Groups (streamed rows, or
/// steps along k), bytes of each, whether sums leave after the last.
class array_engine
{
  public:
    explicit array_engine(const ts_machine &machine)
        : ideal_(machine.ideal), rate_(machine.l0_rate),
          entries_(machine.output_stationary ? machine.add : 1), skew_(machine.skew),
          drain_(machine.drain)
    {
    }

    void start(const command &c)
    {
        all_ = groups_ = c.amounts[0];
        bytes_ = ideal_ ? 1 : c.amounts[1];
        leaves_ = c.amounts[2] != 0;
        entered_ = 0;
        fetched_ = 0;
        way_ = 0;
    }

    bool busy() const
    {
        return groups_ || way_;
    }

    void clock()
    {
        if (groups_)
            enter();
        else
            way_--;
    }

    int activity() const
    {
        if (groups_) // of a group, the first clocks are entries; then it waits for what is missing
            return entered_ < entries_ ? int{ACTIVITY_BUSY} : int{TS_STALL_L0};
        return way_ > drain_ ? int{TS_STALL_SKEW} : way_ ? int{TS_STALL_DRAIN} : int{ACTIVITY_NONE};
    }

    /// The group at the entry, and clocks since it came.
    std::int64_t group() const
    {
        return all_ - groups_;
    }

    std::int64_t entered() const
    {
        return entered_;
    }

  private:
    void enter()
    {
        entered_++;
        fetched_ += rate_;
        if (entered_ < entries_ || fetched_ < bytes_)
            return;
        entered_ = 0;
        fetched_ = 0;
        if (--groups_ == 0 && leaves_)
            way_ = skew_ + drain_;
    }

    bool ideal_, leaves_ = false;
    std::int64_t rate_, entries_, skew_, drain_;
    std::int64_t all_ = 0, groups_ = 0, bytes_ = 0, entered_ = 0, fetched_ = 0, way_ = 0;
};

} // namespace tessera
