// SPDX-License-Identifier: Apache-2.0
// A tokenizer, not a parser: it tells functions from initializers by the token before a brace.
#include "scanner.h"

#include <algorithm>
#include <cctype>
#include <set>

namespace mutation
{

namespace
{

bool word_char(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

class lexer
{
  public:
    explicit lexer(const std::string &source) : source_(source)
    {
        while (at_ < source_.size())
            next();
    }

    std::vector<token> take()
    {
        return std::move(tokens_);
    }

  private:
    bool here(const char *text) const
    {
        return source_.compare(at_, std::char_traits<char>::length(text), text) == 0;
    }

    void skip_past(const char *text)
    {
        std::size_t found = source_.find(text, at_ + 1);
        at_ = found == std::string::npos ? source_.size()
                                         : found + std::char_traits<char>::length(text);
    }

    void skip_directive()
    {
        do
            skip_past("\n");
        while (at_ >= 2 && source_[at_ - 2] == '\\' && at_ < source_.size());
        line_start_ = true;
    }

    void next()
    {
        char c = source_[at_];
        if (std::isspace(static_cast<unsigned char>(c))) {
            line_start_ = line_start_ || c == '\n';
            at_++;
        } else if (here("/*")) {
            skip_past("*/");
        } else if (here("//")) {
            skip_past("\n");
        } else if (c == '#' && line_start_) {
            skip_directive();
        } else {
            line_start_ = false;
            take_token(c);
        }
    }

    void take_token(char c)
    {
        std::size_t begin = at_;
        auto kind = token::PUNCTUATOR;
        if (c == '"' || c == '\'') {
            kind = token::LITERAL;
            for (at_++; at_ < source_.size() && source_[at_] != c; at_++)
                at_ += source_[at_] == '\\';
            at_++;
        } else if (std::isdigit(static_cast<unsigned char>(c))) {
            kind = token::NUMBER;
            number();
        } else if (word_char(c)) {
            kind = token::WORD;
            while (at_ < source_.size() && word_char(source_[at_]))
                at_++;
        } else {
            at_ += punctuator_size();
        }
        tokens_.push_back({kind, source_.substr(begin, at_ - begin), begin, 0, false});
    }

    void number()
    {
        bool hex = here("0x") || here("0X");
        for (; at_ < source_.size(); at_++) {
            char c = source_[at_];
            char last = at_ ? source_[at_ - 1] : ' ';
            bool exponent = (c == '+' || c == '-') &&
                            (hex ? last == 'p' || last == 'P' : last == 'e' || last == 'E');
            if (!word_char(c) && c != '.' && !exponent)
                break;
        }
    }

    std::size_t punctuator_size() const
    {
        for (const char *three : {"<<=", ">>=", "..."})
            if (here(three))
                return 3;
        for (const char *two : {"->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||",
                                "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^="})
            if (here(two))
                return 2;
        return 1;
    }

    const std::string &source_;
    std::size_t at_ = 0;
    bool line_start_ = true;
    std::vector<token> tokens_;
};

/// Takes out the tokens from `first` to the next `last` that is in no braces.
void drop_until(std::vector<token> &tokens, std::size_t first, const std::string &last)
{
    int depth = 0;
    std::size_t end = first;
    for (bool found = false; end < tokens.size() && !found; end++) {
        depth += tokens[end].text == "{";
        depth -= tokens[end].text == "}";
        found = depth == 0 && tokens[end].text == last;
    }
    tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(first),
                 tokens.begin() + static_cast<std::ptrdiff_t>(end));
}

/// Whether a declaration of that word has an initializer.
bool initialized(const std::vector<token> &tokens, std::size_t i)
{
    static const std::set<std::string> ends = {"=", ";", "(", ")", "{", ","};
    while (i < tokens.size() && !ends.count(tokens[i].text))
        i++;
    return i < tokens.size() && tokens[i].text == "=";
}

void drop_what_is_no_arithmetic(std::vector<token> &tokens)
{
    static const std::set<std::string> tables = {"ts_param", "ts_port", "ts_block"};
    static const std::set<std::string> functions = {"protocol", "fetch"};
    int depth = 0;
    for (std::size_t i = 0; i < tokens.size(); i++) {
        const std::string &text = tokens[i].text;
        depth += text == "{";
        depth -= text == "}";
        if (text == "_Static_assert" ||
            (depth == 0 && tables.count(text) && initialized(tokens, i)))
            drop_until(tokens, i, ";");
        else if (depth == 0 && (text.find("stress") != std::string::npos || functions.count(text)))
            drop_until(tokens, i, "}");
    }
}

/// Pairs brackets, and marks the tokens that start a statement.
class structure
{
  public:
    explicit structure(std::vector<token> &tokens) : tokens_(tokens)
    {
    }

    void mark()
    {
        for (i_ = 0; i_ < tokens_.size(); i_++) {
            const std::string &text = tokens_[i_].text;
            tokens_[i_].starts_statement = in_code() && starts_statement();
            if (text == "(" || text == "[" || text == "{")
                open_.push_back({i_, text == "{" && opens_code(), text == "(" && controls()});
            else if ((text == ")" || text == "]" || text == "}") && !open_.empty())
                close();
        }
    }

  private:
    struct bracket {
        std::size_t at;
        bool code;    ///< a brace around statements
        bool control; ///< a parenthesis after if, for, while or switch
    };

    const std::string &previous() const
    {
        static const std::string none;
        return i_ ? tokens_[i_ - 1].text : none;
    }

    bool in_code() const
    {
        return !open_.empty() && open_.back().code;
    }

    bool controls() const
    {
        static const std::set<std::string> words = {"if", "for", "while", "switch"};
        return words.count(previous()) > 0;
    }

    bool opens_code() const
    {
        if (open_.empty())
            return previous() == ")";
        return in_code() && starts_statement();
    }

    bool starts_statement() const
    {
        static const std::set<std::string> after = {";", "{", "}", ":", "else", "do"};
        return after.count(previous()) || (previous() == ")" && closed_control_);
    }

    void close()
    {
        tokens_[open_.back().at].partner = i_;
        closed_control_ = open_.back().control;
        open_.pop_back();
    }

    std::vector<token> &tokens_;
    std::size_t i_ = 0;
    std::vector<bracket> open_;
    bool closed_control_ = false;
};

} // namespace

std::vector<token> scan(const std::string &source)
{
    std::vector<token> tokens = lexer(source).take();
    drop_what_is_no_arithmetic(tokens);
    structure(tokens).mark();
    return tokens;
}

} // namespace mutation
