#include "bench/figure.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace makechat::bench {
namespace {

using testing::HasSubstr;
using testing::Not;

Figure against_raw(double value, double raw, double target) {
    return {.what = "posts",
            .value = value,
            .unit = "/s",
            .raw = raw,
            .raw_name = "commits",
            .target = target,
            .remark = {}};
}

TEST(Figure, with_a_raw_limit_must_be_a_share_of_it) {
    EXPECT_DOUBLE_EQ(*against_raw(60, 100, 0.5).ratio(), 0.6);
    EXPECT_EQ(against_raw(50, 100, 0.5).reaches_target(), true);
    EXPECT_EQ(against_raw(49, 100, 0.5).reaches_target(), false);
    EXPECT_EQ(against_raw(49, 0, 0.5).reaches_target(), false) << "no limit was found";
}

TEST(Figure, without_one_must_not_be_more_than_its_target) {
    Figure memory{.what = "memory", .value = 20, .unit = "MiB", .raw = {}, .raw_name = {}, .target = 20, .remark = {}};
    EXPECT_FALSE(memory.ratio());
    EXPECT_EQ(memory.reaches_target(), true);
    memory.value = 20.1;
    EXPECT_EQ(memory.reaches_target(), false);
    memory.target.reset();
    EXPECT_EQ(memory.reaches_target(), std::nullopt) << "what has no target neither reaches nor misses it";
}

TEST(Figure, is_shown_with_the_digits_that_mean_something) {
    EXPECT_EQ(shown(2'634'981.4), "2,634,981");
    EXPECT_EQ(shown(1'000.0), "1,000");
    EXPECT_EQ(shown(999.4), "999");
    EXPECT_EQ(shown(12.34), "12.3");
    EXPECT_EQ(shown(0.873), "0.87");
    EXPECT_EQ(shown(0.0), "0.00");
    EXPECT_EQ(shown(std::size_t{10}), "10") << "a count is exact";
}

TEST(Figures, are_a_table_with_a_verdict_for_each_target) {
    auto missed = against_raw(10, 100, 0.5);
    missed.remark = "p99 3 ms";
    const auto table = table_of({against_raw(60, 100, 0.5), missed});
    EXPECT_THAT(table, HasSubstr("ratio"));
    EXPECT_THAT(table, HasSubstr("100 commits"));
    EXPECT_THAT(table, HasSubstr(">= 0.50  reached"));
    EXPECT_THAT(table, HasSubstr(">= 0.50  MISSED\n    p99 3 ms\n"));
}

TEST(Figures, are_json_for_programs) {
    const auto json = json_of(
        {against_raw(60, 100, 0.5),
         {.what = "\"quoted\"", .value = 1.5, .unit = "s", .raw = {}, .raw_name = {}, .target = {}, .remark = {}}});
    EXPECT_THAT(json, HasSubstr(R"("value": 60, "unit": "/s", "raw": 100, "raw_name": "commits", "ratio": 0.6)"));
    EXPECT_THAT(json, HasSubstr(R"("target": 0.5, "reached": true)"));
    EXPECT_THAT(json, HasSubstr(R"("what": "\"quoted\"")"));
    EXPECT_THAT(json, HasSubstr(R"("raw": null)"));
    EXPECT_THAT(json, HasSubstr(R"("target": null, "reached": null)"));
    EXPECT_THAT(json, Not(HasSubstr("nan")));
}

TEST(Median, is_the_one_in_the_middle) {
    EXPECT_EQ(median({3, 1, 2}), 2);
    EXPECT_EQ(median({7}), 7);
}

}  // namespace
}  // namespace makechat::bench
