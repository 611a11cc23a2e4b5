// SPDX-License-Identifier: Apache-2.0
// Every block through DPI as through its descriptor: at once, and clock by clock.
#include "tessera/dpi.h"
#include "tessera/block.h"
#include "tessera/vectors.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <string>
#include <vector>

#ifndef __SANITIZE_ADDRESS__
// So many more calls succeed; below zero, all do.
static int calls_until_failure = -1;

// The program's, and so the library's. Of malloc() and memset() the compiler would make calloc().
extern "C" void *calloc(std::size_t n, std::size_t size) noexcept
{
    constexpr std::size_t kAlign = alignof(std::max_align_t);
    if (calls_until_failure >= 0 && calls_until_failure-- == 0)
        return nullptr;
    std::size_t bytes = (n * size + kAlign - 1) / kAlign * kAlign;
    void *memory = std::aligned_alloc(kAlign, bytes);
    return memory ? std::memset(memory, 0, bytes) : nullptr;
}
#endif

namespace
{

using words = std::vector<std::uint64_t>;

constexpr int kSteps = 300;

// A block twice: behind a handle, and stepped by itself.
class pair_of_bodies
{
  public:
    explicit pair_of_bodies(const ts_block &block) : block_(block)
    {
        ts_block_presets(&block, params_);
        handle_ = tessera_open(block.name, "");
        in_.resize(size(TS_IN));
        out_.resize(size(TS_OUT));
        if (block.state_bytes) {
            state_.resize(block.state_bytes(params_));
            block.reset(params_, state_.data());
        }
        for (int i = 0; i < block.n_ports; i++) {
            const ts_port &port = block.ports[i];
            for (int n = 0; n < ts_port_count(&port, params_); n++) {
                int cycle = ts_port_cycle(&port, params_, n, latency());
                (port.dir == TS_IN ? in_cycles_ : out_cycles_).push_back(cycle);
                if (port.dir == TS_OUT)
                    always_.push_back(port.always);
            }
        }
    }

    ~pair_of_bodies()
    {
        tessera_close(handle_);
    }

    pair_of_bodies(const pair_of_bodies &) = delete;
    pair_of_bodies &operator=(const pair_of_bodies &) = delete;

    void *handle() const
    {
        return handle_;
    }

    int latency() const
    {
        return block_.latency(params_);
    }

    // Clocks that an operation takes, from valid_i to any port.
    std::size_t longest() const
    {
        int last = std::max(latency(), *std::max_element(in_cycles_.begin(), in_cycles_.end()));
        last = std::max(last, *std::max_element(out_cycles_.begin(), out_cycles_.end()));
        return static_cast<std::size_t>(last) + 1;
    }

    void reset()
    {
        clock_ = 0;
        if (block_.state_bytes)
            block_.reset(params_, state_.data());
    }

    // Legal inputs, to both; returns whether the operation is valid. Sequences that end begin anew.
    bool draw()
    {
        ts_random_inputs(&random_, &block_, params_, in_.data());
        bool valid = ts_random_next(&random_) % 4 != 0;
        if (block_.protocol) {
            ts_clock kind = block_.protocol(params_, sequence_, clock_, valid, in_.data());
            if (kind == TS_CLOCK_END) {
                reset();
                tessera_reset(handle_);
                kind = block_.protocol(params_, ++sequence_, clock_, valid, in_.data());
            }
            valid = kind == TS_CLOCK_VALID;
        }
        clock_++;
        drawn_.push_front(in_);
        drawn_.resize(longest());
        return valid;
    }

    // The inputs last drawn, at once, or each in its cycle.
    void put(bool at_once) const
    {
        words now = drawn_.front();
        for (std::size_t i = 0; i < now.size() && !at_once; i++)
            if (int cycle = in_cycles_[i])
                now[i] = drawn_[static_cast<std::size_t>(cycle)].empty()
                             ? 0
                             : drawn_[static_cast<std::size_t>(cycle)][i];
        for (int i = 0; i < block_.n_ports; i++)
            if (block_.ports[i].dir == TS_IN)
                put(i, now);
    }

    // Whether an output word counts with valid_o alone, and the cycle in which it does.
    bool always(std::size_t word) const
    {
        return always_[word];
    }

    int cycle(std::size_t word) const
    {
        return out_cycles_[word];
    }

    bool step(bool valid)
    {
        if (!valid && !block_.state_bytes)
            return false;
        return block_.step(params_, state_.data(), valid, in_.data(), out_.data());
    }

    const words &out() const
    {
        return out_;
    }

    words got() const
    {
        words all;
        for (int i = 0; i < block_.n_ports; i++)
            if (block_.ports[i].dir == TS_OUT)
                get(i, all);
        return all;
    }

  private:
    std::size_t size(ts_port_dir dir) const
    {
        return static_cast<std::size_t>(ts_block_words(&block_, dir, params_));
    }

    int number(int port) const
    {
        const ts_port &p = block_.ports[port];
        std::string name = std::string(p.name) + (p.dir == TS_IN ? "_i" : "_o");
        int width = ts_port_bits(&p, params_) * ts_port_count(&p, params_);
        EXPECT_EQ(tessera_port(handle_, name.c_str(), width), port) << tessera_error();
        return port;
    }

