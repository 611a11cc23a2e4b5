// SPDX-License-Identifier: Apache-2.0
// The fast GEMM equals the golden one, on every kernel of this processor.
#include "gemm_case.h"

#include <gtest/gtest.h>

#include <map>

using namespace gemm_case;

namespace
{

/* How often results of each kind were compared: a test of zeros only would prove little. */
class Census
{
  public:
    void count(const Case &c, const std::vector<std::uint32_t> &codes)
    {
        bool wide = c.gemm.outer == TS_OUTER_FP32 || c.a_format.exp_bits == 8;
        bool dlfloat16 = !wide && c.a_format.specials != TS_SPECIALS_IEEE;
        for (std::uint32_t code : codes) {
            if (code == 0)
                counts_["zero"]++;
            else if (code == (wide ? 0x7FC00000 : dlfloat16 ? 0x7FFF : 0x7E00))
                counts_["NaN or NaN-Infinity"]++;
            else if (dlfloat16 && (code & 0x7FFF) == 0x7FFE)
                counts_["largest"]++;
            else
                counts_["other"]++;
        }
    }

    void expect_some_of_each() const
    {
        for (const char *kind : {"zero", "NaN or NaN-Infinity", "largest", "other"}) {
            auto found = counts_.find(kind);
            std::uint64_t n = found == counts_.end() ? 0 : found->second;
            std::printf("  %-20s %llu\n", kind, static_cast<unsigned long long>(n));
            EXPECT_GT(n, 100U) << kind;
        }
    }

  private:
    std::map<std::string, std::uint64_t> counts_;
};

void expect_golden(const Case &c, int threads, const std::string &isa,
                   const std::vector<std::uint32_t> &golden)
{
    const auto got = c.run(threads, isa);
    for (std::size_t i = 0; i < golden.size(); i++)
        ASSERT_EQ(got[i], golden[i])
            << std::hex << "0x" << got[i] << " for 0x" << golden[i] << std::dec << ", element " << i
            << " on " << isa << ": " << c.describe();
}

} // namespace

TEST(gemm, run_is_golden)
{
    ts_random random = {oracle::seed() + 1};
    std::uint64_t count = oracle::vectors(1000000) / 100; /* each is as good as a hundred */
    Census census;
    const auto names = isas();
    for (std::uint64_t i = 0; i < count; i++) {
        Case c = draw(random, i % 16 ? 2000 : 10000);
        auto golden = c.golden();
        for (const std::string &isa : names)
            expect_golden(c, 1 + static_cast<int>(i % 8), isa, golden);
        census.count(c, golden);
        if (HasFatalFailure())
            return;
    }
    census.expect_some_of_each();
    oracle::report("gemm run", count);
}
