// SPDX-License-Identifier: Apache-2.0
// Rewrites attributes "function : ...;" wherever they are.
#include "power/activity_liberty.h"

#include <cctype>

namespace tessera
{

namespace
{

constexpr const char *kBlank = " \t\r\n";

bool in_word(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

// Behind the attribute, or npos if there is none at `at`.
std::size_t end_of_function(const std::string &text, std::size_t at)
{
    std::size_t next = at + std::string("function").size();
    if ((at && in_word(text[at - 1])) || next >= text.size() || in_word(text[next]))
        return std::string::npos;
    next = text.find_first_not_of(kBlank, next);
    if (next == std::string::npos || text[next] != ':')
        return std::string::npos;
    next = text.find_first_not_of(kBlank, next + 1);
    if (next != std::string::npos && text[next] == '"')
        next = text.find('"', next + 1);
    // The semicolon may be missing.
    next = text.find_first_of(";\n", next);
    return next == std::string::npos ? text.size() : next + 1;
}

// The pin whose group is the last before `at`.
std::string pin_before(const std::string &text, std::size_t at)
{
    while (at && (at = text.rfind("pin", at - 1)) != std::string::npos) {
        std::size_t open = text.find_first_not_of(kBlank, at + 3);
        if ((at && in_word(text[at - 1])) || open == std::string::npos || text[open] != '(')
            continue;
        std::size_t first = text.find_first_not_of(" \t\r\n\"", open + 1);
        return text.substr(first, text.find_first_of(" \t\r\n\")", first) - first);
    }
    return "";
}

} // namespace

std::string own_functions(const std::string &liberty)
{
    std::string text;
    std::size_t from = 0;
    for (std::size_t at = 0; (at = liberty.find("function", at)) != std::string::npos;) {
        const std::size_t end = end_of_function(liberty, at);
        if (end == std::string::npos) {
            at++;
            continue;
        }
        text.append(liberty, from, at - from);
        text += "function : \"" + pin_before(liberty, at) + "\";";
        if (liberty[end - 1] == '\n')
            text += '\n';
        from = at = end;
    }
    return text.append(liberty, from, std::string::npos);
}

} // namespace tessera
