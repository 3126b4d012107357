#include "chat/rights.hpp"

#include "support/chat_fixture.hpp"

#include <gtest/gtest.h>

#include <string>

namespace makechat::chat {
namespace {

/// A room of each kind, and somebody in each standing to all of them.
struct World {
    TestChat t;
    UserId owner = t.make_user("owner");
    UserId admin = t.make_user("admin");
    UserId member = t.make_user("member");
    UserId guest = t.make_user("guest");
    UserId stranger = t.make_user("stranger");
    UserId superuser = t.make_admin("superuser");
    UserId superuser_guest = t.make_admin("superuser_guest");
    RoomId open_visible = t.make_room(owner, "open visible", {true, true});
    RoomId open_hidden = t.make_room(owner, "open hidden", {true, false});
    RoomId private_visible = t.make_room(owner, "private visible", {false, true});
    RoomId private_hidden = t.make_room(owner, "private hidden", {false, false});
    RoomId direct = t.make_direct_room(member, {guest});

    World() {
        for (const auto room : {open_visible, open_hidden, private_visible, private_hidden}) {
            t.add(room, admin, Role::admin);
            t.add(room, member, Role::member);
            t.add(room, guest, Role::guest);
            t.add(room, superuser_guest, Role::guest);
        }
    }

    /// "srwmo": sees, reads, writes, manages, owns; '-' for what he may not.
    std::string rights(RoomId room, UserId user) const {
        const auto standing = standing_in(t.directory, room, user);
        std::string rights;
        rights += standing ? 's' : '-';
        rights += reader_of(t.directory, room, user) ? 'r' : '-';
        rights += writer_in(t.directory, room, user) ? 'w' : '-';
        rights += manager_of(t.directory, room, user) ? 'm' : '-';
        rights += standing && may_own(*standing) ? 'o' : '-';
        return rights;
    }
};

struct Row {
    const char* name;
    UserId World::* user;
    const char* open_visible;
    const char* open_hidden;
    const char* private_visible;
    const char* private_hidden;
};

// clang-format off
const Row rows[] = {
    //                                             open              private
    //                                             visible  hidden   visible  hidden
    {"owner",           &World::owner,             "srwmo", "srwmo", "srwmo", "srwmo"},
    {"admin",           &World::admin,             "srwm-", "srwm-", "srwm-", "srwm-"},
    {"member",          &World::member,            "srw--", "srw--", "srw--", "srw--"},
    {"guest",           &World::guest,             "sr---", "sr---", "sr---", "sr---"},
    {"stranger",        &World::stranger,          "sr---", "-----", "s----", "-----"},
    {"superuser",       &World::superuser,         "sr-mo", "s--mo", "s--mo", "s--mo"},
    {"superuser guest", &World::superuser_guest,   "sr-mo", "sr-mo", "sr-mo", "sr-mo"},
};
// clang-format on

TEST(Rights, follow_from_the_role_and_the_kind_of_room) {
    const World w;
    for (const auto& row : rows) {
        SCOPED_TRACE(row.name);
        EXPECT_EQ(w.rights(w.open_visible, w.*row.user), row.open_visible);
        EXPECT_EQ(w.rights(w.open_hidden, w.*row.user), row.open_hidden);
        EXPECT_EQ(w.rights(w.private_visible, w.*row.user), row.private_visible);
        EXPECT_EQ(w.rights(w.private_hidden, w.*row.user), row.private_hidden);
    }
}

TEST(Rights, a_direct_room_is_nobodys_but_its_members) {
    World w;
    EXPECT_EQ(w.rights(w.direct, w.member), "srw--");
    EXPECT_EQ(w.rights(w.direct, w.guest), "srw--");
    EXPECT_EQ(w.rights(w.direct, w.stranger), "-----");
    EXPECT_EQ(w.rights(w.direct, w.superuser), "-----");
    const auto with_superuser = w.t.make_direct_room(w.superuser, {w.guest});
    EXPECT_EQ(w.rights(with_superuser, w.superuser), "srw--");
}

TEST(Rights, a_hidden_room_is_refused_word_for_word_as_one_that_is_not_there) {
    const World w;
    const RoomId none = *parse_id<RoomId>("5706dac4d55cfe00010944ad");
    const auto missing = standing_in(w.t.directory, none, w.stranger).error();
    EXPECT_EQ(missing.code, Code::not_found);
    for (const auto room : {w.open_hidden, w.private_hidden, w.direct}) {
        EXPECT_EQ(standing_in(w.t.directory, room, w.stranger).error(), missing);
        EXPECT_EQ(reader_of(w.t.directory, room, w.stranger).error(), missing);
        EXPECT_EQ(writer_in(w.t.directory, room, w.stranger).error(), missing);
        EXPECT_EQ(manager_of(w.t.directory, room, w.stranger).error(), missing);
    }
}

TEST(Rights, refusals_say_what_is_missing) {
    const World w;
    const auto& directory = w.t.directory;
    const Error not_member{Code::forbidden, "You are not a member of this room."};
    const Error guest{Code::forbidden, "Guests can only read."};
    const Error not_owner{Code::forbidden, "You are not owner of this room."};
    EXPECT_EQ(reader_of(directory, w.private_visible, w.stranger).error(), not_member);
    EXPECT_EQ(reader_of(directory, w.private_hidden, w.superuser).error(), not_member);
    EXPECT_EQ(writer_in(directory, w.open_visible, w.stranger).error(), not_member);
    EXPECT_EQ(writer_in(directory, w.open_visible, w.superuser).error(), not_member);
    EXPECT_EQ(writer_in(directory, w.open_visible, w.guest).error(), guest);
    EXPECT_EQ(manager_of(directory, w.open_visible, w.member).error(), not_owner);
    EXPECT_EQ(manager_of(directory, w.open_visible, w.stranger).error(), not_owner);
}

}  // namespace
}  // namespace makechat::chat
