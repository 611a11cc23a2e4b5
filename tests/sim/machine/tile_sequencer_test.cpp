// SPDX-License-Identifier: Apache-2.0
// The block tile_sequencer beside the machine's sequencer: what corelet 0 does, in every cycle.
#include "block_model.h"
#include "values_of.h"

#include "machine/machine_module.h"

#include <array>
#include <string>
#include <vector>

extern "C" const struct ts_block ts_block_tile_sequencer;

namespace
{

using namespace random_machine;
using tessera::command;
using tessera::machine_simulation;
using tessera::OPERAND_A;
using tessera::OPERAND_B;
using tessera::OPERAND_C;
using tessera::unit_ports;

// Both, from cycle to cycle.
class beside
{
  public:
    beside(const pair &p, std::int64_t chunk, const std::int64_t *params,
           tessera::machine_module &machine)
        : p_(p), chunk_(chunk), machine_(machine), model_(ts_block_tile_sequencer, params)
    {
        const ts_mnk all = p.job.shape, part = {p.plan.block.m * p.plan.parts.m,
                                                p.plan.block.n * p.plan.parts.n, p.plan.block.k};
        for (std::int64_t n = 0; n < all.n; n += part.n)
            for (std::int64_t m = 0; m < all.m; m += part.m)
                for (std::int64_t k = 0; k < all.k; k += part.k)
                    blocks_.push_back({{m, n, k},
                                       {std::min(part.m, all.m - m), std::min(part.n, all.n - n),
                                        std::min(part.k, all.k - k)},
                                       k + part.k >= all.k,
                                       {}});
    }

    // A cycle that ends: what was started for it, and what begins with the next one.
    void cycle()
    {
        if (testing::Test::HasFailure())
            return;
        const unit_ports array = machine_.ports(tessera::UNIT_ARRAY);
        const unit_ports preload = machine_.ports(tessera::UNIT_PRELOAD);
        const unit_ports fill = machine_.ports(tessera::UNIT_FILL);
        const unit_ports sfu = machine_.ports(tessera::UNIT_SFU);
        cycles_++;
        SCOPED_TRACE("cycle " + std::to_string(cycles_));
        expect_activity(array, preload);

        // No fill is empty, so the first one after a block's last is the next block's.
        if (fill.go && fills_left_ == 0)
            give_block();
        model_.set("done", {fill.done, sfu.done});
        busy_ = model_.clock(waits_);
        waits_ = waits_ && !model_.get("begin");
        EXPECT_FALSE(waits_);
        fills_left_ -= fill.go;
        expect_fill(fill);
        expect_results(sfu);
        if (array.go || preload.go)
            slice_ = (array.go ? array : preload).started_with;
        if (preload.go)
            loads_ = p_.machine.rows;
        if (array.go) {
            EXPECT_EQ(loads_, 0);
            entries_ = 0;
        }
    }

    long blocks() const
    {
        return next_;
    }

    bool over() const
    {
        return !busy_ && blocks_.size() == static_cast<std::size_t>(next_);
    }

  private:
    void give_block()
    {
        ASSERT_LT(static_cast<std::size_t>(next_), blocks_.size());
        const tessera::block &b = blocks_[static_cast<std::size_t>(next_++)];
        const ts_machine &m = p_.machine;
        const ts_mnk tile = p_.plan.tile;
        const std::int64_t rows = ceiling(b.size.m, p_.plan.parts.m);
        const std::int64_t columns = ceiling(b.size.n, p_.plan.parts.n);
        const std::int64_t core_columns = p_.plan.parts.core_n * columns;
        fills_left_ = ceiling(rows, tile.m) * ceiling(columns, tile.n) * ceiling(b.size.k, tile.k);
        const std::int64_t a = ceiling(m.rows * m.lanes * p_.job.a.bits, 8);
        const std::int64_t stationary = ceiling(m.columns * m.lanes * p_.job.b.bits, 8);
        const std::int64_t step = std::max(m.add, ceiling(m.add * a + stationary, m.l0_rate));
        model_.set("size",
                   {rows, columns, b.size.k, m.output_stationary ? tile.k : tile.m, b.at.k});
        model_.set("stride", {tile.m * b.size.k, tile.k * core_columns, tile.m * core_columns});
        model_.set("cycles", {ceiling(stationary, m.l0_rate),
                              m.output_stationary ? step : ceiling(a, m.l0_rate)});
        model_.set("ends", {b.yields});
        waits_ = true;
    }

    void expect_activity(const unit_ports &array, const unit_ports &preload)
    {
        enum { NONE, BUSY, PRELOAD, L0, SKEW, DRAIN };
        const int expected = array.activity == TS_STALL_SKEW            ? SKEW
                             : array.activity == TS_STALL_DRAIN         ? DRAIN
                             : array.activity == TS_STALL_L0            ? L0
                             : array.activity == tessera::ACTIVITY_BUSY ? BUSY
                             : preload.activity == TS_STALL_PRELOAD     ? PRELOAD
                                                                        : NONE;
        EXPECT_EQ(model_.get("activity"), expected);
        EXPECT_EQ(model_.get("enter"), expected == BUSY);
        if (expected != NONE) {
            EXPECT_EQ(model_.get("half"), slice_.moves[OPERAND_A].from.half);
            EXPECT_EQ(model_.get("half", 2), slice_.moves[OPERAND_C].to.half);
        }
        if (model_.get("load"))
            expect_load();
        if (expected == BUSY)
            expect_entry();
        if (!p_.machine.output_stationary && expected > NONE && expected != PRELOAD)
            expect_control(slice_.k, p_.machine.rows * p_.machine.lanes, slice_.ends, slice_.ends);
    }

