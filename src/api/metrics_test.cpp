#include "api/metrics.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace makechat::api {
namespace {

using std::chrono::minutes;

std::uint64_t sum_of(const std::array<std::uint64_t, 60>& counts) {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

TEST(Metrics, count_answers_by_what_they_say) {
    struct Case {
        int status;
        std::uint64_t refused;
        std::uint64_t failed;
    };
    const Case cases[] = {{101, 0, 0}, {200, 0, 0}, {204, 0, 0}, {304, 0, 0}, {400, 1, 0},
                          {404, 1, 0}, {429, 1, 0}, {499, 1, 0}, {500, 0, 1}, {503, 0, 1}};
    for (const auto& c : cases) {
        SCOPED_TRACE(c.status);
        Metrics metrics;
        metrics.count_answer(c.status);
        EXPECT_EQ(metrics.requests, 1U);
        EXPECT_EQ(metrics.refused, c.refused);
        EXPECT_EQ(metrics.failed, c.failed);
    }
}

TEST(MessagesPerMinute, stand_oldest_first_and_end_with_the_running_one) {
    MessagesPerMinute messages;
    messages.count(minutes{1'000}, 3);
    messages.count(minutes{1'000}, 4);
    messages.count(minutes{1'001}, 5);
    const auto counts = messages.read(minutes{1'001});
    EXPECT_EQ(counts[59], 5U);
    EXPECT_EQ(counts[58], 7U);
    EXPECT_EQ(sum_of(counts), 12U);
}

TEST(MessagesPerMinute, are_forgotten_after_an_hour) {
    MessagesPerMinute messages;
    messages.count(minutes{1'000}, 7);
    EXPECT_EQ(messages.read(minutes{1'059})[0], 7U);
    EXPECT_EQ(sum_of(messages.read(minutes{1'060})), 0U);
    EXPECT_EQ(sum_of(messages.read(minutes{5'000})), 0U);
}

TEST(MessagesPerMinute, begin_anew_in_a_place_that_was_in_use_an_hour_ago) {
    MessagesPerMinute messages;
    messages.count(minutes{1'000}, 7);
    messages.count(minutes{1'060}, 2);
    const auto counts = messages.read(minutes{1'060});
    EXPECT_EQ(counts[59], 2U);
    EXPECT_EQ(sum_of(counts), 2U);
}

TEST(MessagesPerMinute, are_none_in_minutes_without_any) {
    MessagesPerMinute messages;
    EXPECT_EQ(sum_of(messages.read(minutes{30'000'000})), 0U);
    messages.count(minutes{1'000}, 0);
    EXPECT_EQ(sum_of(messages.read(minutes{1'000})), 0U);
}

TEST(MessagesPerMinute, bear_a_clock_at_the_beginning_of_time) {
    MessagesPerMinute messages;
    messages.count(minutes{0}, 1);
    const auto counts = messages.read(minutes{5});
    EXPECT_EQ(counts[54], 1U);
    EXPECT_EQ(sum_of(counts), 1U);
}

TEST(ResidentBytes, are_told_by_this_system) { EXPECT_GT(resident_bytes(), 100'000U); }

}  // namespace
}  // namespace makechat::api
