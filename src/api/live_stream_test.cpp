#include "api/live_stream.hpp"

#include "support/api_fixture.hpp"
#include "support/loop_thread.hpp"
#include "ws/client_frame.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <optional>
#include <string>
#include <vector>

namespace makechat::api {
namespace {

using namespace std::chrono_literals;

enum class Carrier { websocket, sse };

std::string word_of(const std::string& event, std::string_view key) {
    const auto before = "\"" + std::string(key) + "\": \"";
    const auto at = event.find(before);
    if (at == std::string::npos) return {};
    const auto begin = at + before.size();
    return event.substr(begin, event.find('"', begin) - begin);
}

/// A client's end of a stream.
class Client {
public:
    explicit Client(Carrier carrier, int buffer_bytes = 0) : carrier_(carrier), peer_(buffer_bytes) {}

    Peer& peer() { return peer_; }

    /// The JSON of the next event; "close 1012 why" at the end.
    std::string next() { return carrier_ == Carrier::websocket ? next_frame() : next_chunk(); }

    /// "message one": the next event in short.
    std::string heard() {
        const auto event = next();
        if (!event.starts_with('{')) return event;
        const auto said = word_of(event, "text");
        return word_of(event, "type") + (said.empty() ? "" : " " + said);
    }

    void send(std::string_view text) { EXPECT_TRUE(peer_.write(ws::text_frame(text))); }

private:
    std::string next_frame() {
        const auto head = peer_.read(2);
        if (head.size() < 2) return "end";
        std::size_t size = static_cast<unsigned char>(head[1]);
        const std::size_t more = size == 126 ? 2 : size == 127 ? 8 : 0;
        if (more > 0) size = 0;
        for (const char byte : peer_.read(more)) size = size << 8U | static_cast<unsigned char>(byte);
        const auto payload = peer_.read(size);
        if ((head[0] & 0x0F) != static_cast<int>(ws::Opcode::close)) return payload;
        const int code = static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1]);
        return "close " + std::to_string(code) + " " + payload.substr(2);
    }
    std::string next_chunk() {
        std::string line;
        while (!line.ends_with("\r\n")) {
            const auto byte = peer_.read(1);
            if (byte.empty()) return "end";
            line += byte;
        }
        const auto size = std::stoul(line, nullptr, 16);
        const auto chunk = peer_.read(size + 2);
        if (size == 0) return "last chunk";
        const auto data = chunk.find("data: ") + 6;
        id = chunk.starts_with("id: ") ? chunk.substr(4, chunk.find('\n') - 4) : "";
        return chunk.substr(data, chunk.find("\n\n") - data);
    }

    Carrier carrier_;
    Peer peer_;

public:
    std::string id;  ///< of the last server-sent event
};

class LiveStreams : public testing::TestWithParam<Carrier> {
protected:
    LiveStreams() { server.publish(); }

    ~LiveStreams() override {
        for (auto& client : clients_) client->peer().close();
        EXPECT_TRUE(thread.until([this] {
            const auto& metrics = server.services.metrics;
            return metrics.websockets == 0 && metrics.event_streams == 0;
        }));
        EXPECT_FALSE(server.presence.online(alice));
    }

