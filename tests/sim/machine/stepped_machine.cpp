// SPDX-License-Identifier: Apache-2.0
// Units with their own state, one clock for all, and the sequencer that starts them.
#include "stepped_machine.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <vector>

namespace tessera
{

namespace
{

using stall = std::optional<ts_stall>; // none: a busy clock

std::int64_t bytes_of(std::int64_t elements, std::int64_t bits)
{
    return (elements * bits + 7) / 8;
}

// Of elements that are stored as they were before lowering.
std::int64_t stored_bytes(std::int64_t elements, const ts_operand &operand)
{
    const std::int64_t bits = elements * operand.stored * operand.unique;
    return (bits + 8 * operand.lowered - 1) / (8 * operand.lowered);
}

std::int64_t parts(std::int64_t length, std::int64_t part)
{
    return (length + part - 1) / part;
}

// An amount that goes at a rate, so much a clock.
struct flow {
    std::int64_t left = 0, rate = 1;

    bool busy() const
    {
        return left > 0;
    }

    void clock()
    {
        left = std::max<std::int64_t>(0, left - rate);
    }
};

// The DMA and the DRAM: a request goes out, its bytes come, others are written.
class dma_unit
{
  public:
    explicit dma_unit(const ts_machine &machine) : machine_(machine)
    {
    }

    void start(std::int64_t read, std::int64_t write)
    {
        if (machine_.ideal)
            return;
        // In units of which the DRAM brings a whole number a clock.
        latency_ = {read ? machine_.latency : 0, 1};
        read_ = {read * machine_.dram.den, machine_.dram.num};
        write_ = {write * machine_.dram.den, machine_.dram.num};
    }

    bool busy() const
    {
        return latency_.busy() || read_.busy() || write_.busy();
    }

    stall clock()
    {
        flow &now = latency_.busy() ? latency_ : read_.busy() ? read_ : write_;
        now.clock();
        return &now == &latency_ ? TS_STALL_DRAM_LATENCY
               : &now == &read_  ? TS_STALL_DRAM_READ
                                 : TS_STALL_DRAM_WRITE;
    }

  private:
    const ts_machine &machine_;
    flow latency_, read_, write_;
};

// From an L1 to the L0s of its corelets.
class fill_unit
{
  public:
    explicit fill_unit(const ts_machine &machine) : machine_(machine)
    {
    }

    void start(std::int64_t out_of_l1, std::int64_t into_l0)
    {
        if (machine_.ideal)
            return;
        l1_ = {out_of_l1, machine_.l1_rate};
        l0_ = {into_l0, machine_.l0_rate};
    }

    bool busy() const
    {
        return l1_.busy() || l0_.busy();
    }

    stall clock()
    {
        l1_.clock();
        l0_.clock();
        return TS_STALL_L1;
    }

  private:
    const ts_machine &machine_;
    flow l1_, l0_;
};

// Results come out of a half, through the lanes, into L1.
class sfu_unit
{
  public:
    explicit sfu_unit(const ts_machine &machine) : machine_(machine)
    {
    }

    void start(std::int64_t operations, std::int64_t bytes, std::int64_t shifted_out)
    {
        if (machine_.ideal)
            return;
        lanes_ = {operations, machine_.sfu_lanes};
        l1_ = {bytes, machine_.l1_rate};
        rows_ = {shifted_out, 1};
    }

    bool busy() const
    {
        return lanes_.busy() || l1_.busy() || rows_.busy();
    }

    stall clock()
    {
        lanes_.clock();
        l1_.clock();
        rows_.clock();
        return TS_STALL_SFU;
    }

  private:
    const ts_machine &machine_;
    flow lanes_, l1_, rows_;
};

// Stationary operands, row by row, each when all its bytes have come out of L0.
class preload_unit
{
  public:
    preload_unit(const ts_machine &machine, std::int64_t row_bytes)
        : rate_(machine.ideal ? row_bytes : machine.l0_rate), row_bytes_(row_bytes)
    {
    }

    void start(std::int64_t rows)
    {
        rows_ = rows;
        fetched_ = 0;
    }

    bool busy() const
    {
        return rows_ > 0;
    }

    stall clock()
    {
        fetched_ += rate_;
        if (fetched_ >= row_bytes_) {
            rows_--;
            fetched_ = 0;
        }
        return TS_STALL_PRELOAD;
    }

  private:
    std::int64_t rate_, row_bytes_, rows_ = 0, fetched_ = 0;
};

// A bit for each register that the last operands, or their sums, are in one after the other.
class delay_line
{
  public:
    explicit delay_line(std::int64_t length) : bits_(static_cast<std::size_t>(length))
    {
    }

