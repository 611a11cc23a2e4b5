// SPDX-License-Identifier: Apache-2.0
// c_mutants: small changes of a C file, one at a time. ../README.md lists the operators.
//
//   c_mutants list SEED FILE   all mutants, shuffled: id, line, text before, text after
//   c_mutants text ID FILE     the file with that change
#include "scanner.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace
{

using mutation::scan;
using mutation::token;
using names = std::vector<std::string>;

/// Text [begin, end) of the file becomes `text`.
struct mutant {
    std::size_t begin, end;
    std::string text;
};

// What replaces a binary operator.
const std::map<std::string, names> kBinary = {
    {"+", {"-"}},        {"-", {"+"}},        {"*", {"+"}},        {"/", {"*"}},
    {"%", {"/"}},        {"&", {"|"}},        {"|", {"&"}},        {"^", {"|"}},
    {"<<", {">>"}},      {">>", {"<<"}},      {"<", {"<=", ">="}}, {"<=", {"<", ">"}},
    {">", {">=", "<="}}, {">=", {">", "<"}},  {"==", {"!="}},      {"!=", {"=="}},
    {"&&", {"||"}},      {"||", {"&&"}},      {"+=", {"-=", "="}}, {"-=", {"+=", "="}},
    {"*=", {"+="}},      {"|=", {"&=", "="}}, {"&=", {"|=", "="}}, {"^=", {"|="}},
    {"<<=", {">>="}},    {">>=", {"<<="}},
};

// What replaces an operator or a word wherever it stands.
const std::map<std::string, names> kAnywhere = {
    {"++", {"--"}},
    {"--", {"++"}},
    {"true", {"false"}},
    {"false", {"true"}},
    {"TS_FINITE", {"TS_ZERO"}},
    {"TS_INFINITY", {"TS_NAN"}},
    {"TS_NAN", {"TS_INFINITY"}},
    {"TS_ZERO", {"TS_NAN"}},
    {"TS_NEAREST_EVEN", {"TS_NEAREST_UP"}},
    {"TS_NEAREST_UP", {"TS_NEAREST_EVEN"}},
    {"TS_TOWARD_ZERO", {"TS_NEAREST_UP"}},
    {"TS_OVERFLOW_SATURATE", {"TS_OVERFLOW_SPECIAL"}},
    {"TS_OVERFLOW_SPECIAL", {"TS_OVERFLOW_SATURATE"}},
    {"TS_SPECIALS_IEEE", {"TS_SPECIALS_NANINF"}},
    {"TS_SPECIALS_NANINF", {"TS_SPECIALS_IEEE"}},
    {"TS_SPECIALS_NONE", {"TS_SPECIALS_NANINF"}},
};

const std::set<std::string> kTypes = {
    "bool",    "char",     "const",    "double",   "float",   "int",      "int16_t",
    "int32_t", "int64_t",  "int8_t",   "long",     "REAL",    "short",    "signed",
    "size_t",  "uint16_t", "uint32_t", "uint64_t", "uint8_t", "unsigned", "void"};

class lister
{
  public:
    explicit lister(const std::string &source) : source_(source), tokens_(scan(source))
    {
        for (std::size_t i = 0; i < tokens_.size(); i++) {
            operators(i);
            constants(i);
            conditions(i);
            statements(i);
        }
    }

    const std::vector<mutant> &mutants() const
    {
        return mutants_;
    }

  private:
    std::string at(std::size_t i) const
    {
        return i < tokens_.size() ? tokens_[i].text : std::string();
    }

    std::string before(std::size_t i, std::size_t n = 1) const
    {
        return i >= n ? at(i - n) : std::string();
    }

    void replace(std::size_t first, std::size_t last, const std::string &text)
    {
        mutants_.push_back({tokens_[first].begin, tokens_[last].end(), text});
    }

    /// Whether an operand ends before token i, so that an operator there is binary.
    bool follows_operand(std::size_t i) const
    {
        static const std::set<std::string> not_operands = {"return", "case", "sizeof", "else"};
        if (i == 0)
            return false;
        const token &t = tokens_[i - 1];
        return t.kind == token::NUMBER || t.text == ")" || t.text == "]" ||
               (t.kind == token::WORD && !not_operands.count(t.text));
    }

    /// Whether the * at i makes a pointer's type.
    bool declares_pointer(std::size_t i) const
    {
        std::string next = at(i + 1);
        return at(i) == "*" && (kTypes.count(before(i)) || before(i, 2) == "struct" ||
                                next == ")" || next == "const" || next == "restrict");
    }

    void operators(std::size_t i)
    {
        auto any = kAnywhere.find(at(i));
        if (any != kAnywhere.end())
            for (const std::string &text : any->second)
                replace(i, i, text);
        auto binary = kBinary.find(at(i));
        if (binary != kBinary.end() && follows_operand(i) && !declares_pointer(i))
            for (const std::string &text : binary->second)
                replace(i, i, text);
        bool unary = at(i) == "!" || at(i) == "~" || at(i) == "-";
        if (unary && !follows_operand(i))
            replace(i, i, "");
    }

    /// Whether the number at i is in the size of an array that is being declared.
    bool array_size(std::size_t i) const
    {
        static const std::set<std::string> ends = {"[", "]", "(", ";", "{", "}", "=", ","};
        while (i > 0 && !ends.count(at(i)))
            i--;
        return i >= 2 && at(i) == "[" && tokens_[i - 2].kind == token::WORD &&
               at(i - 2) != "return";
    }

    void constants(std::size_t i)
    {
        if (tokens_[i].kind != token::NUMBER || array_size(i))
            return;
        replace(i, i, "(" + at(i) + " + 1)");
        if (at(i) != "0")
            replace(i, i, "(" + at(i) + " - 1)");
    }

    void conditions(std::size_t i)
    {
        if (at(i) == "?") {
            replace(i, i, "&& 0 ?");
            replace(i, i, "|| 1 ?");
        }
        if ((at(i) == "if" || at(i) == "while") && at(i + 1) == "(") {
            std::size_t close = tokens_[i + 1].partner;
            mutants_.push_back({tokens_[i + 1].begin, tokens_[close].end(),
                                "(!" +
                                    source_.substr(tokens_[i + 1].begin,
                                                   tokens_[close].end() - tokens_[i + 1].begin) +
                                    ")"});
        }
    }

    bool declaration(std::size_t i) const
    {
        static const std::set<std::string> words = {"struct", "enum",    "static", "union",  "if",
                                                    "for",    "while",   "switch", "do",     "else",
                                                    "case",   "default", "goto",   "typedef"};
        return kTypes.count(at(i)) || words.count(at(i)) ||
               (tokens_[i].kind == token::WORD && i + 1 < tokens_.size() &&
                tokens_[i + 1].kind == token::WORD && at(i) != "return");
    }

    void statements(std::size_t i)
    {
        if (!tokens_[i].starts_statement || declaration(i) ||
            (at(i) == "(" && at(i + 1) == "void") || at(i) == ";" || at(i) == "{" || at(i) == "}")
            return;
        std::size_t end = i;
        while (end < tokens_.size() && at(end) != ";")
            end = std::max(tokens_[end].partner, end) + 1;
        if (end >= tokens_.size())
            return;
        if (at(i) != "return")
            replace(i, end, ";");
        else if (end > i + 2 || (end == i + 2 && at(i + 1) != "0" && at(i + 1) != "NULL"))
            replace(i, end, "return 0;");
    }

    const std::string &source_;
    std::vector<token> tokens_;
    std::vector<mutant> mutants_;
};

std::string mutated(const std::string &source, const mutant &m)
{
    return source.substr(0, m.begin) + m.text + source.substr(m.end);
}

std::string squeezed(const std::string &text)
{
    std::istringstream in(text);
    std::string word, line;
    while (in >> word)
        line += (line.empty() ? "" : " ") + word;
    return line;
}

/// The whole lines that a change touches.
std::string lines(const std::string &text, std::size_t begin, std::size_t end)
{
    std::size_t from = begin ? text.rfind('\n', begin - 1) : std::string::npos;
    from = from == std::string::npos ? 0 : from + 1;
    return squeezed(text.substr(from, text.find('\n', end) - from));
}

void list(const std::string &source, const std::vector<mutant> &mutants, std::uint64_t seed)
{
    std::vector<std::size_t> order(mutants.size());
    std::mt19937_64 random(seed);
    for (std::size_t i = 0; i < order.size(); i++) { // std::shuffle differs between libraries
        std::size_t j = random() % (i + 1);
        order[i] = order[j];
        order[j] = i;
    }
    for (std::size_t id : order) {
        const mutant &m = mutants[id];
        auto line = 1 + std::count(source.begin(),
                                   source.begin() + static_cast<std::ptrdiff_t>(m.begin), '\n');
        std::string changed = mutated(source, m);
        std::cout << id << '\t' << line << '\t' << lines(source, m.begin, m.end) << '\t'
                  << lines(changed, m.begin, m.begin + m.text.size()) << '\n';
    }
}

int usage()
{
    std::cerr << "usage: c_mutants list SEED FILE | c_mutants text ID FILE\n";
    return 2;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 4)
        return usage();
    std::ifstream file(argv[3]);
    std::stringstream text;
    text << file.rdbuf();
    if (!file) {
        std::cerr << argv[3] << ": cannot be read\n";
        return 1;
    }
    std::string source = text.str();
    std::vector<mutant> mutants = lister(source).mutants();
    std::uint64_t number = std::strtoull(argv[2], nullptr, 10);
    if (std::strcmp(argv[1], "list") == 0) {
        list(source, mutants, number);
    } else if (std::strcmp(argv[1], "text") == 0 && number < mutants.size()) {
        std::cout << mutated(source, mutants[number]);
    } else {
        return usage();
    }
    return std::cout.flush() ? 0 : 1;
}
