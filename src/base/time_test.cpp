#include "base/time.hpp"

#include <gtest/gtest.h>

namespace makechat {
namespace {

struct Case {
    const char* name;
    std::int64_t millis;
    const char* shown;
};

// clang-format off
const Case cases[] = {
    {"the beginning",                      0,                 "1970-01-01T00:00:00.000Z"},
    {"milliseconds are always three",      1'795'413'022'007, "2026-11-23T05:50:22.007Z"},
    {"the contract's example",             1'795'413'022'123, "2026-11-23T05:50:22.123Z"},
    {"the last of a year",                 1'798'761'599'999, "2026-12-31T23:59:59.999Z"},
    {"the first of the next",              1'798'761'600'000, "2027-01-01T00:00:00.000Z"},
    {"a leap day",                         1'835'438'400'000, "2028-02-29T12:00:00.000Z"},
    {"the first past 32 bits of seconds",  4'294'967'296'000, "2106-02-07T06:28:16.000Z"},
    {"a millisecond before the beginning", -1,                "1969-12-31T23:59:59.999Z"},
};
// clang-format on

TEST(Time, is_shown_as_extended_json_wants_it) {
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(to_iso8601(from_millis(c.millis)), c.shown);
        EXPECT_EQ(to_millis(from_millis(c.millis)), c.millis);
    }
}

TEST(SystemClock, tells_the_time_of_day_and_never_goes_back) {
    const SystemClock clock;
    EXPECT_GT(clock.now(), from_millis(1'700'000'000'000));  // 2023
    auto last = clock.monotonic();
    for (int i = 0; i < 1'000; ++i) {
        const auto now = clock.monotonic();
        ASSERT_GE(now, last);
        last = now;
    }
}

}  // namespace
}  // namespace makechat
