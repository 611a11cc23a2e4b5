// SPDX-License-Identifier: Apache-2.0
// GoogleTest under SystemC, whose library owns main(): the tests of one block of the program's.
#include "selected_bench.h"

#include <gtest/gtest.h>

#include <systemc>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>

namespace
{

constexpr int kUsage = 2;

// The benches in the program are constant; the one selected may get its faulty RTL.
std::optional<tessera::bench> selected;

bool select_block(const std::string &name, bool faulty)
{
    for (int i = 0; i < tessera::n_benches; i++)
        if (name == tessera::benches[i].block.name)
            selected.emplace(tessera::benches[i]);
    if (selected && faulty)
        selected->make_rtl = selected->make_faulty_rtl;
    return selected.has_value();
}

// A test belongs to the block when the bench names the file that it is written in.
bool is_of_block(const testing::TestInfo &test)
{
    std::string file = test.file();
    file.erase(0, file.find_last_of('/') + 1);
    for (const char *const *each = selected->tests; *each; each++)
        if (file == *each)
            return true;
    return false;
}

std::string filter_of_block()
{
    std::string filter;
    const testing::UnitTest &all = *testing::UnitTest::GetInstance();
    for (int s = 0; s < all.total_test_suite_count(); s++) {
        const testing::TestSuite &suite = *all.GetTestSuite(s);
        for (int t = 0; t < suite.total_test_count(); t++) {
            const testing::TestInfo &test = *suite.GetTestInfo(t);
            if (is_of_block(test))
                filter += std::string(suite.name()) + "." + test.name() + ":";
        }
    }
    return filter;
}

int usage(const char *program)
{
    std::fprintf(stderr, "usage: %s BLOCK [--faulty-rtl] [--gtest_...]\nblocks:", program);
    for (int i = 0; i < tessera::n_benches; i++)
        std::fprintf(stderr, " %s", tessera::benches[i].block.name);
    std::fputc('\n', stderr);
    return kUsage;
}

} // namespace

const tessera::bench &tessera::block_bench()
{
    return *selected;
}

int sc_main(int argc, char **argv)
{
    testing::InitGoogleTest(&argc, argv);
    bool faulty = argc == 3 && std::string(argv[2]) == "--faulty-rtl";
    if (argc != 2 + faulty || !select_block(argv[1], faulty))
        return usage(argv[0]);
    if (testing::GTEST_FLAG(filter) == "*")
        testing::GTEST_FLAG(filter) = filter_of_block();
    if (testing::GTEST_FLAG(filter).empty()) {
        std::fprintf(stderr, "%s: no test of %s is here\n", argv[0], argv[1]);
        return kUsage;
    }
    // Every test ends with sc_stop(), of which SystemC would tell.
    sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
    return RUN_ALL_TESTS();
}
