// SPDX-License-Identifier: Apache-2.0
// Compiled with a Verilated netlist: runs recorded operands, counts every net's toggles.
//
// toggle_bench VEC SLICE LAYOUT NETS OUT
//
// A clock has two samples, both settled: after its rising edge, with the new operands there, and
// after its falling edge. So the clock and what it gates count as they should, and no glitches.
#include "Vpower_bench.h"
#include "verilated.h"

#include <chrono>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace
{

// The pipeline fills, and load is on, so that no state is unknown when counting starts.
constexpr int kWarmUp = 32;

struct port {
    bool output;
    unsigned first, bits, sliced;
};

// A field of the recorded rows and where one slice's part of it goes.
struct field {
    unsigned bits;   // in the file
    unsigned offset; // of the slice's part
    const port *to;  // or nullptr: not needed
};

using words = std::vector<std::uint32_t>;

[[noreturn]] void fail(const std::string &where, std::size_t line, const std::string &what)
{
    throw std::runtime_error(where + ":" + std::to_string(line) + ": " + what);
}

class stimulus
{
  public:
    stimulus(const std::string &path, unsigned slice, const std::string &layout)
        : path_(path), file_(path), in_(4096 / 32), out_(4096 / 32)
    {
        read_layout(layout);
        if (!file_)
            throw std::runtime_error(path + ": cannot be read");
        read_header(slice);
    }

    bool next()
    {
        std::string text;
        if (!std::getline(file_, text))
            return false;
        line_++;
        std::istringstream row(text);
        std::string hex;
        for (const field &each : fields_) {
            if (!(row >> hex))
                fail(path_, line_, "a row of fewer fields than the first line names");
            put(each, hex);
        }
        if (row >> hex)
            fail(path_, line_, "a row of more fields than the first line names");
        return true;
    }

    const words &in() const
    {
        return in_;
    }

    // Recorded outputs, and which bits of the wide port they are.
    const words &out() const
    {
        return out_;
    }

    const words &recorded() const
    {
        return recorded_;
    }

    const port &of(const std::string &name) const
    {
        return ports_.at(name);
    }

  private:
    void read_layout(const std::string &path)
    {
        std::ifstream file(path);
        std::string name, direction;
        port each = {};
        while (file >> name >> direction >> each.first >> each.bits >> each.sliced) {
            each.output = direction == "out";
            ports_[name + ":" + direction] = each;
        }
    }

    void read_header(unsigned slice)
    {
        std::string text, word;
        std::getline(file_, text);
        std::istringstream header(text);
        header >> word;
        if (word != "#fields")
            fail(path_, 1, "does not begin with #fields");
        std::map<std::string, int> seen;
        recorded_.assign(out_.size(), 0);
        while (header >> word) {
            const std::size_t first = word.find(':'), second = word.rfind(':');
            if (first == second)
                fail(path_, 1, "\"" + word + "\" is not name:bits:in or name:bits:out");
            const std::string name = word.substr(0, first) + word.substr(second);
            field each = {};
            std::istringstream(word.substr(first + 1)) >> each.bits;
            const auto found = ports_.find(name);
            if (found != ports_.end())
                each = place(name, found->second, each.bits, slice);
            seen[name]++;
            fields_.push_back(each);
        }
        for (const auto &[name, each] : ports_)
            if (!each.output && seen[name] != 1)
                fail(path_, 1, "no field, or more than one, of " + name);
    }

    field place(const std::string &name, const port &to, unsigned bits, unsigned slice)
    {
        const unsigned slices = to.bits ? bits / to.bits : 0;
        if (!slices || bits % to.bits || (!to.sliced && slices != 1))
            fail(path_, 1,
                 name + " has " + std::to_string(bits) + " bits; a slice has " +
                     std::to_string(to.bits));
        if (to.sliced && slice >= slices)
            throw std::runtime_error(path_ + ": no slice " + std::to_string(slice) + "; it has " +
                                     std::to_string(slices));
        if (to.output)
            for (unsigned i = to.first; i < to.first + to.bits; i++)
                recorded_[i / 32] |= 1U << (i % 32);
        return {bits, to.sliced ? slice * to.bits : 0, &to};
    }

    void put(const field &each, const std::string &hex)
    {
        const unsigned digits = (each.bits + 3) / 4;
        if (hex.size() != digits)
            fail(path_, line_,
                 "\"" + hex + "\" has not the " + std::to_string(digits) + " digits of " +
                     std::to_string(each.bits) + " bits");
        const std::size_t bad = hex.find_first_not_of("0123456789abcdefABCDEF");
        if (bad != std::string::npos)
            fail(path_, line_, "\"" + hex + "\" is not hexadecimal");
        if (!each.to)
            return;
        words &to = each.to->output ? out_ : in_;
        for (unsigned i = 0; i < each.to->bits; i++) {
            const unsigned from = each.offset + i, bit = each.to->first + i;
            const char digit = hex[digits - 1 - from / 4];
            const int value = digit <= '9' ? digit - '0' : (digit | 32) - 'a' + 10;
            const std::uint32_t mask = 1U << (bit % 32);
            to[bit / 32] = (value >> (from % 4) & 1) ? to[bit / 32] | mask : to[bit / 32] & ~mask;
        }
    }

    std::string path_;
    std::ifstream file_;
    std::size_t line_ = 1;
    std::map<std::string, port> ports_;
    std::vector<field> fields_;
    words in_, out_, recorded_;
};

// Of every net: transitions, and half cycles at 1.
class activity
{
  public:
    explicit activity(std::size_t n) : last_(n), toggles_(32 * n), high_(32 * n), rose_(32 * n)
    {
    }

    template <class Wide> void start(const Wide &nets)
    {
        for (std::size_t i = 0; i < last_.size(); i++)
            last_[i] = nets[i];
    }

    template <class Wide> void sample(const Wide &nets)
    {
        for (std::size_t i = 0; i < last_.size(); i++)
            if (std::uint32_t changed = last_[i] ^ nets[i]; changed) {
                last_[i] = nets[i];
                for (; changed; changed &= changed - 1)
                    count(32 * i + static_cast<unsigned>(__builtin_ctz(changed)));
            }
        now_++;
    }

    std::uint64_t toggles(std::size_t net) const
    {
        return toggles_[net];
    }

    std::uint64_t high(std::size_t net) const
    {
        return high_[net] + (value(net) ? now_ - rose_[net] : 0);
    }

  private:
    bool value(std::size_t net) const
    {
        return last_[net / 32] >> (net % 32) & 1;
    }

    void count(std::size_t net)
    {
        toggles_[net]++;
        if (value(net))
            rose_[net] = now_;
        else
            high_[net] += now_ - rose_[net];
    }

    words last_;
    std::vector<std::uint64_t> toggles_, high_, rose_;
    std::uint64_t now_ = 0;
};

class bench
{
  public:
    explicit bench(stimulus &from) : from_(from), nets_(sizeof top_.nets_o / 4)
    {
    }

    void run()
    {
        const port &load = from_.of("load:in");
        if (!from_.next())
            throw std::runtime_error("no rows");
        for (int i = 0; i < kWarmUp; i++) {
            rise(i == kWarmUp - 1);
            top_.in_i[load.first / 32] |= 1U << (load.first % 32);
            top_.eval();
            fall();
        }
        nets_.start(top_.nets_o);
        do {
            rise(true);
            nets_.sample(top_.nets_o);
            fall();
            nets_.sample(top_.nets_o);
            compare();
            cycles_++;
        } while (from_.next());
        top_.final();
    }

    void print(std::ostream &out, const std::string &names) const
    {
        out << cycles_ << ' ' << compared_ << ' ' << mismatches_ << '\n';
        std::ifstream file(names);
        std::string name;
        for (std::size_t i = 0; file >> name; i++)
            out << name << ' ' << nets_.toggles(i) << ' ' << nets_.high(i) << '\n';
    }

    std::uint64_t cycles() const
    {
        return cycles_;
    }

  private:
    // What the edge brings forth, then the operands of the new clock.
    void rise(bool running)
    {
        top_.clk_i = 1;
        top_.eval();
        top_.rst_ni = running;
        for (std::size_t i = 0; i < sizeof top_.in_i / 4; i++)
            top_.in_i[i] = from_.in()[i];
        top_.eval();
    }

    void fall()
    {
        top_.clk_i = 0;
        top_.eval();
    }

    // Recorded outputs count once the first loaded weights can have reached them: before,
    // they tell of a state from before the recording.
    void compare()
    {
        const port &load = from_.of("load:in");
        if (since_load_ || (from_.in()[load.first / 32] >> (load.first % 32) & 1))
            since_load_++;
        const bool counts = since_load_ > kWarmUp;
        for (std::size_t i = 0; i < sizeof top_.rtl_o / 4; i++) {
            mismatches_ += ones(top_.rtl_o[i] ^ top_.netlist_o[i]);
            if (counts) {
                compared_ += ones(from_.recorded()[i]);
                mismatches_ += ones((from_.out()[i] ^ top_.netlist_o[i]) & from_.recorded()[i]);
            }
        }
        for (const char *name : {"valid:out", "acc:out", "stream:out", "weight:out"})
            compared_ += from_.of(name).bits;
    }

    static unsigned ones(std::uint32_t word)
    {
        return static_cast<unsigned>(__builtin_popcount(word));
    }

    stimulus &from_;
    Vpower_bench top_;
    activity nets_;
    std::uint64_t cycles_ = 0, since_load_ = 0, compared_ = 0, mismatches_ = 0;
};

} // namespace

int main(int argc, char **argv)
{
    if (argc != 6)
        return 2;
    std::ofstream out(argv[5]);
    try {
        stimulus from(argv[1], static_cast<unsigned>(std::stoul(argv[2])), argv[3]);
        bench run(from);
        const auto start = std::chrono::steady_clock::now();
        run.run();
        const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
        std::cout << static_cast<double>(run.cycles()) / time.count() << " cycles/s\n";
        run.print(out, argv[4]);
    } catch (const std::exception &error) {
        const std::string what = error.what();
        out << "error " << (what == "no rows" ? argv[1] + (": " + what) : what) << '\n';
    }
    out.close();
    return out ? 0 : 1;
}
