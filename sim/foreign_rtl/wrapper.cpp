// SPDX-License-Identifier: Apache-2.0
// The wrapper, and the adaptor that drives it.
#include "foreign_rtl/wrapper.h"

#include <algorithm>

namespace tessera
{

namespace
{

// The expected outputs are inputs of the wrapper: so the waveform shows them.
std::string expected_name(const pin &each)
{
    return "expected_" + each.name;
}

std::string range(int width)
{
    return width == 1 ? "logic " : "logic [" + std::to_string(width - 1) + ":0] ";
}

std::string ports_text(const connections &pins)
{
    std::string text = "  input  logic [63:0] cycle,\n  input  logic differs";
    for (const pin &each : pins.pins()) {
        text += std::string(",\n  ") + (each.is_output() ? "output " : "input  ") +
                range(each.width) + each.name;
        if (each.is_output())
            text += ",\n  input  " + range(each.width) + expected_name(each);
    }
    return text;
}

std::string parameters_text(const parameter_values &parameters)
{
    std::string text;
    for (const std::string &each : parameters) {
        std::size_t eq = each.find('=');
        text += (text.empty() ? "" : ", ") + ("." + each.substr(0, eq)) + "(" +
                each.substr(eq + 1) + ")";
    }
    return text.empty() ? "" : "#(" + text + ") ";
}

// An inverted output needs a net of its own.
std::string pin_text(const pin &each)
{
    std::string ours = each.name;
    if (each.inverted)
        ours = each.is_output() ? "inverted_" + each.name : "~" + each.name;
    return "    ." + each.theirs + "(" + ours + ")";
}

// Elements of a port as pack and unpack take them.
std::string element_call(const char *what, const pin &each, const std::string &name,
                         const char *array)
{
    return std::string("        tessera::") + what + "<" + std::to_string(each.field->bits) + ", " +
           std::to_string(each.field->count) + ">(top." + name + ", " + array + " + " +
           std::to_string(each.field->first) + ");\n";
}

std::string calls(const connections &pins, pin_kind kind, const char *what, const char *array,
                  bool expected)
{
    std::string text;
    for (const pin &each : pins.pins())
        if (each.kind == kind)
            text += element_call(what, each, expected ? expected_name(each) : each.name, array);
    return text;
}

// In place of Verilator's own, which end the process. One that does not settle would go on for
// ever.
const char *const kHooks =
    "using tessera::foreign_context;\n\n"
    "void vl_finish(const char *file, int line, const char *)\n{\n"
    "    foreign_context::current().stop(\"$finish\", file, line);\n}\n\n"
    "void vl_stop(const char *file, int line, const char *)\n{\n"
    "    foreign_context::current().stop(\"$stop, $fatal or assertion\", file, line);\n}\n\n"
    "void vl_fatal(const char *file, int line, const char *, const char *message)\n{\n"
    "    foreign_context::current().stop(message, file, line);\n"
    "    throw foreign_context::unsettled();\n}\n\n"
    "extern \"C\" int tessera_foreign_print(const char *format, ...)\n{\n"
    "    va_list arguments;\n    va_start(arguments, format);\n"
    "    int length = foreign_context::current().print(format, arguments);\n"
    "    va_end(arguments);\n    return length;\n}\n\n";

} // namespace

std::string wrapper_text(const connections &pins, const foreign_module &module,
                         const parameter_values &parameters)
{
    std::string text = "// Generated: ports of the block around module " + module.name +
                       ".\nmodule cosim (\n" + ports_text(pins) + "\n);\n\n";
    std::string list;
    for (const pin &each : pins.pins()) {
        if (each.is_output() && each.theirs.empty())
            text += "  assign " + each.name + " = '0;\n";
        if (each.is_output() && each.inverted)
            text += "  logic inverted_" + each.name + ";\n  assign " + each.name + " = ~inverted_" +
                    each.name + ";\n";
        if (!each.theirs.empty())
            list += (list.empty() ? "" : ",\n") + pin_text(each);
    }
    for (const tied_port &each : pins.tied())
        list +=
            std::string(list.empty() ? "" : ",\n") + "    ." + each.theirs + "(" + each.value + ")";
    return text + "  " + module.name + " " + parameters_text(parameters) + "u_theirs (\n" + list +
           "\n  );\n\nendmodule\n";
}

std::string adaptor_text(const connections &pins)
{
    return "// Generated: the Verilated wrapper as a model.\n"
           "#include \"Vcosim.h\"\n"
           "#include \"cosim/foreign_block.h\"\n\n"
           "namespace\n{\n\n"
           "class model final : public tessera::foreign_block<Vcosim>\n{\n  public:\n"
           "    using foreign_block::foreign_block;\n\n"
           "    void drive(bool reset, bool valid, const std::uint64_t *in) override\n    {\n"
           "        top.rst_ni = !reset;\n        top.valid_i = valid;\n" +
           calls(pins, pin_kind::input, "pack", "in", false) +
           "    }\n\n"
           "    bool sample(std::uint64_t *out) const override\n    {\n" +
           calls(pins, pin_kind::output, "unpack", "out", false) +
           "        return top.valid_o;\n    }\n\n"
           "    void annotate(std::uint64_t cycle, bool valid, const std::uint64_t *expected,\n"
           "                  bool differs) override\n    {\n"
           "        top.cycle = cycle;\n        top.differs = differs;\n"
           "        top.expected_valid_o = valid;\n" +
           calls(pins, pin_kind::output, "pack", "expected", true) +
           "    }\n};\n\n} // namespace\n\n" + kHooks +
           "extern \"C\" __attribute__((visibility(\"default\")))\n"
           "tessera::foreign_model *tessera_make_foreign(int seed)\n{\n"
           "    return new model(seed);\n}\n";
}

} // namespace tessera