    Client& client(int buffer_bytes = 0) {
        return *clients_.emplace_back(std::make_unique<Client>(GetParam(), buffer_bytes));
    }
    void open(Client& client, std::optional<chat::Position> after = {}, std::vector<chat::RoomId> rooms = {}) {
        open_as(client, *authenticate(server.t.chat, chat::CredentialKind::token, token), after, std::move(rooms));
    }
    void open_as(Client& client, const chat::Caller& caller, std::optional<chat::Position> after = {},
                 std::vector<chat::RoomId> rooms = {}) {
        thread.call([&] {
            const chat::Coverage coverage{caller.user->id, rooms};
            auto socket = client.peer().accept(thread.loop());
            if (GetParam() == Carrier::websocket)
                WebSocketStream::open(server.feed, std::move(socket), {}, caller, coverage, after);
            else EventSourceStream::open(server.feed, std::move(socket), caller, coverage, after);
        });
    }
    Client& opened(std::optional<chat::Position> after = {}, std::vector<chat::RoomId> rooms = {}) {
        auto& fresh = client();
        open(fresh, after, std::move(rooms));
        EXPECT_EQ(fresh.heard(), "hello");
        return fresh;
    }
    void publish() {
        const auto batch = t.since(published_);
        published_ = t.mark();
        thread.call([&] { server.feed.on_batch(batch); });
    }
    void say(const std::string& text) {
        t.post(room, alice, text);
        publish();
    }
    [[nodiscard]] chat::Position now() const { return t.directory.position(); }
    std::string closed_with(std::string_view code) const {
        return GetParam() == Carrier::websocket ? "close " + std::string(code) : "last chunk";
    }
    /// What a client hears, up to the event that is `last`.
    static std::vector<std::string> heard_to(Client& client, const std::string& last) {
        std::vector<std::string> events;
        do events.push_back(client.heard());
        while (events.back() != last && events.back() != "end" && events.size() < 20'000);
        return events;
    }

    TestApi server;
    chat::TestChat& t = server.t;
    chat::UserId alice = t.make_user("alice");
    chat::UserId bob = t.make_user("bob");
    chat::RoomId room = t.make_room(alice, "general");
    std::string token = server.token_of(alice);
    LoopThread thread;

private:
    std::size_t published_ = t.mark();
    std::vector<std::unique_ptr<Client>> clients_;
};

using Events = std::vector<std::string>;

INSTANTIATE_TEST_SUITE_P(Carriers, LiveStreams, testing::Values(Carrier::websocket, Carrier::sse),
                         [](const auto& each) { return each.param == Carrier::websocket ? "websocket" : "sse"; });

TEST_P(LiveStreams, say_hello_first_and_tell_what_comes) {
    auto& listener = client();
    open(listener);
    say("one");
    const auto hello = listener.next();
    EXPECT_EQ(word_of(hello, "type"), "hello");
    EXPECT_EQ(word_of(hello, "server"), "makechat");
    EXPECT_EQ(word_of(hello, "cursor").size(), 22U);
    if (GetParam() == Carrier::sse) {
        EXPECT_EQ(listener.id, word_of(hello, "cursor"));
    }
    const auto one = listener.next();
    EXPECT_EQ(word_of(one, "text"), "one");
    if (GetParam() == Carrier::sse) {
        EXPECT_EQ(listener.id, word_of(one, "cursor"));
    }
}

TEST_P(LiveStreams, tell_what_was_missed_and_then_what_comes) {
    const auto after = now();
    say("one");
    say("two");
    auto& listener = opened(after);
    EXPECT_EQ(heard_to(listener, "message two"), (Events{"message one", "message two"}));
    say("three");
    EXPECT_EQ(listener.heard(), "message three");
}

TEST_P(LiveStreams, tell_what_comes_meanwhile_behind_what_was_missed) {
    const auto after = now();
    say("one");
    say("two");
    std::promise<void> reading;
    std::promise<void> go_on;
    t.interleaved.before_read = [&] {
        reading.set_value();
        go_on.get_future().wait();
    };
    auto& listener = client();
    std::thread opening([&] { open(listener, after); });
    reading.get_future().wait();
    t.post(room, alice, "three");  // committed and on its way to the loop while the replay reads
    const chat::Batch batch{t.committed.back()};
    thread.loop().post([&] { server.feed.on_batch(batch); });
    go_on.set_value();
    opening.join();
    EXPECT_EQ(listener.heard(), "hello");
    EXPECT_EQ(heard_to(listener, "message three"), (Events{"message one", "message two", "message three"}));
    thread.call([&] { server.feed.on_batch({t.committed.back()}); });
    EXPECT_EQ(listener.heard(), "message three") << "twice is for the client to see by its seq";
}

TEST_P(LiveStreams, tell_a_replay_larger_than_any_outbox_as_a_whole) {
    const auto after = now();
    constexpr int count = 150;
    for (int i = 0; i < count; ++i) t.post(room, alice, std::to_string(i) + "_" + std::string(15'900, 'x'));
    publish();
    auto& listener = client(4'096);
    open(listener, after);
    say("live");
    EXPECT_EQ(listener.heard(), "hello");
    const auto events = heard_to(listener, "message live");
    ASSERT_EQ(events.size(), count + 1U) << events.back().substr(0, 100);
    for (std::size_t i = 0; i < count; ++i) EXPECT_TRUE(events[i].starts_with("message " + std::to_string(i) + "_"));
}

TEST_P(LiveStreams, that_catch_up_slowly_are_not_cut_by_what_they_have_had_already) {
    const auto after = now();
    for (int i = 0; i < 40; ++i) t.post(room, alice, std::string(15'900, 'x'));
    publish();
    auto& listener = client(4'096);
    open(listener, after);
    EXPECT_EQ(listener.heard(), "hello");
    for (int round = 0; round < 4; ++round) {
        for (int i = 0; i < 30; ++i) t.post(room, alice, std::string(15'900, 'y'));
        publish();
        for (int i = 0; i < 28; ++i) ASSERT_TRUE(listener.heard().starts_with("message ")) << round << ", " << i;
    }
    say("live");
    EXPECT_EQ(heard_to(listener, "message live").size(), 40U + 4 * 2 + 1);
}

TEST_P(LiveStreams, who_does_not_read_is_cut_and_misses_nothing_by_his_cursor) {
    auto& listener = client(4'096);
    open(listener);
    EXPECT_EQ(listener.heard(), "hello");
    const auto after = now();
    for (int i = 0; i < 100; ++i) say(std::to_string(i) + "_" + std::string(15'900, 'x'));
    const auto end = GetParam() == Carrier::websocket ? std::string("close 1013 resync") : std::string("end");
    const auto heard = heard_to(listener, end);
    EXPECT_EQ(heard.back(), end);
    EXPECT_LT(heard.size(), 100U);
    listener.peer().close();
    say("live");
    auto& again = opened(after);
    EXPECT_EQ(heard_to(again, "message live").size(), 101U);
}

TEST_P(LiveStreams, of_too_long_ago_begin_with_a_resync) {
    const auto after = now();
    say("long ago");
    t.clock.advance(8 * 24h);
    auto& listener = opened(after);
    EXPECT_EQ(listener.heard(), "resync");
    say("news");
    EXPECT_EQ(listener.heard(), "message news");
}

TEST_P(LiveStreams, of_named_rooms_tell_of_these_alone) {
    const auto other = t.make_room(alice, "other");
    publish();
    auto& listener = opened({}, {other});
    say("not here");
    t.post(other, alice, "here");
    publish();
    EXPECT_EQ(listener.heard(), "message here");
}

TEST_P(LiveStreams, end_with_the_server) {
    auto& live = opened();
    auto& catching_up = opened(now());
    thread.call([&] { server.feed.close(); });
    EXPECT_EQ(live.heard(), closed_with("1012 The server restarts."));
    EXPECT_EQ(catching_up.heard(), closed_with("1012 The server restarts."));
    auto& late = client();
    open(late);
    EXPECT_EQ(late.heard(), closed_with("1012 The server restarts.")) << "one that was let in a moment before";
}

TEST_P(LiveStreams, end_for_who_is_signed_out) {
    auto& listener = opened();
    const auto id = t.directory.credentials.tokens_of(alice).front().id;
    must(run(revoke_token(t.chat, alice, id)));
    publish();
    EXPECT_EQ(listener.heard(), closed_with("1008 Signed out."));
}

TEST_P(LiveStreams, do_not_begin_for_who_was_signed_out_since_he_was_let_in) {
    const auto caller = *authenticate(t.chat, chat::CredentialKind::token, token);
    must(run(revoke_token(t.chat, alice, t.directory.credentials.tokens_of(alice).front().id)));
    publish();  // before the stream is there to be told
    auto& listener = client();
    open_as(listener, caller);
    EXPECT_EQ(listener.heard(), closed_with("1008 Signed out."));
}

TEST_P(LiveStreams, make_their_user_online) {
    EXPECT_FALSE(server.presence.online(alice));
    opened();
    EXPECT_TRUE(server.presence.online(alice));
    const auto& metrics = server.services.metrics;
    EXPECT_EQ(metrics.websockets + metrics.event_streams, 1);
}

TEST_P(LiveStreams, that_break_while_they_catch_up_leave_no_trace) {
    const auto after = now();
    for (int i = 0; i < 100; ++i) t.post(room, alice, std::string(15'900, 'x'));
    publish();
    auto& listener = client(4'096);
    open(listener, after);
    EXPECT_EQ(listener.heard(), "hello");
    listener.peer().close();
    EXPECT_TRUE(thread.until([this] { return !server.presence.online(alice); }));
    say("to nobody");
}

class WebSocketOps : public LiveStreams {};
INSTANTIATE_TEST_SUITE_P(Carriers, WebSocketOps, testing::Values(Carrier::websocket),
                         [](const auto&) { return "websocket"; });

TEST_P(WebSocketOps, send_a_message) {
    auto& listener = opened();
    const auto hex = to_hex(room);
    listener.send(R"({"op": "send", "room": ")" + hex + R"(", "text": "hi", "nonce": "n1"})");
    const auto ack = listener.next();
    EXPECT_EQ(ack.substr(0, ack.find("\"_id\"")), R"({"type": "ack", "room": {"$oid": ")" + hex + R"("}, "seq": 3, )");
    EXPECT_TRUE(ack.ends_with(R"("nonce": "n1"})")) << ack;
    publish();
    EXPECT_EQ(listener.heard(), "message hi");
    listener.send(R"({"op": "send", "room": {"$oid": ")" + hex + R"("}, "text": "hi", "nonce": "n1"})");
    EXPECT_EQ(listener.next(), ack) << "sent again, it is the first";
    listener.send(R"({"op": "send", "room": ")" + hex + R"(", "text": "without a nonce"})");
    EXPECT_FALSE(listener.next().contains("nonce"));
}

TEST_P(WebSocketOps, move_the_read_marker) {
    auto& listener = opened();
    say("one");
    EXPECT_EQ(listener.heard(), "message one");
    listener.send(R"({"op": "read", "room": ")" + to_hex(room) + R"(", "seq": 1, "unread": true})");
    EXPECT_TRUE(thread.until([&] { return t.directory.rooms.membership(room, alice)->read == chat::Seq{1}; }));
    publish();
    EXPECT_EQ(listener.heard(), "read");
}

TEST_P(WebSocketOps, tell_that_one_types) {
    auto& listener = opened();
    listener.send(R"({"op": "typing", "room": ")" + to_hex(room) + R"("})");
    EXPECT_TRUE(thread.until([&] { return server.bus.signals.size() == 1; }));
    EXPECT_EQ(std::get<chat::Typing>(server.bus.signals.front()).user, alice);
}

struct ErrorCase {
    std::string_view name;
    std::string frame;
    std::string_view title;
    std::string_view description;
    std::string_view nonce = {};
};

TEST_P(WebSocketOps, that_fail_are_told_and_the_connection_stays) {
    const auto others = t.make_room(bob, "bobs", {false, true});
    const auto mine = R"("room": ")" + to_hex(room) + '"';
    const auto his = R"("room": ")" + to_hex(others) + '"';
    const ErrorCase cases[] = {
        {"no JSON", "{", "Malformed JSON", "line 1, column 2"},
        {"no object", "[]", "Bad parameter", "not a JSON object"},
        {"nothing", "", "Missing parameter", "'op'"},
        {"no op", "{}", "Missing parameter", "'op'"},
        {"an op that is no text", R"({"op": 1})", "Bad parameter", "'op'"},
        {"an unknown op", R"({"op": "dance", "nonce": "n"})", "Bad parameter", "'op'", "n"},
        {"a nonce that is no text", R"({"op": "send", "nonce": 1})", "Bad parameter", "'nonce'"},
        {"a send without room", R"({"op": "send", "nonce": "n"})", "Missing parameter", "'room'", "n"},
        {"a room that is no id", R"({"op": "send", "room": "general"})", "Bad parameter", "'room'"},
        {"a send without text", R"({"op": "send", )" + mine + "}", "Missing parameter", "'text'"},
        {"an empty text", R"({"op": "send", "text": "", "nonce": "n", )" + mine + "}", "", "'text'", "n"},
        {"a text too long", R"({"op": "send", "text": ")" + std::string(16'001, 'x') + "\", " + mine + "}",
         "Bad parameter", "'text'"},
        {"a reply to what is no id", R"({"op": "send", "text": "x", "reply_to": "y", )" + mine + "}", "Bad parameter",
         "'reply_to'"},
        {"a read without seq", R"({"op": "read", )" + mine + "}", "Missing parameter", "'seq'"},
        {"a negative seq", R"({"op": "read", "seq": -1, )" + mine + "}", "Bad parameter", "'seq'"},
        {"unread that is no boolean", R"({"op": "read", "seq": 1, "unread": 1, )" + mine + "}", "Bad parameter",
         "'unread'"},
        {"a room of others", R"({"op": "send", "text": "x", "nonce": "n", )" + his + "}", "Permission Denied",
         "not a member", "n"},
        {"typing there", R"({"op": "typing", )" + his + "}", "Permission Denied", "not a member"},
        {"reading there", R"({"op": "read", "seq": 1, )" + his + "}", "Permission Denied", "not a member"},
        {"no room", R"({"op": "typing", "room": "aaaaaaaaaaaaaaaaaaaaaaaa"})", "Not Found", "no such room"},
    };
    auto& listener = opened();
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        listener.send(c.frame);
        const auto event = listener.next();
        EXPECT_EQ(word_of(event, "type"), "error");
        if (!c.title.empty()) {
            EXPECT_EQ(word_of(event, "title"), c.title);
        }
        EXPECT_TRUE(word_of(event, "description").contains(c.description)) << event;
        EXPECT_EQ(word_of(event, "nonce"), c.nonce);
    }
    say("still here");
    EXPECT_EQ(heard_to(listener, "message still here").size(), 1U);
}

TEST_P(WebSocketOps, by_a_token_that_may_only_read_are_refused) {
    auto& listener = client();
    open_as(listener, *authenticate(t.chat, chat::CredentialKind::token, server.token_of(alice, "read")));
    publish();
    EXPECT_EQ(listener.heard(), "hello");
    for (const std::string op : {R"("send", "text": "x")", R"("typing")", R"("read", "seq": 1)"}) {
        SCOPED_TRACE(op);
        listener.send(R"({"op": )" + op + R"(, "room": ")" + to_hex(room) + R"("})");
        EXPECT_EQ(word_of(listener.next(), "title"), "Permission Denied");
    }
}

TEST_P(WebSocketOps, are_acknowledged_behind_what_was_missed) {
    const auto after = now();
    for (int i = 0; i < 20; ++i) t.post(room, alice, std::string(15'900, 'x'));
    publish();
    auto& listener = client(4'096);
    open(listener, after);
    const auto before = t.mark();
    listener.send(R"({"op": "send", "room": ")" + to_hex(room) + R"(", "text": "hi"})");
    ASSERT_TRUE(thread.until([&] { return t.mark() > before; }));
    publish();
    const auto events = heard_to(listener, "ack");
    EXPECT_EQ(events.size(), 1 + 20 + 1U) << "hello, what was missed, ack";
    EXPECT_EQ(listener.heard(), "message hi");
}

TEST_P(WebSocketOps, whose_connection_ends_meanwhile_are_done_and_their_events_told_to_nobody) {
    auto& listener = opened();
    t.post(room, alice, "before");
    const auto batch = t.since(t.mark() - 1);
    thread.call([this] { t.interleaved.holds_appends = true; });
    listener.send(R"({"op": "send", "room": ")" + to_hex(room) + R"(", "text": "last words"})");
    ASSERT_TRUE(thread.until([this] { return t.interleaved.held() == 1; }));
    thread.call([&] {
        listener.peer().close();
        // Behind the read that meets the end, ahead of what follows from it.
        thread.loop().post([&] { thread.loop().post([&] { server.feed.on_batch(batch); }); });
    });
    ASSERT_TRUE(thread.until([this] { return !server.presence.online(alice); }));
    thread.call([this] { t.interleaved.release(); });
    EXPECT_TRUE(thread.until([this] { return server.services.metrics.websockets == 0; }));
    EXPECT_EQ(std::get<chat::MessagePosted>(t.committed.back().body).message.text, "last words");
}

TEST_P(WebSocketOps, that_come_by_the_hundred_are_all_answered) {
    auto& listener = opened();
    constexpr int count = 300;
    std::string frames;
    for (int i = 0; i < count; ++i)
        frames += ws::text_frame(R"({"op": "send", "room": ")" + to_hex(room) + R"(", "text": "x", "nonce": ")" +
                                 std::to_string(i) + R"("})");
    EXPECT_TRUE(listener.peer().write(frames));
    for (int i = 0; i < count; ++i) {
        const auto event = listener.next();
        ASSERT_EQ(word_of(event, "type"), "ack") << event;
        EXPECT_EQ(word_of(event, "nonce"), std::to_string(i)) << "in the order of their sending";
    }
}

}  // namespace
}  // namespace makechat::api
