// SPDX-License-Identifier: Apache-2.0
// A trace as h5py writes it: HDF5's oldest layout, without checksums.
#ifndef TESSERA_TESTS_FUZZ_DEFAULT_LAYOUT_H
#define TESSERA_TESTS_FUZZ_DEFAULT_LAYOUT_H

#include <string>

namespace default_layout
{

/** Writes the trace `from` to the file `to`, strings of variable length, tensors compressed. */
bool copy(const std::string &from, const std::string &to);

} // namespace default_layout

#endif
