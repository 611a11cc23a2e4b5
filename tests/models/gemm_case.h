// SPDX-License-Identifier: Apache-2.0
// GEMMs with operands, drawn at random.
#ifndef TESSERA_TESTS_GEMM_CASE_H
#define TESSERA_TESTS_GEMM_CASE_H

#include "oracle/run.h"

#include <string>
#include <vector>

namespace gemm_case
{

/** Packed codes that free themselves. */
class Packed
{
  public:
    Packed(const ts_format &format, std::int64_t vectors, std::int64_t k,
           const std::vector<std::uint32_t> &codes, std::int64_t vector_step, std::int64_t k_step);
    Packed(const Packed &) = delete;
    Packed &operator=(const Packed &) = delete;
    ~Packed();

    ts_packed packed{};
};

/** A GEMM before its operands are packed: A[m][k] and B[k][n], codes row-major. */
struct Case {
    ts_gemm gemm{};
    ts_format a_format{}, b_format{};
    std::int64_t m = 0, n = 0, k = 0;
    std::vector<std::uint32_t> a, b;

    std::vector<std::uint32_t> golden() const;
    /** On kernels of that name; empty: what is preferred. */
    std::vector<std::uint32_t> run(int threads, const std::string &isa = "") const;
    std::string describe() const;
    /** NULL, or what ts_gemm_check() says. */
    const char *check() const;
};

/** The pairs of formats that a GEMM can have. */
struct Pair {
    const ts_format *a, *b;
};
const std::vector<Pair> &pairs();

/** Parameters for two formats, anything that is allowed; then a shape and operands. */
void draw_parameters(ts_random &random, const Pair &pair, Case &c);
void draw_shape(ts_random &random, std::int64_t work, Case &c);
void draw_operands(ts_random &random, Case &c);

/** About `work` multiply-accumulates of any pair of formats. */
Case draw(ts_random &random, std::int64_t work);

/** Names of the kernels that this processor has. */
std::vector<std::string> isas();

} // namespace gemm_case

#endif
