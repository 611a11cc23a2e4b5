// SPDX-License-Identifier: Apache-2.0
// Reads the little of Verilog that a flat netlist by Yosys has.
#include "power/netlist.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace tessera
{

namespace
{

constexpr const char *kModule = "module netlist_top(";
constexpr const char *kEnd = "endmodule";

// Of one wide vector, Verilator makes a concatenation whose cost is the square of its width.
constexpr std::size_t kWord = 32;

// "    .PIN(net)," gives PIN and net.
bool pin_of(const std::string &line, cell_pin &pin)
{
    std::size_t dot = line.find("    ."), open = line.find('('), close = line.rfind(')');
    if (dot != 0 || open == std::string::npos || close == std::string::npos || close < open)
        return false;
    pin.pin = line.substr(5, open - 5);
    pin.net = line.substr(open + 1, close - open - 1);
    return true;
}

bool is_name(const std::string &text)
{
    return !text.empty() && text.find_first_of("'{}[]\\ ") == std::string::npos;
}

} // namespace

flat_netlist::flat_netlist(std::string text) : text_(std::move(text))
{
    if (text_.find(kModule) == std::string::npos || text_.find(kEnd) == std::string::npos)
        throw std::runtime_error("no module netlist_top");
    std::istringstream lines(text_);
    std::string cell, type;
    for (std::string line; std::getline(lines, line);) {
        cell_pin pin;
        std::istringstream words(line);
        std::string first, second, third;
        words >> first >> second >> third;
        if (pin_of(line, pin)) {
            pin.cell = cell;
            pin.type = type;
            if (is_name(pin.net))
                pins_.push_back(pin);
        } else if (third == "(") {
            type = first;
            cell = second;
        } else if (first == "wire" && third.empty()) {
            nets_.push_back(second.substr(0, second.find(';')));
        }
    }
    std::sort(nets_.begin(), nets_.end());
    if (!has_net("clk_i"))
        throw std::runtime_error("netlist_top has no port clk_i");
}

bool flat_netlist::has_net(const std::string &name) const
{
    return std::binary_search(nets_.begin(), nets_.end(), name);
}

std::size_t flat_netlist::words() const
{
    return (nets_.size() + kWord - 1) / kWord;
}

std::string flat_netlist::with_nets_output() const
{
    std::string text = text_;
    std::string all = "output [31:0] nets_o [" + std::to_string(words()) + "];\n";
    for (std::size_t first = 0, at = 0; first < nets_.size(); first += kWord, at++) {
        const std::size_t n = std::min(kWord, nets_.size() - first);
        std::string word; // the last net is the high bit
        for (std::size_t i = n; i-- > 0;)
            word.append(nets_[first + i]).append(i ? ", " : "");
        all += "assign nets_o[" + std::to_string(at) + "] = {" + word + "};\n";
    }
    text.insert(text.rfind(kEnd), all);
    text.insert(text.find(kModule) + std::string(kModule).size(), "nets_o, ");
    return text;
}

} // namespace tessera
