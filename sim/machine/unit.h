// SPDX-License-Identifier: Apache-2.0
/// @file
/// A unit of a machine as a module: an engine under a clock.
#pragma once

#include "machine/engines.h"

#include <systemc>

namespace tessera
{

/// What a unit does with values, clock by clock.
template <class Engine> class worker
{
  public:
    worker() = default;
    worker(const worker &) = delete;
    worker &operator=(const worker &) = delete;
    virtual ~worker() = default;

    virtual void start(const command &c) = 0;

    /// A clock that an engine begins as `now` and ends as `next`; after its last one a clock in
    /// which it is idle.
    virtual void clock(const Engine &now, const Engine &next) = 0;
};

/// Started by go_i at a rising edge, it works from the cycle that begins there on. done_o: it is
/// idle or in its last cycle, so it can be started again at the next edge.
template <class Engine> class unit : public sc_core::sc_module
{
  public:
    SC_HAS_PROCESS(unit);

    sc_core::sc_in<bool> clk_i{"clk_i"};
    sc_core::sc_in<bool> go_i{"go_i"};
    sc_core::sc_in<command> command_i{"command_i"};
    sc_core::sc_out<bool> done_o{"done_o"};
    sc_core::sc_out<int> activity_o{"activity_o"}; ///< enum activity or ts_stall

    unit(sc_core::sc_module_name name, const ts_machine &machine)
        : sc_core::sc_module(name), engine_(machine)
    {
        done_o.initialize(true);
        activity_o.initialize(ACTIVITY_NONE);
        SC_METHOD(on_clock);
        sensitive << clk_i.pos();
        dont_initialize();
    }

    /// A worker that outlives the simulation.
    void attach(worker<Engine> &worker)
    {
        worker_ = &worker;
    }

  private:
    void on_clock()
    {
        if (go_i.read())
            start(command_i.read());
        else if (engine_.busy())
            engine_.clock();
        else
            return;
        Engine next = engine_;
        if (next.busy())
            next.clock();
        done_o.write(!next.busy());
        activity_o.write(engine_.activity());
        if (worker_)
            worker_->clock(engine_, next);
    }

    void start(const command &c)
    {
        engine_.start(c);
        if (worker_)
            worker_->start(c);
    }

    Engine engine_;
    worker<Engine> *worker_ = nullptr;
};

using dma_unit = unit<dma_engine>;
using link_unit = unit<link_engine>;
using fill_unit = unit<fill_engine>;
using sfu_unit = unit<sfu_engine>;
using preload_unit = unit<preload_engine>;
using array_unit = unit<array_engine>;

} // namespace tessera
