// SPDX-License-Identifier: Apache-2.0
// Random tiles through a mac_array, whose results leave column by column.
#include "cosim/fold_driver.h"
#include "netlist/vectors.h"
#include "tessera/vectors.h"

#include <algorithm>

namespace tessera
{

namespace
{

class tiles : public vectors
{
  public:
    tiles(const bench &bench, std::uint64_t seed)
        : vectors(bench), random_{seed}, driver_(params_),
          latency_(static_cast<std::size_t>(block_.latency(params_))), in_(words(TS_IN)),
          out_(words(TS_OUT)), state_(block_.state_bytes(params_))
    {
    }

  private:
    void fill(std::size_t cycles) override;
    void tile();
    int escale(bool fp4);
    void fold(const array_pass &pass, bool gaps);
    void cycle(bool reset, bool valid);
    std::vector<std::uint64_t> operands(std::size_t n);

    std::size_t words(ts_port_dir dir) const
    {
        return static_cast<std::size_t>(ts_block_words(&block_, dir, params_));
    }

    std::size_t parameter(const char *name) const
    {
        return static_cast<std::size_t>(params_[ts_block_param(&block_, name)]);
    }

    std::size_t below(std::size_t n)
    {
        return ts_random_next(&random_) % n;
    }

    ts_random random_;
    fold_driver driver_;
    std::size_t latency_;
    std::vector<std::uint64_t> in_, out_;
    std::vector<std::byte> state_;
    struct result {
        std::size_t cycle;
        std::vector<std::uint64_t> outer;
    };
    std::vector<result> results_;
};

void tiles::fill(std::size_t cycles)
{
    results_.clear();
    block_.reset(params_, state_.data());
    std::fill(in_.begin(), in_.end(), 0);
    for (std::uint64_t i = 0; i <= batches_ % 3; i++)
        cycle(true, false);
    while (batch_.cycles < cycles)
        tile();
    for (std::size_t i = 0; i < batch_.cycles; i++)
        expect_valid(i, false);
    const layout::port &outer = outputs().ports().front();
    int simd = static_cast<int>(parameter("Simd"));
    for (const result &each : results_) {
        expect_valid(each.cycle, true);
        for (std::size_t c = 0; c < parameter("Cols"); c++) {
            int first = static_cast<int>(c) * simd;
            expect(each.cycle + c, outer, first, simd, &each.outer[c * parameter("Simd")]);
        }
    }
}

std::vector<std::uint64_t> tiles::operands(std::size_t n)
{
    const ts_port *weight = &block_.ports[1];
    const ts_format *format = ts_port_format(weight, params_);
    int bits = ts_port_bits(weight, params_);
    std::uint64_t special = (std::uint64_t{1} << (bits - 1)) - 1;
    std::vector<std::uint64_t> all;
    for (std::size_t i = 0; i < n; i++) {
        std::uint64_t word = ts_random_element(&random_, format, bits);
        // NaN-Infinity stays now and then, or nothing else would be seen.
        if (bits == 16 && (word & special) == special && below(64))
            word = special >> 1 & ~std::uint64_t{0x1FF};
        all.push_back(word);
    }
    return all;
}

// Most outer sums stay well in range, others are at one of its ends or anywhere.
int tiles::escale(bool fp4)
{
    const int bits = fp4 ? 9 : 6; // of a dot product, about
    switch (below(8)) {
    case 0:
        return static_cast<int>(below(128)) - 64;
    case 1:
    case 2:
        return 30 - bits + static_cast<int>(below(4));
    case 3:
        return -31 - bits + static_cast<int>(below(6));
    default:
        return static_cast<int>(below(24)) - 12;
    }
}

// Some rows of the result, one or more chunks along k, the last of them perhaps not whole.
void tiles::tile()
{
    std::size_t per_pass = parameter("Rows") * parameter("Lanes");
    std::size_t per_chunk = std::max<std::size_t>(parameter("Chunk") / per_pass, 1);
    std::size_t passes = 1 + below(3 * per_chunk), rows = 1 + below(parameter("Depth"));
    bool gaps = below(2);
    ts_mpe_mode mode = {below(2) != 0, below(2) != 0, below(2) != 0, 0, false};
    for (std::size_t i = 0; i < passes; i++) {
        if (i % per_chunk == 0)
            mode.escale = escale(mode.fp4);
        bool open = i % per_chunk != 0;
        bool close = (i + 1) % per_chunk == 0 || i + 1 == passes;
        array_pass pass = {{mode, open, close, i < per_chunk, i + per_chunk >= passes},
                           operands(parameter("Rows") * parameter("Cols") * parameter("Simd") *
                                    parameter("Lanes")),
                           operands(rows * per_pass)};
        fold(pass, gaps);
    }
}

void tiles::fold(const array_pass &pass, bool gaps)
{
    for (driver_.start(pass); !driver_.done();)
        cycle(false, driver_.next(in_.data(), gaps && below(4) == 0));
}

void tiles::cycle(bool reset, bool valid)
{
    std::size_t now = batch_.cycles, first = 0;
    add_cycle();
    set_control(now, reset, valid);
    for (const layout::port &port : inputs().ports()) {
        set_input(now, port, 0, port.count, &in_[first]);
        first += static_cast<std::size_t>(port.count);
    }
    if (block_.step(params_, state_.data(), valid, in_.data(), out_.data()))
        results_.push_back({now + latency_, out_});
    count_ += valid;
}

} // namespace

std::unique_ptr<vectors> make_array_vectors(const bench &bench, std::uint64_t seed)
{
    return std::make_unique<tiles>(bench, seed);
}

} // namespace tessera
