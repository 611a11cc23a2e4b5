// SPDX-License-Identifier: Apache-2.0
// Work in a process of its own: what it returns, and what becomes of it otherwise.
#include "guard.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdio>
#include <string>

#include <sys/resource.h>
#include <unistd.h>

namespace
{

bool succeed(void *argument, ts_error *)
{
    return argument != nullptr;
}

bool fail(void *argument, ts_error *error)
{
    return ts_error_set(error, "%s is missing", static_cast<const char *>(argument));
}

bool crash(void *, ts_error *)
{
    std::signal(SIGSEGV, SIG_DFL);
    std::fputs("free(): invalid pointer\n", stderr);
    std::raise(SIGSEGV);
    return true;
}

bool never_end(void *, ts_error *)
{
    volatile bool forever = true;
    while (forever) {
    }
    return true;
}

bool change(void *argument, ts_error *)
{
    *static_cast<int *>(argument) = 2;
    return true;
}

const unsigned long seconds = 60;

} // namespace

TEST(Guard, work_that_returns)
{
    char name[] = "dY";
    ts_error error{};
    EXPECT_EQ(guard_run(succeed, name, seconds, &error), GUARD_OK);
    EXPECT_STREQ(error.text, "");
    EXPECT_EQ(guard_run(fail, name, seconds, &error), GUARD_FAILED);
    EXPECT_STREQ(error.text, "dY is missing");
    EXPECT_EQ(guard_run(fail, name, seconds, nullptr), GUARD_FAILED);
}

TEST(Guard, work_that_does_not)
{
    ts_error error{};
    testing::internal::CaptureStderr();
    EXPECT_EQ(guard_run(crash, nullptr, seconds, &error), GUARD_CRASHED);
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
    EXPECT_EQ(guard_run(never_end, nullptr, 1, &error), GUARD_CRASHED);
    EXPECT_STREQ(error.text, "");
}

TEST(Guard, nothing_is_shared)
{
    int number = 1;
    EXPECT_EQ(guard_run(change, &number, seconds, nullptr), GUARD_OK);
    EXPECT_EQ(number, 1);
}

TEST(Guard, no_pipe)
{
    rlimit before{}, none{};
    ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = before;
    none.rlim_cur = 3; // standard input, output and error
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
    ts_error error{};
    EXPECT_EQ(guard_run(succeed, &error, seconds, &error), GUARD_FAILED);
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
    EXPECT_STREQ(error.text, "cannot start a process to check it: Too many open files");
}
