// SPDX-License-Identifier: Apache-2.0
// Fewer clocks, then fewer bits, until nothing more can go.
#include "foreign_rtl/minimize.h"

#include <algorithm>

namespace tessera
{

namespace
{

// More than this takes longer than it helps.
constexpr std::uint64_t kMaxTrials = 30000;
constexpr int kMaxPasses = 4;

} // namespace

bool minimizer::differs(const std::vector<clock_in> &clocks)
{
    trials_++;
    std::unique_ptr<foreign_model> model = make_();
    lockstep pair(what_, *model);
    auto differs_in = [&](const std::vector<clock_in> &part) {
        return std::any_of(part.begin(), part.end(),
                           [&](const clock_in &each) { return !pair.clock(each); });
    };
    // Behind a sequence with a protocol not any clocks are legal; it keeps its own to the end.
    const std::vector<clock_in> drain(
        rules_.exists() ? 0 : static_cast<std::size_t>(what_.latency()) + 1,
        {false, false,
         std::vector<std::uint64_t>(static_cast<std::size_t>(what_.layout.in_words))});
    if (!differs_in(reset_clocks(what_)) && !differs_in(clocks) && !differs_in(drain))
        return false;
    const divergence found = pair.found();
    if (found.stop.empty() == stops_)
        return false;
    shown_ = found;
    return true;
}

bool minimizer::keep_if_differs(std::vector<clock_in> candidate)
{
    const divergence before = shown_;
    if (trials_ < kMaxTrials && differs(candidate)) {
        clocks_ = std::move(candidate);
        return true;
    }
    shown_ = before;
    return false;
}

bool minimizer::try_without(std::size_t first, std::size_t count)
{
    std::vector<clock_in> fewer = clocks_;
    auto from = fewer.begin() + static_cast<std::ptrdiff_t>(first);
    fewer.erase(from, from + static_cast<std::ptrdiff_t>(std::min(count, clocks_.size() - first)));
    return !fewer.empty() && rules_.allows(fewer, first) && keep_if_differs(std::move(fewer));
}

// The end of the history alone, then without any part that is not needed.
void minimizer::shorten()
{
    for (std::size_t n = 1; n < clocks_.size(); n *= 2)
        if (try_without(0, clocks_.size() - n))
            break;
    for (std::size_t size = std::max<std::size_t>(clocks_.size() / 2, 1); size > 0; size /= 2)
        for (std::size_t at = 0; at < clocks_.size();)
            if (!try_without(at, size))
                at += size;
}

bool minimizer::try_word(std::size_t clock, std::size_t word, std::uint64_t value)
{
    if (clocks_[clock].in[word] == value)
        return false;
    std::vector<clock_in> simpler = clocks_;
    simpler[clock].in[word] = value;
    return keep_if_differs(std::move(simpler));
}

// Zero, or one, or with fewer bits.
void minimizer::simplify_element(std::size_t clock, std::size_t word, const ts_field &field)
{
    if (clocks_[clock].in[word] == 0 || try_word(clock, word, 0))
        return;
    const ts_format *format = ts_port_format(field.port, what_.layout.params);
    std::uint64_t one = format && !field.port->control ? ts_of_double(format, 1.0) : 1;
    if (clocks_[clock].in[word] == one || try_word(clock, word, one))
        return;
    for (int bit = field.bits; bit-- > 0;) {
        std::uint64_t now = clocks_[clock].in[word];
        std::uint64_t mask = std::uint64_t{1} << bit;
        if (now & mask)
            try_word(clock, word, now & ~mask);
    }
}

// Words of a clock's inputs that may be anything.
std::vector<std::size_t> minimizer::free_words(std::size_t clock) const
{
    std::vector<std::size_t> words;
    const std::vector<bool> governed = rules_.governed(clock);
    for (const pin &each : what_.pins.pins()) {
        if (each.kind != pin_kind::input || each.constant)
            continue;
        auto first = static_cast<std::size_t>(each.field->first);
        for (std::size_t i = first; i < first + static_cast<std::size_t>(each.field->count); i++)
            if (!governed[i])
                words.push_back(i);
    }
    return words;
}

// Zeros, many at once: a sequence with a protocol stays long.
void minimizer::clear()
{
    std::vector<std::pair<std::size_t, std::size_t>> words; // clock and word
    for (std::size_t clock = 0; clock < clocks_.size(); clock++)
        for (std::size_t word : free_words(clock))
            if (clocks_[clock].in[word] != 0)
                words.emplace_back(clock, word);
    for (std::size_t size = words.size(); size > 0; size /= 2) {
        for (std::size_t at = 0; at < words.size();) {
            std::size_t end = std::min(at + size, words.size());
            std::vector<clock_in> simpler = clocks_;
            for (std::size_t i = at; i < end; i++)
                simpler[words[i].first].in[words[i].second] = 0;
            if (keep_if_differs(std::move(simpler)))
                words.erase(words.begin() + static_cast<std::ptrdiff_t>(at),
                            words.begin() + static_cast<std::ptrdiff_t>(end));
            else
                at = end;
        }
    }
}

void minimizer::simplify()
{
    std::vector<const ts_field *> fields(static_cast<std::size_t>(what_.layout.in_words));
    for (const pin &each : what_.pins.pins())
        if (each.kind == pin_kind::input)
            std::fill_n(fields.begin() + each.field->first, each.field->count, each.field);
    for (std::size_t clock = 0; clock < clocks_.size(); clock++)
        for (std::size_t word : free_words(clock))
            simplify_element(clock, word, *fields[word]);
}

std::optional<reproduction> minimizer::run(std::vector<clock_in> history)
{
    if (!differs(history))
        return std::nullopt;
    clocks_ = std::move(history);
    // What came after the operation is not needed for it to come out.
    for (int i = 0; i < what_.latency() && clocks_.size() > 1; i++)
        if (!keep_if_differs({clocks_.begin(), clocks_.end() - 1}))
            break;
    shorten();
    if (rules_.exists())
        clear();
    for (int pass = 0; pass < kMaxPasses; pass++) {
        std::uint64_t before = trials_;
        const std::vector<clock_in> same = clocks_;
        simplify();
        bool changed =
            !std::equal(same.begin(), same.end(), clocks_.begin(), clocks_.end(),
                        [](const clock_in &a, const clock_in &b) { return a.in == b.in; });
        if (!changed || trials_ == before)
            break;
    }
    differs(clocks_); // leaves its divergence
    return reproduction{clocks_, shown_, trials_};
}

} // namespace tessera
