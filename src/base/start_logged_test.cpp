#include "base/start_logged.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace makechat {
namespace {

Task<void> fails() {
    throw std::runtime_error("a bug");
    co_return;
}

Task<void> notes(bool& done) {
    done = true;
    co_return;
}

TEST(StartLogged, outlives_what_the_task_throws_and_says_so) {
    testing::internal::CaptureStderr();
    start_logged("Housekeeping", fails());
    EXPECT_NE(testing::internal::GetCapturedStderr().find("Housekeeping failed: a bug"), std::string::npos);
}

TEST(StartLogged, runs_a_task_as_start_does) {
    bool done = false;
    start_logged("Nothing", notes(done));
    EXPECT_TRUE(done);
}

}  // namespace
}  // namespace makechat
