#include "chat/membership.hpp"

#include "chat/profile.hpp"
#include "chat/room_settings.hpp"
#include "support/chat_fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace makechat::chat {
namespace {

const Error not_owner{Code::forbidden, "You are not owner of this room."};

/// A room with somebody in each standing to it; two owners, so that either may go.
struct World {
    TestChat t;
    UserId owner = t.make_user("owner");
    UserId owner2 = t.make_user("owner2");
    UserId admin = t.make_user("admin");
    UserId admin2 = t.make_user("admin2");
    UserId member = t.make_user("member");
    UserId guest = t.make_user("guest");
    UserId stranger = t.make_user("stranger");
    UserId superuser = t.make_admin("superuser");
    RoomId room;

    explicit World(TestChat::RoomShape shape = {true, true}) : room(t.make_room(owner, "general", shape)) {
        t.add(room, owner2, Role::owner);
        t.add(room, admin, Role::admin);
        t.add(room, admin2, Role::admin);
        t.add(room, member, Role::member);
        t.add(room, guest, Role::guest);
    }
    Result<Admission> add(UserId by, UserId user, Role role) { return run(add_member(t.chat, by, room, user, role)); }
    Result<Admission> join(UserId user) { return add(user, user, Role::member); }
    Result<bool> remove(UserId by, UserId user) {
        return run(remove_member(t.chat, by, room, t.member_id(room, user)));
    }
    Result<Membership> give(UserId by, UserId user, Role role) {
        return run(change_role(t.chat, by, room, t.member_id(room, user), role));
    }
};

struct JoinCase {
    const char* name;
    TestChat::RoomShape shape;
    std::optional<Code> refused;
};

const JoinCase joins[] = {
    {"open and visible", {true, true}, {}},
    {"open and hidden", {true, false}, Code::not_found},
    {"private and visible", {false, true}, Code::forbidden},
    {"private and hidden", {false, false}, Code::not_found},
};

TEST(Join, is_for_anyone_who_sees_an_open_room) {
    for (const auto& c : joins) {
        SCOPED_TRACE(c.name);
        World w(c.shape);
        EXPECT_EQ(refusal(w.join(w.stranger)), c.refused);
        EXPECT_EQ(w.t.role_of(w.room, w.stranger).has_value(), !c.refused);
    }
}

TEST(Join, makes_a_member_whatever_role_he_asks_for) {
    for (const auto role : {Role::owner, Role::admin, Role::guest}) {
        World w;
        EXPECT_EQ(must(w.add(w.stranger, w.stranger, role)).membership.role, Role::member);
    }
}

TEST(Join, again_is_no_entry_and_answers_with_the_member) {
    World w;
    for (const auto user : {w.owner, w.admin, w.member, w.guest}) {
        const auto mark = w.t.mark();
        const auto before = w.t.role_of(w.room, user);
        const auto again = w.join(user);
        ASSERT_EQ(refusal(again), std::nullopt) << to_word(*before);
        EXPECT_TRUE(again->already_in);
        EXPECT_EQ(again->membership.role, before);
        EXPECT_EQ(w.t.since(mark).size(), 0u);
    }
}

TEST(Join, again_is_as_good_in_a_private_room) {
    World w({false, false});
    EXPECT_TRUE(must(w.join(w.member)).already_in);
}

TEST(Join, by_two_requests_at_the_same_moment_is_one_entry) {
    World w;
    const auto mark = w.t.mark();
    w.t.interleaved.before_append = [&] { must(w.join(w.stranger)); };
    EXPECT_TRUE(must(w.join(w.stranger)).already_in);
    EXPECT_EQ(w.t.since(mark).size(), 1u);
}

struct Return {
    const char* name;
    Role role;
    bool removed;
    std::optional<Code> refused;
};

const Return returns[] = {
    {"a member who left", Role::member, false, {}},
    {"an admin who left", Role::admin, false, {}},
    {"a guest who left", Role::guest, false, Code::forbidden},
    {"a member who was removed", Role::member, true, Code::forbidden},
    {"an admin who was removed", Role::admin, true, Code::forbidden},
    {"a guest who was removed", Role::guest, true, Code::forbidden},
};

TEST(Join, is_barred_to_who_was_removed_or_left_as_guest_until_an_owner_adds_him) {
    for (const auto& c : returns) {
        SCOPED_TRACE(c.name);
        World w;
        must(w.add(w.owner, w.stranger, c.role));
        must(w.remove(c.removed ? w.admin : w.stranger, w.stranger));
        EXPECT_EQ(refusal(w.join(w.stranger)), c.refused);
        if (!c.refused) continue;
        EXPECT_EQ(must(w.add(w.owner, w.stranger, Role::member)).membership.role, Role::member);
        must(w.remove(w.stranger, w.stranger));
        EXPECT_EQ(refusal(w.join(w.stranger)), std::nullopt) << "the bar was lifted";
    }
}

TEST(Join, a_bar_is_of_one_room) {
    World w;
    const auto other = w.t.make_room(w.owner, "other");
    must(w.remove(w.owner, w.member));
    EXPECT_EQ(refusal(run(add_member(w.t.chat, w.member, other, w.member, Role::member))), std::nullopt);
}

TEST(Superuser, adds_himself_anywhere_as_what_he_likes_and_all_see_it) {
    World w({false, false});
    const auto mark = w.t.mark();
    EXPECT_EQ(must(w.add(w.superuser, w.superuser, Role::guest)).membership.role, Role::guest);
    const auto joined = bodies<Joined>(w.t.since(mark));
    ASSERT_EQ(joined.size(), 1u);
    EXPECT_EQ(joined[0].user, w.superuser);
    EXPECT_EQ(joined[0].by, w.superuser);
    must(w.remove(w.owner, w.superuser));
    EXPECT_EQ(refusal(w.add(w.superuser, w.superuser, Role::owner)), std::nullopt) << "no bar holds him";
}

struct Giving {
    const char* name;
    UserId World::* by;
    bool owner, admin, member, guest;  ///< whether he may give this role
};

// clang-format off
const Giving giving[] = {
    {"owner",     &World::owner,     true,  true,  true,  true},
    {"superuser", &World::superuser, true,  true,  true,  true},
    {"admin",     &World::admin,     false, true,  true,  true},
    {"member",    &World::member,    false, false, false, false},
    {"guest",     &World::guest,     false, false, false, false},
};
// clang-format on

TEST(Add, only_owners_make_owners_and_the_room_role_admin_the_rest) {
    for (const auto& c : giving) {
        const std::pair<Role, bool> roles[] = {
            {Role::owner, c.owner}, {Role::admin, c.admin}, {Role::member, c.member}, {Role::guest, c.guest}};
        for (const auto& [role, may] : roles) {
            SCOPED_TRACE(std::string(c.name) + " gives " + std::string(to_word(role)));
            World w({false, true});
            const auto added = w.add(w.*c.by, w.stranger, role);
            EXPECT_EQ(refusal(added), may ? std::nullopt : std::optional(Code::forbidden));
            if (added) {
                EXPECT_EQ(added->membership,
                          (Membership{w.stranger, member_id_of(w.stranger, role), role, added->membership.joined,
                                      added->membership.joined, NotifyLevel::all}));
            }
            // The same holds for who is in already.
            EXPECT_EQ(refusal(w.give(w.*c.by, w.member, role)), may ? std::nullopt : std::optional(Code::forbidden));
        }
    }
}

TEST(Add, a_stranger_adds_nobody) {
    World w;
    const auto other = w.t.make_user("other");
    EXPECT_EQ(w.add(w.stranger, other, Role::member).error(), not_owner);
    EXPECT_EQ(w.add(w.member, other, Role::member).error(), not_owner);
}

TEST(Add, of_who_is_in_already_changes_nothing) {
    World w;
    const auto mark = w.t.mark();
    const auto again = must(w.add(w.owner, w.member, Role::admin));
    EXPECT_TRUE(again.already_in);
    EXPECT_EQ(again.membership.role, Role::member);
    EXPECT_EQ(w.t.since(mark).size(), 0u);
}

TEST(Add, of_nobody_or_of_a_disabled_account_is_refused) {
    World w;
    EXPECT_EQ(refusal(w.add(w.owner, w.t.ids.next<UserId>(), Role::member)), Code::not_found);
    AccountChange disabling;
    disabling.is_disabled = true;
    must(run(change_account(w.t.chat, {}, w.stranger, disabling)));
    EXPECT_EQ(refusal(w.add(w.owner, w.stranger, Role::member)), Code::bad_parameter);
}

struct RoleCase {
    const char* name;
    UserId World::* by;
    UserId World::* user;
    Role role;
    std::optional<Code> refused;
};

const RoleCase role_cases[] = {
    {"an owner makes another", &World::owner, &World::member, Role::owner, {}},
    {"an owner unmakes another", &World::owner, &World::owner2, Role::guest, {}},
    {"an owner steps back", &World::owner, &World::owner, Role::member, {}},
    {"a superuser unmakes an owner", &World::superuser, &World::owner, Role::member, {}},
    {"an admin makes an owner", &World::admin, &World::member, Role::owner, Code::forbidden},
    {"an admin makes himself owner", &World::admin, &World::admin, Role::owner, Code::forbidden},
    {"an admin unmakes an owner", &World::admin, &World::owner, Role::member, Code::forbidden},
    {"an admin makes an admin", &World::admin, &World::member, Role::admin, {}},
    {"an admin unmakes an admin", &World::admin, &World::admin2, Role::guest, {}},
    {"an admin steps back", &World::admin, &World::admin, Role::member, {}},
    {"a member makes himself owner", &World::member, &World::member, Role::owner, Code::forbidden},
    {"a member makes himself guest", &World::member, &World::member, Role::guest, Code::forbidden},
    {"a guest makes himself member", &World::guest, &World::guest, Role::member, Code::forbidden},
    {"a stranger unmakes an owner", &World::stranger, &World::owner, Role::guest, Code::forbidden},
};

TEST(ChangeRole, owners_are_made_and_unmade_by_owners_alone) {
    for (const auto& c : role_cases) {
        SCOPED_TRACE(c.name);
        World w;
        const auto before = w.t.role_of(w.room, w.*c.user);
        const auto changed = w.give(w.*c.by, w.*c.user, c.role);
        EXPECT_EQ(refusal(changed), c.refused);
        EXPECT_EQ(w.t.role_of(w.room, w.*c.user), c.refused ? before : c.role);
    }
}

TEST(ChangeRole, gives_another_member_id_and_the_old_one_leads_nowhere) {
    World w;
    const auto was = w.t.member_id(w.room, w.member);
    const auto changed = must(w.give(w.owner, w.member, Role::admin));
    EXPECT_NE(changed.id, was);
    EXPECT_EQ(changed.id, w.t.member_id(w.room, w.member));
    EXPECT_EQ(refusal(run(change_role(w.t.chat, w.owner, w.room, was, Role::guest))), Code::not_found);
    EXPECT_EQ(refusal(run(remove_member(w.t.chat, w.owner, w.room, was))), Code::not_found);
    EXPECT_EQ(must(w.give(w.owner, w.member, Role::member)).id, was) << "the id belongs to the pair";
    const auto other = w.t.make_room(w.owner, "other");
    EXPECT_EQ(w.t.add(other, w.member).id, was) << "in every room";
}

TEST(ChangeRole, to_the_same_is_no_entry) {
    World w;
    const auto mark = w.t.mark();
    EXPECT_EQ(must(w.give(w.owner, w.member, Role::member)).role, Role::member);
    EXPECT_EQ(w.t.since(mark).size(), 0u);
}

TEST(ChangeRole, leaves_marker_level_and_place_in_the_list) {
    World w;
    must(run(set_notify_level(w.t.chat, w.member, w.room, NotifyLevel::none)));
    w.t.post(w.room, w.member, "hi");
    const auto before = *w.t.directory.rooms.membership(w.room, w.member);
    const auto changed = must(w.give(w.owner, w.member, Role::guest));
    Membership expected = before;
    expected.role = Role::guest;
    expected.id = member_id_of(w.member, Role::guest);
    EXPECT_EQ(changed, expected);
    EXPECT_EQ(w.t.directory.rooms.members(w.room)[4], expected);
}

struct Removal {
    const char* name;
    UserId World::* by;
    UserId World::* user;
    std::optional<Code> refused;
};

const Removal removals[] = {
    {"a member leaves", &World::member, &World::member, {}},
    {"a guest leaves", &World::guest, &World::guest, {}},
    {"one of two owners leaves", &World::owner, &World::owner, {}},
    {"an owner removes the other", &World::owner, &World::owner2, {}},
    {"a superuser removes an owner", &World::superuser, &World::owner, {}},
    {"an admin removes a member", &World::admin, &World::member, {}},
    {"an admin removes an admin", &World::admin, &World::admin2, {}},
    {"an admin removes an owner", &World::admin, &World::owner, Code::forbidden},
    {"a member removes a guest", &World::member, &World::guest, Code::forbidden},
    {"a stranger removes a guest", &World::stranger, &World::guest, Code::forbidden},
};

TEST(Remove, is_for_himself_or_who_manages_the_room) {
    for (const auto& c : removals) {
        SCOPED_TRACE(c.name);
        World w;
        EXPECT_EQ(refusal(w.remove(w.*c.by, w.*c.user)), c.refused);
        EXPECT_EQ(w.t.role_of(w.room, w.*c.user).has_value(), c.refused.has_value());
    }
}

TEST(Remove, is_the_last_that_he_hears_of_the_room) {
    World w;
    const auto member = w.t.member_id(w.room, w.member);
    const auto mark = w.t.mark();
    must(w.remove(w.admin, w.member));
    const auto entries = w.t.since(mark);
    ASSERT_EQ(names_of(entries), (std::vector<std::string_view>{"Left", "LostRoom"}));
    EXPECT_EQ(entries[0].log, LogId::of(w.room));
    EXPECT_EQ(entries[1].log, LogId::of(w.member));
    const auto& lost = std::get<LostRoom>(entries[1].body);
    EXPECT_EQ(lost.room, w.room);
    EXPECT_EQ(lost.member, member);
    EXPECT_EQ(lost.by, w.admin);
}

TEST(Remove, of_a_hidden_room_does_not_tell_strangers_that_it_is_there) {
    World w({false, false});
    const auto member = w.t.member_id(w.room, w.member);
    EXPECT_EQ(refusal(run(remove_member(w.t.chat, w.stranger, w.room, member))), Code::not_found);
    EXPECT_EQ(refusal(run(change_role(w.t.chat, w.stranger, w.room, member, Role::guest))), Code::not_found);
    EXPECT_EQ(refusal(w.add(w.stranger, w.stranger, Role::member)), Code::not_found);
}

TEST(LastOwner, neither_leaves_nor_is_removed_nor_unmade) {
    World w;
    must(w.give(w.owner, w.owner2, Role::member));
    EXPECT_EQ(refusal(w.remove(w.owner, w.owner)), Code::conflict);
    EXPECT_EQ(refusal(w.remove(w.superuser, w.owner)), Code::conflict);
    EXPECT_EQ(refusal(w.give(w.owner, w.owner, Role::admin)), Code::conflict);
    EXPECT_EQ(refusal(w.give(w.superuser, w.owner, Role::guest)), Code::conflict);
    EXPECT_EQ(refusal(w.give(w.owner, w.owner, Role::owner)), std::nullopt) << "which changes nothing";
    EXPECT_EQ(refusal(w.remove(w.admin, w.owner)), Code::forbidden) << "rights come first";
    must(w.give(w.owner, w.admin, Role::owner));
    EXPECT_EQ(refusal(w.remove(w.owner, w.owner)), std::nullopt);
}

TEST(LastOwner, of_two_who_go_at_the_same_moment_one_stays) {
    using Step = Result<bool> (*)(World&, UserId);
    const Step leaves = [](World& w, UserId user) { return w.remove(user, user); };
    const Step steps_back = [](World& w, UserId user) -> Result<bool> {
        auto changed = w.give(user, user, Role::member);
        if (!changed) return fail(changed.error());
        return true;
    };
    for (const auto first : {leaves, steps_back}) {
        for (const auto second : {leaves, steps_back}) {
            World w;
            w.t.interleaved.before_append = [&] { must(first(w, w.owner)); };
            EXPECT_EQ(refusal(second(w, w.owner2)), Code::conflict);
            EXPECT_EQ(w.t.directory.rooms.owners(w.room), 1u);
            EXPECT_EQ(w.t.role_of(w.room, w.owner2), Role::owner);
        }
    }
}

TEST(DirectRoomPeople, never_change) {
    TestChat t;
    const auto alice = t.make_user("alice");
    const auto bob = t.make_user("bob");
    const auto carol = t.make_user("carol");
    const auto room = t.make_direct_room(alice, {bob});
    const auto alice_there = t.member_id(room, alice);
    const auto bob_there = t.member_id(room, bob);
    EXPECT_EQ(refusal(run(add_member(t.chat, alice, room, carol, Role::member))), Code::bad_parameter);
    EXPECT_EQ(refusal(run(remove_member(t.chat, alice, room, alice_there))), Code::bad_parameter);
    EXPECT_EQ(refusal(run(remove_member(t.chat, alice, room, bob_there))), Code::bad_parameter);
    EXPECT_EQ(refusal(run(change_role(t.chat, alice, room, bob_there, Role::guest))), Code::bad_parameter);
    const auto root = t.make_admin("root");
    EXPECT_EQ(refusal(run(add_member(t.chat, root, room, root, Role::member))), Code::not_found);
}

TEST(NotifyLevel, is_each_members_own) {
    World w;
    const auto mark = w.t.mark();
    must(run(set_notify_level(w.t.chat, w.guest, w.room, NotifyLevel::mentions)));
    must(run(set_notify_level(w.t.chat, w.guest, w.room, NotifyLevel::mentions)));
    EXPECT_EQ(w.t.directory.rooms.membership(w.room, w.guest)->level, NotifyLevel::mentions);
    EXPECT_EQ(w.t.directory.rooms.membership(w.room, w.member)->level, NotifyLevel::all);
    ASSERT_EQ(w.t.since(mark).size(), 1u) << "the same again is no entry";
    EXPECT_EQ(w.t.since(mark)[0].log, LogId::of(w.guest));
    EXPECT_EQ(refusal(run(set_notify_level(w.t.chat, w.stranger, w.room, NotifyLevel::none))), Code::forbidden);
    World hidden({false, false});
    EXPECT_EQ(refusal(run(set_notify_level(hidden.t.chat, hidden.stranger, hidden.room, NotifyLevel::none))),
              Code::not_found);
}

TEST(NotifyLevel, is_not_told_of_a_room_that_was_lost_meanwhile) {
    World w({false, false});
    w.t.interleaved.before_append = [&] { must(run(delete_room(w.t.chat, w.owner, w.room))); };
    EXPECT_EQ(refusal(run(set_notify_level(w.t.chat, w.member, w.room, NotifyLevel::none))), Code::not_found);
    EXPECT_EQ(names_of(w.t.committed).back(), "LostDeletedRoom") << "the last that anybody hears of it";
}

TEST(Members, are_listed_by_when_they_came) {
    World w;
    must(w.remove(w.owner2, w.owner2));
    w.t.join(w.room, w.owner2);
    std::vector<UserId> users;
    for (const auto& membership : w.t.directory.rooms.members(w.room)) users.push_back(membership.user);
    EXPECT_EQ(users, (std::vector{w.owner, w.admin, w.admin2, w.member, w.guest, w.owner2}));
    const auto view = *w.t.directory.rooms.find(w.room, 2);
    EXPECT_EQ(view.members_total, 6u);
    EXPECT_EQ(view.members, (std::vector{member_id_of(w.owner, Role::owner), member_id_of(w.admin, Role::admin)}));
}

TEST(Rooms, count_what_was_said_and_know_when_it_was_last) {
    World w;
    const auto now = [&] { return *w.t.directory.rooms.find(w.room); };
    EXPECT_EQ(now().messages_total, 0);
    EXPECT_EQ(now().last_message, Time{}) << "never";
    w.t.post(w.room, w.member, "one");
    const auto second = w.t.post(w.room, w.member, "two");
    EXPECT_EQ(now().messages_total, 2) << "members come and go uncounted";
    EXPECT_EQ(now().last_message, second.created);
    w.t.clock.advance(std::chrono::hours{1});
    must(run(delete_message(w.t.chat, w.member, second.id)));
    EXPECT_EQ(now().messages_total, 2);
    EXPECT_EQ(now().last_message, second.created);
    const auto direct = w.t.make_direct_room(w.guest, {w.owner});
    w.t.post(direct, w.guest, "hello");
    EXPECT_EQ(w.t.directory.rooms.messages_total(), 3);
    must(run(delete_room(w.t.chat, w.owner, w.room)));
    EXPECT_EQ(w.t.directory.rooms.messages_total(), 1);
}

TEST(Rooms, that_are_direct_tell_who_is_in_them) {
    World w;
    const auto direct = w.t.make_direct_room(w.guest, {w.owner, w.member});
    auto people = w.t.directory.rooms.find(direct, 100)->people;
    std::ranges::sort(people);
    auto expected = std::vector{w.guest, w.owner, w.member};
    std::ranges::sort(expected);
    EXPECT_EQ(people, expected);
    EXPECT_TRUE(w.t.directory.rooms.find(w.room, 100)->people.empty()) << "members have a list of their own";
}

TEST(Members, know_whether_they_share_a_room) {
    World w;
    const auto& rooms = w.t.directory.rooms;
    EXPECT_TRUE(rooms.share_a_room(w.owner, w.guest));
    EXPECT_FALSE(rooms.share_a_room(w.owner, w.stranger));
    must(w.remove(w.owner, w.guest));
    EXPECT_FALSE(rooms.share_a_room(w.owner, w.guest));
    w.t.make_direct_room(w.guest, {w.owner});
    EXPECT_TRUE(rooms.share_a_room(w.owner, w.guest));
}

}  // namespace
}  // namespace makechat::chat
