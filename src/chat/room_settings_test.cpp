#include "chat/room_settings.hpp"

#include "chat/profile.hpp"
#include "support/chat_fixture.hpp"

#include <gtest/gtest.h>

#include <string>

namespace makechat::chat {
namespace {

const Error not_owner{Code::forbidden, "You are not owner of this room."};
const Error name_taken{Code::exists, "A room with this name exists already."};

template <class T>
std::optional<Error> error_of(const Result<T>& result) {
    if (result) return std::nullopt;
    return result.error();
}

template <class Set>
RoomChange change(Set set) {
    RoomChange wanted;
    set(wanted);
    return wanted;
}

/// A room with somebody in each standing to it.
struct World {
    TestChat t;
    UserId owner = t.make_user("owner");
    UserId admin = t.make_user("admin");
    UserId member = t.make_user("member");
    UserId guest = t.make_user("guest");
    UserId stranger = t.make_user("stranger");
    UserId superuser = t.make_admin("superuser");
    RoomId room;

    explicit World(TestChat::RoomShape shape = {true, true}) : room(t.make_room(owner, "general", shape)) {
        t.add(room, admin, Role::admin);
        t.add(room, member, Role::member);
        t.add(room, guest, Role::guest);
    }
    Room now() const { return *t.directory.rooms.find(room)->room; }
};

TEST(CreateRoom, is_for_admins_unless_everyone_may) {
    TestChat t;
    const auto alice = t.make_user("alice");
    EXPECT_EQ(error_of(run(create_room(t.chat, alice, {"general", {}}))), (Error{Code::forbidden, "Admin required."}));
    EXPECT_EQ(refusal(run(create_room(t.chat, t.make_admin("root"), {"general", {}}))), std::nullopt);
    t.chat.policy.everyone_creates_rooms = true;
    EXPECT_EQ(refusal(run(create_room(t.chat, alice, {"ours", {}}))), std::nullopt);
}

TEST(CreateRoom, makes_the_creator_its_owner_and_keeps_what_he_wants) {
    TestChat t;
    const auto root = t.make_admin("root");
    const auto mark = t.mark();
    const auto id = must(run(create_room(t.chat, root, {"Комната", "о чём угодно", false, false})));
    EXPECT_EQ(names_of(t.since(mark)), (std::vector<std::string_view>{"RoomCreated", "Joined"}));
    const auto view = *t.directory.rooms.find(id, 10);
    EXPECT_EQ(*view.room, (Room{id, RoomKind::room, "Комната", "о чём угодно", false, false, MentionAllBy::members,
                                t.clock.now()}));
    EXPECT_EQ(view.members, std::vector{member_id_of(root, Role::owner)});
    EXPECT_EQ(view.last_seq, Seq{2});
    EXPECT_EQ(t.role_of(id, root), Role::owner);
    EXPECT_EQ(t.directory.rooms.find_name("КОМНАТА")->id, id);
}

struct Case {
    const char* name;
    NewRoom wanted;
    std::optional<Code> refused;
};

const Case new_rooms[] = {
    {"a free name", {"random", {}}, {}},
    {"a taken name", {"general", {}}, Code::exists},
    {"a taken name in another case", {"GENERAL", {}}, Code::exists},
    {"the name of a hidden room", {"secret", {}}, Code::exists},
    {"an accent makes another name", {"généràl", {}}, {}},
    {"no name", {"", {}}, Code::bad_parameter},
    {"a name of 121 characters", {std::string(121, 'a'), {}}, Code::bad_parameter},
    {"a name of two lines", {"a\nb", {}}, Code::bad_parameter},
    {"a topic of 1000 characters", {"random", std::string(1'000, 'a')}, {}},
    {"a topic of 1001 characters", {"random", std::string(1'001, 'a')}, Code::bad_parameter},
};

TEST(CreateRoom, wants_a_name_of_its_own) {
    for (const auto& c : new_rooms) {
        SCOPED_TRACE(c.name);
        TestChat t;
        const auto root = t.make_admin("root");
        t.make_room(root, "general");
        t.make_room(root, "secret", {false, false});
        const auto mark = t.mark();
        EXPECT_EQ(refusal(run(create_room(t.chat, root, c.wanted))), c.refused);
        EXPECT_EQ(t.since(mark).empty(), c.refused.has_value());
    }
}

TEST(CreateRoom, the_quicker_of_two_who_want_one_name_gets_it) {
    TestChat t;
    const auto anna = t.make_admin("anna");
    const auto bert = t.make_admin("bert");
    t.interleaved.before_append = [&] { t.make_room(bert, "Café"); };
    EXPECT_EQ(error_of(run(create_room(t.chat, anna, {"CAFE\u0301", {}}))), name_taken);
    EXPECT_EQ(t.directory.rooms.count(), 1u);
    EXPECT_TRUE(t.role_of(t.directory.rooms.find_name("café")->id, bert));
}

struct ChangeCase {
    const char* name;
    RoomChange wanted;
    std::optional<Code> refused;
    std::size_t entries;
};

const ChangeCase changes[] = {
    {"nothing", {}, {}, 0},
    {"what it is already", change([](auto& c) { c.name = "general", c.is_open = true; }), {}, 0},
    {"another name", change([](auto& c) { c.name = "main"; }), {}, 1},
    {"its own name in another case", change([](auto& c) { c.name = "General"; }), {}, 1},
    {"the name of another", change([](auto& c) { c.name = "RANDOM"; }), Code::exists, 0},
    {"a name against the rule", change([](auto& c) { c.name = " "; }), Code::bad_parameter, 0},
    {"a topic", change([](auto& c) { c.topic = "о чём угодно"; }), {}, 1},
    {"a topic of two lines", change([](auto& c) { c.topic = "a\nb"; }), Code::bad_parameter, 0},
    {"a topic too long", change([](auto& c) { c.topic = std::string(1'001, 'a'); }), Code::bad_parameter, 0},
    {"made private", change([](auto& c) { c.is_open = false; }), {}, 1},
    {"hidden", change([](auto& c) { c.is_visible = false; }), {}, 1},
    {"who may say @all", change([](auto& c) { c.mention_all_by = MentionAllBy::owners; }), {}, 1},
    {"several at once are one entry", change([](auto& c) { c.topic = "x", c.is_open = false; }), {}, 1},
};

TEST(ChangeRoom, sets_what_is_named_and_leaves_the_rest) {
    for (const auto& c : changes) {
        SCOPED_TRACE(c.name);
        World w;
        w.t.make_room(w.owner, "random");
        Room expected = w.now();
        const auto mark = w.t.mark();
        EXPECT_EQ(refusal(run(change_room(w.t.chat, w.owner, w.room, c.wanted))), c.refused);
        const auto entries = w.t.since(mark);
        ASSERT_EQ(entries.size(), c.entries);
        if (c.entries == 0) {
            EXPECT_EQ(w.now(), expected);
            continue;
        }
        EXPECT_EQ(std::get<RoomChanged>(entries[0].body).was, expected);
        expected.name = c.wanted.name.value_or(expected.name);
        expected.topic = c.wanted.topic.value_or(expected.topic);
        expected.is_open = c.wanted.is_open.value_or(expected.is_open);
        expected.is_visible = c.wanted.is_visible.value_or(expected.is_visible);
        expected.mention_all_by = c.wanted.mention_all_by.value_or(expected.mention_all_by);
        EXPECT_EQ(w.now(), expected);
        EXPECT_EQ(std::get<RoomChanged>(entries[0].body).room, expected);
    }
}

TEST(ChangeRoom, frees_the_old_name) {
    World w;
    must(run(change_room(w.t.chat, w.owner, w.room, change([](auto& c) { c.name = "main"; }))));
    EXPECT_EQ(w.t.directory.rooms.find_name("general"), nullptr);
    w.t.make_room(w.owner, "General");
    EXPECT_EQ(w.t.directory.rooms.find_name("MAIN")->id, w.room);
}

struct Who {
    const char* name;
    UserId World::* user;
    std::optional<Code> in_visible;
    std::optional<Code> in_hidden;
};

const Who managers[] = {
    {"owner", &World::owner, {}, {}},
    {"admin", &World::admin, {}, {}},
    {"superuser", &World::superuser, {}, {}},
    {"member", &World::member, Code::forbidden, Code::forbidden},
    {"guest", &World::guest, Code::forbidden, Code::forbidden},
    {"stranger", &World::stranger, Code::forbidden, Code::not_found},
};

TEST(ChangeRoom, is_for_who_manages_it) {
    for (const auto& who : managers) {
        SCOPED_TRACE(who.name);
        const auto wanted = change([](auto& c) { c.topic = "new"; });
        World visible;
        EXPECT_EQ(refusal(run(change_room(visible.t.chat, visible.*who.user, visible.room, wanted))), who.in_visible);
        World hidden({false, false});
        EXPECT_EQ(refusal(run(change_room(hidden.t.chat, hidden.*who.user, hidden.room, wanted))), who.in_hidden);
    }
}

TEST(ChangeRoom, tells_of_a_bad_parameter_before_it_tells_of_rights) {
    World w({false, false});
    const auto wanted = change([](auto& c) { c.name = ""; });
    EXPECT_EQ(refusal(run(change_room(w.t.chat, w.member, w.room, wanted))), Code::bad_parameter);
    EXPECT_EQ(refusal(run(change_room(w.t.chat, w.stranger, w.room, wanted))), Code::bad_parameter);
}

TEST(ChangeRoom, tells_nobody_but_who_may_change_it_that_a_name_is_taken) {
    World w;
    w.t.make_room(w.owner, "secret", {false, false});
    const auto wanted = change([](auto& c) { c.name = "secret"; });
    EXPECT_EQ(error_of(run(change_room(w.t.chat, w.member, w.room, wanted))), not_owner);
    EXPECT_EQ(error_of(run(change_room(w.t.chat, w.owner, w.room, wanted))), name_taken);
}

TEST(ChangeRoom, two_changes_at_the_same_moment_are_both_kept) {
    World w;
    w.t.interleaved.before_append = [&] {
        must(run(change_room(w.t.chat, w.admin, w.room, change([](auto& c) { c.is_open = false; }))));
    };
    must(run(change_room(w.t.chat, w.owner, w.room, change([](auto& c) { c.topic = "new"; }))));
    EXPECT_EQ(w.now().topic, "new");
    EXPECT_FALSE(w.now().is_open);
}

TEST(DirectRoom, is_found_by_its_set_of_people) {
    TestChat t;
    const auto alice = t.make_user("alice");
    const auto bob = t.make_user("bob");
    const auto carol = t.make_user("carol");
    const auto mark = t.mark();
    const auto first = must(run(open_direct_room(t.chat, alice, {bob})));
    EXPECT_TRUE(first.created);
    EXPECT_EQ(names_of(t.since(mark)), (std::vector<std::string_view>{"RoomCreated", "Joined", "Joined"}));
    EXPECT_EQ(t.role_of(first.room, alice), Role::member);
    EXPECT_EQ(t.role_of(first.room, bob), Role::member);

    const std::vector<std::pair<UserId, std::vector<UserId>>> same = {
        {alice, {bob}}, {bob, {alice}}, {alice, {alice, bob}}, {bob, {alice, alice, bob}}};
    for (const auto& [creator, others] : same) {
        const auto again = must(run(open_direct_room(t.chat, creator, others)));
        EXPECT_EQ(again.room, first.room);
        EXPECT_FALSE(again.created);
    }
    EXPECT_NE(t.make_direct_room(alice, {bob, carol}), first.room);
    EXPECT_NE(t.make_direct_room(alice, {carol}), first.room);
}

TEST(DirectRoom, has_no_name_and_is_in_no_list) {
    TestChat t;
    const auto alice = t.make_user("alice");
    const auto room = t.make_direct_room(alice, {t.make_user("bob")});
    EXPECT_EQ(t.directory.rooms.find(room)->room->kind, RoomKind::direct);
    EXPECT_EQ(t.directory.rooms.find(room)->room->name, "");
    EXPECT_EQ(t.directory.rooms.list(nullptr, 0, 10, 10).total, 0u);
    EXPECT_EQ(t.directory.rooms.count(), 0u);
    EXPECT_EQ(t.directory.rooms.find_name(""), nullptr);
    ASSERT_EQ(t.directory.rooms.rooms_of(alice).size(), 1u);
}

TEST(DirectRoom, of_two_who_open_it_at_the_same_moment_is_one) {
    TestChat t;
    const auto alice = t.make_user("alice");
    const auto bob = t.make_user("bob");
    RoomId quick;
    t.interleaved.before_append = [&] { quick = t.make_direct_room(bob, {alice}); };
    const auto slow = must(run(open_direct_room(t.chat, alice, {bob})));
    EXPECT_EQ(slow.room, quick);
    EXPECT_FALSE(slow.created);
    EXPECT_EQ(t.directory.rooms.room_count_of(alice), 1u);
}

TEST(DirectRoom, is_opened_with_people_who_are_there_and_not_with_a_crowd) {
    TestChat t;
    const auto alice = t.make_user("alice");
    const auto off = t.make_user("off");
    const auto known = t.make_direct_room(alice, {off});
    AccountChange disabling;
    disabling.is_disabled = true;
    must(run(change_account(t.chat, {}, off, disabling)));
    EXPECT_EQ(refusal(run(open_direct_room(t.chat, alice, {t.ids.next<UserId>()}))), Code::bad_parameter);
    EXPECT_EQ(refusal(run(open_direct_room(t.chat, alice, {off, t.make_user("bob")}))), Code::bad_parameter);
    EXPECT_EQ(must(run(open_direct_room(t.chat, alice, {off}))).room, known) << "what they wrote stays";

    std::vector<UserId> crowd;
    for (std::size_t i = 1; i < limits::direct_room_users_max; ++i)
        crowd.push_back(t.make_user("u" + std::to_string(i)));
    EXPECT_EQ(refusal(run(open_direct_room(t.chat, alice, crowd))), std::nullopt);
    crowd.push_back(t.make_user("one_more"));
    EXPECT_EQ(refusal(run(open_direct_room(t.chat, alice, crowd))), Code::bad_parameter);
}

TEST(DirectRoom, cannot_be_changed_or_deleted_by_anybody) {
    TestChat t;
    const auto alice = t.make_user("alice");
    const auto room = t.make_direct_room(alice, {t.make_user("bob")});
    const auto wanted = change([](auto& c) { c.name = "ours"; });
    EXPECT_EQ(error_of(run(change_room(t.chat, alice, room, wanted))), not_owner);
    EXPECT_EQ(error_of(run(delete_room(t.chat, alice, room))), not_owner);
    for (const auto other : {t.make_admin("root"), t.make_user("stranger")}) {
        EXPECT_EQ(refusal(run(change_room(t.chat, other, room, wanted))), Code::not_found);
        EXPECT_EQ(refusal(run(delete_room(t.chat, other, room))), Code::not_found);
    }
}

const Who deleters[] = {
    {"owner", &World::owner, {}, {}},
    {"superuser", &World::superuser, {}, {}},
    {"admin", &World::admin, Code::forbidden, Code::forbidden},
    {"member", &World::member, Code::forbidden, Code::forbidden},
    {"guest", &World::guest, Code::forbidden, Code::forbidden},
    {"stranger", &World::stranger, Code::forbidden, Code::not_found},
};

TEST(DeleteRoom, is_for_owners_and_superusers) {
    for (const auto& who : deleters) {
        SCOPED_TRACE(who.name);
        World visible;
        EXPECT_EQ(refusal(run(delete_room(visible.t.chat, visible.*who.user, visible.room))), who.in_visible);
        EXPECT_EQ(visible.t.directory.rooms.find(visible.room).has_value(), who.in_visible.has_value());
        World hidden({false, false});
        EXPECT_EQ(refusal(run(delete_room(hidden.t.chat, hidden.*who.user, hidden.room))), who.in_hidden);
    }
}

TEST(DeleteRoom, tells_each_member_in_his_own_log) {
    World w;
    const Room was = w.now();
    const auto mark = w.t.mark();
    must(run(delete_room(w.t.chat, w.owner, w.room)));
    const auto entries = w.t.since(mark);
    ASSERT_EQ(entries.size(), 5u);
    EXPECT_EQ(entries[0].log, LogId::server());
    EXPECT_EQ(std::get<RoomDeleted>(entries[0].body).room, was);
    const UserId told[] = {w.owner, w.admin, w.member, w.guest};
    for (std::size_t i = 0; i < std::size(told); ++i) {
        EXPECT_EQ(entries[i + 1].log, LogId::of(told[i]));
        EXPECT_EQ(std::get<LostDeletedRoom>(entries[i + 1].body).room, was);
    }
}

TEST(DeleteRoom, takes_all_that_was_in_it) {
    World w;
    const auto message = w.t.post(w.room, w.member, "hi");
    must(run(delete_room(w.t.chat, w.owner, w.room)));
    EXPECT_EQ(refusal(run(find_message(w.t.chat, w.member, message.id))), Code::not_found);
    EXPECT_EQ(refusal(run(post_message(w.t.chat, w.member, {w.room, "hi", {}, {}}))), Code::not_found);
    EXPECT_EQ(refusal(run(delete_room(w.t.chat, w.owner, w.room))), Code::not_found);
    EXPECT_EQ(w.t.directory.rooms.rooms_of(w.member).size(), 0u);
    EXPECT_EQ(w.t.directory.rooms.count(), 0u);
    EXPECT_NE(w.t.make_room(w.owner, "general"), w.room) << "its name is free";
}

TEST(DeleteRoom, tells_one_who_joins_at_the_same_moment_too) {
    World w;
    w.t.interleaved.before_append = [&] { w.t.join(w.room, w.stranger); };
    const auto mark = w.t.mark();
    must(run(delete_room(w.t.chat, w.owner, w.room)));
    EXPECT_EQ(bodies<LostDeletedRoom>(w.t.since(mark)).size(), 5u);
    EXPECT_EQ(w.t.directory.rooms.rooms_of(w.stranger).size(), 0u);
}

TEST(ListRooms, goes_by_name_in_pages_and_hides_what_is_hidden) {
    TestChat t;
    const auto root = t.make_admin("root");
    for (const auto name : {"c", "a", "d", "b"}) t.make_room(root, name, {true, std::string_view(name) != "b"});
    const auto names = [&](const UserId* viewer, std::size_t offset, std::size_t limit) {
        std::string all;
        for (const auto& view : t.directory.rooms.list(viewer, offset, limit, 1).rooms) all += view.room->name;
        return all;
    };
    EXPECT_EQ(names(nullptr, 0, 10), "abcd");
    const auto stranger = t.make_user("stranger");
    EXPECT_EQ(names(&stranger, 0, 10), "acd");
    EXPECT_EQ(names(&root, 0, 10), "abcd");
    EXPECT_EQ(names(nullptr, 1, 2), "bc");
    EXPECT_EQ(names(nullptr, 3, 2), "d");
    EXPECT_EQ(names(nullptr, 4, 2), "");
    EXPECT_EQ(names(nullptr, 9, 2), "");
    EXPECT_EQ(t.directory.rooms.list(&stranger, 9, 2, 1).total, 3u);
}

}  // namespace
}  // namespace makechat::chat
