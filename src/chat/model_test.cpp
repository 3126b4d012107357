#include "chat/model.hpp"

#include <gtest/gtest.h>

#include <set>

namespace makechat::chat {
namespace {

template <class Enum>
void expect_words(std::initializer_list<std::pair<Enum, std::string_view>> words) {
    for (const auto& [value, word] : words) {
        EXPECT_EQ(to_word(value), word);
        EXPECT_EQ(parse_word<Enum>(word), value) << word;
    }
    for (const auto other : {"", "Owner", "owner ", "nothing"})
        EXPECT_EQ(parse_word<Enum>(other), std::nullopt) << other;
}

TEST(Words, are_those_of_the_api_both_ways) {
    expect_words<Role>(
        {{Role::owner, "owner"}, {Role::admin, "admin"}, {Role::member, "member"}, {Role::guest, "guest"}});
    expect_words<RoomKind>({{RoomKind::room, "room"}, {RoomKind::direct, "direct"}});
    expect_words<MentionAllBy>({{MentionAllBy::members, "members"}, {MentionAllBy::owners, "owners"}});
    expect_words<NotifyLevel>(
        {{NotifyLevel::all, "all"}, {NotifyLevel::mentions, "mentions"}, {NotifyLevel::none, "none"}});
    expect_words<MentionsAll>({{MentionsAll::all, "all"}, {MentionsAll::here, "here"}});
}

TEST(MemberId, is_one_for_each_pair_of_user_and_role_and_never_the_users_own) {
    std::set<std::string> ids;
    for (const auto hex : {"5706dac4d55cfe00010944ad", "5706dac4d55cfe00010944ae"}) {
        const auto user = *parse_id<UserId>(hex);
        ids.insert(hex);
        for (const auto role : {Role::owner, Role::admin, Role::member, Role::guest}) {
            EXPECT_EQ(member_id_of(user, role), member_id_of(user, role));
            ids.insert(to_hex(member_id_of(user, role)));
        }
    }
    EXPECT_EQ(ids.size(), 10u);
}

}  // namespace
}  // namespace makechat::chat
