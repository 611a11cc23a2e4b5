// SPDX-License-Identifier: Apache-2.0
// .npy files: a file that is read has the size that it says, and comes back when written.
#include "fuzz.h"

#include "cli/npy.h"

#include <cstdlib>
#include <cstring>

namespace
{

std::uint64_t matrices;

fuzz::Bytes file(std::uint8_t version, const std::string &header, std::size_t floats)
{
    fuzz::Bytes bytes = {0x93, 'N', 'U', 'M', 'P', 'Y', version, 0};
    for (int i = 0; i < (version == 1 ? 2 : 4); i++)
        bytes.push_back(static_cast<std::uint8_t>(header.size() >> 8 * i));
    bytes.insert(bytes.end(), header.begin(), header.end());
    for (std::size_t i = 0; i < floats * sizeof(float); i++)
        bytes.push_back(static_cast<std::uint8_t>(i));
    return bytes;
}

// What is written of it is read again.
void round_trip(const ts_npy &npy)
{
    char *text = nullptr;
    std::size_t size = 0;
    std::FILE *stream = open_memstream(&text, &size);
    ts_npy_write(stream, &npy);
    std::fclose(stream);
    stream = fmemopen(text, size, "rb");
    ts_npy again{};
    fuzz::require(!ts_npy_read(stream, &again), "what was written cannot be read");
    const auto bytes = static_cast<std::size_t>(npy.rows * npy.cols) * sizeof(float);
    fuzz::require(again.rows == npy.rows && again.cols == npy.cols, "another shape comes back");
    fuzz::require(std::memcmp(again.data, npy.data, bytes) == 0, "other numbers come back");
    std::fclose(stream);
    std::free(again.data);
    std::free(text);
}

// From a file, whose size is known, and from a stream, whose size is not.
void read_from(std::FILE *stream, std::size_t size)
{
    ts_npy npy{};
    const char *why = ts_npy_read(stream, &npy);
    fuzz::require(!why || (why[0] && !std::strchr(why, '\n')), "a failure without its line");
    if (!why) {
        fuzz::require(npy.rows >= 0 && npy.cols >= 0 &&
                          static_cast<std::uint64_t>(npy.rows * npy.cols) * sizeof(float) <= size,
                      "more numbers than the file has");
        matrices++;
        round_trip(npy);
    }
    std::free(npy.data);
    std::fclose(stream);
}

} // namespace

std::vector<fuzz::Bytes> fuzz::seeds()
{
    const std::string row_major = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n";
    const std::string column_major = "{'descr': '<f4', 'fortran_order': True, 'shape': (3, 2), }\n";
    const std::string empty = "{'descr': '<f4', 'fortran_order': True, 'shape': (0, 12), }\n";
    return {file(1, row_major, 6), file(2, column_major, 6), file(3, row_major, 6),
            file(1, empty, 0), file(1, column_major, 6)};
}

void fuzz::run(const Bytes &input)
{
    read_from(std::fopen(file_of(input).c_str(), "rb"), input.size());
    Bytes copy = input;
    if (!copy.empty())
        read_from(fmemopen(copy.data(), copy.size(), "rb"), copy.size());
}

std::string fuzz::summary()
{
    return ", " + std::to_string(matrices) + " matrices read";
}
