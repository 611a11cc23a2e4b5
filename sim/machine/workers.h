// SPDX-License-Identifier: Apache-2.0
/// @file
/// What the units of a machine do with values.
#pragma once

#include "machine/chip.h"
#include "machine/unit.h"

#include <optional>
#include <vector>

namespace tessera
{

/// Quantizers between L1 and L0, of the operand that is dY.
struct requantizer {
    operand_index operand;
    bool odd; ///< the phase
    int k;
    ts_underflow underflow;

    std::uint32_t operator()(std::uint32_t code) const;
};

/// A rectangle of codes on its way from one store to another, row by row.
class transfer
{
  public:
    transfer(store &from, store &to, const move &what,
             const std::optional<requantizer> &quantizer = std::nullopt)
        : from_(&from), to_(&to), what_(what), quantizer_(quantizer)
    {
    }

    std::int64_t elements() const
    {
        return what_.rows * what_.columns;
    }

    /// So many of them have gone, from now on.
    void advance(std::int64_t elements);

  private:
    store *from_, *to_;
    move what_;
    std::optional<requantizer> quantizer_;
    std::int64_t gone_ = 0;
};

class dma_worker : public worker<dma_engine>
{
  public:
    explicit dma_worker(chip &on) : chip_(on)
    {
    }

    void start(const command &c) override;
    void clock(const dma_engine &now, const dma_engine &next) override;

    /// In no time.
    void at_once(const command &c);

  private:
    void begin(const command &c, operand_index operand, bool reads);

    chip &chip_;
    std::vector<transfer> reads_, writes_;
};

class fill_worker : public worker<fill_engine>
{
  public:
    explicit fill_worker(chip &on) : chip_(on)
    {
    }

    /// A GEMM, whose dY may have to be requantized.
    void begin(const ts_gemm_values &values);

    /// The operand that is.
    std::optional<operand_index> dy() const
    {
        return quantizer_ ? std::optional(quantizer_->operand) : std::nullopt;
    }

    void start(const command &c) override;
    void clock(const fill_engine &now, const fill_engine &next) override;
    void at_once(const command &c);

  private:
    chip &chip_;
    std::optional<requantizer> quantizer_;
    std::vector<transfer> transfers_;
};

class preload_worker : public worker<preload_engine>
{
  public:
    explicit preload_worker(chip &on) : chip_(on)
    {
    }

    void start(const command &c) override;
    void clock(const preload_engine &now, const preload_engine &next) override;

  private:
    chip &chip_;
    command command_{};
    std::int64_t rows_ = 0; ///< that are to be loaded
};

class array_worker : public worker<array_engine>
{
  public:
    explicit array_worker(chip &on) : chip_(on)
    {
    }

    void start(const command &c) override;
    void clock(const array_engine &now, const array_engine &next) override;

  private:
    chip &chip_;
};

/// Of a GEMM's results: out of the array, through the special functions, to L1.
class sfu_worker : public worker<sfu_engine>
{
  public:
    sfu_worker(chip &on, const ts_machine &machine)
        : chip_(on), rows_(machine.output_stationary ? machine.rows * machine.add : 0)
    {
    }

    /// The format of results, and what they are multiplied with.
    void begin(const ts_format &format, float factor);

    void start(const command &c) override;
    void clock(const sfu_engine &now, const sfu_engine &next) override;
    void at_once(const command &c);

  private:
    void shift(std::int64_t rows);
    void finish(std::int64_t elements);
    std::uint32_t scaled(std::uint32_t code) const;

    chip &chip_;
    const std::int64_t rows_; ///< that are shifted out of an array
    const ts_format *format_ = nullptr;
    std::uint32_t factor_ = 0; ///< in fp32
    bool scales_ = false;
    command command_{};
    std::int64_t shifted_ = 0, finished_ = 0;
};

/// Of elements: out of L1, through the special functions, to L1.
class elements_worker : public worker<sfu_engine>
{
  public:
    explicit elements_worker(chip &on) : chip_(on)
    {
    }

    void begin(const ts_elementwise_values &values, std::int64_t elements);

    /// What statistics have found.
    void end(ts_elementwise_values &values) const;

    void start(const command &c) override;
    void clock(const sfu_engine &now, const sfu_engine &next) override;
    void at_once(const command &c);

  private:
    struct part {
        core *in;
        corelet *by;
        std::int64_t elements, finished;
        std::int64_t first; ///< in L1
    };

    void finish(part &p, std::int64_t elements);

    chip &chip_;
    ts_special special_ = TS_SPECIAL_INT4;
    command command_{};
    std::vector<part> parts_;
};

} // namespace tessera
