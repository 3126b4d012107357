#include "chat/reading.hpp"

#include "chat/room_settings.hpp"
#include "support/chat_fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <string>

namespace makechat::chat {
namespace {

struct World {
    TestChat t;
    UserId alice = t.make_user("alice");
    UserId bob = t.make_user("bob");
    UserId stranger = t.make_user("stranger");
    RoomId room;

    explicit World(TestChat::RoomShape shape = {true, true}) : room(t.make_room(alice, "general", shape)) {
        t.add(room, bob);
    }
    Seq say(UserId user, std::string text) { return t.post(room, user, std::move(text)).seq; }
    Result<bool> mark(UserId user, Seq seq, bool unread = false) {
        return run(mark_read(t.chat, user, room, seq, unread));
    }
    Seq read(UserId user) const { return t.directory.rooms.membership(room, user)->read; }
    /// "2 unread, 1 mentions"
    std::string unread(UserId user) {
        const auto rooms = must(run(unread_rooms(t.chat, user)));
        const auto here = std::ranges::find(rooms, room, [](const UnreadRoom& each) { return each.mine.room; });
        return std::to_string(here->counts.unread) + " unread, " + std::to_string(here->counts.mentions) + " mentions";
    }
};

TEST(Unread, counts_what_others_have_posted_since_he_came) {
    World w;
    w.say(w.alice, "before carol came");
    const auto carol = w.t.make_user("carol");
    w.t.add(w.room, carol);
    EXPECT_EQ(w.unread(carol), "0 unread, 0 mentions");
    w.say(w.alice, "one");
    w.say(w.bob, "two");
    EXPECT_EQ(w.unread(carol), "2 unread, 0 mentions");
}

TEST(Unread, own_messages_do_not_count_even_when_marked_unread) {
    World w;
    const auto before = w.read(w.alice);
    w.say(w.alice, "one");
    w.say(w.bob, "two");
    w.say(w.alice, "three");
    EXPECT_EQ(w.unread(w.alice), "0 unread, 0 mentions") << "posting marks read";
    must(w.mark(w.alice, before, true));
    EXPECT_EQ(w.unread(w.alice), "1 unread, 0 mentions");
}

/// The newest entry that moved a marker.
const ReadMoved& last_move(const World& w) {
    for (auto entry = w.t.committed.rbegin(); entry != w.t.committed.rend(); ++entry)
        if (const auto* moved = std::get_if<ReadMoved>(&entry->body)) return *moved;
    throw std::logic_error("no marker was moved");
}

TEST(ReadMarker, tells_of_what_was_said_at_the_same_moment) {
    World w;
    const auto read = w.say(w.alice, "one");
    w.t.interleaved.before_append = [&] { w.say(w.alice, "two @bob"); };
    must(w.mark(w.bob, read));
    EXPECT_EQ(last_move(w).unread, 1);
    EXPECT_EQ(last_move(w).mentions, 1);
    w.t.interleaved.before_read = [&] { w.say(w.alice, "three"); };
    must(w.mark(w.bob, read.next()));
    EXPECT_EQ(last_move(w).unread, 1);
}

TEST(ReadMarker, moves_also_where_people_talk_without_a_pause) {
    World w;
    const auto read = w.say(w.alice, "one");
    int times = 0;
    std::function<void()> talk = [&] {
        if (++times > 10 * limits::decisions_max) return;
        w.say(w.alice, "more");
        w.t.interleaved.before_append = talk;
    };
    w.t.interleaved.before_append = talk;
    must(w.mark(w.bob, read));
    EXPECT_EQ(w.read(w.bob), read);
    EXPECT_LE(times, limits::decisions_max);
}

TEST(Unread, deleted_messages_count_and_edits_and_joins_do_not) {
    World w;
    const auto one = w.t.post(w.room, w.alice, "one @bob");
    const auto two = w.t.post(w.room, w.alice, "two");
    must(run(delete_message(w.t.chat, w.alice, one.id)));
    must(run(edit_message(w.t.chat, w.alice, two.id, "two!")));
    w.t.join(w.room, w.stranger);
    EXPECT_EQ(w.unread(w.bob), "2 unread, 0 mentions") << "but what it mentioned is gone";
}

TEST(Unread, counts_mentions_by_name_of_all_and_of_here) {
    World w;
    w.say(w.alice, "hi @bob");
    w.say(w.alice, "hi @all");
    w.say(w.alice, "hi @here");  // he was away
    w.t.presence.users = {w.bob};
    w.say(w.alice, "hi @here");
    w.say(w.alice, "hi @bob @all @here");
    w.say(w.alice, "hi");
    EXPECT_EQ(w.unread(w.bob), "6 unread, 4 mentions");
}

TEST(Unread, has_a_line_for_each_of_his_rooms_and_no_other) {
    World w;
    const auto direct = w.t.make_direct_room(w.alice, {w.bob});
    w.t.make_room(w.alice, "without bob");
    w.t.post(direct, w.alice, "psst");
    w.say(w.alice, "hi");
    w.say(w.alice, "hello");
    const auto rooms = must(run(unread_rooms(w.t.chat, w.bob)));
    ASSERT_EQ(rooms.size(), 2u);
    for (const auto& each : rooms) {
        EXPECT_EQ(each.counts.room, each.mine.room);
        EXPECT_EQ(each.counts.unread, each.mine.room == direct ? 1 : 2);
        EXPECT_EQ(each.mine.last_seq, w.t.directory.rooms.find(each.mine.room)->last_seq);
    }
    EXPECT_EQ(must(run(unread_rooms(w.t.chat, w.stranger))).size(), 0u);
}

struct Move {
    const char* name;
    int from;  ///< messages read before, of five
    int to;
    bool unread;
    int now;
};

const Move moves[] = {
    {"forward", 1, 3, false, 3},
    {"to the same is nothing new", 3, 3, false, 3},
    {"back is not for a device that lags", 4, 2, false, 4},
    {"back where he wants it unread", 4, 2, true, 2},
    {"forward with unread", 1, 3, true, 3},
    {"past the end is the end", 1, 99, false, 5},
};

TEST(Marker, goes_forward_and_back_only_where_he_wants_it) {
    for (const auto& c : moves) {
        SCOPED_TRACE(c.name);
        World w;
        std::vector<Seq> said{w.read(w.bob)};
        for (int i = 1; i <= 5; ++i) said.push_back(w.say(w.alice, std::to_string(i)));
        must(w.mark(w.bob, said[static_cast<std::size_t>(c.from)]));
        const auto mark = w.t.mark();
        must(w.mark(w.bob, Seq{said[0].value + c.to}, c.unread));
        EXPECT_EQ(w.read(w.bob), said[static_cast<std::size_t>(c.now)]);
        EXPECT_EQ(w.t.since(mark).size(), c.from == c.now ? 0u : 1u);
        EXPECT_EQ(w.unread(w.bob), std::to_string(5 - c.now) + " unread, 0 mentions");
    }
}

TEST(Marker, tells_his_other_devices_where_it_is_and_what_is_left) {
    World w;
    const auto one = w.say(w.alice, "one");
    w.say(w.alice, "two @bob");
    const auto mark = w.t.mark();
    must(w.mark(w.bob, one));
    ASSERT_EQ(w.t.since(mark).size(), 1u);
    const auto entry = w.t.since(mark)[0];
    EXPECT_EQ(entry.log, LogId::of(w.bob));
    const auto& moved = std::get<ReadMoved>(entry.body);
    EXPECT_EQ(moved.room, w.room);
    EXPECT_EQ(moved.read, one);
    EXPECT_EQ(moved.unread, 1);
    EXPECT_EQ(moved.mentions, 1);
}

TEST(Marker, never_stands_before_the_first_entry) {
    World w;
    w.say(w.alice, "one");
    must(w.mark(w.bob, Seq{-5}, true));
    EXPECT_EQ(w.read(w.bob), Seq{0});
}

TEST(Marker, of_two_devices_at_the_same_moment_stays_at_the_further) {
    World w;
    const auto one = w.say(w.alice, "one");
    const auto two = w.say(w.alice, "two");
    w.t.interleaved.before_append = [&] { must(w.mark(w.bob, two)); };
    must(w.mark(w.bob, one));
    EXPECT_EQ(w.read(w.bob), two);
}

TEST(Marker, is_not_set_back_by_a_device_that_lags_behind_his_own_message) {
    World w;
    const auto one = w.say(w.alice, "one");
    w.say(w.alice, "two");
    Seq own;
    w.t.interleaved.before_append = [&] { own = w.say(w.bob, "three"); };
    must(w.mark(w.bob, one));
    EXPECT_EQ(w.read(w.bob), own);
}

TEST(Marker, is_for_members) {
    World visible;
    EXPECT_EQ(refusal(visible.mark(visible.stranger, Seq{1})), Code::forbidden);
    World hidden({false, false});
    EXPECT_EQ(refusal(hidden.mark(hidden.stranger, Seq{1})), Code::not_found);
}

TEST(Marker, of_a_guest_moves_as_anybodys) {
    World w;
    w.t.add(w.room, w.stranger, Role::guest);
    const auto one = w.say(w.alice, "one");
    must(w.mark(w.stranger, one));
    EXPECT_EQ(w.read(w.stranger), one);
}

struct Lost {
    const char* name;
    void (*meanwhile)(World&);
};

const Lost lost[] = {
    {"removed", [](World& w) { w.t.remove(w.room, w.alice, w.bob); }},
    {"the room deleted", [](World& w) { must(run(delete_room(w.t.chat, w.alice, w.room))); }},
};

TEST(Marker, of_who_loses_the_room_meanwhile_is_not_told_any_more) {
    for (const auto& c : lost) {
        for (const auto moment : {&Interleaved::before_read, &Interleaved::before_append}) {
            SCOPED_TRACE(c.name);
            World w({false, false});
            const auto one = w.say(w.alice, "one");
            w.t.interleaved.*moment = [&] { c.meanwhile(w); };
            EXPECT_EQ(refusal(w.mark(w.bob, one)), Code::not_found);
            EXPECT_EQ(bodies<ReadMoved>(w.t.committed).size(), 0u);
        }
    }
}

TEST(Pages, are_for_who_may_read) {
    const Window latest{Window::Kind::latest, {}, 10};
    World open;
    open.say(open.alice, "one");
    EXPECT_EQ(must(run(page_of_messages(open.t.chat, open.stranger, open.room, latest))).size(), 1u);
    EXPECT_EQ(must(run(page_of_entries(open.t.chat, open.stranger, open.room, latest))).size(), 4u);
    World closed({false, true});
    EXPECT_EQ(refusal(run(page_of_messages(closed.t.chat, closed.stranger, closed.room, latest))), Code::forbidden);
    EXPECT_EQ(refusal(run(page_of_entries(closed.t.chat, closed.stranger, closed.room, latest))), Code::forbidden);
    World hidden({false, false});
    EXPECT_EQ(refusal(run(page_of_messages(hidden.t.chat, hidden.stranger, hidden.room, latest))), Code::not_found);
    EXPECT_EQ(refusal(run(page_of_entries(hidden.t.chat, hidden.stranger, hidden.room, latest))), Code::not_found);
}

}  // namespace
}  // namespace makechat::chat