    void expect_load()
    {
        const tessera::window &b = slice_.moves[OPERAND_B].from;
        ASSERT_GT(loads_, 0);
        EXPECT_EQ(model_.get("l0_at", 1), b.first + --loads_ * p_.machine.lanes * b.row);
    }

    void expect_entry()
    {
        const tessera::window &a = slice_.moves[OPERAND_A].from, &b = slice_.moves[OPERAND_B].from;
        const ts_machine &m = p_.machine;
        const std::int64_t group = machine_.values().parts.cores[0]->corelets[0]->array.group_o;
        EXPECT_TRUE(machine_.values().parts.cores[0]->corelets[0]->array.enter_o);
        if (!m.output_stationary) {
            EXPECT_EQ(group, entries_++);
            EXPECT_EQ(model_.get("l0_at"), a.first + group * a.row);
            return;
        }
        const std::int64_t entry = entries_++ % m.add, k = group * m.lanes;
        const bool last = slice_.ends && k + m.lanes >= slice_.moves[OPERAND_A].columns;
        const std::int64_t row = (cycles_ - 1) % m.add; // in turn since the reset
        EXPECT_EQ(model_.get("l0_at"), a.first + row * a.row + k);
        EXPECT_EQ(model_.get("l0_at", 1), b.first + k * b.row);
        expect_control(slice_.k + k, m.lanes, last, last && entry == m.add - 1);
    }

    void expect_control(std::int64_t k, std::int64_t step, bool ends, bool last)
    {
        EXPECT_EQ(model_.get("control", 0), k % chunk_ != 0);
        EXPECT_EQ(model_.get("control", 1), ends || (k + step) % chunk_ == 0);
        EXPECT_EQ(model_.get("control", 2), k < chunk_);
        EXPECT_EQ(model_.get("control", 3), last);
    }

    void expect_fill(const unit_ports &fill)
    {
        ASSERT_EQ(model_.get("fill"), fill.go);
        if (!fill.go)
            return;
        const tessera::move &a = fill.started_with.moves[OPERAND_A];
        const tessera::move &b = fill.started_with.moves[OPERAND_B];
        EXPECT_EQ(model_.get("fill_at", 0), a.from.first);
        EXPECT_EQ(model_.get("fill_at", 1), b.from.first);
        EXPECT_EQ(model_.get("fill_size", 0), a.rows);
        EXPECT_EQ(model_.get("fill_size", 1), b.columns);
        EXPECT_EQ(model_.get("fill_size", 2), a.columns);
        EXPECT_EQ(model_.get("half", 1), a.to.half);
    }

    void expect_results(const unit_ports &sfu)
    {
        ASSERT_EQ(model_.get("sfu"), sfu.go);
        if (!sfu.go)
            return;
        const tessera::move &c = sfu.started_with.moves[OPERAND_C];
        EXPECT_EQ(model_.get("sfu_at"), c.to.first);
        EXPECT_EQ(model_.get("sfu_size", 0), c.rows);
        EXPECT_EQ(model_.get("sfu_size", 1), c.columns);
        EXPECT_NE(model_.get("half", 2), c.from.half);
    }

    const pair &p_;
    const std::int64_t chunk_;
    tessera::machine_module &machine_;
    block_model model_;
    std::vector<tessera::block> blocks_;
    command slice_{};
    std::int64_t cycles_ = 0, fills_left_ = 0, loads_ = 0, entries_ = 0;
    long next_ = 0;
    bool waits_ = false, busy_ = false;
};

// The block's parameters of such a machine; false if it cannot have them.
bool block_params(const pair &p, std::int64_t chunk, std::int64_t *params)
{
    const ts_design &d = p.design;
    ts_block_presets(&ts_block_tile_sequencer, params);
    const auto set = [&](const char *name, std::int64_t value) {
        params[ts_block_param(&ts_block_tile_sequencer, name)] = value;
    };
    set("Rows", d.array.rows);
    set("Cols", d.array.cols);
    set("Simd", d.array.simd);
    set("Lanes", p.machine.lanes);
    set("Chunk", chunk);
    set("Stationary", p.machine.output_stationary);
    set("DotStages", d.stages.dot);
    set("AccStages", d.stages.acc);
    set("OuterStages", d.stages.outer);
    return !ts_block_check(&ts_block_tile_sequencer, params);
}

TEST(TileSequencer, IsTheMachinesSequencer)
{
    random_source random(61);
    long output = 0, several_blocks = 0, cut = 0;
    for (int i = 0; i < 200 && !HasFailure();) {
        pair p;
        if (!make_pair(random, p) || p.machine.ideal || p.machine.overlapped ||
            p.design.dataflow.drain == TS_DRAIN_IDEAL)
            continue;
        const random_gemm g(random, p.machine, p.job.shape);
        std::int64_t params[TS_MAX_PARAMS];
        if (!block_params(p, g.gemm.chunk, params))
            continue;
        i++;
        SCOPED_TRACE("pair " + std::to_string(i));
        machine_simulation simulation(p.machine, tessera::contents::values);
        beside both(p, g.gemm.chunk, params, simulation.machine());
        simulation.machine().observer = [&] { both.cycle(); };
        EXPECT_EQ(run(p, g, simulation), g.golden());
        EXPECT_TRUE(both.over());
        output += p.machine.output_stationary;
        several_blocks += both.blocks() > 1;
        cut += p.plan.block.k < p.job.shape.k;
    }
    EXPECT_GT(output, 30);
    EXPECT_GT(several_blocks, 30);
    EXPECT_GT(cut, 10);
}

} // namespace
