// SPDX-License-Identifier: Apache-2.0
/// @file
/// The sequencer of a machine: which blocks, tiles and slices a job consists of, and which unit is
/// started when.
#pragma once

#include "machine/addresses.h"
#include "machine/counts.h"
#include "machine/unit.h"

#include <array>
#include <functional>
#include <vector>

namespace tessera
{

/// The units that a sequencer starts, innermost first: a cycle is charged to the first at work.
enum unit_index { UNIT_ARRAY, UNIT_PRELOAD, UNIT_FILL, UNIT_SFU, UNIT_DMA, UNIT_LINK, UNITS };

class sequencer : public sc_core::sc_module
{
  public:
    SC_HAS_PROCESS(sequencer);

    sc_core::sc_in<bool> clk_i{"clk_i"};
    std::array<sc_core::sc_in<bool>, UNITS> done_i;
    std::array<sc_core::sc_in<int>, UNITS> activity_i;
    std::array<sc_core::sc_out<bool>, UNITS> go_o;
    std::array<sc_core::sc_out<command>, UNITS> command_o;
    sc_core::sc_out<bool> busy_o{"busy_o"};  ///< a job is under way
    sc_core::sc_out<int> stall_o{"stall_o"}; ///< -1: busy, else enum ts_stall; while busy_o

    sequencer(sc_core::sc_module_name name, const ts_machine &machine);

    /// A job to begin with the next cycle; of a GEMM, cut to `plan`. None may be under way.
    void begin(const ts_gemm_job &job, const ts_plan &plan);
    void begin(const ts_elementwise_job &job);

    /// Tensors that the elementwise jobs to come read and write.
    void set_tensors(int inputs, int outputs)
    {
        inputs_ = inputs;
        outputs_ = outputs;
    }

    /// What a unit does with values in a machine in which it takes no time.
    std::array<std::function<void(const command &)>, UNITS> at_once;

    void inject(fault f)
    {
        addresses_.inject(f);
    }

    /// Bytes to be summed over all chips.
    void begin_allreduce(std::int64_t bytes);

    /// Whether the last job is over, and what it counted.
    bool over() const
    {
        return state_ == state::idle;
    }

    const ts_counts &counts() const
    {
        return counts_;
    }

  private:
    enum class state {
        idle,
        begin,
        dma,
        fill_first,
        lead_in,
        preload,
        slice,
        results,
        flush,
        send,
        link
    };

    void begin_blocks();
    void list_blocks();
    void list_parts();
    void list_slices(const block &b);

    void on_clock();
    void account();
    bool is_over(unit_index unit) const;
    bool slice_is_over() const;
    bool advance();
    bool advance_slice();
    bool start_phase();

    void start(unit_index unit, const command &c);
    void start_dma();
    void start_block(const block &b);
    void start_elements(const block &b);
    std::int64_t elements_of_corelet(const block &b) const;
    void start_fill(const slice *a, const slice *b);
    void start_preload(const slice &s);
    void start_slice();
    void start_array();
    void next_slice();
    void hand_over(const slice &tile);
    const slice *slice_at(std::size_t i) const;
    const block &here() const;

    const ts_machine machine_;
    address_generator addresses_;
    ts_gemm_job job_{};
    ts_plan plan_{};
    ts_elementwise_job elements_{};
    std::int64_t bytes_ = 0; ///< of an allreduce, by each chip
    bool elementwise_ = false;
    int inputs_ = 0, outputs_ = 0;
    std::int64_t row_bytes_ = 0, stationary_bytes_ = 0;

    state state_ = state::idle;
    std::vector<block> blocks_;
    std::vector<slice> slices_;
    std::size_t phase_ = 0, slice_ = 0;
    int tile_ = 0;                            ///< the result half of the next one
    const block *a_ = nullptr, *b_ = nullptr; ///< whose operands were read last
    std::array<bool, UNITS> starting_{};
    ts_counts counts_{};
};

} // namespace tessera
