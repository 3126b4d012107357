#include "api/live_poll.hpp"

#include "chat/profile.hpp"
#include "support/api_fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace makechat::api {
namespace {

using namespace std::chrono_literals;

Task<void> keep(Task<http::Reply> answering, std::optional<http::Reply>& reply) {
    reply = co_await std::move(answering);
}

/// GET /api/events under way.
class Poll {
public:
    Poll(TestApi& server, const std::string& token, const std::string& query, std::string accept = "application/json")
        : ask_{http::Method::get, "/api/events" + query, {{"X-Auth-Token", token}, {"Accept", std::move(accept)}}},
          head_(TestApi::head_of(ask_)) {
        auto& queue = QueueExecutor::of_this_thread();
        auto admitted = server.api.admit(head_);
        if (auto* refused = std::get_if<http::Reply>(&admitted)) {
            reply_ = std::move(*refused);
            return;
        }
        exchange_ = std::move(std::get<std::unique_ptr<http::Exchange>>(admitted));
        start(keep(exchange_->answer({}), reply_));
        queue.run_ready();
    }
    Poll(const Poll&) = delete;
    Poll& operator=(const Poll&) = delete;

    bool waits() {
        QueueExecutor::of_this_thread().run_ready();
        return !reply_;
    }
    int status() {
        EXPECT_FALSE(waits());
        return reply_ ? reply_->status : 0;
    }
    std::string body() {
        EXPECT_EQ(status(), 200) << (reply_ ? reply_->body : "");
        return reply_ ? reply_->body : "";
    }
    std::string cursor() {
        const auto text = body();
        const auto at = text.rfind("\"cursor\": \"") + 11;
        return text.substr(at, text.size() - at - 2);
    }
    /// "message one, member" of all events.
    std::string events() {
        const auto text = body();
        std::string words;
        for (auto at = text.find("\"type\": \""); at != std::string::npos; at = text.find("\"type\": \"", at + 1)) {
            const auto end = text.find("\"type\": \"", at + 1);
            words += (words.empty() ? "" : ", ") + word_at(text, at + 9);
            const auto said = text.find("\"text\": \"", at);
            if (said < end) words += " " + word_at(text, said + 9);
        }
        return words;
    }

private:
    static std::string word_at(const std::string& text, std::size_t at) {
        return text.substr(at, text.find('"', at) - at);
    }

    Ask ask_;
    http::Head head_;
    std::unique_ptr<http::Exchange> exchange_;
    std::optional<http::Reply> reply_;
};

struct World {
    TestApi server;
    chat::TestChat& t = server.t;
    chat::UserId alice = t.make_user("alice");
    chat::UserId bob = t.make_user("bob");
    chat::RoomId room = t.make_room(alice, "general");
    std::string token = server.token_of(alice);
    std::string bobs = server.token_of(bob);

    World() { server.publish(); }

