#include "base/random.hpp"

#include "support/fake_clock.hpp"
#include "support/fake_random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <thread>
#include <vector>

namespace makechat {
namespace {

using namespace std::chrono_literals;
using TestId = Id<struct TestTag>;

/// Every byte as often as every other.
class EveryByte final : public Random {
public:
    void fill(std::span<std::uint8_t> bytes) override {
        for (auto& byte : bytes) byte = next_++;
    }

private:
    std::uint8_t next_ = 0;
};

TEST(RandomWord, gives_each_character_the_same_chance) {
    EveryByte random;
    std::map<char, int> times;
    for (const char c : random_word(random, 252 * 4)) ++times[c];  // 252 = 36 * 7: a round of all fair bytes
    ASSERT_EQ(times.size(), 36u);
    for (const auto& [c, count] : times) {
        EXPECT_TRUE((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) << c;
        EXPECT_EQ(count, 28) << c;
    }
}

TEST(RandomWord, is_as_long_as_asked) {
    FakeRandom random;
    for (const std::size_t length : {0, 1, 32, 63, 64, 65, 1'000})
        EXPECT_EQ(random_word(random, length).size(), length);
}

TEST(RandomWord, is_another_one_each_time) {
    SystemRandom random;
    std::set<std::string> words;
    for (int i = 0; i < 1'000; ++i) words.insert(random_word(random, 32));
    EXPECT_EQ(words.size(), 1'000u);
}

TEST(IdSource, makes_ids_that_grow_with_time_and_with_each_call) {
    FakeClock clock;
    FakeRandom random;
    IdSource ids(clock, random);
    auto last = ids.next<TestId>();
    for (int i = 0; i < 1'000; ++i) {
        if (i % 10 == 0) clock.advance(1s);
        const auto next = ids.next<TestId>();
        ASSERT_LT(last, next) << i;
        ASSERT_LT(to_hex(last), to_hex(next)) << i;
        last = next;
    }
}

TEST(IdSource, makes_no_id_twice_when_the_clock_is_set_back) {
    FakeClock clock;
    FakeRandom random;
    IdSource ids(clock, random);
    std::set<TestId> made;
    for (int i = 0; i < 10'000; ++i) {
        clock.set(clock.now() + (i % 2 == 0 ? 1h : -1h));
        made.insert(ids.next<TestId>());
    }
    EXPECT_EQ(made.size(), 10'000u);
}

TEST(IdSource, writes_the_seconds_into_the_first_four_bytes) {
    FakeClock clock(from_millis(0x5706DAC4LL * 1000 + 999));
    FakeRandom random;
    EXPECT_TRUE(to_hex(IdSource(clock, random).next<TestId>()).starts_with("5706dac4"));
}

TEST(IdSource, never_makes_one_id_twice_on_any_thread) {
    FakeClock clock;
    FakeRandom random;
    IdSource ids(clock, random);
    constexpr int threads = 4;
    constexpr int each = 20'000;
    std::vector<std::vector<TestId>> made(threads);
    {
        std::vector<std::jthread> running;
        for (auto& mine : made) {
            running.emplace_back([&ids, &mine] {
                for (int i = 0; i < each; ++i) mine.push_back(ids.next<TestId>());
            });
        }
    }
    std::set<TestId> all;
    for (const auto& mine : made) {
        EXPECT_TRUE(std::ranges::is_sorted(mine));
        all.insert(mine.begin(), mine.end());
    }
    EXPECT_EQ(all.size(), static_cast<std::size_t>(threads * each));
}

TEST(IdSource, differs_from_that_of_another_process_at_the_same_moment) {
    FakeClock clock;
    FakeRandom here(1);
    FakeRandom there(2);
    EXPECT_NE(IdSource(clock, here).next<TestId>(), IdSource(clock, there).next<TestId>());
}

}  // namespace
}  // namespace makechat
