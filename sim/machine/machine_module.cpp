// SPDX-License-Identifier: Apache-2.0
// The wires of a machine, and simulations of machines one beside the other.
#include "machine/machine_module.h"

#include "systemc/context.h"

namespace tessera
{

namespace
{

const char *const unit_names[UNITS] = {"array", "preload", "fill", "sfu", "dma", "link"};

} // namespace

datapath::datapath(const ts_machine &machine)
    : parts(machine), dma(parts), fill(parts), preload(parts), array(parts), sfu(parts, machine),
      elements(parts), corelets(machine.corelets)
{
}

void datapath::begin(const ts_gemm_values &values, const ts_parts &job_parts)
{
    const ts_gemm &g = *values.gemm;
    parts.begin(job_parts);
    for (const auto &core : parts.cores)
        for (const auto &corelet : core->corelets)
            corelet->array.begin(g);
    fill.begin(values);
    const auto dy = fill.dy();
    for (std::int64_t m = 0; m < g.a->vectors; m++)
        for (std::int64_t k = 0; k < g.a->k; k++) {
            const std::int64_t at = m * g.a->k + k;
            parts.dram[OPERAND_A].write(
                0, at, dy == OPERAND_A ? values.dy[at] : ts_packed_code(g.a, m, k));
        }
    for (std::int64_t k = 0; k < g.b->k; k++)
        for (std::int64_t n = 0; n < g.b->vectors; n++) {
            const std::int64_t at = k * g.b->vectors + n;
            parts.dram[OPERAND_B].write(
                0, at, dy == OPERAND_B ? values.dy[at] : ts_packed_code(g.b, n, k));
        }
    sfu.begin(*ts_gemm_result(&g), values.factor);
}

void datapath::end(const ts_gemm_values &values)
{
    const std::int64_t n = values.gemm->a->vectors * values.gemm->b->vectors;
    for (std::int64_t i = 0; i < n; i++)
        values.c[i] = parts.dram[OPERAND_C].read(0, i);
}

// All corelets share out one row of elements.
void datapath::begin(const ts_elementwise_values &values, const ts_elementwise_job &job)
{
    const auto cores = static_cast<std::int64_t>(parts.cores.size());
    parts.begin({1, cores * corelets, 1, corelets});
    for (int i = 0; i < ts_special_inputs(values.special); i++) {
        const auto operand = static_cast<operand_index>(OPERAND_A + i);
        for (std::int64_t e = 0; e < job.elements; e++)
            parts.dram[operand].write(0, e, values.in[i][e]);
    }
    elements.begin(values, job.elements);
}

void datapath::end(ts_elementwise_values &values, const ts_elementwise_job &job)
{
    for (int i = 0; i < ts_special_outputs(values.special); i++) {
        const auto operand = static_cast<operand_index>(OPERAND_C + i);
        for (std::int64_t e = 0; e < job.elements; e++)
            values.out[i][e] = parts.dram[operand].read(0, e);
    }
    elements.end(values);
}

machine_module::machine_module(sc_core::sc_module_name name, const ts_machine &machine,
                               contents contents)
    : sc_core::sc_module(name), sequencer_("sequencer", machine),
      array_(unit_names[UNIT_ARRAY], machine), preload_(unit_names[UNIT_PRELOAD], machine),
      fill_(unit_names[UNIT_FILL], machine), sfu_(unit_names[UNIT_SFU], machine),
      dma_(unit_names[UNIT_DMA], machine), link_(unit_names[UNIT_LINK], machine)
{
    sequencer_.clk_i(clk_);
    sequencer_.busy_o(busy_);
    sequencer_.stall_o(stall_);
    wire(array_, UNIT_ARRAY);
    wire(preload_, UNIT_PRELOAD);
    wire(fill_, UNIT_FILL);
    wire(sfu_, UNIT_SFU);
    wire(dma_, UNIT_DMA);
    wire(link_, UNIT_LINK);
    if (contents == contents::values) {
        datapath_ = std::make_unique<datapath>(machine);
        attach();
        SC_METHOD(on_end_of_cycle);
        sensitive << clk_.posedge_event();
        dont_initialize();
    }
}

void machine_module::on_end_of_cycle()
{
    if (observer)
        observer();
}

unit_ports machine_module::ports(unit_index index) const
{
    const auto u = static_cast<std::size_t>(index);
    return {go_[u].read(), done_[u].read(), command_[u].read(), activity_[u].read()};
}

void machine_module::attach()
{
    datapath &d = *datapath_;
    array_.attach(d.array);
    preload_.attach(d.preload);
    fill_.attach(d.fill);
    dma_.attach(d.dma);
    sequencer_.at_once[UNIT_FILL] = [&d](const command &c) { d.fill.at_once(c); };
    sequencer_.at_once[UNIT_DMA] = [&d](const command &c) { d.dma.at_once(c); };
}

void machine_module::select_results()
{
    sfu_worker &sfu = datapath_->sfu;
    sfu_.attach(sfu);
    sequencer_.at_once[UNIT_SFU] = [&sfu](const command &c) { sfu.at_once(c); };
}

void machine_module::select_elements()
{
    elements_worker &elements = datapath_->elements;
    sfu_.attach(elements);
    sequencer_.at_once[UNIT_SFU] = [&elements](const command &c) { elements.at_once(c); };
}

template <class Unit> void machine_module::wire(Unit &unit, unit_index index)
{
    const auto u = static_cast<std::size_t>(index);
    unit.clk_i(clk_);
    unit.go_i(go_[u]);
    unit.command_i(command_[u]);
    unit.done_o(done_[u]);
    unit.activity_o(activity_[u]);
    sequencer_.go_o[u](go_[u]);
    sequencer_.command_o[u](command_[u]);
    sequencer_.done_i[u](done_[u]);
    sequencer_.activity_i[u](activity_[u]);
}

void machine_module::trace(sc_core::sc_trace_file *file) const
{
    const std::string top = name();
    sc_core::sc_trace(file, clk_, top + ".clk");
    sc_core::sc_trace(file, busy_, top + ".busy");
    sc_core::sc_trace(file, stall_, top + ".stall");
    for (std::size_t u = 0; u < UNITS; u++) {
        const std::string unit = top + "." + unit_names[u] + ".";
        sc_core::sc_trace(file, go_[u], unit + "go_i");
        sc_core::sc_trace(file, command_[u], unit + "command_i");
        sc_core::sc_trace(file, done_[u], unit + "done_o");
        sc_core::sc_trace(file, activity_[u], unit + "activity_o");
    }
    if (datapath_)
        datapath_->parts.trace(file);
}

void machine_module::run()
{
    while (!sequencer_.over())
        sc_core::sc_start(); // until the sequencer pauses it
}

machine_simulation::machine_simulation(const ts_machine &machine, contents contents)
    : context_(std::make_unique<sc_core::sc_simcontext>())
{
    in_context here(context_.get());
    machine_ = std::make_unique<machine_module>("machine", machine, contents);
}

machine_simulation::~machine_simulation()
{
    in_context here(context_.get());
    if (file_)
        sc_core::sc_close_vcd_trace_file(file_);
    machine_.reset();
}

void machine_simulation::trace(const char *path)
{
    in_context here(context_.get());
    // SystemC would tell of the file's unit of time.
    sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
    file_ = sc_core::sc_create_vcd_trace_file(path);
    machine_->trace(file_);
}

ts_counts machine_simulation::run(const ts_gemm_job &job, const ts_plan &plan)
{
    in_context here(context_.get());
    machine_->control().begin(job, plan);
    return finish();
}

ts_counts machine_simulation::run(const ts_gemm_job &job, const ts_plan &plan,
                                  const ts_gemm_values &values)
{
    in_context here(context_.get());
    machine_->values().begin(values, plan.parts);
    machine_->select_results();
    machine_->control().begin(job, plan);
    const ts_counts counts = finish();
    machine_->values().end(values);
    return counts;
}

ts_counts machine_simulation::run(const ts_elementwise_job &job)
{
    in_context here(context_.get());
    machine_->control().begin(job);
    return finish();
}

ts_counts machine_simulation::run(const ts_elementwise_job &job, ts_elementwise_values &values)
{
    in_context here(context_.get());
    machine_->values().begin(values, job);
    machine_->select_elements();
    machine_->control().set_tensors(ts_special_inputs(values.special),
                                    ts_special_outputs(values.special));
    machine_->control().begin(job);
    const ts_counts counts = finish();
    machine_->values().end(values, job);
    return counts;
}

ts_counts machine_simulation::run_allreduce(std::int64_t bytes)
{
    in_context here(context_.get());
    machine_->control().begin_allreduce(bytes);
    return finish();
}

ts_counts machine_simulation::finish()
{
    machine_->run();
    return machine_->control().counts();
}

} // namespace tessera
