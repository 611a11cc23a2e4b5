// SPDX-License-Identifier: Apache-2.0
// Operations from the stimulus of the block's own tests, and when their results are due.
#include "netlist/vectors.h"

#include "cosim/stimulus.h"

#include <algorithm>
#include <cstring>

namespace tessera
{

namespace
{

/// A block whose operations begin one a cycle.
class operations : public vectors
{
  public:
    operations(const bench &bench, std::uint64_t seed);

  private:
    /// Elements of a port that count in one cycle, so many after the operation has begun.
    struct late_elements {
        layout::port port;
        std::size_t delay;
        int first, count;
        std::size_t word; ///< of the first one
    };

    void fill(std::size_t cycles) override;
    void begin(std::size_t cycle, bool reset);
    void end(std::size_t cycle, bool yields);
    std::vector<late_elements> late(const layout &layout) const;

    stimulus stimulus_;
    std::size_t latency_;
    std::vector<late_elements> late_in_, late_out_;
    std::vector<std::uint64_t> in_, out_;
    std::vector<std::byte> state_;
};

std::size_t words(const ts_block &block, ts_port_dir dir, const std::int64_t *params)
{
    return static_cast<std::size_t>(ts_block_words(&block, dir, params));
}

operations::operations(const bench &bench, std::uint64_t seed)
    : vectors(bench), stimulus_(bench, 0, seed),
      latency_(static_cast<std::size_t>(block_.latency(params_))), late_in_(late(inputs())),
      late_out_(late(outputs())), in_(words(block_, TS_IN, params_)),
      out_(words(block_, TS_OUT, params_)),
      state_(block_.state_bytes ? block_.state_bytes(params_) : 0)
{
}

std::vector<operations::late_elements> operations::late(const layout &layout) const
{
    std::vector<late_elements> all;
    std::size_t word = 0;
    for (const layout::port &port : layout.ports()) {
        for (int i = 0; i < port.count; i++, word++) {
            auto delay = static_cast<std::size_t>(
                ts_port_cycle(port.description, params_, i, static_cast<int>(latency_)));
            if (i > 0 && all.back().delay == delay)
                all.back().count++;
            else
                all.push_back({port, delay, i, 1, word});
        }
    }
    return all;
}

void operations::fill(std::size_t cycles)
{
    std::uint64_t resets = 1 + batches_ % 3;
    if (!state_.empty())
        block_.reset(params_, state_.data());
    // Operations still under way at the end of the batch before are lost.
    stimulus_.restart(stimulus_.exhaustive_operations() ? count_ : 0);
    for (std::size_t i = 0; i < cycles; i++)
        add_cycle();
    for (std::size_t i = 0; i < cycles; i++)
        begin(i, i < resets);
    // Nothing is due before the first operation's result: the reset has stopped all others.
    for (std::size_t i = 0; i < latency_; i++)
        expect_valid(i, false);
}

void operations::begin(std::size_t cycle, bool reset)
{
    bool valid = stimulus_.next(in_.data());
    set_control(cycle, reset, valid);
    for (const late_elements &each : late_in_)
        set_input(cycle + each.delay, each.port, each.first, each.count, in_.data() + each.word);
    // Registers without reset take their operands in any case.
    bool has_state = !state_.empty();
    bool steps = has_state ? !reset || block_.own_timing : valid;
    bool yields = steps && block_.step(params_, has_state ? state_.data() : nullptr, valid,
                                       in_.data(), out_.data());
    yields = yields && (!reset || latency_ == 0);
    bool in_time = cycle + latency_ < batch_.cycles;
    count_ += in_time && (has_state ? valid && !reset : yields);
    end(cycle, yields);
}

void operations::end(std::size_t cycle, bool yields)
{
    expect_valid(cycle + latency_, yields);
    for (const late_elements &each : late_out_)
        if (yields || each.port.description->always)
            expect(cycle + each.delay, each.port, each.first, each.count, out_.data() + each.word);
}

} // namespace

vectors::vectors(const bench &bench)
    : block_(bench.block), params_(bench.configs[0].params), in_(block_, params_, TS_IN),
      out_(block_, params_, TS_OUT)
{
}

const batch &vectors::next(std::size_t cycles)
{
    batch_.cycles = 0;
    batch_.in.clear();
    batch_.expected.clear();
    batch_.mask.clear();
    fill(cycles);
    batches_++;
    // What the first cycle shows is from before the reset.
    std::fill_n(batch_.mask.begin(), out_.words(), 0);
    return batch_;
}

void vectors::add_cycle()
{
    batch_.cycles++;
    batch_.in.resize(batch_.cycles * in_.words());
    batch_.expected.resize(batch_.cycles * out_.words());
    batch_.mask.resize(batch_.expected.size());
}

void vectors::set_control(std::size_t cycle, bool reset, bool valid)
{
    std::uint32_t *words = &batch_.in[cycle * in_.words()];
    put_bits(words, layout::kReset, 1, reset);
    put_bits(words, layout::kValidIn, 1, valid);
}

void vectors::set_input(std::size_t cycle, const layout::port &port, int first, int count,
                        const std::uint64_t *elements)
{
    if (cycle >= batch_.cycles)
        return;
    std::uint32_t *words = &batch_.in[cycle * in_.words()];
    for (int i = 0; i < count; i++)
        put_bits(words, port.first + (first + i) * port.width, port.width, elements[i]);
}

void vectors::expect_valid(std::size_t cycle, bool valid)
{
    if (cycle >= batch_.cycles)
        return;
    put_bits(&batch_.expected[cycle * out_.words()], layout::kValidOut, 1, valid);
    put_bits(&batch_.mask[cycle * out_.words()], layout::kValidOut, 1, 1);
}

void vectors::expect(std::size_t cycle, const layout::port &port, int first, int count,
                     const std::uint64_t *elements)
{
    if (cycle >= batch_.cycles)
        return;
    for (int i = 0; i < count; i++) {
        int bit = port.first + (first + i) * port.width;
        put_bits(&batch_.expected[cycle * out_.words()], bit, port.width, elements[i]);
        put_bits(&batch_.mask[cycle * out_.words()], bit, port.width, ~std::uint64_t{0});
    }
}

std::unique_ptr<vectors> make_vectors(const bench &bench, std::uint64_t seed)
{
    if (std::strcmp(bench.block.name, "mac_array") == 0)
        return make_array_vectors(bench, seed);
    return std::make_unique<operations>(bench, seed);
}

} // namespace tessera
