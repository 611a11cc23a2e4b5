// SPDX-License-Identifier: Apache-2.0
// Recorded streams of mpes.
#include "replay/tiles/mpe_recorder.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <stdexcept>
#include <unistd.h>

extern "C" const struct ts_block ts_block_mac_array;
extern "C" const struct ts_block ts_block_mpe;

namespace fs = std::filesystem;

namespace tessera
{

namespace
{

int parameter(const std::int64_t *params, const char *name)
{
    return static_cast<int>(params[ts_block_param(&ts_block_mac_array, name)]);
}

std::set<std::pair<int, int>> positions(int rows, int working, int columns)
{
    return {{0, 0},        {0, working - 1},        {rows / 2, working / 2},
            {rows - 1, 0}, {rows - 1, working - 1}, {rows / 2, columns - 1}};
}

void append_hex(std::string &line, const packed &value, int bits)
{
    static const char digits[] = "0123456789abcdef";
    for (int i = (bits + 3) / 4 - 1; i >= 0; i--) {
        int n = std::min(4, bits - 4 * i);
        line += digits[value.bits() ? value.get(4 * i, n) : 0]; // no bits before the first edge
    }
}

std::runtime_error failure(const fs::path &path)
{
    return std::runtime_error(path.string() + ": " + std::strerror(errno));
}

} // namespace

mpe_recorder::mpe_recorder(const systemc_arrays &arrays, const std::int64_t *array_params,
                           int working_columns, const fs::path &directory, const std::string &name)
{
    std::int64_t params[TS_MAX_PARAMS];
    for (int i = 0; i < ts_block_mpe.n_params; i++)
        params[i] = parameter(array_params, ts_block_mpe.params[i].name);
    std::size_t inputs = 0, outputs = 0;
    for (int i = 0; i < ts_block_mpe.n_ports; i++) {
        const ts_port &port = ts_block_mpe.ports[i];
        bool out = port.dir == TS_OUT;
        std::size_t index = out ? outputs++ : inputs++;
        if (out && index > 0) // the streams that pass through
            continue;
        fields_.push_back({ts_port_bits(&port, params) * ts_port_count(&port, params), out, index});
        names_.push_back(port.name);
    }
    std::error_code ignored; // opening a file says what is wrong
    fs::create_directories(directory, ignored);
    for (auto [row, column] : positions(parameter(array_params, "Rows"), working_columns,
                                        parameter(array_params, "Cols")))
        open(arrays.unit(row, column), directory / (name + "_mpe_" + std::to_string(row) + "_" +
                                                    std::to_string(column) + ".vec"));
}

mpe_recorder::~mpe_recorder()
{
    for (file &each : files_) {
        if (each.stream)
            std::fclose(each.stream);
        std::error_code ignored;
        if (!each.temporary.empty())
            fs::remove(each.temporary, ignored);
    }
}

void mpe_recorder::open(const mpe &unit, const fs::path &path)
{
    fs::path temporary = path;
    temporary += "." + std::to_string(getpid());
    std::FILE *stream = std::fopen(temporary.c_str(), "w");
    if (!stream)
        throw failure(path);
    files_.push_back({&unit, path, temporary, stream});
    std::fputs(header().c_str(), stream);
}

std::string mpe_recorder::header() const
{
    std::string text = "#fields valid:1:in";
    for (std::size_t i = 0; i < fields_.size(); i++)
        text += " " + names_[i] + ":" + std::to_string(fields_[i].bits) +
                (fields_[i].out ? ":out" : ":in");
    return text + "\n";
}

void mpe_recorder::record()
{
    for (file &each : files_) {
        line_ = each.unit->valid_i.read() ? "1" : "0";
        for (const field &f : fields_) {
            line_ += ' ';
            append_hex(line_,
                       f.out ? each.unit->outputs()[f.port]->read()
                             : each.unit->inputs()[f.port]->read(),
                       f.bits);
        }
        line_ += '\n';
        std::fputs(line_.c_str(), each.stream);
    }
}

void mpe_recorder::finish()
{
    for (file &each : files_) {
        bool good = !std::ferror(each.stream);
        good = std::fclose(each.stream) == 0 && good;
        each.stream = nullptr;
        if (!good || std::rename(each.temporary.c_str(), each.path.c_str()) != 0)
            throw failure(each.path);
        each.temporary.clear();
    }
}

} // namespace tessera
