#include "live/presence.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace makechat::live {
namespace {

using chat::UserId;

constexpr UserId alice{{1}};
constexpr UserId bob{{2}};

struct Case {
    std::string_view name;
    std::vector<int> moves;  // +1 came, -1 went
    bool online;
    std::vector<bool> told;
};

TEST(Presence, tells_once_a_second_how_it_stands) {
    const Case cases[] = {
        {"nothing", {}, false, {}},
        {"he came", {+1}, true, {true}},
        {"he came and went", {+1, -1}, false, {}},
        {"he came on two devices", {+1, +1}, true, {true}},
        {"one of two devices went", {+1, +1, -1}, true, {true}},
        {"both went", {+1, +1, -1, -1}, false, {}},
        {"a page being reloaded", {+1, -1, +1}, true, {true}},
        {"one who never came went", {-1}, false, {}},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        Presence presence;
        for (const int move : c.moves) move > 0 ? presence.came(alice) : presence.went(alice);
        EXPECT_EQ(presence.online(alice), c.online);
        std::vector<bool> told;
        for (const auto& change : presence.take_changes()) {
            EXPECT_EQ(change.user, alice);
            told.push_back(change.online);
        }
        EXPECT_EQ(told, c.told);
        EXPECT_TRUE(presence.take_changes().empty()) << "and not again";
    }
}

TEST(Presence, a_reload_of_who_was_online_tells_nothing) {
    Presence presence;
    presence.came(alice);
    EXPECT_EQ(presence.take_changes().size(), 1U);
    presence.went(alice);
    EXPECT_FALSE(presence.online(alice));
    presence.came(alice);
    EXPECT_TRUE(presence.take_changes().empty());
    EXPECT_TRUE(presence.online(alice));
}

TEST(Presence, his_going_is_told_when_the_last_device_goes) {
    Presence presence;
    presence.came(alice);
    presence.came(alice);
    EXPECT_EQ(presence.take_changes().size(), 1U);
    presence.went(alice);
    EXPECT_TRUE(presence.take_changes().empty());
    presence.went(alice);
    const auto changes = presence.take_changes();
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_FALSE(changes.front().online);
    EXPECT_FALSE(presence.online(alice));
}

TEST(Presence, users_do_not_mix) {
    Presence presence;
    presence.came(alice);
    presence.came(bob);
    presence.went(bob);
    EXPECT_TRUE(presence.online(alice));
    EXPECT_FALSE(presence.online(bob));
    EXPECT_EQ(presence.take_changes().size(), 1U);
}

TEST(Presence, counts_right_from_many_threads) {
    Presence presence;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                for (int j = 0; j < 1'000; ++j) {
                    presence.came(alice);
                    presence.came(bob);
                    presence.went(bob);
                    presence.take_changes();
                    presence.went(alice);
                }
                presence.came(alice);
            });
        }
    }
    EXPECT_TRUE(presence.online(alice));
    EXPECT_FALSE(presence.online(bob));
    for (int i = 0; i < 4; ++i) presence.went(alice);
    presence.take_changes();
    EXPECT_FALSE(presence.online(alice));
}

}  // namespace
}  // namespace makechat::live
