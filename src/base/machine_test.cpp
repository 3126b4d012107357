#include "base/machine.hpp"

#include <gtest/gtest.h>
#include <sched.h>

namespace makechat {
namespace {

TEST(UsableCores, are_those_that_the_process_may_run_on) {
    cpu_set_t before;
    ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
    EXPECT_EQ(usable_cores(), static_cast<std::size_t>(CPU_COUNT(&before)));

    int first = 0;
    while (!CPU_ISSET(first, &before)) ++first;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
    EXPECT_EQ(usable_cores(), 1U);
    ASSERT_EQ(sched_setaffinity(0, sizeof before, &before), 0);
}

}  // namespace
}  // namespace makechat
