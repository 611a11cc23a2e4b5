// SPDX-License-Identifier: Apache-2.0
// A target of random input: what it defines, and what it may ask.
#ifndef TESSERA_TESTS_FUZZ_H
#define TESSERA_TESTS_FUZZ_H

#include <cstdint>
#include <string>
#include <vector>

namespace fuzz
{

using Bytes = std::vector<std::uint8_t>;

/** Sound inputs, from which others are made. */
std::vector<Bytes> seeds();

/** Handles one input. What it finds wrong it says through require(); a crash says so itself. */
void run(const Bytes &input);

/** What it saw, for the last line; may be empty. */
std::string summary();

/** Ends the program as a crash does if `holds` is false. */
void require(bool holds, const std::string &what);

/** A file with these bytes, the same one for every input; it goes with the program. */
const std::string &file_of(const Bytes &input);

/** For a child, whose death is not the program's. */
void let_die();

/** Keeps an input for a person to look at; its file's name. */
std::string keep(const std::string &why);

} // namespace fuzz

#endif
