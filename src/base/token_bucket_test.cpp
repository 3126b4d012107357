#include "base/token_bucket.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace makechat {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr nanoseconds noon = 12h;

TEST(Rate, is_a_count_in_a_time_or_off) {
    EXPECT_EQ(Rate::parse("600/60"), (Rate{600, 60s, false}));
    EXPECT_EQ(Rate::parse("1/86400"), (Rate{1, 86'400s, false}));
    EXPECT_EQ(Rate::parse("1000000/1"), (Rate{1'000'000, 1s, false}));
    EXPECT_TRUE(Rate::parse("off").value().off);
    for (const auto* bad : {"", "600", "/60", "600/", "0/60", "600/0", "-1/60", "+1/60", "1.5/60", "600/60s", " 600/60",
                            "600/60/1", "OFF", "1000001/1", "1/86401", "99999999999/1"}) {
        SCOPED_TRACE(bad);
        const auto rate = Rate::parse(bad);
        ASSERT_FALSE(rate);
        EXPECT_EQ(rate.error().code, Code::bad_parameter);
    }
}

struct Step {
    nanoseconds after;  ///< noon
    int takes;          ///< this many go through
    int then_wait_s;    ///< what the next is told
};

struct Case {
    const char* name;
    Rate rate;
    std::vector<Step> steps;
};

const Case cases[] = {
    {"a burst, and then an even pace", {10, 60s}, {{0s, 10, 6}, {1s, 0, 5}, {6s, 1, 6}, {18s, 2, 6}}},
    {"full again after the whole time, and never fuller", {10, 60s}, {{0s, 10, 6}, {60s, 10, 6}, {10h, 10, 6}}},
    {"once an hour", {1, 3600s}, {{0s, 1, 3600}, {3599s, 0, 1}, {3600s, 1, 3600}}},
    {"part of a second is a second", {600, 60s}, {{0s, 600, 1}, {99ms, 0, 1}, {100ms, 1, 1}}},
    {"a pace that does not divide a second", {7, 1s}, {{0s, 7, 1}, {1s, 7, 1}, {2s, 7, 1}}},
    {"a clock of another thread that is a little behind", {2, 60s}, {{10s, 2, 30}, {9s, 0, 31}, {40s, 1, 30}}},
};

TEST(TokenBuckets, lets_through_what_the_rate_allows) {
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        TokenBuckets buckets(c.rate);
        for (const auto& step : c.steps) {
            const auto now = noon + step.after;
            for (int i = 0; i < step.takes; ++i) {
                EXPECT_EQ(buckets.check("alice", now), std::nullopt) << i;
                EXPECT_EQ(buckets.take("alice", now), std::nullopt) << i;
            }
            EXPECT_EQ(buckets.check("alice", now), std::chrono::seconds{step.then_wait_s});
            EXPECT_EQ(buckets.take("alice", now), std::chrono::seconds{step.then_wait_s});
        }
    }
}

TEST(TokenBuckets, counts_each_key_alone) {
    TokenBuckets buckets({1, 60s});
    EXPECT_FALSE(buckets.take("alice", noon));
    EXPECT_TRUE(buckets.take("alice", noon));
    EXPECT_FALSE(buckets.take("bob", noon));
    EXPECT_FALSE(buckets.take(std::uint64_t{1}, noon));
    EXPECT_FALSE(buckets.take(std::uint64_t{2}, noon));
    EXPECT_TRUE(buckets.take(std::uint64_t{1}, noon));
}

TEST(TokenBuckets, takes_back_what_was_not_a_failure) {
    TokenBuckets buckets({2, 60s});
    for (int i = 0; i < 100; ++i) {
        ASSERT_FALSE(buckets.take("alice", noon));
        buckets.give_back("alice");
    }
    EXPECT_FALSE(buckets.take("alice", noon));
    EXPECT_FALSE(buckets.take("alice", noon));
    EXPECT_TRUE(buckets.take("alice", noon));
    buckets.give_back("nobody");
    EXPECT_EQ(buckets.keys(), 1U);
}

TEST(TokenBuckets, checks_without_remembering) {
    TokenBuckets buckets({1, 60s});
    EXPECT_FALSE(buckets.check("alice", noon));
    EXPECT_EQ(buckets.keys(), 0U);
}

TEST(TokenBuckets, does_nothing_when_off) {
    TokenBuckets buckets(Rate{.off = true});
    for (int i = 0; i < 1000; ++i) EXPECT_FALSE(buckets.take("alice", noon));
    buckets.give_back("alice");
    EXPECT_EQ(buckets.keys(), 0U);
}

TEST(TokenBuckets, a_flood_of_keys_neither_grows_it_nor_frees_who_has_used_up_his_own) {
    TokenBuckets buckets({10, 3600s}, 1600);
    for (int i = 0; i < 10; ++i) EXPECT_FALSE(buckets.take("guesser", noon));
    for (int i = 0; i < 20'000; ++i) {
        EXPECT_FALSE(buckets.take("address " + std::to_string(i), noon + i * 1ms));
        ASSERT_LE(buckets.keys(), 1600U);
    }
    EXPECT_TRUE(buckets.check("guesser", noon + 20s));
}

TEST(TokenBuckets, many_threads_get_no_more_than_one_would) {
    TokenBuckets buckets({1000, 86'400s});
    std::atomic<int> through = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                for (int n = 0; n < 1000; ++n) through += !buckets.take("alice", noon);
            });
        }
    }
    EXPECT_EQ(through, 1000);
}

}  // namespace
}  // namespace makechat
