// SPDX-License-Identifier: Apache-2.0
/// @file
/// A whole machine in SystemC: its sequencer and its units, wired. It counts cycles, stalls and
/// bytes, with values in it or without.
#pragma once

#include "machine/sequencer.h"
#include "machine/values.h"
#include "machine/workers.h"

#include <memory>

namespace tessera
{

/// What of a machine is there with values only.
struct datapath {
    explicit datapath(const ts_machine &machine);

    /// Operands go to DRAM; or results come from there.
    void begin(const ts_gemm_values &values, const ts_parts &parts);
    void end(const ts_gemm_values &values);

    /// The same of tensors.
    void begin(const ts_elementwise_values &values, const ts_elementwise_job &job);
    void end(ts_elementwise_values &values, const ts_elementwise_job &job);

    chip parts;
    dma_worker dma;
    fill_worker fill;
    preload_worker preload;
    array_worker array;
    sfu_worker sfu;
    elements_worker elements;
    const std::int64_t corelets; ///< of a core
};

/// What the ports of a unit show.
struct unit_ports {
    bool go, done;
    command started_with;
    int activity;
};

enum class contents { none, values };

/// A machine with a clock of its own, of one nanosecond a cycle.
class machine_module : public sc_core::sc_module
{
  public:
    SC_HAS_PROCESS(machine_module);

    machine_module(sc_core::sc_module_name name, const ts_machine &machine, contents contents);

    /// Of a machine with values: called at the end of each cycle, while ports show what it was.
    std::function<void()> observer;

    unit_ports ports(unit_index index) const;

    /// Adds all that can be probed to a waveform.
    void trace(sc_core::sc_trace_file *file) const override;

    sequencer &control()
    {
        return sequencer_;
    }

    /// Of a machine with values.
    datapath &values()
    {
        return *datapath_;
    }

    /// Which of both the jobs to come are, in a machine with values.
    void select_results();
    void select_elements();

    /// Cycles until its job is over.
    void run();

  private:
    template <class Unit> void wire(Unit &unit, unit_index index);
    void attach();
    void on_end_of_cycle();

    sc_core::sc_clock clk_{"clk", 1, sc_core::SC_NS};
    sc_core::sc_signal<bool> busy_;
    sc_core::sc_signal<int> stall_;
    std::array<sc_core::sc_signal<bool>, UNITS> go_, done_;
    std::array<sc_core::sc_signal<command>, UNITS> command_;
    std::array<sc_core::sc_signal<int>, UNITS> activity_;
    sequencer sequencer_;
    array_unit array_;
    preload_unit preload_;
    fill_unit fill_;
    sfu_unit sfu_;
    dma_unit dma_;
    link_unit link_;
    std::unique_ptr<datapath> datapath_;
};

/// A machine that jobs are run on, as a simulation of its own beside others.
class machine_simulation
{
  public:
    explicit machine_simulation(const ts_machine &machine, contents contents = contents::none);
    ~machine_simulation();
    machine_simulation(const machine_simulation &) = delete;
    machine_simulation &operator=(const machine_simulation &) = delete;

    /// Writes PATH.vcd from now on.
    void trace(const char *path);

    ts_counts run(const ts_gemm_job &job, const ts_plan &plan);
    ts_counts run(const ts_elementwise_job &job);

    /// In a machine with values, which must pass ts_gemm_values_check().
    ts_counts run(const ts_gemm_job &job, const ts_plan &plan, const ts_gemm_values &values);

    /// The same; what statistics find goes to `values`.
    ts_counts run(const ts_elementwise_job &job, ts_elementwise_values &values);

    machine_module &machine()
    {
        return *machine_;
    }

    /// The sum of so many bytes over all chips.
    ts_counts run_allreduce(std::int64_t bytes);

  private:
    ts_counts finish();

    std::unique_ptr<sc_core::sc_simcontext> context_;
    std::unique_ptr<machine_module> machine_;
    sc_core::sc_trace_file *file_ = nullptr;
};

} // namespace tessera
