#include "chat/change.hpp"

#include "chat/profile.hpp"
#include "chat/reading.hpp"
#include "chat/room_settings.hpp"
#include "chat/sign_up.hpp"
#include "support/chat_fixture.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace makechat::chat {
namespace {

template <class T>
std::optional<Code> code_of(Task<Result<T>> task) {
    return refusal(run(std::move(task)));
}

template <class Set>
AccountChange account(Set set) {
    AccountChange wanted;
    set(wanted);
    return wanted;
}

template <class Set>
RoomChange settings(Set set) {
    RoomChange wanted;
    set(wanted);
    return wanted;
}

/// Two rooms, and what two people might do to them at the same moment; each gives its refusal.
struct World {
    using Step = std::optional<Code> (*)(World&);

    TestChat t;
    UserId root = t.make_admin("root");
    UserId admin = t.make_admin("admin");
    UserId owner = t.make_user("owner");
    UserId owner2 = t.make_user("owner2");
    UserId member = t.make_user("member");
    UserId helper = t.make_user("helper");
    UserId stranger = t.make_user("stranger");
    RoomId room = t.make_room(owner, "general", {true, false});
    RoomId random = t.make_room(owner, "random");
    Message message;
    MemberId owner_there, owner2_there, helper_there, member_there;

    World() {
        t.add(room, owner2, Role::owner);
        t.add(room, helper, Role::admin);
        t.add(room, member);
        t.add(random, member);
        message = t.post(room, member, "hi");
        t.post(room, owner, "hello");
        owner_there = t.member_id(room, owner);
        owner2_there = t.member_id(room, owner2);
        helper_there = t.member_id(room, helper);
        member_there = t.member_id(room, member);
    }
};

std::optional<Code> register_queen(World& w) {
    return code_of(register_user(w.t.chat, {"queen", "queen@example.com", "a good password", false}));
}
std::optional<Code> rename_to_queen(World& w) {
    ProfileChange wanted;
    wanted.username = "QUEEN";
    return code_of(change_profile(w.t.chat, {w.t.user(w.stranger), TokenId{}}, wanted));
}
std::optional<Code> take_queens_address(World& w) {
    return code_of(change_account(w.t.chat, w.root, w.owner, account([](auto& c) { c.email = "Queen@example.com"; })));
}
std::optional<Code> demote_root(World& w) {
    return code_of(change_account(w.t.chat, w.admin, w.root, account([](auto& c) { c.is_superuser = false; })));
}
std::optional<Code> disable_admin(World& w) {
    return code_of(change_account(w.t.chat, w.root, w.admin, account([](auto& c) { c.is_disabled = true; })));
}
std::optional<Code> disable_stranger(World& w) {
    return code_of(change_account(w.t.chat, w.root, w.stranger, account([](auto& c) { c.is_disabled = true; })));
}
std::optional<Code> stranger_signs_in(World& w) { return code_of(session_create(w.t.chat, w.stranger, {})); }
std::optional<Code> stranger_makes_a_token(World& w) {
    return code_of(token_create(w.t.chat, w.stranger, "bot", "all"));
}
std::optional<Code> add_stranger(World& w) {
    return code_of(add_member(w.t.chat, w.owner2, w.room, w.stranger, Role::member));
}
std::optional<Code> root_creates_news(World& w) { return code_of(create_room(w.t.chat, w.root, {"News", {}})); }
std::optional<Code> rename_to_news(World& w) {
    return code_of(change_room(w.t.chat, w.owner, w.room, settings([](auto& c) { c.name = "news"; })));
}
std::optional<Code> rename_other_to_news(World& w) {
    return code_of(change_room(w.t.chat, w.owner, w.random, settings([](auto& c) { c.name = "NEWS"; })));
}
std::optional<Code> admin_creates_news(World& w) { return code_of(create_room(w.t.chat, w.admin, {"news", {}})); }
std::optional<Code> stranger_opens_direct_room(World& w) {
    return code_of(open_direct_room(w.t.chat, w.stranger, {w.owner}));
}
std::optional<Code> member_is_disabled(World& w) {
    return code_of(change_account(w.t.chat, w.root, w.member, account([](auto& c) { c.is_disabled = true; })));
}
std::optional<Code> make_private(World& w) {
    return code_of(change_room(w.t.chat, w.owner, w.random, settings([](auto& c) { c.is_open = false; })));
}
std::optional<Code> stranger_joins(World& w) {
    return code_of(add_member(w.t.chat, w.stranger, w.random, w.stranger, Role::member));
}
std::optional<Code> owner_leaves(World& w) { return code_of(remove_member(w.t.chat, w.owner, w.room, w.owner_there)); }
std::optional<Code> owner2_leaves(World& w) {
    return code_of(remove_member(w.t.chat, w.owner2, w.room, w.owner2_there));
}
std::optional<Code> owner2_is_unmade(World& w) {
    return code_of(change_role(w.t.chat, w.owner, w.room, w.owner2_there, Role::member));
}
std::optional<Code> owner2_changes_topic(World& w) {
    return code_of(change_room(w.t.chat, w.owner2, w.room, settings([](auto& c) { c.topic = "mine"; })));
}
std::optional<Code> owner2_removes_member(World& w) {
    return code_of(remove_member(w.t.chat, w.owner2, w.room, w.member_there));
}
std::optional<Code> owner_removes_member(World& w) {
    return code_of(remove_member(w.t.chat, w.owner, w.room, w.member_there));
}
std::optional<Code> member_becomes_guest(World& w) {
    return code_of(change_role(w.t.chat, w.owner, w.room, w.member_there, Role::guest));
}
std::optional<Code> helper_is_unmade(World& w) {
    return code_of(change_role(w.t.chat, w.owner, w.room, w.helper_there, Role::member));
}
std::optional<Code> helper_removes_member(World& w) {
    return code_of(remove_member(w.t.chat, w.helper, w.room, w.member_there));
}
std::optional<Code> root_adds_stranger(World& w) {
    return code_of(add_member(w.t.chat, w.root, w.room, w.stranger, Role::member));
}
std::optional<Code> root_removes_member(World& w) {
    return code_of(remove_member(w.t.chat, w.root, w.room, w.member_there));
}
std::optional<Code> root_changes_topic(World& w) {
    return code_of(change_room(w.t.chat, w.root, w.room, settings([](auto& c) { c.topic = "mine"; })));
}
std::optional<Code> owner2_deletes_room(World& w) { return code_of(delete_room(w.t.chat, w.owner2, w.room)); }
std::optional<Code> owner_deletes_room(World& w) { return code_of(delete_room(w.t.chat, w.owner, w.room)); }
std::optional<Code> root_deletes_room(World& w) { return code_of(delete_room(w.t.chat, w.root, w.room)); }
std::optional<Code> member_posts(World& w) { return code_of(post_message(w.t.chat, w.member, {w.room, "hi", {}, {}})); }
std::optional<Code> owner_posts(World& w) { return code_of(post_message(w.t.chat, w.owner, {w.room, "hi", {}, {}})); }
std::optional<Code> member_edits(World& w) { return code_of(edit_message(w.t.chat, w.member, w.message.id, "new")); }
std::optional<Code> owner_deletes_message(World& w) { return code_of(delete_message(w.t.chat, w.owner, w.message.id)); }
std::optional<Code> owner2_deletes_message(World& w) {
    return code_of(delete_message(w.t.chat, w.owner2, w.message.id));
}
std::optional<Code> root_deletes_message(World& w) { return code_of(delete_message(w.t.chat, w.root, w.message.id)); }
std::optional<Code> member_reads_all(World& w) {
    return code_of(mark_read(w.t.chat, w.member, w.room, Seq{99}, false));
}
std::optional<Code> member_mutes(World& w) {
    return code_of(set_notify_level(w.t.chat, w.member, w.room, NotifyLevel::none));
}

struct Conflict {
    const char* name;
    World::Step first;
    World::Step second;
    std::optional<Code> refused;  ///< what the second hears
};

const Conflict conflicts[] = {
    {"one name: registered and taken by a change", register_queen, rename_to_queen, Code::bad_username},
    {"one name: taken by a change and registered", rename_to_queen, register_queen, Code::bad_username},
    {"one address: taken by a change and registered", take_queens_address, register_queen, Code::bad_email},
    {"one address: registered and taken by a change", register_queen, take_queens_address, Code::bad_email},
    {"the two last admins", demote_root, disable_admin, Code::conflict},
    {"the two last admins, the other way", disable_admin, demote_root, Code::conflict},
    {"disabled and signs in", disable_stranger, stranger_signs_in, Code::forbidden},
    {"disabled and makes a token", disable_stranger, stranger_makes_a_token, Code::forbidden},
    {"disabled and is added", disable_stranger, add_stranger, Code::bad_parameter},
    {"disabled and creates a room", disable_admin, admin_creates_news, Code::forbidden},
    {"disabled and opens a direct room", disable_stranger, stranger_opens_direct_room, Code::bad_parameter},
    {"disabled and edits", member_is_disabled, member_edits, Code::not_found},
    {"disabled and reads", member_is_disabled, member_reads_all, Code::forbidden},
    {"disabled and mutes", member_is_disabled, member_mutes, Code::forbidden},
    {"signs in and is disabled", stranger_signs_in, disable_stranger, {}},
    {"makes a token and is disabled", stranger_makes_a_token, disable_stranger, {}},
    {"one room's name: two creations", root_creates_news, root_creates_news, Code::exists},
    {"one room's name: a creation and a change", root_creates_news, rename_to_news, Code::exists},
    {"one room's name: a change and a creation", rename_to_news, root_creates_news, Code::exists},
    {"one room's name: two changes", rename_to_news, rename_other_to_news, Code::exists},
    {"demoted and creates a room", demote_root, root_creates_news, Code::forbidden},
    {"made private and joins", make_private, stranger_joins, Code::forbidden},
    {"joins and joins", stranger_joins, stranger_joins, {}},
    {"added and added", add_stranger, add_stranger, {}},
    {"the two last owners leave", owner_leaves, owner2_leaves, Code::conflict},
    {"an owner is unmade and the other leaves", owner2_is_unmade, owner_leaves, Code::conflict},
    {"an owner leaves and is unmade", owner2_leaves, owner2_is_unmade, Code::not_found},
    {"an owner is unmade and changes the room", owner2_is_unmade, owner2_changes_topic, Code::forbidden},
    {"an owner is unmade and removes somebody", owner2_is_unmade, owner2_removes_member, Code::forbidden},
    {"an owner is unmade and adds somebody", owner2_is_unmade, add_stranger, Code::forbidden},
    {"an owner is unmade and deletes the room", owner2_is_unmade, owner2_deletes_room, Code::forbidden},
    {"an owner is unmade and deletes a message", owner2_is_unmade, owner2_deletes_message, Code::forbidden},
    {"the room role admin is unmade and removes somebody", helper_is_unmade, helper_removes_member, Code::forbidden},
    {"a superuser is unmade and adds somebody", demote_root, root_adds_stranger, Code::not_found},
    {"a superuser is unmade and removes somebody", demote_root, root_removes_member, Code::not_found},
    {"a superuser is unmade and changes the room", demote_root, root_changes_topic, Code::not_found},
    {"a superuser is unmade and deletes the room", demote_root, root_deletes_room, Code::not_found},
    {"a superuser is unmade and deletes a message", demote_root, root_deletes_message, Code::not_found},
    {"one is removed twice", owner_removes_member, owner2_removes_member, Code::not_found},
    {"removed and gets another role", owner2_removes_member, member_becomes_guest, Code::not_found},
    {"gets another role and is removed by the old id", member_becomes_guest, owner2_removes_member, Code::not_found},
    {"removed and posts", owner_removes_member, member_posts, Code::not_found},
    {"made guest and posts", member_becomes_guest, member_posts, Code::forbidden},
    {"removed and edits", owner_removes_member, member_edits, Code::not_found},
    {"removed and reads", owner_removes_member, member_reads_all, Code::not_found},
    {"removed and mutes", owner_removes_member, member_mutes, Code::not_found},
    {"the message deleted and edited", owner_deletes_message, member_edits, Code::not_found},
    {"the message edited and deleted", member_edits, owner_deletes_message, {}},
    {"the message deleted twice", owner_deletes_message, owner2_deletes_message, Code::not_found},
    {"the room deleted and posted to", owner_deletes_room, member_posts, Code::not_found},
    {"the room deleted and a message edited", owner_deletes_room, member_edits, Code::not_found},
    {"the room deleted and a message deleted", owner_deletes_room, owner2_deletes_message, Code::not_found},
    {"the room deleted and changed", owner_deletes_room, owner2_changes_topic, Code::not_found},
    {"the room deleted and left", owner_deletes_room, owner2_leaves, Code::not_found},
    {"the room deleted and somebody added", owner_deletes_room, add_stranger, Code::not_found},
    {"the room deleted and read", owner_deletes_room, member_reads_all, Code::not_found},
    {"the room deleted and muted", owner_deletes_room, member_mutes, Code::not_found},
    {"the room deleted twice", owner_deletes_room, owner2_deletes_room, Code::not_found},
    {"somebody added and the room deleted", add_stranger, owner_deletes_room, {}},
    {"somebody gone and the room deleted", owner_removes_member, owner2_deletes_room, {}},
    {"read by two devices", member_reads_all, member_reads_all, {}},
    {"posts and reads", member_posts, member_reads_all, {}},
};

TEST(Conflict, two_at_the_same_moment_do_what_one_after_the_other_would) {
    for (const auto& c : conflicts) {
        SCOPED_TRACE(c.name);
        World one_after_the_other;
        EXPECT_EQ(c.first(one_after_the_other), std::nullopt);
        EXPECT_EQ(c.second(one_after_the_other), c.refused);

        World w;
        w.t.interleaved.before_append = [&] { EXPECT_EQ(c.first(w), std::nullopt); };
        EXPECT_EQ(c.second(w), c.refused);
        EXPECT_EQ(names_of(w.t.committed), names_of(one_after_the_other.t.committed));
    }
}

struct Peace {
    const char* name;
    World::Step first;
    World::Step second;
};

const Peace peace[] = {
    {"two post in one room", owner_posts, member_posts},
    {"one posts and another mutes", owner_posts, member_mutes},
    {"one is posted while another is edited", owner_posts, member_edits},
    {"somebody comes while another posts", add_stranger, member_posts},
    {"one reads and posts", member_reads_all, member_posts},
    {"another room is renamed", rename_other_to_news, owner2_changes_topic},
    {"another signs up", register_queen, stranger_signs_in},
    {"somebody goes while another posts", owner_removes_member, owner_posts},
};

TEST(Conflict, what_has_nothing_to_do_with_each_other_is_decided_once) {
    for (const auto& c : peace) {
        SCOPED_TRACE(c.name);
        World w;
        const int before = w.t.interleaved.appends;
        w.t.interleaved.before_append = [&] { EXPECT_EQ(c.first(w), std::nullopt); };
        EXPECT_EQ(c.second(w), std::nullopt);
        EXPECT_EQ(w.t.interleaved.appends, before + 2);
    }
}

TEST(Conflict, that_never_ends_is_given_up_with_a_word) {
    World w;
    int times = 0;
    std::function<void()> topic = [&] {
        w.t.interleaved.before_append = {};
        RoomChange wanted;
        wanted.topic = std::to_string(++times);
        must(run(change_room(w.t.chat, w.owner, w.room, wanted)));
        w.t.interleaved.before_append = topic;
    };
    w.t.interleaved.before_append = topic;
    const auto refused = run(post_message(w.t.chat, w.member, {w.room, "hi", {}, {}}));
    EXPECT_EQ(refusal(refused), Code::overloaded);
    EXPECT_GT(refused.error().retry_after_s, 0);
    EXPECT_EQ(times, limits::decisions_max);
}

TEST(Fact, each_is_another) {
    const UserId user = *parse_id<UserId>("5706dac4d55cfe00010944ad");
    const UserId user2 = *parse_id<UserId>("5706dac4d55cfe00010944ae");
    const RoomId room{user.bytes};
    const RoomId room2{user2.bytes};
    const std::vector<Fact> facts = {Fact::username("a"),
                                     Fact::username("b"),
                                     Fact::username(""),
                                     Fact::email("a"),
                                     Fact::room_name("a"),
                                     Fact::user(user),
                                     Fact::user(user2),
                                     Fact::admins(),
                                     Fact::credentials(user),
                                     Fact::credentials(user2),
                                     Fact::room(room),
                                     Fact::room(room2),
                                     Fact::owners(room),
                                     Fact::people(room),
                                     Fact::member(room, user),
                                     Fact::member(room, user2),
                                     Fact::member(room2, user),
                                     Fact::marker(room, user),
                                     Fact::marker(room, user2),
                                     Fact::message(MessageId{user.bytes}),
                                     Fact::talk(room),
                                     Fact::direct_room(std::vector{user}),
                                     Fact::direct_room(std::vector{user, user2}),
                                     Fact::direct_room(std::vector{user2})};
    EXPECT_EQ(std::set<Fact>(facts.begin(), facts.end()).size(), facts.size());
}

}  // namespace
}  // namespace makechat::chat