    bool shift(bool in)
    {
        bits_.push_back(in);
        const bool out = bits_.front();
        bits_.erase(bits_.begin());
        return out;
    }

    bool busy() const
    {
        return std::find(bits_.begin(), bits_.end(), true) != bits_.end();
    }

  private:
    std::vector<bool> bits_;
};

// Operands that enter, each group when its bytes have come out of L0, and the way of the last.
class array_unit
{
  public:
    array_unit(const ts_design &design, const ts_machine &machine, std::int64_t group_bytes)
        : rate_(machine.ideal ? group_bytes : machine.l0_rate), group_bytes_(group_bytes),
          entries_(machine.output_stationary ? design.stages.acc : 1),
          // An mpe further down or to the right, each time; the clock of entry is the first.
          wave_(machine.output_stationary
                    ? (design.array.rows - 1) + (design.array.cols - 1)
                    : design.stages.acc * design.array.rows - 1 + (design.array.cols - 1)),
          drain_(design.dataflow.drain == TS_DRAIN_IDEAL ? 0 : drain_registers(design, machine))
    {
    }

    void start(std::int64_t groups, bool leaves)
    {
        groups_ = groups;
        leaves_ = leaves;
        fetched_ = 0;
        elapsed_ = 0;
    }

    bool busy() const
    {
        return groups_ > 0 || wave_.busy() || drain_.busy();
    }

    stall clock()
    {
        if (groups_ > 0)
            return enter();
        const bool wave = wave_.busy();
        drain_.shift(wave_.shift(false));
        return wave ? TS_STALL_SKEW : TS_STALL_DRAIN;
    }

  private:
    static std::int64_t drain_registers(const ts_design &design, const ts_machine &machine)
    {
        const std::int64_t adding = machine.output_stationary ? design.stages.acc - 1 : 0;
        return design.stages.dot + adding + design.stages.outer + 1;
    }

    stall enter()
    {
        fetched_ += rate_;
        elapsed_++;
        const bool complete = elapsed_ >= entries_ && fetched_ >= group_bytes_;
        const bool late = elapsed_ > entries_;
        if (complete) {
            groups_--;
            fetched_ = 0;
            elapsed_ = 0;
            const bool last = groups_ == 0 && leaves_;
            drain_.shift(wave_.shift(last)); // only the last are followed
        }
        return late ? stall(TS_STALL_L0) : stall();
    }

    std::int64_t rate_, group_bytes_, entries_;
    delay_line wave_, drain_;
    std::int64_t groups_ = 0, fetched_ = 0, elapsed_ = 0;
    bool leaves_ = false;
};

// One clock for all units, and what it is charged to.
class clocked
{
  public:
    explicit clocked(const ts_machine &machine)
        : machine_(machine), dma_(machine), fill_(machine), sfu_(machine)
    {
    }

  protected:
    void charge(const stall &cause)
    {
        counts_.cycles++;
        (cause ? counts_.stall[*cause] : counts_.busy)++;
    }

    void read(std::int64_t bytes, std::int64_t l1_bytes, std::int64_t write)
    {
        counts_.dram_read += bytes;
        counts_.dram_write += write;
        counts_.l1_write += l1_bytes;
        counts_.l1_read += write;
        dma_.start(bytes, write);
    }

    const ts_machine &machine_;
    ts_counts counts_{};
    dma_unit dma_;
    fill_unit fill_;
    sfu_unit sfu_;
};

// A part of the result's tile along k: what a phase of an array is about.
struct slice {
    std::int64_t rows, columns, k;
    bool last_of_tile;
};

// A block: of the chip, and what corelet 0 has of it.
struct block {
    std::int64_t m, n, k; // where
    std::int64_t rows, columns, depth;
    bool yields;
};

class gemm_machine : public clocked
{
  public:
    gemm_machine(const ts_design &design, const ts_machine &machine, const ts_gemm_job &job,
                 const ts_plan &plan)
        : clocked(machine), job_(job), plan_(plan),
          row_(bytes_of(machine.rows * machine.lanes, job.a.bits)),
          stationary_(bytes_of(machine.columns * machine.lanes, job.b.bits)),
          preload_(machine, stationary_ + (machine.overlapped ? row_ : 0)),
          array_(design, machine,
                 machine.output_stationary ? design.stages.acc * row_ + stationary_
                 : machine.overlapped      ? row_ + stationary_
                                           : row_)
    {
    }

    ts_counts run()
    {
        const std::vector<block> blocks = all_blocks();
        for (std::size_t phase = 0; phase < blocks.size() + 2; phase++) {
            start_dma(phase < blocks.size() ? &blocks[phase] : nullptr,
                      phase >= 2 ? &blocks[phase - 2] : nullptr);
            if (phase >= 1 && phase <= blocks.size())
                work_on(blocks[phase - 1]);
            while (dma_.busy())
                clock();
        }
        return counts_;
    }

