// SPDX-License-Identifier: Apache-2.0
/// @file
/// The tokens of a C file that may be changed, with as much of its structure as that needs.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace mutation
{

struct token {
    enum { WORD, NUMBER, PUNCTUATOR, LITERAL } kind;
    std::string text;
    std::size_t begin;
    std::size_t partner;   ///< of an opening bracket the closing one; else 0
    bool starts_statement; ///< inside a function

    std::size_t end() const
    {
        return begin + text.size();
    }
};

/// Leaves out comments, preprocessor lines, static assertions, the tables that describe blocks
/// (struct ts_param, ts_port, ts_block: texts, ranges and widths), their stress() and protocol(),
/// which make inputs of tests, and fetch(), which only hints what a cache should have.
std::vector<token> scan(const std::string &source);

} // namespace mutation
