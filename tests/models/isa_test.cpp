// SPDX-License-Identifier: Apache-2.0
// Which instruction set is taken.
#include "core/isa.h"
#include "tessera/gemm.h"

#include <gtest/gtest.h>

#include <cstdlib>

TEST(isa, has_a_name_in_the_public_list)
{
    std::size_t i = 0;
    for (; ts_isas[i]; i++) {
        ASSERT_STREQ(ts_gemm_isas[i], ts_isas[i]->name);
        EXPECT_EQ(ts_gemm_has_isa(ts_isas[i]->name), ts_isas[i]->present());
    }
    EXPECT_EQ(ts_gemm_isas[i], nullptr);
    ASSERT_STREQ(ts_isas[i - 1]->name, "portable");
    EXPECT_TRUE(ts_gemm_has_isa("portable"));
    EXPECT_FALSE(ts_gemm_has_isa("abacus"));
}

TEST(isa, wanted_is_the_one_of_that_name)
{
    for (std::size_t i = 0; ts_isas[i]; i++) {
        setenv("TESSERA_ISA", ts_isas[i]->name, 1);
        EXPECT_EQ(ts_isa_wanted(nullptr), ts_isas[i]->present() ? &ts_isas[i] : nullptr);
    }
    setenv("TESSERA_ISA", "abacus", 1);
    EXPECT_EQ(ts_isa_wanted(ts_isas), nullptr);
    unsetenv("TESSERA_ISA");
    EXPECT_EQ(ts_isa_wanted(nullptr), nullptr);
    EXPECT_EQ(ts_isa_wanted(ts_isas), ts_isas);
}

TEST(isa, preferred_is_the_first_that_is)
{
    ts_isa no{}, yes{};
    no.preferred = [] { return false; };
    yes.preferred = [] { return true; };
    const ts_isa *const list[] = {&no, &no, &yes, &no, &yes};
    EXPECT_EQ(ts_isa_preferred(list), &list[2]);
    EXPECT_EQ(ts_isa_preferred(&list[3]), &list[4]);
    EXPECT_TRUE((*ts_isa_preferred(ts_isas))->present());
}
