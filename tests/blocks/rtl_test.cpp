// SPDX-License-Identifier: Apache-2.0
// RTL = C: every output bit in exactly its cycle, in every configuration of the block.
#include "bench_options.h"
#include "cosim/golden.h"
#include "cosim/mismatch.h"
#include "cosim/stimulus.h"
#include "selected_bench.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <string>
#include <vector>

namespace
{

using tessera::block_bench;

constexpr std::uint64_t kVectors = 1'000'000;                     // of all configurations together
constexpr std::uint64_t kMostExhaustive = std::uint64_t{1} << 20; // spread over the inputs
constexpr std::uint64_t kCyclesBetweenResets = 99'991;
constexpr std::uint64_t kStuck = 1'000'000; // cycles without an output

// One configuration: what goes in, what is expected, how much has been compared.
class channel
{
  public:
    channel(int config, std::uint64_t seed, std::uint64_t goal)
        : config_(config), stimulus_(block_bench(), config, seed),
          golden_(block_bench().block, block_bench().configs[config].params), goal_(goal)
    {
        const std::int64_t *params = block_bench().configs[config].params;
        out_.resize(static_cast<std::size_t>(ts_block_words(&block_bench().block, TS_OUT, params)));
        for (int i = 0; i < block_bench().block.n_ports; i++) {
            const ts_port &port = block_bench().block.ports[i];
            if (port.dir == TS_OUT)
                out_bits_ += static_cast<std::uint64_t>(ts_port_bits(&port, params) *
                                                        ts_port_count(&port, params));
        }
        if (!tessera::option("TESSERA_VECTORS", 0))
            goal_ = std::max(goal_, std::min(stimulus_.exhaustive_operations(), kMostExhaustive));
    }

    void drive(tessera::rtl_block &rtl, bool reset)
    {
        bool valid = stimulus_.next(golden_.inputs());
        rtl.drive(config_, valid, golden_.inputs());
        golden_.step(reset, valid);
        driven_ += valid && !reset;
    }

    bool compare(const tessera::rtl_block &rtl)
    {
        const tessera::operation &due = golden_.due();
        got_valid_ = rtl.sample(config_, out_.data());
        compared_ += due.valid;
        return tessera::agree({"", due.valid, due.out.data()}, {"", got_valid_, out_.data()},
                              static_cast<int>(out_.size()));
    }

    void clock(bool reset)
    {
        golden_.clock(reset);
        if (reset)
            stimulus_.restart(compared_);
    }

    bool done() const
    {
        return vectors() >= goal_;
    }

    // Operations that were compared; where state gathers them until it comes out, all.
    std::uint64_t vectors() const
    {
        return block_bench().block.state_bytes ? driven_ : compared_;
    }

    std::uint64_t outputs() const
    {
        return compared_;
    }

    bool exhaustive() const
    {
        std::uint64_t all = stimulus_.exhaustive_operations();
        return all && compared_ >= all;
    }

    std::uint64_t bits() const
    {
        return compared_ * out_bits_;
    }

    std::string mismatch(std::uint64_t cycle) const
    {
        const tessera::operation &due = golden_.due();
        return tessera::describe_mismatch(block_bench(), config_, cycle, due.in.data(),
                                          {"C", due.valid, due.out.data()},
                                          {"RTL", got_valid_, out_.data()});
    }

  private:
    int config_;
    tessera::stimulus stimulus_;
    tessera::golden golden_;
    std::uint64_t goal_;
    std::uint64_t driven_ = 0;
    std::uint64_t compared_ = 0;
    std::uint64_t out_bits_ = 0;
    std::vector<std::uint64_t> out_;
    bool got_valid_ = false;
};

// When to reset: with operations under way, for one cycle, two, three, one, ...
class reset_schedule
{
  public:
    bool next()
    {
        if (wait_ == 0) {
            wait_ = kCyclesBetweenResets;
            length_ = 1 + count_++ % 3;
        }
        wait_--;
        bool reset = length_ > 0;
        length_ -= reset;
        return reset;
    }

    std::uint64_t count() const
    {
        return count_;
    }

  private:
    std::uint64_t wait_ = 0, length_ = 0, count_ = 0;
};

std::uint64_t total(const std::vector<channel> &channels, std::uint64_t (channel::*count)() const)
{
    std::uint64_t sum = 0;
    for (const channel &channel : channels)
        sum += (channel.*count)();
    return sum;
}

TEST(Rtl, EqualsC)
{
    std::uint64_t seed = tessera::seed_option();
    std::uint64_t n = static_cast<std::uint64_t>(block_bench().n_configs);
    std::uint64_t goal = (tessera::option("TESSERA_VECTORS", kVectors) + n - 1) / n;
    std::vector<channel> channels;
    for (int i = 0; i < block_bench().n_configs; i++)
        channels.emplace_back(i, seed, goal);
    std::unique_ptr<tessera::rtl_block> rtl = block_bench().make_rtl();

    reset_schedule resets;
    std::uint64_t cycle = 0, watched = 0;
    for (bool done = false; !done; cycle++) {
        bool reset = resets.next();
        rtl->reset(reset);
        for (channel &channel : channels)
            if (!channel.done())
                channel.drive(*rtl, reset);
        rtl->clock();

        done = true;
        for (channel &channel : channels) {
            if (channel.done())
                continue;
            // Before the first reset the outputs are unknown.
            if (cycle > 0 && !channel.compare(*rtl))
                FAIL() << "RTL differs from C: " << channel.mismatch(cycle) << "seed " << seed;
            channel.clock(reset);
            done = done && channel.done();
        }
        if (cycle % kStuck == kStuck - 1) {
            std::uint64_t outputs = total(channels, &channel::outputs);
            ASSERT_GT(outputs, watched) << "no output, at cycle " << cycle;
            watched = outputs;
        }
    }

    std::string exhaustive;
    for (int i = 0; i < block_bench().n_configs; i++)
        if (channels[static_cast<std::size_t>(i)].exhaustive())
            exhaustive += std::string(" ") + block_bench().configs[i].label;
    std::printf("%s: RTL = C in %d configurations, %" PRIu64 " vectors, %" PRIu64
                " outputs of %" PRIu64 " bits together, %" PRIu64 " cycles, %" PRIu64
                " resets, seed %" PRIu64 "\n",
                block_bench().block.name, block_bench().n_configs,
                total(channels, &channel::vectors), total(channels, &channel::outputs),
                total(channels, &channel::bits), cycle, resets.count(), seed);
    if (!exhaustive.empty())
        std::printf("  of these, every input in:%s\n", exhaustive.c_str());
}

} // namespace