  private:
    std::vector<block> all_blocks() const
    {
        const std::int64_t rows = plan_.block.m * plan_.parts.m;
        const std::int64_t columns = plan_.block.n * plan_.parts.n;
        std::vector<block> blocks;
        for (std::int64_t n = 0; n < job_.shape.n; n += columns)
            for (std::int64_t m = 0; m < job_.shape.m; m += rows)
                for (std::int64_t k = 0; k < job_.shape.k; k += plan_.block.k)
                    blocks.push_back({m, n, k, std::min(rows, job_.shape.m - m),
                                      std::min(columns, job_.shape.n - n),
                                      std::min(plan_.block.k, job_.shape.k - k),
                                      k + plan_.block.k >= job_.shape.k});
        return blocks;
    }

    // What an L1 half has already, its other half need not read.
    void start_dma(const block *next, const block *done)
    {
        std::int64_t a = 0, b = 0;
        if (next && (!a_ || a_->m != next->m || a_->k != next->k)) {
            a = stored_bytes(next->rows * next->depth, job_.a);
            a_ = *next;
        }
        if (next && (!b_ || b_->n != next->n || b_->k != next->k)) {
            b = stored_bytes(next->depth * next->columns, job_.b);
            b_ = *next;
        }
        const bool cores_share_n = plan_.parts.n != plan_.parts.core_n;
        const std::int64_t everywhere = machine_.cores;
        const bool one_core = machine_.cores == 1;
        const std::int64_t l1 = one_core        ? a + b
                                : cores_share_n ? a * everywhere + b
                                                : a + b * everywhere;
        const std::int64_t write =
            done && done->yields ? bytes_of(done->rows * done->columns, job_.stored) : 0;
        read(a + b, l1, write);
    }

    std::vector<slice> slices_of(const block &b) const
    {
        const std::int64_t rows = parts(b.rows, plan_.parts.m);
        const std::int64_t columns = parts(b.columns, plan_.parts.n);
        std::vector<slice> slices;
        for (std::int64_t n = 0; n < columns; n += plan_.tile.n)
            for (std::int64_t m = 0; m < rows; m += plan_.tile.m)
                for (std::int64_t k = 0; k < b.depth; k += plan_.tile.k)
                    slices.push_back(
                        {std::min(plan_.tile.m, rows - m), std::min(plan_.tile.n, columns - n),
                         std::min(plan_.tile.k, b.depth - k), k + plan_.tile.k >= b.depth});
        return slices;
    }

    void start_fill(const slice *a, const slice *b)
    {
        std::int64_t out_of_l1 = 0, into_l0 = 0;
        if (a) {
            out_of_l1 += plan_.parts.core_m * bytes_of(a->rows * a->k, job_.a.stored);
            into_l0 += bytes_of(a->rows * a->k, job_.a.bits);
        }
        if (b) {
            out_of_l1 += plan_.parts.core_n * bytes_of(b->columns * b->k, job_.b.stored);
            into_l0 += bytes_of(b->columns * b->k, job_.b.bits);
        }
        counts_.l1_read += machine_.cores * out_of_l1;
        counts_.l0_write += machine_.cores * machine_.corelets * into_l0;
        fill_.start(out_of_l1, into_l0);
    }

    void finish_phase()
    {
        while (array_.busy() || preload_.busy() || fill_.busy())
            clock();
    }

    void work_on(const block &b)
    {
        const std::vector<slice> slices = slices_of(b);
        const auto at = [&](std::size_t i) { return i < slices.size() ? &slices[i] : nullptr; };
        const bool overlapped = machine_.overlapped;
        start_fill(overlapped ? nullptr : at(0), at(0));
        finish_phase();
        if (overlapped) {
            preload_.start(machine_.rows);
            start_fill(at(0), at(1));
            finish_phase();
        }
        for (std::size_t i = 0; i < slices.size(); i++) {
            start_fill(at(i + 1), at(overlapped ? i + 2 : i + 1));
            compute(slices[i], at(i + 1) != nullptr);
            if (slices[i].last_of_tile && b.yields)
                hand_over(slices[i]);
        }
        while (sfu_.busy())
            clock();
    }

    void compute(const slice &s, bool follows)
    {
        counts_.l0_read +=
            machine_.cores * machine_.corelets *
            (bytes_of(s.rows * s.k, job_.a.bits) + bytes_of(s.columns * s.k, job_.b.bits));
        if (machine_.overlapped && follows)
            preload_.start(machine_.rows);
        if (!machine_.overlapped && !machine_.output_stationary) {
            preload_.start(machine_.rows);
            while (preload_.busy())
                clock();
        }
        if (machine_.output_stationary)
            array_.start(parts(s.k, machine_.lanes), s.last_of_tile);
        else
            array_.start(s.rows, true);
        finish_phase();
    }

