// SPDX-License-Identifier: Apache-2.0
// Verilator writes one element a line, so that no XML library is needed.
#include "foreign_rtl/module_xml.h"

#include <cstdlib>
#include <map>
#include <sstream>
#include <stdexcept>

namespace tessera
{

namespace
{

std::string attribute(const std::string &line, const std::string &name)
{
    const std::string key = " " + name + "=\"";
    std::size_t begin = line.find(key);
    if (begin == std::string::npos)
        return "";
    begin += key.size();
    return line.substr(begin, line.find('"', begin) - begin);
}

bool opens(const std::string &line, const std::string &element)
{
    std::size_t at = line.find_first_not_of(' ');
    const std::string tag = "<" + element;
    return at != std::string::npos && line.compare(at, tag.size(), tag) == 0 &&
           (line[at + tag.size()] == ' ' || line[at + tag.size()] == '>');
}

// A constant such as 32'sh1f, whose quote is escaped.
int constant(const std::string &line)
{
    const std::string text = attribute(line, "name");
    std::size_t digits = text.find('h');
    return digits == std::string::npos
               ? 0
               : static_cast<int>(std::strtol(text.c_str() + digits + 1, nullptr, 16));
}

// A type is its own width, that of another, so many of another, or several.
struct type {
    int bits = 0;
    int times = 1;
    std::vector<std::string> parts;
};

using types = std::map<std::string, type>;

int width_of(const types &all, const std::string &id)
{
    auto found = all.find(id);
    if (found == all.end())
        return 0;
    int width = found->second.bits;
    for (const std::string &part : found->second.parts) {
        int bits = width_of(all, part);
        if (bits == 0)
            return 0;
        width += bits;
    }
    return width * found->second.times;
}

int basic_bits(const std::string &line)
{
    const std::string name = attribute(line, "name");
    if (name == "string" || name == "real" || name == "chandle" || name == "event")
        return 0;
    const std::string left = attribute(line, "left"), right = attribute(line, "right");
    return left.empty() ? 1 : std::abs(std::atoi(left.c_str()) - std::atoi(right.c_str())) + 1;
}

types read_types(std::istream &in)
{
    types all;
    std::string line, current;
    std::vector<int> range;
    while (std::getline(in, line) && !opens(line, "/typetable")) {
        const std::string id = attribute(line, "id"), sub = attribute(line, "sub_dtype_id");
        if (opens(line, "basicdtype")) {
            all[id].bits = basic_bits(line);
        } else if (opens(line, "memberdtype")) {
            all[current].parts.push_back(sub);
        } else if (opens(line, "structdtype")) {
            all[current = id];
        } else if (opens(line, "enumdtype") || opens(line, "refdtype")) {
            all[id].parts = {sub};
        } else if (opens(line, "packarraydtype")) {
            all[current = id].parts = {sub};
            range.clear();
        } else if (opens(line, "const") && range.size() < 2) {
            range.push_back(constant(line));
            if (range.size() == 2)
                all[current].times = std::abs(range[0] - range[1]) + 1;
        } else if (opens(line, "/packarraydtype")) {
            current.clear();
        } else if (opens(line, "unpackarraydtype")) {
            range = {0, 0};
        }
    }
    return all;
}

struct raw_port {
    std::string name, dir, type;
};

std::vector<std::string> tops_of(const std::string &xml)
{
    std::vector<std::string> tops;
    std::istringstream in(xml);
    for (std::string line; std::getline(in, line);)
        if (opens(line, "cell") && attribute(line, "hier").find('.') == std::string::npos)
            tops.push_back(attribute(line, "submodname"));
    return tops;
}

std::string the_top(const std::string &xml)
{
    const std::vector<std::string> tops = tops_of(xml);
    if (tops.empty())
        throw std::runtime_error("the RTL holds no module");
    if (tops.size() == 1)
        return tops[0];
    std::string list;
    for (const std::string &top : tops)
        list += (list.empty() ? "" : ", ") + top;
    throw std::runtime_error("several modules that no other instantiates: " + list +
                             "; name one: --top");
}

} // namespace

foreign_module read_module(const std::string &xml, const std::string &top)
{
    foreign_module module;
    module.name = top.empty() ? the_top(xml) : top;
    std::vector<raw_port> ports;
    types all;
    std::map<std::string, std::string> files;
    bool inside = false;
    std::istringstream in(xml);
    for (std::string line; std::getline(in, line);) {
        if (opens(line, "file"))
            files[attribute(line, "id")] = attribute(line, "filename");
        if (opens(line, "module")) {
            inside = attribute(line, "origName") == module.name;
            const std::string at = attribute(line, "loc"); // FILE,LINE,...
            if (inside)
                module.file = files[at.substr(0, at.find(','))];
        } else if (inside && opens(line, "var") && !attribute(line, "dir").empty() &&
                   !attribute(line, "pinIndex").empty()) {
            ports.push_back(
                {attribute(line, "name"), attribute(line, "dir"), attribute(line, "dtype_id")});
        } else if (opens(line, "typetable")) {
            all = read_types(in);
        }
    }
    for (const raw_port &port : ports) {
        if (port.dir != "input" && port.dir != "output")
            throw std::runtime_error("port " + port.name + " of module " + module.name + " is an " +
                                     port.dir +
                                     "; only inputs and outputs can be driven and compared");
        module.ports.push_back(
            {port.name, port.dir == "input" ? TS_IN : TS_OUT, width_of(all, port.type)});
    }
    if (module.ports.empty())
        throw std::runtime_error("module " + module.name + " has no ports");
    return module;
}

} // namespace tessera
