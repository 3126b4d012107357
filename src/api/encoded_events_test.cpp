#include "api/encoded_events.hpp"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace makechat::api {
namespace {

TEST(EncodedEvents, stand_behind_each_other_and_stay_where_they_are) {
    EncodedEvents events;
    std::vector<std::string_view> views;
    constexpr std::size_t bytes = 1'000;
    for (int i = 0; i < 200; ++i) {
        auto& block = events.room_for(bytes);
        const auto begin = block.size();
        block.append(bytes, static_cast<char>('a' + i % 26));
        views.push_back(std::string_view(block).substr(begin));
    }
    std::size_t neighbours = 0;
    for (std::size_t i = 0; i < views.size(); ++i) {
        EXPECT_EQ(views[i].find_first_not_of(static_cast<char>('a' + i % 26)), std::string_view::npos) << i;
        if (i > 0 && views[i].data() == views[i - 1].data() + bytes) ++neighbours;
    }
    EXPECT_GT(neighbours, 190U);
}

TEST(EncodedEvents, give_a_large_one_a_block_of_its_own) {
    EncodedEvents events;
    events.room_for(10).append("small");
    EXPECT_TRUE(events.room_for(1'000'000).empty());
    EXPECT_GE(events.room_for(1'000'000).capacity(), 1'000'000U);
    events.clear();
    EXPECT_TRUE(events.room_for(10).empty());
}

}  // namespace
}  // namespace makechat::api