    void say(const std::string& text) {
        t.post(room, alice, text);
        server.publish();
    }
    std::string now() { return Poll(server, token, "").cursor(); }
    void sweep() {
        server.feed.sweep(t.clock.monotonic());
        QueueExecutor::of_this_thread().run_ready();
    }
};

TEST(LongPoll, without_a_cursor_tells_at_once_where_he_is) {
    World w;
    w.say("before");
    Poll first(w.server, w.token, "");
    EXPECT_EQ(first.events(), "");
    EXPECT_TRUE(first.body().starts_with(R"({"events": [], "cursor": ")")) << first.body();
    w.say("after");
    Poll next(w.server, w.token, "?cursor=" + first.cursor());
    EXPECT_EQ(next.events(), "message after");
}

TEST(LongPoll, answers_at_once_where_there_is_news) {
    World w;
    const auto cursor = w.now();
    w.say("one");
    w.say("two");
    Poll poll(w.server, w.token, "?cursor=" + cursor);
    EXPECT_EQ(poll.events(), "message one, message two");
    EXPECT_TRUE(Poll(w.server, w.token, "?cursor=" + cursor).events() == poll.events()) << "at least once";
    EXPECT_EQ(Poll(w.server, w.token, "?wait=0&cursor=" + poll.cursor()).events(), "");
}

TEST(LongPoll, waits_for_the_first_event) {
    World w;
    Poll poll(w.server, w.token, "?cursor=" + w.now());
    EXPECT_TRUE(poll.waits());
    w.say("one");
    EXPECT_EQ(poll.events(), "message one");
    w.say("two");
    Poll next(w.server, w.token, "?cursor=" + poll.cursor());
    EXPECT_EQ(next.events(), "message two") << "each once, and none left out";
}

TEST(LongPoll, answers_with_all_that_comes_before_it_is_answered) {
    World w;
    Poll poll(w.server, w.token, "?cursor=" + w.now());
    const auto mark = w.t.mark();
    for (const auto* text : {"one", "two", "three"}) w.t.post(w.room, w.alice, text);
    const auto entries = w.t.since(mark);
    w.server.feed.on_batch({entries[0], entries[1]});
    w.server.feed.on_batch({entries[2]});
    EXPECT_EQ(poll.events(), "message one, message two, message three");
    EXPECT_EQ(Poll(w.server, w.token, "?wait=0&cursor=" + poll.cursor()).events(), "");
}

struct WaitCase {
    std::string_view wait;
    std::chrono::seconds answered_after;
};

TEST(LongPoll, answers_with_nothing_when_its_time_is_up) {
    const WaitCase cases[] = {
        {"", 30s}, {"&wait=5", 5s}, {"&wait=50", 50s}, {"&wait=51", 50s}, {"&wait=9223372036854775807", 50s}};
    for (const auto& c : cases) {
        SCOPED_TRACE(c.wait);
        World w;
        Poll poll(w.server, w.token, "?cursor=" + w.now() + std::string(c.wait));
        w.t.clock.advance(c.answered_after - 1ms);
        w.sweep();
        EXPECT_TRUE(poll.waits());
        w.t.clock.advance(1ms);
        w.sweep();
        EXPECT_EQ(poll.events(), "");
    }
}

TEST(LongPoll, that_will_not_wait_is_answered_at_once) {
    World w;
    EXPECT_EQ(Poll(w.server, w.token, "?wait=0&cursor=" + w.now()).events(), "");
}

TEST(LongPoll, tells_nothing_of_other_rooms) {
    World w;
    Poll poll(w.server, w.bobs, "?cursor=" + w.now());
    w.say("not for bob");
    EXPECT_TRUE(poll.waits());
    w.t.join(w.room, w.bob);
    w.say("hi bob");
    EXPECT_EQ(poll.events(), "member, message hi bob");
}

TEST(LongPoll, hears_what_no_log_holds) {
    World w;
    w.t.join(w.room, w.bob);
    w.server.publish();
    Poll alice(w.server, w.token, "?cursor=" + w.now());
    Poll bob(w.server, w.bobs, "?cursor=" + w.now());
    w.server.feed.on_signal(chat::Typing{w.room, w.bob});
    EXPECT_EQ(alice.events(), "typing");
    EXPECT_TRUE(bob.waits());
    w.server.feed.on_signal(chat::PresenceChanged{w.alice, true});
    EXPECT_EQ(bob.events(), "presence");
}

TEST(LongPoll, misses_nothing_that_is_committed_while_it_looks_back) {
    World w;
    const auto cursor = w.now();
    w.t.join(w.room, w.bob);  // so that there is a log to be read
    w.server.publish();
    const auto after_join = w.now();
    bool said = false;
    w.t.interleaved.before_read = [&] {
        said = true;
        w.say("meanwhile");
    };
    Poll poll(w.server, w.token, "?cursor=" + cursor);
    EXPECT_TRUE(said);
    const auto first = poll.events();
    const auto second = Poll(w.server, w.token, "?wait=0&cursor=" + poll.cursor()).events();
    EXPECT_EQ(first + "; " + second, "member; message meanwhile");
    EXPECT_EQ(Poll(w.server, w.token, "?wait=0&cursor=" + after_join).events(), "message meanwhile");
}

TEST(LongPoll, of_too_long_ago_is_a_resync) {
    World w;
    const auto cursor = w.now();
    w.say("long ago");
    w.t.clock.advance(8 * 24h);
    Poll poll(w.server, w.token, "?cursor=" + cursor);
    EXPECT_EQ(poll.events(), "resync");
    EXPECT_EQ(poll.cursor(), w.now());
}

TEST(LongPoll, ends_at_once_for_who_is_signed_out) {
    World w;
    const auto root = w.t.make_admin("root");
    w.server.publish();
    Poll alice(w.server, w.token, "?cursor=" + w.now());
    Poll bob(w.server, w.bobs, "?cursor=" + w.now());
    must(run(change_account(w.t.chat, root, w.alice, {.is_disabled = true})));
    w.server.publish();
    EXPECT_EQ(alice.status(), 401);
    EXPECT_TRUE(bob.waits());
    w.server.feed.close();
    EXPECT_EQ(bob.events(), "");
}

TEST(LongPoll, does_not_wait_for_who_was_signed_out_while_it_looked_back) {
    World w;
    const auto root = w.t.make_admin("root");
    const auto cursor = w.now();
    must(run(chat::set_notify_level(w.t.chat, w.alice, w.room, chat::NotifyLevel::none)));
    w.t.join(w.room, w.bob);
    w.t.remove(w.room, w.alice, w.bob);
    w.server.publish();
    const auto bobs_cursor = Poll(w.server, w.bobs, "?wait=0&cursor=" + cursor).cursor();
    w.t.post(w.t.make_room(w.bob, "bobs"), w.bob, "hi");
    w.t.interleaved.before_read = [&] {
        must(run(change_account(w.t.chat, root, w.bob, {.is_disabled = true})));
        w.server.publish();
    };
    Poll bob(w.server, w.bobs, "?cursor=" + bobs_cursor);
    EXPECT_FALSE(bob.waits());
}

TEST(LongPoll, ends_when_the_server_does) {
    World w;
    Poll waiting(w.server, w.token, "?cursor=" + w.now());
    const auto cursor = w.now();
    w.server.feed.close();
    EXPECT_EQ(waiting.events(), "");
    EXPECT_EQ(Poll(w.server, w.token, "?cursor=" + cursor).events(), "") << "nor does a new one wait";
}

struct RefusedCase {
    std::string_view name;
    std::string query;
    int status;
};

TEST(LongPoll, is_refused_for_what_is_wrong_with_it) {
    World w;
    const auto closed = to_hex(w.t.make_room(w.alice, "closed", {false, true}));
    const auto hidden = to_hex(w.t.make_room(w.alice, "hidden", {false, false}));
    const auto open = to_hex(w.room);
    const auto cursor = w.now();
    std::string many;
    for (int i = 100; i < 201; ++i) many += "&room=" + std::to_string(i) + std::string(21, '0');
    const RefusedCase cases[] = {
        {"a forged cursor", "?cursor=AAAAAAAAAAAAAAAAAAAAAA", 400},
        {"half a cursor", "?cursor=" + cursor.substr(0, 10), 400},
        {"a negative wait", "?wait=-1&cursor=" + cursor, 400},
        {"a wait that is no number", "?wait=long&cursor=" + cursor, 400},
        {"a room that is no id", "?room=general", 400},
        {"more rooms than anybody names", "?room=" + open + many, 400},
        {"a private room", "?room=" + closed, 403},
        {"an open and a private room", "?room=" + open + "&room=" + closed, 403},
        {"a hidden room is like none", "?room=" + hidden, 404},
        {"a room that is none", "?room=aaaaaaaaaaaaaaaaaaaaaaaa", 404},
        {"an open room", "?room=" + open, 200},
        {"an open room, twice", "?room=" + open + "&room=" + open, 200},
        {"an empty cursor is none", "?cursor=", 200},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(Poll(w.server, w.bobs, c.query).status(), c.status);
    }
    EXPECT_EQ(Poll(w.server, w.bobs, "", "text/html").status(), 406);
    EXPECT_EQ(Poll(w.server, std::string(32, 'x'), "").status(), 401);
}

TEST(LongPoll, of_named_rooms_tells_of_these_alone) {
    World w;
    const auto other = w.t.make_room(w.alice, "other");
    w.server.publish();
    Poll poll(w.server, w.bobs, "?room=" + to_hex(w.room) + "&cursor=" + w.now());
    w.t.post(other, w.alice, "elsewhere");
    w.server.publish();
    EXPECT_TRUE(poll.waits());
    w.say("here");
    EXPECT_EQ(poll.events(), "message here");
}

TEST(LongPoll, is_a_live_connection_while_it_waits) {
    World w;
    {
        Poll poll(w.server, w.token, "?cursor=" + w.now());
        EXPECT_TRUE(w.server.presence.online(w.alice));
        EXPECT_EQ(w.server.services.metrics.long_polls, 1);
        w.say("the end");
        EXPECT_EQ(poll.events(), "message the end");
    }
    EXPECT_FALSE(w.server.presence.online(w.alice));
    EXPECT_EQ(w.server.services.metrics.long_polls, 0);
}

/// Whoever else watches.
class Ear final : public live::Watcher {
public:
    Ear(LiveFeed& feed, chat::UserId user, std::vector<chat::RoomId> rooms = {})
        : Watcher({user, std::move(rooms)}, chat::TokenId{}), feed_(feed) {
        feed_.add(*this);
    }
    ~Ear() override { feed_.remove(*this); }

    void deliver(std::span<const live::FrameIndex> frames) override {
        pieces.push_back(frames.size());
        for (const auto frame : frames) heard.push_back(feed_.event(frame).json());
    }
    void sign_out() override {}

    std::vector<std::string> heard;
    std::vector<std::size_t> pieces;

private:
    LiveFeed& feed_;
};

TEST(LiveFeed, tells_more_events_of_one_tick_than_it_has_numbers_for) {
    World w;
    w.say("hi");
    auto entry = w.t.committed.back();
    const auto first = entry.seq;
    constexpr std::size_t count = 65'536 + 100;
    chat::Batch batch;
    for (std::size_t i = 0; i < count; ++i) {
        entry.seq = entry.seq.next();
        entry.position = entry.position.next();
        batch.push_back(entry);
    }
    Ear ear(w.server.feed, w.alice);
    w.server.feed.on_batch(batch);
    QueueExecutor::of_this_thread().run_ready();
    ASSERT_EQ(ear.heard.size(), count);
    EXPECT_GE(ear.pieces.size(), 2U);
    for (std::size_t i = 0; i < count; i += 4'099) {
        const auto seq = std::to_string(first.value + 1 + static_cast<std::int64_t>(i));
        EXPECT_TRUE(ear.heard[i].contains("}, \"seq\": " + seq + ", ")) << ear.heard[i];
    }
    EXPECT_EQ(w.server.feed.offered(), entry.position);
}

TEST(LiveFeed, tells_in_one_piece_what_has_come_before_the_loop_had_time) {
    World w;
    w.server.publish();
    Ear ear(w.server.feed, w.alice);
    const auto mark = w.t.mark();
    for (const auto* text : {"one", "two", "three"}) w.t.post(w.room, w.alice, text);
    for (const auto& entry : w.t.since(mark)) w.server.feed.on_batch({entry});
    EXPECT_TRUE(ear.heard.empty());
    QueueExecutor::of_this_thread().run_ready();
    EXPECT_EQ(ear.pieces, std::vector<std::size_t>{3});
}

TEST(LiveFeed, gives_others_a_turn_while_it_tells_a_crowd) {
    World w;
    w.server.publish();
    std::deque<Ear> crowd;
    for (std::size_t i = 0; i < 3 * limits::drains_per_turn; ++i) crowd.emplace_back(w.server.feed, w.alice);
    const auto told = [&] { return std::ranges::count_if(crowd, [](const Ear& ear) { return !ear.heard.empty(); }); };
    const auto mark = w.t.mark();
    w.t.post(w.room, w.alice, "hi");
    w.server.feed.on_batch(w.t.since(mark));
    std::ptrdiff_t told_before_request = -1;
    std::ptrdiff_t told_before_next = -1;
    auto& loop = QueueExecutor::of_this_thread();
    loop.post([&] {  // behind the first part
        told_before_request = told();
        loop.post([&] { told_before_next = told(); });
    });
    loop.run_ready();
    EXPECT_EQ(told_before_request, static_cast<std::ptrdiff_t>(limits::drains_per_turn));
    EXPECT_EQ(told_before_next, 2 * static_cast<std::ptrdiff_t>(limits::drains_per_turn));
    EXPECT_EQ(told(), static_cast<std::ptrdiff_t>(crowd.size()));
}

TEST(LongPoll, is_not_told_a_cursor_past_what_the_feed_still_holds_for_it) {
    World w;
    const auto cursor = w.now();
    Poll poll(w.server, w.token, "?wait=30&cursor=" + cursor);
    EXPECT_TRUE(poll.waits());
    const auto mark = w.t.mark();
    w.t.post(w.room, w.alice, "hi");
    w.t.clock.advance(31s);
    w.server.feed.on_batch(w.t.since(mark));
    w.server.feed.sweep(w.t.clock.monotonic());  // its time is up before the loop had time to tell it
    QueueExecutor::of_this_thread().run_ready();
    EXPECT_NE(poll.events().find("hi"), std::string::npos);
}

TEST(LiveFeed, tells_a_changed_profile_once_to_all_who_share_a_room) {
    World w;
    const auto second = w.t.make_room(w.bob, "second");
    for (const auto user : {w.alice, w.bob})
        w.t.directory.rooms.membership(second, user) ? void() : w.t.join(second, user);
    w.t.join(w.room, w.bob);
    const auto carol = w.t.make_user("carol");
    w.server.publish();
    Ear bob(w.server.feed, w.bob);
    Ear stranger(w.server.feed, carol);
    const chat::Caller caller{w.t.user(w.alice), chat::TokenId{}, false};
    must(run(change_profile(w.t.chat, caller, {.display_name = "Alice"})));
    w.server.publish();
    ASSERT_EQ(bob.heard.size(), 1U);
    EXPECT_TRUE(bob.heard.front().starts_with(R"({"type": "user", "user": {)")) << bob.heard.front();
    must(run(change_profile(w.t.chat, caller, {.email = "new@example.com"})));
    w.server.publish();
    EXPECT_EQ(bob.heard.size(), 1U) << "an address is nobody's business";
    EXPECT_TRUE(stranger.heard.empty());
}

TEST(LiveFeed, tells_large_rooms_a_count_once_a_second) {
    World w;
    std::vector<chat::Entry> joins;
    for (int i = 0; i < 500; ++i) {
        const auto user = w.t.ids.next<chat::UserId>();
        joins.push_back({{},
                         chat::LogId::of(w.room),
                         {},
                         user,
                         {},
                         chat::Joined{user, chat::MemberId{user.bytes}, chat::Role::member, user}});
    }
    auto position = w.t.directory.position();
    auto seq = w.t.directory.rooms.find(w.room)->last_seq;
    for (auto& join : joins) {
        join.position = position = position.next();
        join.seq = seq = seq.next();
    }
    w.t.directory.apply(joins);  // without a store: 501 people
    Ear alice(w.server.feed, w.alice);
    w.server.feed.on_signal(chat::PresenceChanged{w.alice, true});
    EXPECT_TRUE(alice.heard.empty());
    w.sweep();
    ASSERT_EQ(alice.heard.size(), 1U);
    EXPECT_EQ(alice.heard.front(), presence_count_event(w.room, 1));
    w.sweep();
    EXPECT_EQ(alice.heard.size(), 1U) << "and no more until it changes";
}

TEST(LiveFeed, sends_clients_back_at_different_times) {
    World w;
    int least = std::numeric_limits<int>::max();
    int most = 0;
    for (int i = 0; i < 200; ++i) {
        least = std::min(least, w.server.feed.retry_ms());
        most = std::max(most, w.server.feed.retry_ms());
    }
    EXPECT_GE(least, 500);
    EXPECT_LT(most, 1'500);
    EXPECT_GT(most - least, 500);
}

}  // namespace
}  // namespace makechat::api
