// SPDX-License-Identifier: Apache-2.0
// Prints outcomes; values are decoded by the ports' formats.
#include "foreign_rtl/report.h"

#include "vectors/file.h"
#include "vectors/text.h"

#include <algorithm>
#include <cinttypes>
#include <cjson/cJSON.h>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace tessera
{

namespace
{

std::string field_text(const subject &what, const ts_field &field, const std::uint64_t *words)
{
    char *text = nullptr;
    std::size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        throw std::bad_alloc();
    ts_field_print(out, &what.layout, &field, words + field.first);
    std::fclose(out);
    std::string copy(text, size);
    std::free(text);
    return copy;
}

std::string params_text(const subject &what)
{
    char text[1024];
    ts_params_text(what.layout.block, what.layout.params, text, sizeof text);
    return text;
}

bool is_same(const ts_field &field, const divergence &d)
{
    return std::memcmp(d.expected.out.data() + field.first, d.got.data() + field.first,
                       static_cast<std::size_t>(field.count) * sizeof d.got[0]) == 0;
}

void print_inputs(const subject &what, const std::uint64_t *in, const char *indent)
{
    for (const pin &each : what.pins.pins())
        if (each.kind == pin_kind::input)
            std::printf("%s%s: %s\n", indent, each.name.c_str(),
                        field_text(what, *each.field, in).c_str());
}

bool valid_differs(const subject &what, const divergence &d)
{
    return what.pins.has(pin_kind::valid_out) && d.expected.valid != d.got_valid;
}

void print_outputs(const subject &what, const divergence &d, const char *indent)
{
    if (!d.stop.empty()) {
        std::printf("%s%s\n", indent, d.stop.c_str());
        return;
    }
    if (valid_differs(what, d))
        std::printf("%svalid_o: expected %d, got %d\n", indent, d.expected.valid, d.got_valid);
    for (const pin &each : what.pins.pins()) {
        if (each.kind != pin_kind::output || each.theirs.empty() ||
            !counts(*each.field, d.expected) || is_same(*each.field, d))
            continue;
        std::printf("%s%s: expected %s, got %s\n", indent, each.name.c_str(),
                    field_text(what, *each.field, d.expected.out.data()).c_str(),
                    field_text(what, *each.field, d.got.data()).c_str());
    }
}

// More clocks than this are told by what changes.
constexpr std::size_t kFewClocks = 16;

bool is_same(const ts_field &field, const clock_in &a, const clock_in &b)
{
    auto first = a.in.begin() + field.first;
    return std::equal(first, first + field.count, b.in.begin() + field.first);
}

// Clocks of a minimal sequence that are all alike.
void print_clocks(const clock_in &clock, std::size_t first, std::size_t last)
{
    const char *idle = clock.valid ? "" : " (idle: valid_i = 0)";
    if (first == last)
        std::printf("  clock %zu%s\n", first, idle);
    else
        std::printf("  clocks %zu to %zu%s\n", first, last, idle);
}

void print_changes(const subject &what, const clock_in &from, const clock_in &to)
{
    for (const pin &each : what.pins.pins())
        if (each.kind == pin_kind::input && !is_same(*each.field, from, to))
            std::printf("    %s: %s\n", each.name.c_str(),
                        field_text(what, *each.field, to.in.data()).c_str());
}

void print_sequence(const subject &what, const std::vector<clock_in> &clocks)
{
    bool is_long = clocks.size() > kFewClocks;
    if (is_long)
        std::printf("  (inputs are named when they change)\n");
    for (std::size_t first = 0, last = 0; first < clocks.size(); first = ++last) {
        const clock_in &clock = clocks[first];
        while (last + 1 < clocks.size() && clocks[last + 1].valid == clock.valid &&
               clocks[last + 1].in == clock.in)
            last++;
        print_clocks(clock, first, last);
        if (is_long && first > 0)
            print_changes(what, clocks[first - 1], clock);
        else
            print_inputs(what, clock.in.data(), "    ");
    }
}

void print_minimal(const outcome &o)
{
    const reproduction &m = *o.minimal;
    std::printf("minimal input that shows it, after a reset (%" PRIu64 " clock%s -> %zu, %" PRIu64
                " trials):\n",
                o.history, o.history == 1 ? "" : "s", m.clocks.size(), m.trials);
    if (m.clocks.size() == 1) {
        print_inputs(o.what, m.clocks[0].in.data(), "  ");
    } else {
        print_sequence(o.what, m.clocks);
    }
    print_outputs(o.what, m.shown, "  ");
}

void print_difference(const outcome &o)
{
    const divergence &d = *o.difference;
    std::printf("%s in cycle %" PRIu64, d.stop.empty() ? "differs" : "ends the simulation",
                d.cycle);
    if (!d.stop.empty())
        std::printf(", with these inputs");
    else if (o.what.latency())
        std::printf(", from the inputs of cycle %" PRIu64,
                    d.cycle - static_cast<std::uint64_t>(o.what.latency()));
    std::printf(":\n");
    print_inputs(o.what, d.expected.in.data(), "  ");
    print_outputs(o.what, d, "  ");
    if (!o.hint.empty())
        std::printf("%s\n", o.hint.c_str());
    if (o.minimal)
        print_minimal(o);
    else if (o.history == 0)
        std::printf("it is in reset\n");
    else
        std::printf("the clocks since the last reset do not show it from a fresh start: it depends "
                    "on what was before, or on registers without reset\n");
    std::printf("waveform: %s (the cycles around %" PRIu64 ")\n", o.waveform.c_str(), d.cycle);
    if (o.minimal)
        std::printf("          %s (the minimal input, from reset)\nrows:     %s\n",
                    o.minimal_waveform.c_str(), o.rows.c_str());
}

using json_pointer = std::unique_ptr<cJSON, decltype(&cJSON_Delete)>;

void add_text(cJSON *to, const char *name, const std::string &text)
{
    cJSON_AddStringToObject(to, name, text.c_str());
}

void add_number(cJSON *to, const char *name, double value)
{
    cJSON_AddNumberToObject(to, name, value);
}

cJSON *inputs_json(const subject &what, const std::uint64_t *in)
{
    cJSON *json = cJSON_CreateObject();
    for (const pin &each : what.pins.pins())
        if (each.kind == pin_kind::input)
            add_text(json, each.name.c_str(), field_text(what, *each.field, in));
    return json;
}

cJSON *divergence_json(const subject &what, const divergence &d)
{
    cJSON *json = cJSON_CreateObject();
    add_number(json, "cycle", static_cast<double>(d.cycle));
    cJSON_AddItemToObject(json, "inputs", inputs_json(what, d.expected.in.data()));
    if (!d.stop.empty()) {
        add_text(json, "ends_by", d.stop);
        return json;
    }
    cJSON *list = cJSON_AddArrayToObject(json, "differences");
    auto add = [&](const std::string &port, const std::string &expected, const std::string &got) {
        cJSON *entry = cJSON_CreateObject();
        add_text(entry, "port", port);
        add_text(entry, "expected", expected);
        add_text(entry, "got", got);
        cJSON_AddItemToArray(list, entry);
    };
    if (valid_differs(what, d))
        add("valid_o", std::to_string(d.expected.valid), std::to_string(d.got_valid));
    for (const pin &each : what.pins.pins())
        if (each.kind == pin_kind::output && !each.theirs.empty() &&
            counts(*each.field, d.expected) && !is_same(*each.field, d))
            add(each.name, field_text(what, *each.field, d.expected.out.data()),
                field_text(what, *each.field, d.got.data()));
    return json;
}

cJSON *minimal_json(const outcome &o)
{
    cJSON *json = cJSON_CreateObject();
    cJSON *clocks = cJSON_AddArrayToObject(json, "clocks");
    for (const clock_in &each : o.minimal->clocks) {
        cJSON *clock = cJSON_CreateObject();
        cJSON_AddBoolToObject(clock, "valid", each.valid);
        cJSON_AddItemToObject(clock, "inputs", inputs_json(o.what, each.in.data()));
        cJSON_AddItemToArray(clocks, clock);
    }
    cJSON_AddItemToObject(json, "shows", divergence_json(o.what, o.minimal->shown));
    add_number(json, "trials", static_cast<double>(o.minimal->trials));
    return json;
}

} // namespace

void print_text(const outcome &o)
{
    std::printf("%s %s\n", o.what.layout.block->name, params_text(o.what).c_str());
    std::printf("module %s of %s, latency %d (%s)\n", o.module.c_str(), o.rtl.c_str(),
                o.what.when.valid_out, o.latency_from.c_str());
    std::printf("%" PRIu64 " cycles, %" PRIu64 " outputs compared, seed %" PRIu64
                ", %.3g cycles/s\n",
                o.cycles, o.compared, o.seed,
                o.seconds > 0 ? static_cast<double>(o.cycles) / o.seconds : 0);
    if (o.difference)
        print_difference(o);
    else
        std::printf("agrees in every bit\n");
}

bool print_json(const outcome &o)
{
    json_pointer json(cJSON_CreateObject(), cJSON_Delete);
    add_text(json.get(), "block", o.what.layout.block->name);
    add_text(json.get(), "parameters", params_text(o.what));
    add_text(json.get(), "module", o.module);
    add_text(json.get(), "rtl", o.rtl);
    add_number(json.get(), "latency", o.what.when.valid_out);
    add_text(json.get(), "latency_from", o.latency_from);
    add_text(json.get(), "seed", std::to_string(o.seed));
    add_number(json.get(), "cycles", static_cast<double>(o.cycles));
    add_number(json.get(), "outputs_compared", static_cast<double>(o.compared));
    add_number(json.get(), "seconds", o.seconds);
    cJSON_AddBoolToObject(json.get(), "agrees", !o.difference);
    if (o.difference) {
        cJSON_AddItemToObject(json.get(), "difference", divergence_json(o.what, *o.difference));
        add_text(json.get(), "waveform", o.waveform);
    }
    if (o.minimal) {
        cJSON_AddItemToObject(json.get(), "minimal", minimal_json(o));
        add_text(json.get(), "minimal_waveform", o.minimal_waveform);
        add_text(json.get(), "rows", o.rows);
    }
    if (!o.hint.empty())
        add_text(json.get(), "hint", o.hint);
    std::unique_ptr<char, decltype(&cJSON_free)> text(cJSON_Print(json.get()), cJSON_free);
    if (text)
        std::puts(text.get());
    return text != nullptr;
}

void write_rows(const subject &what, const std::vector<clock_in> &clocks,
                const std::filesystem::path &path)
{
    const std::string temporary = path.string() + ".part";
    std::unique_ptr<FILE, int (*)(FILE *)> out(std::fopen(temporary.c_str(), "w"), std::fclose);
    ts_row row;
    ts_row_model model;
    if (!out || !ts_row_init(&row, &what.layout) || !ts_row_model_init(&model, &what.layout))
        throw std::runtime_error(temporary + ": cannot be written");
    std::vector<char> line(ts_rows_line_size(&what.layout));
    bool has_state = what.layout.block->state_bytes != nullptr;
    ts_rows_write_header(out.get(), &what.layout);
    auto write = [&](bool reset, const clock_in &clock) {
        row.reset = reset;
        row.valid = clock.valid;
        std::copy(clock.in.begin(), clock.in.end(), row.in);
        ts_row_model_step(&model, &row);
        ts_rows_write(out.get(), &what.layout, &row, line.data());
    };
    if (has_state)
        write(true, reset_clocks(what)[0]);
    for (const clock_in &each : clocks)
        if (has_state || each.valid)
            write(false, each);
    ts_row_model_free(&model);
    ts_row_free(&row);
    bool good = !std::ferror(out.get());
    good = std::fclose(out.release()) == 0 && good;
    if (!good)
        throw std::runtime_error(temporary + ": cannot be written");
    std::filesystem::rename(temporary, path);
}

} // namespace tessera
