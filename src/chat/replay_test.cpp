#include "chat/replay.hpp"

#include "chat/profile.hpp"
#include "chat/reading.hpp"
#include "chat/room_settings.hpp"
#include "support/chat_fixture.hpp"
#include "support/faulty_store.hpp"

#include <gtest/gtest.h>

#include <string>

namespace makechat::chat {
namespace {

using namespace std::chrono_literals;

using Events = std::vector<std::string>;

struct World {
    TestChat t;
    UserId alice = t.make_user("alice");
    UserId bob = t.make_user("bob");
    UserId carol = t.make_user("carol");

    Position now() const { return t.directory.position(); }
    std::string name(UserId user) const { return t.user(user)->username; }

    /// "general: message hi", "own: lost general": what a client is told.
    std::string tell(const Entry& entry) const {
        std::string told = entry.log.kind == LogId::Kind::user ? "own: " : room_name(entry.log.room()) + ": ";
        if (const auto* e = std::get_if<MessagePosted>(&entry.body)) return told + "message " + e->message.text;
        if (const auto* e = std::get_if<MessageEdited>(&entry.body)) return told + "edit " + e->message.text;
        if (const auto* e = std::get_if<MessageDeleted>(&entry.body)) return told + "delete " + e->message.text;
        if (const auto* e = std::get_if<Joined>(&entry.body)) return told + "join " + name(e->user);
        if (const auto* e = std::get_if<Left>(&entry.body)) return told + "leave " + name(e->user);
        if (const auto* e = std::get_if<RoleChanged>(&entry.body)) return told + "role " + name(e->user);
        if (const auto* e = std::get_if<LostRoom>(&entry.body)) return told + "lost " + room_name(e->room);
        if (const auto* e = std::get_if<LostDeletedRoom>(&entry.body)) return told + "deleted " + e->room.name;
        if (const auto* e = std::get_if<ReadMoved>(&entry.body)) return told + "read " + room_name(e->room);
        return told + std::string(name_of(entry.body));
    }
    std::string room_name(RoomId room) const {
        const auto view = t.directory.rooms.find(room);
        return view ? view->room->name : "a room that is gone";
    }