    void put(int port, const words &all) const
    {
        int bits = ts_port_bits(&block_.ports[port], params_);
        int width = bits * ts_port_count(&block_.ports[port], params_);
        const std::uint64_t *in =
            &all[static_cast<std::size_t>(ts_port_first(&block_, port, params_))];
        for (int first = 0; first < width; first += 32) {
            std::uint32_t word = 0;
            for (int bit = first; bit < std::min(first + 32, width); bit++)
                word |= static_cast<std::uint32_t>(in[bit / bits] >> (bit % bits) & 1)
                        << (bit - first);
            tessera_put(handle_, number(port), first / 32, word);
        }
    }

    void get(int port, words &all) const
    {
        int bits = ts_port_bits(&block_.ports[port], params_);
        int count = ts_port_count(&block_.ports[port], params_);
        for (int i = 0; i < count; i++) {
            std::uint64_t element = 0;
            for (int b = 0; b < bits; b++) {
                int bit = i * bits + b;
                std::uint64_t word = tessera_get(handle_, number(port), bit / 32);
                element |= (word >> (bit % 32) & 1) << b;
            }
            all.push_back(element);
        }
    }

    const ts_block &block_;
    std::int64_t params_[TS_MAX_PARAMS];
    void *handle_;
    ts_random random_{1};
    std::uint64_t sequence_ = 0, clock_ = 0;
    words in_, out_;
    std::deque<words> drawn_;
    std::vector<int> in_cycles_, out_cycles_;
    std::vector<bool> always_;
    std::vector<unsigned char> state_;
};

class Dpi : public testing::TestWithParam<const ts_block *>
{
};

TEST_P(Dpi, StepsAsTheDescriptorDoes)
{
    pair_of_bodies both(*GetParam());
    ASSERT_NE(both.handle(), nullptr) << tessera_error();
    int outputs = 0;
    for (int i = 0; i < kSteps; i++) {
        bool valid = both.draw();
        both.put(true);
        bool due = both.step(valid);
        ASSERT_EQ(tessera_step(both.handle(), valid) != 0, due) << "step " << i;
        if (due) {
            ASSERT_EQ(both.got(), both.out()) << "step " << i;
        }
        outputs += due;
    }
    EXPECT_GT(outputs, 0);
}

TEST_P(Dpi, ClocksAsTheRtlDoes)
{
    pair_of_bodies both(*GetParam());
    ASSERT_NE(both.handle(), nullptr) << tessera_error();
    ASSERT_EQ(tessera_latency(both.handle()), both.latency());
    // Whoever has stepped it may clock it after a reset.
    tessera_step(both.handle(), 0);
    tessera_reset(both.handle());
    struct result {
        bool clocked, valid;
        words out;
    };
    std::deque<result> results; // the last one first
    int outputs = 0;
    for (int i = 0; i < kSteps; i++) {
        bool reset = i == kSteps / 3;
        bool valid = both.draw();
        both.put(false);
        bool due = !reset && both.step(valid);
        if (reset) {
            both.reset();
            results.clear();
        } else {
            results.push_front({true, due, both.out()});
        }
        results.resize(both.longest());
        bool shown = tessera_clock(both.handle(), !reset, valid) != 0;
        auto ago = [&](int cycles) -> const result & {
            return results[static_cast<std::size_t>(std::max(cycles - 1, 0))];
        };
        ASSERT_EQ(shown, ago(both.latency()).valid) << "clock " << i;
        const words got = both.got();
        for (std::size_t word = 0; word < got.size(); word++) {
            const result &from = ago(both.cycle(word));
            if (from.valid || (both.always(word) && from.clocked)) {
                ASSERT_EQ(got[word], from.out[word]) << "clock " << i << ", word " << word;
            }
        }
        outputs += shown;
    }
    EXPECT_GT(outputs, 0);
}

std::vector<const ts_block *> all_blocks()
{
    std::vector<const ts_block *> all;
    for (const ts_block *const *block = ts_blocks; *block; block++)
        all.push_back(*block);
    return all;
}

INSTANTIATE_TEST_SUITE_P(Blocks, Dpi, testing::ValuesIn(all_blocks()),
                         [](const auto &each) { return std::string(each.param->name); });

TEST(DpiErrors, NameTheBlockTheParameterOrThePort)
{
    EXPECT_EQ(tessera_open("mac_lan", ""), nullptr);
    EXPECT_STREQ(tessera_error(), "no block 'mac_lan'; 'tessera blocks' lists them");
    EXPECT_EQ(tessera_open("chunk_add", "Lanes=3"), nullptr);
    EXPECT_NE(std::string(tessera_error()).find("Lanes"), std::string::npos);
    EXPECT_EQ(tessera_open("chunk_add", "Lanes=3 Depth=3"), nullptr);
    EXPECT_NE(std::string(tessera_error()).find("Lanes"), std::string::npos);
    EXPECT_EQ(tessera_open("chunk_add", "Depth=3"), nullptr);
    EXPECT_NE(std::string(tessera_error()).find("no parameter 'Depth'"), std::string::npos);
    EXPECT_EQ(tessera_open("chunk_add", std::string(2000, 'x').c_str()), nullptr);
    EXPECT_NE(std::string(tessera_error()).find("too long"), std::string::npos);

    EXPECT_EQ(tessera_open("chunk_add", "Lanes=64 Chunk=16"), nullptr);
    EXPECT_STREQ(tessera_error(), "Chunk must be a multiple of Lanes");
    EXPECT_EQ(tessera_open("chunk_add", std::string(1024, ' ').c_str()), nullptr);
    EXPECT_NE(std::string(tessera_error()).find("too long"), std::string::npos);
    void *longest = tessera_open("chunk_add", std::string(1023, ' ').c_str());
    EXPECT_NE(longest, nullptr);
    tessera_close(longest);

    void *handle = tessera_open("int8_mac", " Lanes=2\tAccBits=20 ");
    ASSERT_NE(handle, nullptr);
    EXPECT_STREQ(tessera_error(), "");
    EXPECT_EQ(tessera_port(handle, "a_i", 16), 0);
    EXPECT_EQ(tessera_port(handle, "a_i", 32), -1);
    EXPECT_STREQ(tessera_error(), "int8_mac: a_i has 16 bits with these parameters, not 32");
    EXPECT_EQ(tessera_port(handle, "c_i", 16), -1);
    EXPECT_STREQ(tessera_error(),
                 "int8_mac has no port 'c_i'; 'tessera blocks int8_mac' lists them");
    EXPECT_EQ(tessera_port(handle, "a_i", 16), 0);
    EXPECT_STREQ(tessera_error(), "");
    tessera_put(handle, 0, 1, 7);
    EXPECT_STREQ(tessera_error(), "int8_mac: no input port 0 with a word 1");
    tessera_put(handle, 0, 0, 7);
    EXPECT_STREQ(tessera_error(), "");
    EXPECT_EQ(tessera_get(handle, 0, 0), 0U);
    EXPECT_STREQ(tessera_error(), "int8_mac: no output port 0 with a word 0");
    EXPECT_EQ(tessera_get(handle, -1, 0), 0U);
    EXPECT_STREQ(tessera_error(), "int8_mac: no output port -1 with a word 0");
    EXPECT_EQ(tessera_get(handle, TS_MAX_PORTS, 0), 0U);
    EXPECT_EQ(tessera_error(),
              "int8_mac: no output port " + std::to_string(TS_MAX_PORTS) + " with a word 0");
    tessera_close(handle);
}

TEST(DpiErrors, WordsEndWithThePort)
{
    void *handle = tessera_open("int8_mac", "Lanes=4");
    ASSERT_NE(handle, nullptr);
    ASSERT_EQ(tessera_port(handle, "a_i", 32), 0);
    tessera_put(handle, 0, 0, ~0U);
    EXPECT_STREQ(tessera_error(), "");
    for (int word : {-1, 1}) {
        tessera_put(handle, 0, word, 7);
        EXPECT_EQ(tessera_error(), "int8_mac: no input port 0 with a word " + std::to_string(word));
    }
    tessera_close(handle);
}

#ifndef __SANITIZE_ADDRESS__
TEST(DpiErrors, NoMemoryIsNoCrash)
{
    void *handle = nullptr;
    int allocations = -1;
    while (!handle) {
        calls_until_failure = ++allocations;
        handle = tessera_open("chunk_accumulator", "");
        calls_until_failure = -1;
        EXPECT_STREQ(tessera_error(), handle ? "" : "chunk_accumulator: out of memory");
    }
    // Itself, its state, the inputs, each port, the results, and what is in them.
    EXPECT_GE(allocations, 10);
    tessera_close(handle);
}
#endif

TEST(DpiErrors, NoTextIsNoCrash)
{
    EXPECT_EQ(tessera_open(nullptr, nullptr), nullptr);
    EXPECT_STREQ(tessera_error(), "a block and its parameters are needed; \"\" is none");
    EXPECT_EQ(tessera_open("int8_mac", nullptr), nullptr);
    EXPECT_STRNE(tessera_error(), "");
    void *handle = tessera_open("int8_mac", "");
    ASSERT_NE(handle, nullptr);
    EXPECT_EQ(tessera_port(handle, nullptr, 1), -1);
    EXPECT_STRNE(tessera_error(), "");
    tessera_close(handle);
}

TEST(DpiErrors, NoHandleIsNoCrash)
{
    EXPECT_EQ(tessera_latency(nullptr), 0);
    EXPECT_EQ(tessera_port(nullptr, "a_i", 1), -1);
    tessera_put(nullptr, 0, 0, 0);
    EXPECT_EQ(tessera_get(nullptr, 0, 0), 0U);
    EXPECT_EQ(tessera_step(nullptr, 1), 0);
    EXPECT_EQ(tessera_clock(nullptr, 1, 1), 0);
    EXPECT_EQ(tessera_clock(nullptr, 0, 1), 0);
    tessera_close(nullptr);
}

} // namespace
