#include "net/accept_trouble.hpp"

#include <gtest/gtest.h>

namespace makechat::net {
namespace {

using namespace std::chrono_literals;

TEST(AcceptTrouble, is_told_once_however_long_it_lasts_and_once_when_it_is_over) {
    AcceptTrouble trouble;
    EXPECT_FALSE(trouble.worked());
    EXPECT_TRUE(trouble.failed(10s));
    for (auto now = 11s; now < 10min; now += 1s) EXPECT_FALSE(trouble.failed(now));
    EXPECT_TRUE(trouble.worked());
    EXPECT_FALSE(trouble.worked());
    EXPECT_TRUE(trouble.failed(11min));
}

TEST(AcceptTrouble, that_comes_and_goes_every_second_does_not_fill_the_log) {
    AcceptTrouble trouble;
    int told = 0;
    for (auto now = 0s; now < 5min; now += 2s) {
        told += trouble.failed(now) ? 1 : 0;
        told += trouble.worked() ? 1 : 0;
    }
    EXPECT_EQ(told, 10);
}

TEST(AcceptTrouble, that_was_not_told_at_its_beginning_is_when_it_lasts) {
    AcceptTrouble trouble;
    EXPECT_TRUE(trouble.failed(0s));
    EXPECT_TRUE(trouble.worked());
    EXPECT_FALSE(trouble.failed(5s));
    EXPECT_FALSE(trouble.failed(59s));
    EXPECT_TRUE(trouble.failed(60s));
    EXPECT_TRUE(trouble.worked());
}

}  // namespace
}  // namespace makechat::net