    // A tile is done: its half goes to the special functions once the other half is free.
    void hand_over(const slice &s)
    {
        while (sfu_.busy())
            clock();
        const std::int64_t results = s.rows * s.columns;
        const std::int64_t bytes = bytes_of(machine_.corelets * results, job_.stored);
        counts_.l1_write += machine_.cores * bytes;
        sfu_.start(results * job_.ops, bytes, machine_.output_stationary ? plan_.tile.m : 0);
    }

    void clock()
    {
        // All that work have this clock; the first of them is what it is charged to.
        std::optional<stall> first;
        const auto one = [&first](auto &unit) {
            if (!unit.busy())
                return;
            const stall cause = unit.clock();
            if (!first)
                first = cause;
        };
        one(array_);
        one(preload_);
        one(fill_);
        one(sfu_);
        one(dma_);
        if (!first)
            throw std::logic_error("a clock in which nothing works");
        charge(*first);
    }

    const ts_gemm_job &job_;
    const ts_plan &plan_;
    std::int64_t row_, stationary_; ///< bytes of a streamed and of a stationary row
    preload_unit preload_;
    array_unit array_;
    std::optional<block> a_, b_; ///< whose operands were read last
};

class elementwise_machine : public clocked
{
  public:
    elementwise_machine(const ts_machine &machine, const ts_elementwise_job &job)
        : clocked(machine), job_(job)
    {
    }

    ts_counts run()
    {
        const std::vector<std::int64_t> blocks = all_blocks();
        for (std::size_t phase = 0; phase < blocks.size() + 2; phase++) {
            const std::int64_t in = phase < blocks.size() ? bytes_of(blocks[phase], job_.in) : 0;
            const std::int64_t out = phase >= 2 ? bytes_of(blocks[phase - 2], job_.out) : 0;
            read(in, in, out);
            if (phase >= 1 && phase <= blocks.size())
                start(blocks[phase - 1]);
            while (lanes_.busy() || l1_in_.busy() || l1_out_.busy() || dma_.busy())
                clock();
        }
        return counts_;
    }

  private:
    std::int64_t corelets() const
    {
        return machine_.cores * machine_.corelets;
    }

    bool fits(std::int64_t each) const
    {
        const std::int64_t elements = each * machine_.corelets;
        return 2 * (bytes_of(elements, job_.in) + bytes_of(elements, job_.out)) <= machine_.l1_size;
    }

    // As few as fit, and as even.
    std::vector<std::int64_t> all_blocks() const
    {
        const std::int64_t share = parts(job_.elements, corelets());
        std::int64_t n = 1;
        while (!fits(parts(share, n)))
            n++;
        const std::int64_t part = parts(share, n) * corelets();
        std::vector<std::int64_t> blocks;
        for (std::int64_t left = job_.elements; left > 0; left -= part)
            blocks.push_back(std::min(part, left));
        return blocks;
    }

    void start(std::int64_t elements)
    {
        const std::int64_t each = parts(elements, corelets());
        const std::int64_t in = bytes_of(machine_.corelets * each, job_.in);
        const std::int64_t out = bytes_of(machine_.corelets * each, job_.out);
        counts_.l1_read += machine_.cores * in;
        counts_.l1_write += machine_.cores * out;
        if (machine_.ideal)
            return;
        lanes_ = {each * job_.ops, machine_.sfu_lanes};
        l1_in_ = {in, machine_.l1_rate};
        l1_out_ = {out, machine_.l1_rate};
    }

    void clock()
    {
        const bool works = lanes_.busy(), moves = l1_in_.busy() || l1_out_.busy();
        const stall dram = dma_.busy() ? dma_.clock() : stall();
        lanes_.clock();
        l1_in_.clock();
        l1_out_.clock();
        charge(works ? stall() : moves ? stall(TS_STALL_L1) : dram);
    }

    const ts_elementwise_job &job_;
    flow lanes_, l1_in_, l1_out_;
};

} // namespace

ts_counts step_gemm(const ts_design &design, const ts_machine &machine, const ts_gemm_job &job)
{
    char error[512];
    ts_plan plan;
    if (!ts_plan_make(&machine, &job, &plan, error, sizeof error))
        throw std::invalid_argument(error);
    ts_counts counts = gemm_machine(design, machine, job, plan).run();
    counts.macs = job.shape.m * job.shape.n * job.shape.k;
    return counts;
}

ts_counts step_elementwise(const ts_machine &machine, const ts_elementwise_job &job)
{
    return elementwise_machine(machine, job).run();
}

} // namespace tessera
