#include "chat/directory.hpp"

#include "chat/profile.hpp"
#include "chat/reading.hpp"
#include "chat/room_settings.hpp"
#include "support/chat_fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

namespace makechat::chat {
namespace {

using namespace std::chrono_literals;

/// All that a directory answers about the server of a test, as text: two that answer alike are alike.
std::string answers(const Directory& directory, const TestChat& t, const std::vector<UserId>& users,
                    const std::vector<RoomId>& rooms) {
    std::ostringstream out;
    out << directory.position().value << " " << directory.accounts.superusers() << " " << directory.rooms.count()
        << "\n";
    for (const auto audience : {Accounts::Audience::admins, Accounts::Audience::everybody}) {
        const auto page = directory.accounts.list("", audience, 0, 100);
        for (const auto& user : page.users) out << user->username << " ";
        out << page.total << " of " << directory.rooms.list(nullptr, 0, 100, 0).total << "\n";
    }
    for (const auto id : users) {
        const auto user = directory.accounts.find(id);
        out << user->username << " " << user->display_name << user->settings << user->is_disabled << user->is_superuser;
        out << " found " << (directory.accounts.find_name(user->username) == user);
        out << " tokens " << directory.credentials.token_count(id);
        auto mine = directory.rooms.rooms_of(id);
        std::ranges::sort(mine, {}, &Rooms::Mine::room);
        for (const auto& listed : directory.rooms.list(&id, 0, 100, 2).rooms)
            out << " lists " << listed.room->name << listed.members.size();
        out << " of " << directory.rooms.list(&id, 0, 0, 0).total;
        for (const auto& in : mine) out << " in " << to_hex(in.room) << " at " << in.last_seq.value;
        out << " own " << directory.rooms.user_log_position(id).value << "\n";
    }
    for (const auto id : rooms) {
        const auto view = directory.rooms.find(id, 100);
        if (!view) {
            out << "gone\n";
            continue;
        }
        out << view->room->name << view->room->topic << view->room->is_open << " " << view->last_seq.value << " at "
            << view->last_position.value << " owners " << directory.rooms.owners(id) << " said " << view->messages_total
            << " until " << to_millis(view->last_message) << " by " << view->people.size();
        for (const auto& m : directory.rooms.members(id))
            out << " " << to_hex(m.user) << (directory.rooms.member(id, m.id) == m) << to_hex(m.id) << to_word(m.role)
                << m.joined.value << "/" << m.read.value << to_word(m.level);
        for (const auto user : users) out << (directory.rooms.barred(id, user) ? " barred" : " -");
        if (view->room->kind == RoomKind::room) out << (directory.rooms.find_name(view->room->name)->id == id);
        std::vector<UserId> people;
        for (const auto& m : directory.rooms.members(id)) people.push_back(m.user);
        std::ranges::sort(people);
        if (view->room->kind == RoomKind::direct) out << (directory.rooms.find_direct(people) == id);
        out << "\n";
    }
    out << directory.rooms.messages_total() << t.clock.now().time_since_epoch().count();
    return out.str();
}

/// One of the things that people do, by chance; most are refused now and then, which is as good.
void something(TestChat& t, const std::vector<UserId>& users, std::vector<RoomId>& rooms) {
    const auto user = users[t.random.below(users.size())];
    const auto other = users[t.random.below(users.size())];
    const auto room = rooms[t.random.below(rooms.size())];
    const auto role = static_cast<Role>(t.random.below(4));
    const auto seq = Seq{static_cast<std::int64_t>(t.random.below(30))};
    const auto members = t.directory.rooms.members(room);
    const auto member = members.empty() ? MemberId{} : members[t.random.below(members.size())].id;
    t.clock.advance(1s);
    switch (t.random.below(12)) {
        case 0: (void)run(add_member(t.chat, user, room, user, role)); break;
        case 1: (void)run(add_member(t.chat, user, room, other, role)); break;
        case 2: (void)run(change_role(t.chat, user, room, member, role)); break;
        case 3: (void)run(remove_member(t.chat, user, room, member)); break;
        case 4: (void)run(post_message(t.chat, user, {room, "hi", {}, {}})); break;
        case 5: (void)run(mark_read(t.chat, user, room, seq, t.random.below(2) == 0)); break;
        case 6: (void)run(set_notify_level(t.chat, user, room, static_cast<NotifyLevel>(t.random.below(3)))); break;
        case 7: {
            RoomChange wanted;
            wanted.name = "room " + std::to_string(t.random.below(4));
            wanted.is_open = t.random.below(2) == 0;
            (void)run(change_room(t.chat, user, room, wanted));
            break;
        }
        case 8: {
            ProfileChange wanted;
            wanted.username = "user" + std::to_string(t.random.below(9));
            wanted.settings = std::to_string(t.random.below(9));
            (void)run(change_profile(t.chat, {t.user(user), TokenId{}}, wanted));
            break;
        }
        case 9: (void)run(token_create(t.chat, user, "bot", "all")); break;
        case 10:
            if (const auto made = run(open_direct_room(t.chat, user, {other})); made && made->created)
                rooms.push_back(made->room);
            break;
        default:
            if (t.random.below(8) == 0) (void)run(delete_room(t.chat, user, room));
    }
}

TEST(Directory, loaded_from_the_store_answers_as_one_that_has_followed_every_entry) {
    for (std::uint64_t seed = 1; seed <= 15; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        TestChat t({}, seed);
        std::vector<UserId> users{t.make_admin("root")};
        for (const auto* name : {"alice", "bob", "carol", "dave"}) users.push_back(t.make_user(name));
        std::vector<RoomId> rooms{t.make_room(users[1], "general"), t.make_room(users[2], "secret", {false, false})};
        for (int i = 0; i < 100; ++i) something(t, users, rooms);

        Directory loaded(t.chat.policy.session_ttl);
        loaded.load(must(run(t.store.load())));
        ASSERT_EQ(answers(loaded, t, users, rooms), answers(t.directory, t, users, rooms));
    }
}

TEST(Directory, finds_who_was_a_member_in_the_old_makechat_by_his_id_of_then) {
    TestChat t;
    const auto alice = t.make_user("alice");
    const auto room = t.make_room(alice, "general");
    const auto of_then = t.ids.next<MemberId>();
    auto stored = must(run(t.store.load()));
    stored.rooms.at(0).members.at(0).id = of_then;
    Directory loaded(t.chat.policy.session_ttl);
    loaded.load(std::move(stored));
    ASSERT_TRUE(loaded.rooms.member(room, of_then));
    EXPECT_EQ(loaded.rooms.member(room, of_then)->user, alice);
    EXPECT_FALSE(loaded.rooms.member(room, member_id_of(alice, Role::owner)));
}

TEST(Directory, every_room_keeps_an_owner_whatever_people_do) {
    for (std::uint64_t seed = 1; seed <= 15; ++seed) {
        TestChat t({}, seed);
        std::vector<UserId> users{t.make_admin("root")};
        for (const auto* name : {"alice", "bob", "carol"}) users.push_back(t.make_user(name));
        std::vector<RoomId> rooms{t.make_room(users[1], "general")};
        const auto room = rooms[0];
        for (int i = 0; i < 100; ++i) {
            something(t, users, rooms);
            if (t.directory.rooms.find(room)) {
                ASSERT_GE(t.directory.rooms.owners(room), 1u) << "seed " << seed;
            }
        }
    }
}

}  // namespace
}  // namespace makechat::chat
