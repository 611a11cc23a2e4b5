/* SPDX-License-Identifier: Apache-2.0 */
/* A small trace in a directory of its own, for tests. */
#ifndef TESSERA_TESTS_TRACES_SCRATCH_H
#define TESSERA_TESTS_TRACES_SCRATCH_H

#include "tessera/trace.h"

#include <string>
#include <vector>

/* A directory that goes with its owner. */
class Scratch
{
  public:
    Scratch();
    ~Scratch();
    Scratch(const Scratch &) = delete;
    Scratch &operator=(const Scratch &) = delete;
    std::string path(const std::string &name) const;
    std::vector<std::string> files() const;

  private:
    std::string dir_;
};

ts_run small_run();
ts_layer conv_layer(const char *name, int ic, int oc, int in, int kernel, int stride, int pad);
ts_layer linear_layer(const char *name, int ic, int oc);

/* Element i of that tensor in small traces; within PACT's 0..1 where it is an X. */
float element(int step, int layer, ts_tensor tensor, size_t i);

/* Writes a trace of two layers, steps 1 and 3; false and the line if it cannot. */
bool write_small(const std::string &path, ts_error *error);

/* The line with which opening (and reading all of) the file fails; empty if it does not. */
std::string failure(const std::string &path);

#endif