    /// What `user` gets who comes back with the cursor `after`.
    Events replayed(UserId user, Position after, std::vector<RoomId> rooms = {}) {
        const Coverage coverage{user, std::move(rooms)};
        if (!must(run(can_replay(t.chat, coverage, after)))) return {"resync"};
        const Position until = t.directory.position();
        Events events;
        for (Position last = after; after < until;) {
            const auto page = must(run(replay(t.chat, coverage, after, until)));
            EXPECT_LT(after, page.reached) << "each piece comes further";
            after = page.reached;
            for (const auto& entry : page.events) {
                EXPECT_LT(last, entry.position) << "in commit order, each once";
                last = entry.position;
                events.push_back(tell(entry));
            }
        }
        return events;
    }
};

TEST(Replay, of_nothing_new_is_empty) {
    World w;
    const auto room = w.t.make_room(w.alice, "general");
    w.t.post(room, w.alice, "hi");
    EXPECT_EQ(w.replayed(w.alice, w.now()), Events{});
}

TEST(Replay, tells_of_all_his_rooms_and_his_own_log_in_commit_order) {
    World w;
    const auto general = w.t.make_room(w.alice, "general");
    const auto random = w.t.make_room(w.alice, "random", {false, false});
    const auto others = w.t.make_room(w.carol, "others");
    w.t.add(general, w.bob);
    w.t.add(random, w.bob);
    const auto after = w.now();
    w.t.post(general, w.alice, "one");
    w.t.post(random, w.alice, "two");
    w.t.post(others, w.carol, "not for bob");
    const auto three = w.t.post(general, w.alice, "three");
    must(run(mark_read(w.t.chat, w.bob, general, three.seq, false)));
    must(run(mark_read(w.t.chat, w.alice, random, Seq{1}, true)));
    w.t.add(general, w.carol);
    w.t.give(general, w.alice, w.carol, Role::guest);
    EXPECT_EQ(w.replayed(w.bob, after), (Events{"general: message one", "random: message two", "general: message three",
                                                "own: read general", "general: join carol", "general: role carol"}));
}

TEST(Replay, gives_each_event_after_the_cursor_and_none_before) {
    World w;
    const auto room = w.t.make_room(w.alice, "general");
    w.t.post(room, w.alice, "one");
    const auto between = w.now();
    w.t.post(room, w.alice, "two");
    EXPECT_EQ(w.replayed(w.alice, between), Events{"general: message two"});
}

TEST(Replay, shows_messages_as_they_are_now) {
    World w;
    const auto room = w.t.make_room(w.alice, "general");
    const auto after = w.now();
    const auto one = w.t.post(room, w.alice, "one");
    const auto two = w.t.post(room, w.alice, "two");
    must(run(edit_message(w.t.chat, w.alice, one.id, "one!")));
    must(run(delete_message(w.t.chat, w.alice, two.id)));
    EXPECT_EQ(w.replayed(w.alice, after),
              (Events{"general: message one!", "general: message ", "general: edit one!", "general: delete "}));
}

TEST(Replay, shows_messages_as_they_are_now_to_who_comes_after_another) {
    World w;
    const auto room = w.t.make_room(w.alice, "general");
    const auto after = w.now();
    const auto first = w.t.post(room, w.alice, "frist");
    const auto second = w.t.post(room, w.alice, "second");
    EXPECT_EQ(w.replayed(w.alice, after), (Events{"general: message frist", "general: message second"}));
    must(run(edit_message(w.t.chat, w.alice, first.id, "first")));
    must(run(delete_message(w.t.chat, w.alice, second.id)));
    EXPECT_EQ(w.replayed(w.alice, after),
              (Events{"general: message first", "general: message ", "general: edit first", "general: delete "}));
}

TEST(Replay, for_a_crowd_costs_one_read_of_each_room) {
    World w;
    std::vector<RoomId> rooms;
    for (int i = 0; i < 10; ++i) rooms.push_back(w.t.make_room(w.alice, "room " + std::to_string(i)));
    std::vector<Position> cursors;
    for (const auto room : rooms) {
        w.t.join(room, w.bob);
        cursors.push_back(w.now());
        w.t.post(room, w.alice, "missed");
    }
    w.t.interleaved.reads = 0;
    for (int i = 0; i < 20; ++i) {
        for (const auto after : cursors) {
            for (const auto user : {w.alice, w.bob}) EXPECT_FALSE(w.replayed(user, after).empty());
        }
    }
    EXPECT_LE(w.t.interleaved.reads, 10);
    w.t.post(rooms.front(), w.alice, "and more");
    EXPECT_EQ(w.replayed(w.bob, cursors.back()), (Events{"room 9: message missed", "room 0: message and more"}));
    EXPECT_LE(w.t.interleaved.reads, 10) << "what is committed later needs no read";
}

TEST(Replay, for_all_who_come_at_the_same_moment_is_read_once) {
    World w;
    const auto room = w.t.make_room(w.alice, "general");
    const auto after = w.now();
    w.t.post(room, w.alice, "missed");
    w.t.interleaved.reads = 0;
    std::vector<Task<Result<ReplayPage>>> replays;
    for (int i = 0; i < 100; ++i) replays.push_back(replay(w.t.chat, {w.alice, {}}, after, w.now()));
    for (const auto& page : run_all(std::move(replays))) EXPECT_EQ(must(page).events.size(), 1u);
    EXPECT_EQ(w.t.interleaved.reads, 1);
}

TEST(Replay, of_one_who_joined_midway_begins_with_his_joining) {
    World w;
    const auto room = w.t.make_room(w.alice, "general");
    const auto after = w.now();
    w.t.post(room, w.alice, "before bob came");
    w.t.join(room, w.bob);
    w.t.post(room, w.alice, "hi bob");
    EXPECT_EQ(w.replayed(w.bob, after), (Events{"general: join bob", "general: message hi bob"}));
}

TEST(Replay, of_one_who_left_ends_with_his_own_word_of_it) {
    World w;
    const auto room = w.t.make_room(w.alice, "general");
    const auto hidden = w.t.make_room(w.alice, "hidden", {false, false});
    w.t.add(room, w.bob);
    w.t.add(hidden, w.bob);
    const auto after = w.now();
    w.t.leave(room, w.bob);
    w.t.remove(hidden, w.alice, w.bob);
    w.t.post(room, w.alice, "after bob left");
    w.t.post(hidden, w.alice, "after bob was removed");
    EXPECT_EQ(w.replayed(w.bob, after), (Events{"own: lost general", "own: lost hidden"}));
    EXPECT_EQ(w.replayed(w.alice, after),
              (Events{"general: leave bob", "hidden: leave bob", "general: message after bob left",
                      "hidden: message after bob was removed"}));
}

TEST(Replay, of_one_who_left_and_came_back_goes_on_from_there) {
    World w;
    const auto room = w.t.make_room(w.alice, "general");
    w.t.join(room, w.bob);
    const auto after = w.now();
    w.t.post(room, w.alice, "before he left");
    w.t.leave(room, w.bob);
    w.t.post(room, w.alice, "while bob was away");
    w.t.join(room, w.bob);
    w.t.post(room, w.alice, "welcome back");
    EXPECT_EQ(w.replayed(w.bob, after), (Events{"general: message before he left", "own: lost general",
                                                "general: join bob", "general: message welcome back"}));
}

TEST(Replay, of_one_who_came_left_and_came_back_tells_of_both_stays) {
    World w;
    const auto room = w.t.make_room(w.alice, "general");
    const auto after = w.now();
    w.t.post(room, w.alice, "before he came");
    w.t.join(room, w.bob);
    w.t.post(room, w.alice, "hello");
    w.t.leave(room, w.bob);
    w.t.post(room, w.alice, "while bob was away");
    w.t.join(room, w.bob);
    EXPECT_EQ(w.replayed(w.bob, after),
              (Events{"general: join bob", "general: message hello", "own: lost general", "general: join bob"}));
}

TEST(Replay, tells_nothing_of_before_he_came_however_much_that_is) {
    World w;
    const auto room = w.t.make_room(w.alice, "hidden", {false, false});
    const auto after = w.now();
    for (std::size_t i = 0; i < limits::replay_page_entries_max + 1; ++i) w.t.post(room, w.alice, "not for bob");
    w.t.add(room, w.bob);
    w.t.post(room, w.alice, "for bob");
    w.t.remove(room, w.alice, w.bob);
    w.t.post(room, w.alice, "not for bob");
    w.t.add(room, w.bob);
    EXPECT_EQ(w.replayed(w.bob, after),
              (Events{"hidden: join bob", "hidden: message for bob", "own: lost hidden", "hidden: join bob"}));
}

TEST(Replay, tells_of_the_first_stay_whatever_his_own_log_holds) {
    World w;
    const auto room = w.t.make_room(w.alice, "general");
    const auto busy = w.t.make_room(w.alice, "busy");
    w.t.join(room, w.bob);
    w.t.join(busy, w.bob);
    const auto after = w.now();
    Events expected;
    for (std::size_t i = 0; i < limits::replay_page_entries_max + 1; ++i) {
        w.t.post(room, w.alice, "hi bob");
        const auto seq = w.t.post(busy, w.alice, "read me").seq;
        must(run(mark_read(w.t.chat, w.bob, busy, seq, false)));
        expected.insert(expected.end(), {"general: message hi bob", "busy: message read me", "own: read busy"});
    }
    w.t.leave(room, w.bob);
    w.t.join(room, w.bob);
    expected.insert(expected.end(), {"own: lost general", "general: join bob"});
    EXPECT_EQ(w.replayed(w.bob, after), expected);
}

TEST(Replay, tells_of_the_first_stay_however_much_of_it_he_missed) {
    World w;
    const auto room = w.t.make_room(w.alice, "general");
    w.t.join(room, w.bob);
    const auto after = w.now();
    Events expected(3 * limits::replay_page_entries_max, "general: message hi bob");
    for (std::size_t i = 0; i < expected.size(); ++i) w.t.post(room, w.alice, "hi bob");
    w.t.leave(room, w.bob);
    w.t.join(room, w.bob);
    expected.insert(expected.end(), {"own: lost general", "general: join bob"});
    EXPECT_EQ(w.replayed(w.bob, after), expected);
}

TEST(Replay, tells_him_of_his_settings) {
    World w;
    const auto after = w.now();
    ProfileChange wanted;
    wanted.settings = "{}";
    must(run(change_profile(w.t.chat, {w.t.user(w.alice), TokenId{}}, wanted)));
    EXPECT_EQ(w.replayed(w.alice, after), Events{"own: SettingsChanged"});
    EXPECT_EQ(w.replayed(w.bob, after), Events{});
}

TEST(Replay, that_the_store_refused_can_be_had_again) {
    World w;
    const auto room = w.t.make_room(w.alice, "general");
    const auto after = w.now();
    w.t.post(room, w.alice, "hi");
    FaultyStore faulty{w.t.store};
    auto& t = w.t;
    Chat chat{t.chat.log, faulty, t.directory, t.clock, t.random, t.ids, t.passwords, t.presence, {}};
    faulty.fail(1, FaultyStore::How::refused);
    EXPECT_FALSE(run(replay(chat, {w.alice, {}}, after, w.now())));
    EXPECT_EQ(must(run(replay(chat, {w.alice, {}}, after, w.now()))).events.size(), 1u);
}

TEST(Replay, of_a_cursor_of_the_future_is_a_resync) {
    World w;
    EXPECT_EQ(w.replayed(w.alice, Position{w.now().value + 1}), Events{"resync"});
}

TEST(Replay, of_a_room_that_was_deleted_is_the_word_of_its_end) {
    World w;
    const auto room = w.t.make_room(w.alice, "general");
    w.t.add(room, w.bob);
    const auto after = w.now();
    w.t.post(room, w.alice, "gone with the room");
    must(run(delete_room(w.t.chat, w.alice, room)));
    EXPECT_EQ(w.replayed(w.bob, after), Events{"own: deleted general"});
    EXPECT_EQ(w.replayed(w.carol, after), Events{});
}

TEST(Replay, of_a_new_direct_room_begins_with_ones_own_joining) {
    World w;
    const auto after = w.now();
    const auto room = w.t.make_direct_room(w.alice, {w.bob});
    w.t.post(room, w.alice, "psst");
    const auto of_bob = w.replayed(w.bob, after);
    EXPECT_EQ(of_bob.front(), ": join bob");
    EXPECT_EQ(of_bob.back(), ": message psst");
    EXPECT_EQ(w.replayed(w.carol, after), Events{});
}

TEST(Replay, of_named_rooms_tells_of_no_other) {
    World w;
    const auto general = w.t.make_room(w.alice, "general");
    const auto random = w.t.make_room(w.alice, "random");
    w.t.add(general, w.bob);
    w.t.add(random, w.bob);
    const auto after = w.now();
    const auto one = w.t.post(general, w.alice, "one");
    const auto two = w.t.post(random, w.alice, "two");
    must(run(mark_read(w.t.chat, w.bob, general, one.seq, false)));
    must(run(mark_read(w.t.chat, w.bob, random, two.seq, false)));
    EXPECT_EQ(w.replayed(w.bob, after, {random}), (Events{"random: message two", "own: read random"}));
    EXPECT_EQ(w.replayed(w.bob, after, {general, random}).size(), 4u);
    EXPECT_EQ(w.replayed(w.carol, after, {general}), Events{"general: message one"}) << "who may read may name it";
}

TEST(Replay, of_a_named_room_that_he_lost_is_his_own_word_of_it) {
    World w;
    const auto room = w.t.make_room(w.alice, "hidden", {false, false});
    const auto doomed = w.t.make_room(w.alice, "doomed");
    w.t.add(room, w.bob);
    w.t.add(doomed, w.bob);
    const auto after = w.now();
    w.t.post(room, w.alice, "while bob was in");
    w.t.remove(room, w.alice, w.bob);
    w.t.post(room, w.alice, "after bob was removed");
    must(run(delete_room(w.t.chat, w.alice, doomed)));
    EXPECT_EQ(w.replayed(w.bob, after, {room, doomed}), (Events{"own: lost hidden", "own: deleted doomed"}));
}

TEST(Replay, tells_nothing_of_a_room_that_he_loses_while_it_is_read) {
    World w;
    const auto room = w.t.make_room(w.alice, "hidden", {false, false});
    w.t.add(room, w.bob);
    const auto after = w.now();
    w.t.post(room, w.alice, "secret");
    const auto until = w.now();
    w.t.interleaved.before_read = [&] { w.t.remove(room, w.alice, w.bob); };
    EXPECT_EQ(must(run(replay(w.t.chat, {w.bob, {}}, after, until))).events.size(), 0u);
}

TEST(Replay, goes_back_ten_thousand_events_and_no_further) {
    World w;
    const auto room = w.t.make_room(w.alice, "general");
    const auto further = w.now();
    w.t.post(room, w.alice, "one too many");
    const auto after = w.now();
    for (std::size_t i = 0; i < limits::replay_entries_max; ++i) w.t.post(room, w.alice, "x");
    EXPECT_EQ(w.replayed(w.alice, after).size(), limits::replay_entries_max);
    EXPECT_EQ(w.replayed(w.alice, further), Events{"resync"});
}

TEST(Replay, counts_the_events_of_all_rooms_together) {
    World w;
    const auto one = w.t.make_room(w.alice, "one");
    const auto two = w.t.make_room(w.alice, "two");
    const auto after = w.now();
    for (std::size_t i = 0; i < limits::replay_entries_max / 2; ++i) {
        w.t.post(one, w.alice, "x");
        w.t.post(two, w.alice, "x");
    }
    EXPECT_EQ(w.replayed(w.alice, after).size(), limits::replay_entries_max);
    w.t.post(two, w.alice, "one too many");
    EXPECT_EQ(w.replayed(w.alice, after), Events{"resync"});
}

TEST(Replay, loses_nothing_for_one_who_joined_behind_ten_thousand_entries) {
    World w;
    const auto room = w.t.make_room(w.alice, "general");
    const auto after = w.now();
    for (std::size_t i = 0; i < limits::replay_entries_max + 1; ++i) w.t.post(room, w.alice, "before bob came");
    w.t.join(room, w.bob);
    w.t.post(room, w.alice, "hi bob");
    const auto events = w.replayed(w.bob, after);
    const bool told = events == Events{"general: join bob", "general: message hi bob"} || events == Events{"resync"};
    EXPECT_TRUE(told) << events.size() << " events: he never hears of what was posted for him";
}

TEST(Replay, leaves_what_is_newer_than_its_beginning_to_the_next_call) {
    World w;
    const auto one = w.t.make_room(w.alice, "one");
    const auto two = w.t.make_room(w.alice, "two");
    const auto after = w.now();
    w.t.post(one, w.alice, "old");
    w.t.post(two, w.alice, "old");
    const auto until = w.now();
    w.t.interleaved.before_read = [&] {
        w.t.post(one, w.alice, "new");
        w.t.post(two, w.alice, "new");
    };
    const auto page = must(run(replay(w.t.chat, {w.alice, {}}, after, until)));
    ASSERT_EQ(page.events.size(), 2u) << "nothing may fall between two rooms' readings";
    EXPECT_EQ(page.reached, until);
    EXPECT_EQ(w.replayed(w.alice, page.reached), (Events{"one: message new", "two: message new"}));
}

TEST(Replay, goes_out_in_pieces_that_do_not_fill_memory) {
    World w;
    const auto one = w.t.make_room(w.alice, "one");
    const auto two = w.t.make_room(w.alice, "two");
    const auto after = w.now();
    Events expected;
    const std::string text(limits::text_bytes_max, 'x');
    for (std::size_t bytes = 0; bytes < 3 * limits::replay_page_bytes_max; bytes += text.size()) {
        w.t.post(bytes % 3 == 0 ? one : two, w.alice, text);
        expected.push_back(w.tell(w.t.committed.back()));
    }
    const auto first = must(run(replay(w.t.chat, {w.alice, {}}, after, w.now())));
    EXPECT_GT(first.events.size(), 1u);
    EXPECT_LE(first.events.size() * text.size(), limits::replay_page_bytes_max);
    EXPECT_EQ(first.reached, first.events.back().position);
    EXPECT_EQ(w.replayed(w.alice, after), expected) << "the pieces are the whole";
}

TEST(Replay, a_room_of_many_entries_does_not_run_ahead_of_another) {
    World w;
    const auto busy = w.t.make_room(w.alice, "busy");
    const auto quiet = w.t.make_room(w.alice, "quiet");
    const auto after = w.now();
    for (std::size_t i = 0; i < limits::replay_page_entries_max; ++i) w.t.post(busy, w.alice, "x");
    w.t.post(quiet, w.alice, "between");
    for (std::size_t i = 0; i < limits::replay_page_entries_max; ++i) w.t.post(busy, w.alice, "y");
    const auto events = w.replayed(w.alice, after);
    ASSERT_EQ(events.size(), 2 * limits::replay_page_entries_max + 1);
    EXPECT_EQ(events[limits::replay_page_entries_max], "quiet: message between");
}

TEST(Replay, goes_back_seven_days_and_no_further) {
    World w;
    const auto room = w.t.make_room(w.alice, "general");
    const auto after = w.now();
    w.t.post(room, w.alice, "hi");
    w.t.clock.advance(limits::replay_age_max);
    EXPECT_EQ(w.replayed(w.alice, after), Events{"general: message hi"});
    w.t.clock.advance(1ms);
    EXPECT_EQ(w.replayed(w.alice, after), Events{"resync"});
}

TEST(Replay, of_a_quiet_week_is_no_resync) {
    World w;
    const auto room = w.t.make_room(w.alice, "general");
    const auto after = w.now();
    w.t.clock.advance(limits::replay_age_max * 2);
    EXPECT_EQ(w.replayed(w.alice, after), Events{});
    w.t.post(room, w.alice, "hi");
    EXPECT_EQ(w.replayed(w.alice, after), Events{"general: message hi"});
}

TEST(Replay, loses_nothing_when_the_clock_is_set_back) {
    World w;
    const auto room = w.t.make_room(w.alice, "general");
    const auto after = w.now();
    w.t.post(room, w.alice, "before");
    w.t.clock.set(w.t.clock.now() - limits::replay_age_max * 2);
    w.t.post(room, w.alice, "afterwards");
    EXPECT_EQ(w.replayed(w.alice, after), (Events{"general: message before", "general: message afterwards"}));
}

TEST(Coverage, names_only_rooms_that_he_may_read) {
    World w;
    const auto open = w.t.make_room(w.alice, "open");
    const auto closed = w.t.make_room(w.alice, "closed", {false, true});
    const auto hidden = w.t.make_room(w.alice, "hidden", {false, false});
    const auto check = [&](UserId user, std::vector<RoomId> rooms) {
        return refusal(check_coverage(w.t.directory, {user, std::move(rooms)}));
    };
    EXPECT_EQ(check(w.bob, {}), std::nullopt);
    EXPECT_EQ(check(w.bob, {open}), std::nullopt);
    EXPECT_EQ(check(w.bob, {open, closed}), Code::forbidden);
    EXPECT_EQ(check(w.bob, {open, hidden}), Code::not_found);
    EXPECT_EQ(check(w.alice, {open, closed, hidden}), std::nullopt);
}

}  // namespace
}  // namespace makechat::chat
