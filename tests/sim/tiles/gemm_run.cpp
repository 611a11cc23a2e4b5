// SPDX-License-Identifier: Apache-2.0
// Both dataflows: folds that follow each other, and tiles of which one's rows leave beside the
// next.
#include "gemm_run.h"

#include "array_counts.h"

#include <algorithm>
#include <string>

namespace
{

using tessera::gemm_codes;

std::int64_t parameter(const ts_block &block, const std::int64_t *params, const char *name)
{
    return params[ts_block_param(&block, name)];
}

std::int64_t ceiling(std::int64_t a, std::int64_t b)
{
    return (a + b - 1) / b;
}

class weight_stationary : public gemm_run
{
  public:
    weight_stationary(const ts_block &block, const std::int64_t *params)
        : params_(params), size_(tile_of_array(block, params)), driver_(params), left_(params)
    {
    }

    void start(const gemm_codes &gemm) override
    {
        clear(gemm.shape);
        tiles_.clear();
        for (std::int64_t n = 0; n < gemm.shape.n; n += size_.n)
            for (std::int64_t m = 0; m < gemm.shape.m; m += size_.m)
                tiles_.push_back(tessera::make_tile(params_, gemm, m, n));
        tile_ = pass_ = taken_ = 0;
        driver_.start(tiles_[0].passes[0]);
    }

    bool next(std::uint64_t *in, bool gap) override
    {
        if (tiles_.empty() || (driver_.done() && !begin_next_fold())) {
            in[0] = 0; // no load
            return false;
        }
        return driver_.next(in, gap);
    }

    void observe(bool valid, const std::uint64_t *outer) override
    {
        left_.observe(valid, outer);
        if (taken_ == tiles_.size() || left_.rows() < static_cast<std::size_t>(tiles_[taken_].rows))
            return;
        const tessera::gemm_tile &tile = tiles_[taken_++];
        for (std::int64_t i = 0; i < tile.rows * size_.n; i++)
            put(tile.m0 + i / size_.n, tile.n0 + i % size_.n,
                left_.results()[static_cast<std::size_t>(i)]);
        left_.clear();
    }

    bool done() const override
    {
        return taken_ == tiles_.size() && (tiles_.empty() || driver_.done());
    }

    int tiles() const override
    {
        return static_cast<int>(tiles_.size());
    }

    std::int64_t cycles() const override
    {
        return array_counts(params_, shape_).cycles;
    }

  private:
    bool begin_next_fold()
    {
        if (++pass_ >= tiles_[tile_].passes.size()) {
            if (tile_ + 1 == tiles_.size())
                return false;
            tile_++;
            pass_ = 0;
        }
        driver_.start(tiles_[tile_].passes[pass_]);
        return true;
    }

    const std::int64_t *params_;
    ts_mnk size_;
    tessera::fold_driver driver_;
    tessera::fold_results left_;
    std::vector<tessera::gemm_tile> tiles_;
    std::size_t tile_ = 0, pass_ = 0;
    std::size_t taken_ = 0; ///< tiles whose results have left
};

class output_stationary : public gemm_run
{
  public:
    output_stationary(const ts_block &block, const std::int64_t *params)
        : params_(params), size_(tile_of_array(block, params)),
          rows_(parameter(block, params, "Rows")), slots_(parameter(block, params, "AccStages")),
          chunk_(parameter(block, params, "Chunk")),
          mask_(parameter(block, params, "Modes") == TS_MODE_FP16 ? 0xFFFF : 0x1F)
    {
    }

    void start(const gemm_codes &gemm) override
    {
        clear(gemm.shape);
        gemm_ = gemm;
        tiles_ = ceiling(gemm.shape.m, size_.m) * ceiling(gemm.shape.n, size_.n);
        steps_ = static_cast<int>(ceiling(gemm.shape.k, size_.k));
        tile_ = step_ = pending_ = wait_ = left_ = 0;
    }

    bool next(std::uint64_t *in, bool gap) override
    {
        const std::int64_t slot = clock_++ % slots_;
        put_mode(in);
        if (wait_ > 0 || tile_ == tiles_) {
            wait_ -= wait_ > 0;
            return false;
        }
        if (gap || pending_ >> slot & 1)
            return false;
        pending_ |= std::int64_t{1} << slot;
        const bool step_ends = pending_ == (std::int64_t{1} << slots_) - 1;
        put_operation(in, slot, step_ends);
        if (step_ends)
            end_step();
        return true;
    }

