// SPDX-License-Identifier: Apache-2.0
// Values that move while units work.
#include "machine/workers.h"

#include "tessera/arith.h"

#include <algorithm>
#include <cstring>

namespace tessera
{

namespace
{

// A window's first element in the part of a core or corelet.
window part_of(const window &whole, const move &what, part_index part)
{
    window w = whole;
    w.first += part.m * what.part_rows * whole.row + part.n * what.part_columns;
    return w;
}

// Of a length that is shared out in parts, what one of them has; 0: all have it.
std::int64_t share_of(std::int64_t length, std::int64_t part, std::int64_t index)
{
    return part ? std::clamp<std::int64_t>(length - index * part, 0, part) : length;
}

void advance(std::vector<transfer> &transfers, share done)
{
    for (transfer &each : transfers)
        each.advance(done.of(each.elements()));
}

constexpr share kAll = {1, 1};

} // namespace

std::uint32_t requantizer::operator()(std::uint32_t code) const
{
    const ts_tpr phases = ts_tpr_quantize({static_cast<std::uint16_t>(code)}, k, underflow);
    return odd ? phases.odd.v : phases.even.v;
}

void transfer::advance(std::int64_t elements)
{
    for (; gone_ < elements; gone_++) {
        const std::int64_t row = gone_ / what_.columns, column = gone_ % what_.columns;
        const std::uint32_t code =
            from_->read(what_.from.half, what_.from.first + row * what_.from.row + column);
        to_->write(what_.to.half, what_.to.first + row * what_.to.row + column,
                   quantizer_ ? (*quantizer_)(code) : code);
    }
    to_->show();
}

// ---- DMA ----

void dma_worker::start(const command &c)
{
    reads_.clear();
    writes_.clear();
    begin(c, OPERAND_A, true);
    begin(c, OPERAND_B, true);
    begin(c, OPERAND_C, false);
    begin(c, OPERAND_D, false);
}

void dma_worker::begin(const command &c, operand_index operand, bool reads)
{
    const move &all = c.moves[operand];
    for (std::size_t i = 0; i < chip_.cores.size(); i++) {
        const part_index part = chip_.core_part(i);
        move mine = all;
        mine.rows = share_of(all.rows, all.part_rows, part.m);
        mine.columns = share_of(all.columns, all.part_columns, part.n);
        window &dram = reads ? mine.from : mine.to;
        dram = part_of(dram, all, part);
        store &l1 = chip_.cores[i]->l1[operand];
        if (mine.rows == 0 || mine.columns == 0)
            continue;
        if (reads)
            reads_.emplace_back(chip_.dram[operand], l1, mine);
        else
            writes_.emplace_back(l1, chip_.dram[operand], mine);
    }
}

void dma_worker::clock(const dma_engine &, const dma_engine &next)
{
    advance(reads_, next.read());
    advance(writes_, next.written());
}

void dma_worker::at_once(const command &c)
{
    start(c);
    advance(reads_, kAll);
    advance(writes_, kAll);
}

// ---- L0 ----

void fill_worker::begin(const ts_gemm_values &values)
{
    const gemm_arithmetic arithmetic(*values.gemm, TS_MODE_FP4);
    quantizer_.reset();
    if (values.dy)
        quantizer_ = {arithmetic.a_is_radix4() ? OPERAND_A : OPERAND_B, arithmetic.odd(), values.k,
                      values.underflow};
}

void fill_worker::start(const command &c)
{
    transfers_.clear();
    for (const auto &core : chip_.cores)
        for (std::size_t i = 0; i < core->corelets.size(); i++)
            for (const operand_index operand : {OPERAND_A, OPERAND_B}) {
                move mine = c.moves[operand];
                mine.from = part_of(mine.from, mine, chip_.corelet_part(i));
                const bool quantizes = quantizer_ && quantizer_->operand == operand;
                transfers_.emplace_back(core->l1[operand], core->corelets[i]->l0[operand], mine,
                                        quantizes ? quantizer_ : std::nullopt);
            }
}

void fill_worker::clock(const fill_engine &, const fill_engine &next)
{
    for (transfer &each : transfers_)
        each.advance(next.filled(each.elements()));
}

void fill_worker::at_once(const command &c)
{
    start(c);
    advance(transfers_, kAll);
}

// ---- Arrays ----

void preload_worker::start(const command &c)
{
    command_ = c;
    rows_ = c.amounts[0];
}

// The bottom row comes first.
void preload_worker::clock(const preload_engine &, const preload_engine &next)
{
    for (; rows_ > next.rows_left(); rows_--)
        for (const auto &core : chip_.cores)
            for (const auto &corelet : core->corelets)
                corelet->array.load(command_.moves[OPERAND_B], rows_ - 1);
}

void array_worker::start(const command &c)
{
    for (const auto &core : chip_.cores)
        for (const auto &corelet : core->corelets)
            corelet->array.start(c);
}

void array_worker::clock(const array_engine &now, const array_engine &)
{
    std::optional<array_values::entering> operands;
    if (now.activity() == ACTIVITY_BUSY)
        operands = {now.group(), now.entered()};
    for (const auto &core : chip_.cores)
        for (const auto &corelet : core->corelets)
            corelet->array.clock(operands);
}

// ---- Special functions ----

void sfu_worker::begin(const ts_format &format, float factor)
{
    format_ = &format;
    scales_ = factor != 1;
    std::memcpy(&factor_, &factor, sizeof factor_);
}

void sfu_worker::start(const command &c)
{
    command_ = c;
    shifted_ = finished_ = 0;
}

void sfu_worker::clock(const sfu_engine &, const sfu_engine &next)
{
    const move &c = command_.moves[OPERAND_C];
    shift(next.shifted());
    // Rows leave an output-stationary array, the last one first.
    const std::int64_t rows =
        rows_ ? std::max<std::int64_t>(0, shifted_ - (rows_ - c.rows)) : c.rows;
    finish(std::min(next.finished(c.rows * c.columns), rows * c.columns));
}

void sfu_worker::at_once(const command &c)
{
    start(c);
    shift(rows_);
    finish(c.moves[OPERAND_C].rows * c.moves[OPERAND_C].columns);
}

void sfu_worker::shift(std::int64_t rows)
{
    for (; shifted_ < rows; shifted_++)
        for (const auto &core : chip_.cores)
            for (const auto &corelet : core->corelets)
                corelet->array.shift_out(command_.moves[OPERAND_C].from.half, rows_ - 1 - shifted_);
}

void sfu_worker::finish(std::int64_t elements)
{
    const move &c = command_.moves[OPERAND_C];
    for (; finished_ < elements; finished_++) {
        const std::int64_t i = finished_ / c.columns, column = finished_ % c.columns;
        const std::int64_t row = rows_ ? c.rows - 1 - i : i;
        for (const auto &core : chip_.cores)
            for (std::size_t p = 0; p < core->corelets.size(); p++) {
                const window to = part_of(c.to, c, chip_.corelet_part(p));
                const std::uint32_t result = core->corelets[p]->results[OPERAND_C].read(
                    c.from.half, c.from.first + row * c.from.row + column);
                core->l1[OPERAND_C].write(to.half, to.first + row * to.row + column,
                                          scaled(result));
            }
    }
    for (const auto &core : chip_.cores)
        core->l1[OPERAND_C].show();
}

// The quantizers' factor: a product in fp32, then the format of the result.
std::uint32_t sfu_worker::scaled(std::uint32_t code) const
{
    if (!scales_)
        return code;
    const ts_format &fp32 = ts_format_fp32;
    const std::uint32_t wide = static_cast<std::uint32_t>(
        ts_encode(&fp32, ts_decode(format_, code), fp32.rounding, TS_OVERFLOW_SPECIAL));
    const std::uint32_t product = ts_fp_mul(&fp32, wide, factor_, TS_OVERFLOW_SPECIAL);
    return static_cast<std::uint32_t>(
        ts_encode(format_, ts_decode(&fp32, product), format_->rounding, TS_OVERFLOW_SPECIAL));
}

// ---- Elements ----

void elements_worker::begin(const ts_elementwise_values &values, std::int64_t elements)
{
    special_ = values.special;
    ts_axpy_sr_unit *unit = values.special == TS_SPECIAL_AXPY_SR ? values.units : nullptr;
    for (const auto &core : chip_.cores)
        for (const auto &corelet : core->corelets)
            corelet->functions.begin(values, unit ? unit++ : nullptr, elements);
}

void elements_worker::end(ts_elementwise_values &values) const
{
    std::vector<std::uint16_t> largest;
    for (const auto &core : chip_.cores)
        for (const auto &corelet : core->corelets) {
            largest.push_back(corelet->functions.largest());
            if (special_ == TS_SPECIAL_SAWB) {
                values.clip = corelet->functions.clip();
                values.fell_back = corelet->functions.fell_back();
            }
        }
    if (special_ == TS_SPECIAL_LARGEST)
        values.k = ts_gradscale_align(largest.data(), largest.size(), values.target);
}

// The last parts may be shorter than the others, or empty.
void elements_worker::start(const command &c)
{
    const move &all = c.moves[OPERAND_A];
    command_ = c;
    parts_.clear();
    std::int64_t index = 0;
    for (const auto &core : chip_.cores)
        for (std::size_t i = 0; i < core->corelets.size(); i++, index++) {
            const std::int64_t elements = share_of(all.columns, all.part_columns, index);
            corelet &by = *core->corelets[i];
            by.functions.begin_part();
            parts_.push_back(
                {core.get(), &by, elements, 0, static_cast<std::int64_t>(i) * all.part_columns});
        }
}

void elements_worker::clock(const sfu_engine &, const sfu_engine &next)
{
    for (part &each : parts_)
        finish(each, next.finished(each.elements));
}

void elements_worker::at_once(const command &c)
{
    start(c);
    for (part &each : parts_)
        finish(each, each.elements);
}

void elements_worker::finish(part &p, std::int64_t elements)
{
    const auto half = [&](operand_index operand) { return command_.moves[operand].from.half; };
    memory &l1 = p.in->l1;
    for (; p.finished < elements; p.finished++) {
        const std::int64_t at = p.first + p.finished;
        const special_functions::outputs out = p.by->functions.element(
            {l1[OPERAND_A].read(half(OPERAND_A), at), l1[OPERAND_B].read(half(OPERAND_B), at)});
        if (ts_special_outputs(special_) > 0)
            l1[OPERAND_C].write(half(OPERAND_C), at, out[0]);
        if (ts_special_outputs(special_) > 1)
            l1[OPERAND_D].write(half(OPERAND_D), at, out[1]);
    }
    l1[OPERAND_C].show();
    l1[OPERAND_D].show();
}

} // namespace tessera
