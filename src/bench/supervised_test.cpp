#include "bench/supervised.hpp"

#include "base/result.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

namespace makechat::bench {
namespace {

TEST(Supervised, returns_what_the_work_returns) {
    const std::string long_text(1'000'000, 'x');
    EXPECT_EQ(*supervised([&]() -> Result<std::string> { return long_text; }), long_text);
    EXPECT_EQ(*supervised([]() -> Result<std::string> { return std::string{}; }), "");
    const auto refused = supervised([]() -> Result<std::string> { return fail({Code::internal, "no disk"}); });
    EXPECT_EQ(refused.error().text, "no disk");
}

TEST(Supervised, says_when_the_work_crashed) {
    const auto crashed = supervised([]() -> Result<std::string> {
        raise(SIGKILL);
        return std::string{};
    });
    EXPECT_THAT(crashed.error().text, testing::HasSubstr("without a result"));
}

TEST(Supervised, ends_the_work_when_it_is_told_to_stop) {
    const auto stopped = supervised([]() -> Result<std::string> {
        kill(getppid(), SIGTERM);
        while (true) pause();
    });
    EXPECT_EQ(stopped.error().text, "Stopped.");
}

}  // namespace
}  // namespace makechat::bench
