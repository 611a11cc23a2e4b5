// SPDX-License-Identifier: Apache-2.0
// Cores and corelets, and who has which part.
#include "machine/chip.h"

namespace tessera
{

corelet::corelet(sc_core::sc_module_name name, const ts_machine &machine)
    : sc_core::sc_module(name), l0("l0", OPERAND_A, 2), results("results", OPERAND_C, 1),
      array("array", machine, l0, results[OPERAND_C])
{
}

core::core(sc_core::sc_module_name name, const ts_machine &machine)
    : sc_core::sc_module(name), l1("l1", OPERAND_A, OPERANDS)
{
    for (std::int64_t i = 0; i < machine.corelets; i++)
        corelets.push_back(
            std::make_unique<corelet>(("corelet_" + std::to_string(i)).c_str(), machine));
}

chip::chip(const ts_machine &machine) : dram("dram", OPERAND_A, OPERANDS)
{
    for (std::int64_t i = 0; i < machine.cores; i++)
        cores.push_back(std::make_unique<core>(("core_" + std::to_string(i)).c_str(), machine));
}

void chip::begin(const ts_parts &parts)
{
    parts_ = parts;
    dram.clear();
    for (const auto &each : cores) {
        each->l1.clear();
        for (const auto &corelet : each->corelets) {
            corelet->l0.clear();
            corelet->results.clear();
        }
    }
}

part_index chip::core_part(std::size_t core) const
{
    const auto i = static_cast<std::int64_t>(core);
    return parts_.m > parts_.core_m ? part_index{i, 0} : part_index{0, i};
}

part_index chip::corelet_part(std::size_t corelet) const
{
    const auto i = static_cast<std::int64_t>(corelet);
    return parts_.core_m > 1 ? part_index{i, 0} : part_index{0, i};
}

void chip::trace(sc_core::sc_trace_file *file) const
{
    dram.trace(file);
    for (const auto &each : cores) {
        each->l1.trace(file);
        for (const auto &corelet : each->corelets) {
            corelet->l0.trace(file);
            corelet->results.trace(file);
            corelet->array.trace(file);
        }
    }
}

} // namespace tessera
