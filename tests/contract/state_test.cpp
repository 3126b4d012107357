#include "contract/store_contract.hpp"

#include <algorithm>

/// What entries make of the state, and that it stays.
namespace makechat {

using namespace chat;

namespace {

Membership member_in(const Snapshot& snapshot, UserId user) {
    const auto& members = snapshot.rooms.at(0).members;
    const auto found = std::ranges::find(members, user, &Membership::user);
    return found == members.end() ? Membership{} : *found;
}

Token token_of(StoreWorld& world, UserId user) {
    Token token{.id = world.ids.next<TokenId>(),
                .user = user,
                .name = "bot",
                .scope = "read",
                .prefix = "abcd",
                .created = world.clock.now(),
                .last_used = world.clock.now()};
    world.random.fill(token.hash);
    return token;
}

Session session_of(StoreWorld& world, UserId user) {
    Session session{.id = world.ids.next<SessionId>(),
                    .user = user,
                    .address = "192.0.2.1",
                    .agent = "curl \"8\"",
                    .created = world.clock.now(),
                    .last_used = world.clock.now(),
                    .expires = world.clock.now() + std::chrono::hours(1)};
    world.random.fill(session.hash);
    return session;
}

}  // namespace

TEST_P(StoreContract, a_new_store_is_empty_but_for_its_own_secrets) {
    const auto snapshot = world.load();
    EXPECT_EQ(snapshot.position, Position{0});
    EXPECT_EQ(snapshot.server_id.size(), 24U);
    EXPECT_NE(snapshot.cursor_key, SecretHash{});
    EXPECT_EQ(describe(snapshot), describe(Snapshot{}));
    EXPECT_TRUE(run(store().check()).value());
    EXPECT_FALSE(store().describe().empty());
    EXPECT_EQ(store().bytes() == 0, GetParam().name == "memory");
}

TEST_P(StoreContract, the_server_is_what_was_said_of_it_last) {
    const auto root = world.add_user("root").id;
    for (const auto& said : {ServerSettings{"Наш \"чат\"", false}, ServerSettings{{}, true}, ServerSettings{"Ours", {}},
                             ServerSettings{}}) {
        world.append(root, {{LogId::server(), ServerChanged{said}}});
        reopen();
        EXPECT_EQ(world.load().server, said);
    }
}

TEST_P(StoreContract, a_user_changes_but_for_settings_creation_and_last_use) {
    auto alice = world.add_user("alice");
    world.append(alice.id, {{LogId::of(alice.id), SettingsChanged{"{\"theme\": \"dark\"}"}}});
    auto changed = alice;
    changed.username = "alicia";
    changed.email = "";
    changed.password = "another";
    changed.is_superuser = true;
    changed.settings = "old";
    changed.created = {};
    world.append(alice.id, {{LogId::server(), UserChanged{changed, true}}});
    changed.settings = "{\"theme\": \"dark\"}";
    changed.created = alice.created;
    EXPECT_EQ(world.load().users, std::vector<User>{changed});
}

TEST_P(StoreContract, users_without_address_do_not_clash) {
    for (const auto* name : {"one", "two"}) {
        User user;
        user.id = world.ids.next<UserId>();
        user.username = name;
        world.append(user.id, {{LogId::server(), UserCreated{user}}});
    }
    EXPECT_EQ(world.load().users.size(), 2U);
}

TEST_P(StoreContract, a_name_that_was_left_can_be_taken) {
    auto alice = world.add_user("alice");
    alice.username = "alicia";
    alice.email = "alicia@example.org";
    world.append(alice.id, {{LogId::server(), UserChanged{alice, true}}});
    world.add_user("ALICE");
    auto room = world.add_room("Café", alice.id);
    const auto was = room;
    room.name = "Tea";
    world.append(alice.id, {{LogId::of(room.id), RoomChanged{room, was}}});
    world.add_room("café", alice.id);
    EXPECT_EQ(world.load().users.size(), 2U);
    EXPECT_EQ(world.load().rooms.size(), 2U);
}

TEST_P(StoreContract, a_password_is_not_in_the_log) {
    const auto alice = world.add_user("alice");
    world.append(alice.id, {{LogId::server(), UserChanged{alice, false}}});
    const auto entries = world.entries(LogId::server());
    EXPECT_EQ(std::get<UserCreated>(entries.at(0).body).user.password, "");
    EXPECT_EQ(std::get<UserChanged>(entries.at(1).body).user.password, "");
    EXPECT_EQ(world.load().users.at(0).password, alice.password);
}

TEST_P(StoreContract, tokens_and_sessions_come_are_used_and_go) {
    const auto alice = world.add_user("alice").id;
    auto token = token_of(world, alice);
    auto session = session_of(world, alice);
    world.append(alice, {{LogId::server(), TokenCreated{token}}, {LogId::server(), SessionOpened{session}}});
    EXPECT_EQ(world.load().tokens, std::vector<Token>{token});
    EXPECT_EQ(world.load().sessions, std::vector<Session>{session});

    const auto now = world.clock.now() + std::chrono::minutes(5);
    const auto expires = now + std::chrono::hours(1);
    const Uses uses{{{token.id, now}, {world.ids.next<TokenId>(), now}}, {{session.id, now, expires}}, {{alice, now}}};
    EXPECT_TRUE(run(store().record(uses)));
    const Uses older{{{token.id, token.created}}, {{session.id, session.created, session.expires}}, {{alice, Time{}}}};
    EXPECT_TRUE(run(store().record(older)));
    token.last_used = now;
    session.last_used = now;
    session.expires = expires;
    EXPECT_EQ(world.load().tokens, std::vector<Token>{token});
    EXPECT_EQ(world.load().sessions, std::vector<Session>{session});
    EXPECT_EQ(world.load().users.at(0).last_seen, now);

    const auto position = world.load().position;
    world.append(
        alice, {{LogId::server(), TokenRevoked{token.id, alice}}, {LogId::server(), SessionEnded{session.id, alice}}});
    EXPECT_TRUE(world.load().tokens.empty());
    EXPECT_TRUE(world.load().sessions.empty());
    EXPECT_EQ(world.load().position.value, position.value + 2) << "uses are no entries";
}

TEST_P(StoreContract, a_membership_begins_changes_and_ends) {
    const auto alice = world.add_user("alice").id;
    const auto bob = world.add_user("bob").id;
    const auto room = world.add_room("one", alice).id;
    const auto joined = world.join(room, bob).seq;
    Membership expected{bob, member_id_of(bob, Role::member), Role::member, joined, joined, NotifyLevel::all};
    EXPECT_EQ(member_in(world.load(), bob), expected);

    expected.read = world.post(room, bob, "hi").seq;
    EXPECT_EQ(member_in(world.load(), bob), expected) << "posting marks read";
    expected.read = joined;
    world.move_read(room, bob, joined);
    world.append(bob, {{LogId::of(bob), NotifyChanged{room, NotifyLevel::mentions}}});
    expected.level = NotifyLevel::mentions;
    EXPECT_EQ(member_in(world.load(), bob), expected);

    world.change_role(room, bob, Role::member, Role::admin);
    expected.role = Role::admin;
    expected.id = member_id_of(bob, Role::admin);
    EXPECT_EQ(member_in(world.load(), bob), expected) << "marker and level stay";

    world.leave(room, bob, bob);
    EXPECT_EQ(member_in(world.load(), bob), Membership{});
    EXPECT_TRUE(world.load().rooms.at(0).barred.empty());
    world.move_read(room, bob, {1});
    world.post(room, bob, "from outside");
    EXPECT_EQ(member_in(world.load(), bob), Membership{});
}

TEST_P(StoreContract, who_was_removed_or_left_as_guest_is_barred_until_he_is_back) {
    const auto alice = world.add_user("alice").id;
    const auto bob = world.add_user("bob").id;
    const auto room = world.add_room("one", alice).id;
    world.join(room, bob);
    world.leave(room, bob, alice);
    EXPECT_EQ(world.load().rooms.at(0).barred, std::vector<UserId>{bob});
    world.join(room, bob, Role::guest);
    EXPECT_TRUE(world.load().rooms.at(0).barred.empty());
    world.append(bob, {{LogId::of(room), Left{bob, member_id_of(bob, Role::guest), Role::guest, bob}}});
    EXPECT_EQ(world.load().rooms.at(0).barred, std::vector<UserId>{bob});
}

TEST_P(StoreContract, several_posts_at_once_leave_the_marker_at_the_last) {
    const auto alice = world.add_user("alice").id;
    const auto room = world.add_room("one", alice).id;
    std::vector<Task<Result<Commit>>> posts;
    for (int i = 0; i < 10; ++i) {
        const Write write{LogId::of(room), MessagePosted{world.draft(room, alice, "hi")}};
        posts.push_back(store().append(world.change(alice, {write})));
    }
    const Write back{LogId::of(alice), ReadMoved{room, {5}, 0, 0}};
    posts.push_back(store().append(world.change(alice, {back})));
    run_all(std::move(posts));
    EXPECT_EQ(member_in(world.load(), alice).read, Seq{5}) << "what comes later in the log counts";
    const auto last = world.post(room, alice, "hi");
    EXPECT_EQ(member_in(world.load(), alice).read, last.seq);
}

TEST_P(StoreContract, a_deleted_room_takes_everything_with_it) {
    const auto alice = world.add_user("alice").id;
    const auto bob = world.add_user("bob").id;
    const auto room = world.add_room("one", alice);
    world.join(room.id, bob);
    world.leave(room.id, bob, alice);
    auto message = world.draft(room.id, alice, "hi");
    message.mentions = {bob};
    message = world.edit(world.post(message), "ho");
    world.delete_room(room, alice);
    EXPECT_TRUE(world.load().rooms.empty());
    EXPECT_TRUE(world.messages(room.id).empty());
    EXPECT_TRUE(world.entries(LogId::of(room.id)).empty());
    EXPECT_EQ(run(store().message(message.id)).error().code, Code::not_found);
    EXPECT_EQ(run(store().history(message.id)).error().code, Code::not_found);
    EXPECT_EQ(world.unread(bob, room.id, {}), (Unread{room.id, 0, 0}));
    EXPECT_EQ(world.entries(LogId::of(alice)).size(), 1U) << "its members' own logs say so";
    EXPECT_EQ(world.load().user_logs.size(), 2U);
    world.add_room("one", alice);
}

TEST_P(StoreContract, every_kind_of_entry_is_read_as_it_was_written) {
    auto alice = world.add_user("al\"ice");
    auto room = world.add_room("Комната \"1\"", alice.id);
    const auto direct = world.add_direct_room({alice.id, world.add_user("bob").id});
    const auto token = token_of(world, alice.id);
    const auto session = session_of(world, alice.id);
    const auto server = LogId::server();
    const auto own = LogId::of(alice.id);
    const auto in = LogId::of(room.id);
    auto was = room;
    room.topic = "line\nline";
    room.mention_all_by = MentionAllBy::owners;
    room.is_open = false;
    alice.display_name = "Алиса";
    alice.password.clear();
    const auto posted = world.post(room.id, alice.id, "hi");
    auto removed = posted;
    removed.text.clear();
    removed.deleted = world.clock.now();
    const auto commit =
        world.append(alice.id, {{server, UserChanged{alice, true}},
                                {server, TokenCreated{token}},
                                {server, TokenRevoked{token.id, alice.id}},
                                {server, SessionOpened{session}},
                                {server, SessionEnded{session.id, alice.id}},
                                {server, ServerChanged{{"Our \"chat\"", false}}},
                                {server, ServerChanged{{{}, true}}},
                                {in, RoomChanged{room, was}},
                                {in, RoleChanged{alice.id, member_id_of(alice.id, Role::guest), Role::guest,
                                                 member_id_of(alice.id, Role::owner), Role::owner, alice.id}},
                                {in, Left{alice.id, member_id_of(alice.id, Role::guest), Role::guest, alice.id}},
                                {in, MessageDeleted{removed, alice.id}},
                                {own, ReadMoved{room.id, {3}, 7, 5}},
                                {own, NotifyChanged{room.id, NotifyLevel::none}},
                                {own, SettingsChanged{"{\"a\": [1, \"\\u0001\"]}"}},
                                {own, LostRoom{room.id, member_id_of(alice.id, Role::guest), Role::guest, alice.id}},
                                {own, LostDeletedRoom{direct}},
                                {server, RoomDeleted{direct}}});
    std::vector<Entry> read;
    for (const auto& log : {server, own, in}) {
        for (auto& entry : world.entries(log)) read.push_back(std::move(entry));
    }
    for (const auto& entry : commit.entries) {
        const auto found = std::ranges::find(read, entry.position, &Entry::position);
        ASSERT_NE(found, read.end());
        EXPECT_EQ(describe(*found), describe(entry));
    }
}

TEST_P(StoreContract, a_direct_room_has_its_people) {
    const auto alice = world.add_user("alice").id;
    const auto bob = world.add_user("bob").id;
    const auto carol = world.add_user("carol").id;
    world.add_direct_room({alice, bob});
    const auto second = world.add_direct_room({alice, bob, carol});
    const auto entries = world.entries(LogId::of(second.id));
    auto people = std::vector{alice, bob, carol};
    std::ranges::sort(people);
    EXPECT_EQ(std::get<RoomCreated>(entries.at(0).body).people, people);
    EXPECT_EQ(world.load().rooms.size(), 2U);
}

TEST_P(StoreContract, everything_is_there_after_opening_again) {
    const auto alice = world.add_user("alice").id;
    const auto bob = world.add_user("bob").id;
    const auto room = world.add_room("one", alice).id;
    world.join(room, bob);
    auto once = world.change(bob, {{LogId::of(room), MessagePosted{world.draft(room, bob, "hi")}}});
    once.nonce = "n1";
    world.append(once);
    const auto before = world.load();
    const auto entries = world.entries(LogId::of(room));
    reopen();
    const auto after = world.load();
    EXPECT_EQ(describe(after), describe(before));
    EXPECT_EQ(after.server_id, before.server_id);
    EXPECT_EQ(after.cursor_key, before.cursor_key);
    EXPECT_TRUE(world.append(once).repeated);
    const auto next = world.post(room, alice, "ho");
    EXPECT_EQ(next.seq, entries.back().seq.next());
    EXPECT_EQ(next.ordinal, 2);
    EXPECT_GT(world.load().position, before.position);
}

}  // namespace makechat
