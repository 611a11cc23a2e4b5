// SPDX-License-Identifier: Apache-2.0
// Which port of theirs is which pin of ours.
#include "foreign_rtl/pins.h"

#include "cli/cli.h"

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace tessera
{

namespace
{

bool is_number(const std::string &text)
{
    return !text.empty() && std::isdigit(static_cast<unsigned char>(text[0]));
}

std::uint64_t number(const std::string &text)
{
    std::size_t used = 0;
    std::uint64_t value = 0;
    try {
        value = std::stoull(text, &used, 0);
    } catch (const std::exception &) {
        used = 0;
    }
    if (used != text.size())
        throw std::runtime_error("--map: '" + text + "' is no number; write 5 or 0x1f");
    return value;
}

// Other names that a port may go by without being mapped.
std::vector<std::string> names_of(const pin &ours)
{
    std::vector<std::string> names = {ours.name};
    if (ours.kind == pin_kind::reset)
        names.push_back("rst_n");
    else
        names.push_back(ours.name.substr(0, ours.name.rfind('_')));
    return names;
}

std::string list_of(const foreign_module &module, ts_port_dir dir)
{
    std::string text;
    for (const foreign_port &port : module.ports)
        if (port.dir == dir)
            text += (text.empty() ? "" : ", ") + port.name;
    return text.empty() ? "none" : text;
}

ts_port_dir direction(const pin &ours)
{
    return ours.is_output() ? TS_OUT : TS_IN;
}

const char *dir_name(ts_port_dir dir)
{
    return dir == TS_IN ? "input" : "output";
}

} // namespace

const foreign_port *foreign_module::find(const std::string &port) const
{
    for (const foreign_port &each : ports)
        if (each.name == port)
            return &each;
    return nullptr;
}

connections::connections(const ts_layout &layout) : block_(layout.block->name)
{
    auto add = [this](const char *name, pin_kind kind, int width, const ts_field *field) {
        pin ours;
        ours.name = name;
        ours.kind = kind;
        ours.width = width;
        ours.field = field;
        pins_.push_back(ours);
    };
    add("clk_i", pin_kind::clock, 1, nullptr);
    add("rst_ni", pin_kind::reset, 1, nullptr);
    add("valid_i", pin_kind::valid_in, 1, nullptr);
    add("valid_o", pin_kind::valid_out, 1, nullptr);
    for (int i = 0; i < layout.n_fields; i++) {
        const ts_field &field = layout.fields[i];
        if (field.kind == TS_FIELD_PORT)
            add(field.name, field.dir == TS_IN ? pin_kind::input : pin_kind::output,
                ts_field_width(&field), &field);
    }
}

pin *connections::find(const std::string &name)
{
    for (pin &each : pins_)
        if (each.name == name)
            return &each;
    return nullptr;
}

const pin &connections::operator[](pin_kind kind) const
{
    return *std::find_if(pins_.begin(), pins_.end(),
                         [kind](const pin &each) { return each.kind == kind; });
}

void connections::hold_constants(std::uint64_t *in) const
{
    for (const pin &each : pins_)
        if (each.constant)
            in[each.field->first] = *each.constant;
}

void connections::map(const std::string &assignment)
{
    std::size_t eq = assignment.find('=');
    if (eq == std::string::npos || eq == 0 || eq + 1 == assignment.size())
        throw std::runtime_error("--map: '" + assignment + "' is not OURS=THEIRS, such as a_i=x");
    const std::string ours = assignment.substr(0, eq);
    std::string theirs = assignment.substr(eq + 1);
    if (is_number(ours)) {
        tied_.push_back({theirs, std::to_string(number(ours))});
        return;
    }
    pin *mapped = find(ours);
    if (!mapped)
        throw std::runtime_error("--map: " + block_ + " has no port '" + ours +
                                 "'; 'tessera blocks " + block_ +
                                 "' lists them, and there are clk_i, rst_ni, valid_i, valid_o");
    mapped_.push_back(ours);
    mapped->theirs.clear();
    mapped->constant.reset();
    mapped->inverted = false;
    if (theirs == "-") {
        if (mapped->kind == pin_kind::input)
            throw std::runtime_error("--map " + assignment +
                                     ": say at which value the module holds it, " + "as " + ours +
                                     "=0");
        return;
    }
    if (is_number(theirs)) {
        if (mapped->kind != pin_kind::input || mapped->field->count > 1)
            throw std::runtime_error("--map " + assignment +
                                     ": only an input of one element is constant");
        mapped->constant = number(theirs);
        if (mapped->width < 64 && *mapped->constant >> mapped->width)
            throw std::runtime_error("--map " + assignment + ": " + ours + " has " +
                                     std::to_string(mapped->width) + " bits");
        return;
    }
    mapped->inverted = theirs[0] == '!';
    if (mapped->inverted && mapped->width > 1)
        throw std::runtime_error("--map " + assignment + ": only a port of one bit is inverted");
    mapped->theirs = theirs.substr(mapped->inverted);
}

// A port of the right direction that goes by our name.
std::string connections::by_name(const pin &ours, const foreign_module &module)
{
    for (const std::string &name : names_of(ours)) {
        const foreign_port *port = module.find(name);
        if (port && port->dir == direction(ours))
            return name;
    }
    std::string way_out = "=- if there is none";
    if (ours.kind == pin_kind::reset)
        way_out = "=!PORT if it is active high, or " + way_out;
    if (ours.kind == pin_kind::input)
        way_out = "=VALUE if it is fixed there";
    throw std::runtime_error("module " + module.name + " has no port for " + ours.name +
                             "; map one of its " + dir_name(direction(ours)) + "s (" +
                             list_of(module, direction(ours)) + "): --map " + ours.name +
                             "=PORT, or " + way_out);
}

void connections::connect(pin &ours, const foreign_module &module) const
{
    if (std::find(mapped_.begin(), mapped_.end(), ours.name) == mapped_.end())
        ours.theirs = by_name(ours, module);
    if (ours.theirs.empty())
        return;
    const foreign_port *port = module.find(ours.theirs);
    ts_port_dir dir = direction(ours);
    const std::string theirs = "port " + ours.theirs + " of module " + module.name;
    if (!port)
        throw std::runtime_error("--map " + ours.name + "=" + ours.theirs + ": module " +
                                 module.name + " has no such port; its " + dir_name(dir) +
                                 "s are " + list_of(module, dir));
    if (port->dir != dir)
        throw std::runtime_error(theirs + " is an " + dir_name(port->dir) + ", " + ours.name +
                                 " an " + dir_name(dir));
    if (port->width == 0)
        throw std::runtime_error(theirs +
                                 " is no vector; put a wrapper around it whose ports are vectors");
    if (port->width != ours.width)
        throw std::runtime_error(theirs + " has " + std::to_string(port->width) + " bits, " +
                                 ours.name + " has " + std::to_string(ours.width) +
                                 "; set a parameter of the block (NAME=VALUE) or of the module "
                                 "(--parameter NAME=VALUE)");
}

// Inputs that nothing drives would be random, and an output must be there to be compared.
void connections::check_rest(const foreign_module &module) const
{
    for (const foreign_port &port : module.ports) {
        auto is_it = [&](const auto &each) { return each.theirs == port.name; };
        auto uses = std::count_if(pins_.begin(), pins_.end(), is_it) +
                    std::count_if(tied_.begin(), tied_.end(), is_it);
        if (uses > 1 && port.dir == TS_IN)
            throw std::runtime_error("port " + port.name + " of module " + module.name +
                                     " is mapped twice");
        if (uses == 0 && port.dir == TS_IN)
            throw std::runtime_error("input " + port.name + " of module " + module.name +
                                     " is not connected; --map OURS=" + port.name +
                                     ", or --map 0=" + port.name + " to hold it at 0");
    }
    for (const tied_port &tied : tied_) {
        const foreign_port *port = module.find(tied.theirs);
        if (!port || port->dir != TS_IN)
            throw std::runtime_error("--map " + tied.value + "=" + tied.theirs + ": module " +
                                     module.name + " has no such input; it has " +
                                     list_of(module, TS_IN));
    }
    bool any = std::any_of(pins_.begin(), pins_.end(), [](const pin &each) {
        return each.kind == pin_kind::output && !each.theirs.empty();
    });
    if (!any)
        throw std::runtime_error("no output of module " + module.name +
                                 " is mapped: nothing to compare");
}

void connections::resolve(const foreign_module &module)
{
    for (pin &each : pins_)
        connect(each, module);
    check_rest(module);
    if (!has(pin_kind::clock) && has(pin_kind::reset))
        throw std::runtime_error("a module without a clock has no reset; --map rst_ni=-");
}

} // namespace tessera