    void observe(bool valid, const std::uint64_t *outer) override
    {
        if (!valid)
            return;
        const std::int64_t tile = left_ / size_.m, row = size_.m - 1 - left_ % size_.m;
        left_++;
        for (std::int64_t n = 0; n < size_.n; n++)
            put(first_row(tile) + row, first_column(tile) + n, outer[n]);
    }

    bool done() const override
    {
        return left_ == tiles_ * size_.m;
    }

    int tiles() const override
    {
        return static_cast<int>(tiles_);
    }

    std::int64_t cycles() const override
    {
        return tiles_ * tile_cycles() + (tiles_ - 1) * hold() + size_.m;
    }

  private:
    std::int64_t tile_cycles() const
    {
        return ts_mac_array_os_tile_cycles(params_, steps_);
    }

    /// A short tile must not end while the one before leaves.
    std::int64_t hold() const
    {
        return std::max<std::int64_t>(0, size_.m - tile_cycles());
    }

    std::int64_t first_row(std::int64_t tile) const
    {
        return tile % ceiling(shape_.m, size_.m) * size_.m;
    }

    std::int64_t first_column(std::int64_t tile) const
    {
        return tile / ceiling(shape_.m, size_.m) * size_.n;
    }

    void put_mode(std::uint64_t *in) const
    {
        const ts_mpe_mode &mode = gemm_.mode;
        std::uint64_t *control = in + (rows_ + size_.n) * size_.k;
        control[0] = mode.swap;
        control[1] = mode.a_unsigned;
        control[2] = mode.fp4;
        control[3] = static_cast<std::uint64_t>(mode.escale) & 0x7F;
    }

    void put_operation(std::uint64_t *in, std::int64_t slot, bool step_ends) const
    {
        const std::int64_t lanes = size_.k, k = step_ * lanes;
        std::uint64_t *top = in + rows_ * lanes, *control = top + size_.n * lanes;
        for (std::int64_t i = 0; i < rows_ * lanes; i++)
            in[i] = a(first_row(tile_) + i / lanes * slots_ + slot, k + i % lanes);
        for (std::int64_t i = 0; i < size_.n * lanes; i++)
            top[i] = b(k + i % lanes, first_column(tile_) + i / lanes);
        const bool ends = step_ + 1 == steps_;
        control[4] = ends || (k + lanes) % chunk_ == 0; // close
        control[5] = k < chunk_;                        // first
        control[6] = ends && step_ends;                 // drain
    }

    void end_step()
    {
        pending_ = 0;
        if (++step_ < steps_)
            return;
        step_ = 0;
        tile_++;
        wait_ = ts_mac_array_os_tile_cycles(params_, 0) + (tile_ < tiles_ ? hold() : 0);
    }

    std::uint64_t a(std::int64_t m, std::int64_t k) const
    {
        return m < shape_.m && k < shape_.k ? gemm_.a[m * shape_.k + k] & mask_ : 0;
    }

    std::uint64_t b(std::int64_t k, std::int64_t n) const
    {
        return n < shape_.n && k < shape_.k ? gemm_.b[k * shape_.n + n] & mask_ : 0;
    }

    const std::int64_t *params_;
    ts_mnk size_;
    std::int64_t rows_, slots_, chunk_;
    std::uint64_t mask_;
    gemm_codes gemm_{};
    std::int64_t tiles_ = 0;
    int steps_ = 0;
    std::int64_t clock_ = 0; ///< since the reset
    std::int64_t tile_ = 0, step_ = 0;
    std::int64_t pending_ = 0; ///< slots that have had their operation of this step
    std::int64_t wait_ = 0;    ///< clocks until the next tile may begin
    std::int64_t left_ = 0;    ///< rows that have left, padding too
};

} // namespace

void gemm_run::clear(const ts_mnk &shape)
{
    shape_ = shape;
    results_.assign(static_cast<std::size_t>(shape.m * shape.n), 0);
}

void gemm_run::put(std::int64_t m, std::int64_t n, std::uint64_t result)
{
    if (m < shape_.m && n < shape_.n)
        results_[static_cast<std::size_t>(m * shape_.n + n)] = result;
}

ts_mnk tile_of_array(const ts_block &block, const std::int64_t *params)
{
    if (std::string(block.name) == "mac_array")
        return ts_array_tile(params);
    return {parameter(block, params, "Rows") * parameter(block, params, "AccStages"),
            parameter(block, params, "Cols") * parameter(block, params, "Simd"),
            parameter(block, params, "Lanes")};
}

std::unique_ptr<gemm_run> make_gemm_run(const ts_block &block, const std::int64_t *params)
{
    if (std::string(block.name) == "mac_array")
        return std::make_unique<weight_stationary>(block, params);
    return std::make_unique<output_stationary>(block, params);
}
