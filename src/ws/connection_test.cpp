#include "ws/connection.hpp"

#include "base/limits.hpp"
#include "support/loop_thread.hpp"
#include "ws/client_frame.hpp"
#include "ws/frame_writer.hpp"

#include <gtest/gtest.h>
#include <malloc.h>

#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace makechat::ws {
namespace {

using namespace std::string_literals;
using namespace std::chrono_literals;

std::string server_frame(Opcode opcode, std::string_view payload) {
    std::string out;
    append_frame(out, opcode, payload);
    return out;
}

std::string server_close(unsigned code, std::string_view reason = "") {
    std::string out;
    append_close(out, static_cast<std::uint16_t>(code), reason);
    return out;
}

std::string close_frame(unsigned code) {
    return encode({Opcode::close, std::string{static_cast<char>(code >> 8U), static_cast<char>(code & 0xFFU)}});
}

/// The owner: remembers what it was told, and does with a text what the test wants.
class Owner final : public Connection::Client {
public:
    std::vector<std::string> texts;
    int ends = 0;
    std::function<void(Connection&, std::string_view)> also = [](Connection&, std::string_view) {};

    void on_text(Connection& connection, std::string_view text) override {
        texts.emplace_back(text);
        also(connection, text);
    }
    void on_end(Connection&) override { ++ends; }
};

class WebSocket : public testing::Test {
protected:
    void open(std::string received = "", int buffer_bytes = 0) {
        peer.emplace(buffer_bytes);
        thread.call([&] {
            auto made = std::make_shared<Connection>(peer->accept(thread.loop()), owner);
            connection = made;
            made->start(std::move(received));
        });
    }

    bool send(std::string_view bytes) {
        return thread.call([&] {
            const auto alive = connection.lock();
            return alive && alive->send({&bytes, 1});
        });
    }
    void close(Close code, std::string_view reason) {
        thread.call([&] { connection.lock()->close(code, reason); });
    }
    void sweep(std::chrono::nanoseconds at) {
        thread.call([&] {
            if (const auto alive = connection.lock()) alive->sweep(at);
        });
    }
    std::vector<std::string> texts() {
        return thread.call([&] { return owner.texts; });
    }
    bool ended() {
        return thread.until([&] { return owner.ends > 0; });
    }

    void TearDown() override {
        peer->close();
        EXPECT_TRUE(ended());
        EXPECT_TRUE(thread.until([&] { return connection.expired(); })) << "something still holds it";
        EXPECT_EQ(owner.ends, 1);
    }

    Owner owner;
    LoopThread thread;
    std::optional<Peer> peer;
    std::weak_ptr<Connection> connection;
};

TEST_F(WebSocket, delivers_texts_those_behind_the_upgrade_first) {
    open(text_frame("one") + text_frame("two").substr(0, 4));
    EXPECT_EQ(texts(), std::vector{"one"s});
    EXPECT_TRUE(peer->write(text_frame("two").substr(4) + text_frame("three")));
    EXPECT_TRUE(thread.until([&] { return owner.texts == std::vector{"one"s, "two"s, "three"s}; }));
}

TEST_F(WebSocket, sends_whole_frames_in_order) {
    open();
    const auto one = server_frame(Opcode::text, "one");
    EXPECT_TRUE(send(one));
    EXPECT_EQ(peer->read(one.size()), one);
}

TEST_F(WebSocket, answers_many_pings_of_one_moment_with_the_latest) {
    open(encode({Opcode::ping, "a"}) + encode({Opcode::ping, "b"}) + text_frame("x"));
    const auto pong = server_frame(Opcode::pong, "b");
    EXPECT_EQ(peer->read(pong.size()), pong);
    EXPECT_TRUE(peer->write(encode({Opcode::ping, ""})));
    EXPECT_EQ(peer->read(2), server_frame(Opcode::pong, ""));
}

TEST_F(WebSocket, answers_a_close_with_its_code_and_ends_first) {
    open();
    EXPECT_TRUE(peer->write(close_frame(1001) + text_frame("too late")));
    EXPECT_EQ(peer->read(4), server_close(1001));
    EXPECT_TRUE(peer->at_end());
    EXPECT_TRUE(ended());
    EXPECT_TRUE(texts().empty());
}

TEST_F(WebSocket, answers_a_close_without_a_code) {
    open();
    EXPECT_TRUE(peer->write(encode({Opcode::close, ""})));
    EXPECT_EQ(peer->read(2), server_frame(Opcode::close, ""));
    EXPECT_TRUE(peer->at_end());
}

TEST_F(WebSocket, closes_and_ends_when_the_peer_has_answered) {
    open();
    close(Close::policy, "signed out");
    const auto frame = server_close(1008, "signed out");
    EXPECT_EQ(peer->read(frame.size()), frame);
    EXPECT_FALSE(send(server_frame(Opcode::text, "too late")));
    EXPECT_TRUE(peer->write(text_frame("too late") + close_frame(1008)));
    EXPECT_TRUE(peer->at_end());
    EXPECT_TRUE(ended());
    EXPECT_TRUE(texts().empty()) << "a text after close";
}

TEST_F(WebSocket, does_not_wait_for_ever_for_the_answer_to_a_close) {
    open();
    close(Close::normal, "");
    const auto now = thread.loop().now();
    sweep(now + limits::close_wait_max - 1s);
    EXPECT_TRUE(send("") == false && owner.ends == 0);
    sweep(now + limits::close_wait_max);
    EXPECT_EQ(peer->read(4), server_close(1000));
    EXPECT_TRUE(peer->at_end());
}

struct Violating {
    const char* name;
    std::string bytes;
    std::string answer;
};

TEST_F(WebSocket, says_why_it_closes_and_ends_without_waiting_long) {
    const Violating cases[] = {
        {"no mask", "\x81\x02hi"s, server_close(1002, "frame without mask")},
        {"binary", encode({Opcode::binary, "hi"}), server_close(1003, "only text messages")},
        {"not UTF-8", text_frame("\xff"), server_close(1007, "message is not UTF-8")},
        {"too big", "\x81\xff\x00\x00\x00\x00\x00\x10\x00\x00"s + std::string(100'000, 'x'),
         server_close(1009, "message over 64 KiB")},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        owner.ends = 0;
        open();
        EXPECT_TRUE(peer->write(c.bytes));
        EXPECT_EQ(peer->read(c.answer.size()), c.answer);
        EXPECT_TRUE(peer->at_end());
        peer->close();
        EXPECT_TRUE(ended());
    }
}

TEST_F(WebSocket, reads_nothing_more_after_a_violation) {
    open("\x81\x02hi"s + text_frame("after"));
    EXPECT_TRUE(peer->write(text_frame("and after")));
    peer->close();
    EXPECT_TRUE(ended());
    EXPECT_TRUE(texts().empty());
}

TEST_F(WebSocket, pings_a_silent_peer_and_ends_one_that_does_not_answer) {
    open();
    const auto ping = server_frame(Opcode::ping, "");
    sweep(100s);  // the first sweep sees that it has just begun
    sweep(124s);
    sweep(125s);
    sweep(126s);
    EXPECT_EQ(peer->read(2), ping);
    EXPECT_TRUE(peer->write(encode({Opcode::pong, ""})));
    EXPECT_TRUE(peer->write(text_frame("alive")));
    EXPECT_TRUE(thread.until([&] { return !owner.texts.empty(); }));
    sweep(130s);
    sweep(154s);
    sweep(155s);
    EXPECT_EQ(peer->read(2), ping) << "25 s after the sign of life, not before";
    sweep(180s);
    EXPECT_EQ(peer->read(2), ping);
    EXPECT_EQ(owner.ends, 0);
    sweep(205s);
    EXPECT_TRUE(peer->at_end());
    EXPECT_TRUE(ended());
}

TEST_F(WebSocket, tells_a_slow_reader_to_come_again_between_two_whole_frames) {
    open("", 64 * 1024);
    const auto frame = server_frame(Opcode::text, std::string(10'000, 'x'));
    int sent = 0;
    while (send(frame)) ++sent;
    EXPECT_EQ(owner.ends, 0) << "on_end within send";
    EXPECT_FALSE(send(frame));
    EXPECT_GT(sent, 100);
    const auto resync = server_close(1013, "resync");
    std::string next;
    for (int whole = 0; whole <= sent; ++whole) {
        next = peer->read(resync.size());
        if (next == resync) break;
        next += peer->read(frame.size() - next.size());
        ASSERT_EQ(next, frame);
    }
    EXPECT_EQ(next, resync);
    EXPECT_TRUE(peer->write(close_frame(1013)));
    EXPECT_TRUE(peer->at_end());
}

TEST_F(WebSocket, stops_reading_from_who_does_not_read_and_loses_nothing) {
    owner.also = [](Connection& from, std::string_view text) {
        const auto echo = server_frame(Opcode::text, text);
        const std::string_view frames[] = {echo};
        EXPECT_TRUE(from.send(frames));
    };
    open("", 16 * 1024);
    std::string sent;
    const auto frame = text_frame(std::string(1000, 'x'));
    const auto echo = server_frame(Opcode::text, std::string(1000, 'x'));
    std::size_t bytes = 0;
    int stalled = 0;
    while (stalled < 100) {  // until the server takes nothing for 100 ms
        const auto more = peer->write_some(std::string_view(frame).substr(bytes % frame.size()));
        bytes += more;
        stalled = more == 0 ? stalled + 1 : 0;
        if (more == 0) std::this_thread::sleep_for(1ms);
        ASSERT_LT(bytes, 10U << 20U) << "it reads on";
    }
    const auto waiting = thread.call([&] { return connection.lock()->waiting_bytes(); });
    EXPECT_GT(waiting, limits::outbox_bytes_max / 4);
    EXPECT_LT(waiting, limits::outbox_bytes_max);
    for (std::size_t i = 0; i < bytes / frame.size(); ++i) ASSERT_EQ(peer->read(echo.size()), echo) << i;
}

TEST_F(WebSocket, a_flood_of_pings_from_who_does_not_read_costs_one_answer) {
    open("", 16 * 1024);
    const auto frame = server_frame(Opcode::text, std::string(30'000, 'x'));
    for (int i = 0; i < 6; ++i) EXPECT_TRUE(send(frame));  // under a quarter: it is still read
    const auto waiting = thread.call([&] { return connection.lock()->waiting_bytes(); });
    EXPECT_GT(waiting, 0U);
    for (int i = 0; i < 1000; ++i) EXPECT_TRUE(peer->write(encode({Opcode::ping, std::to_string(i)})));
    EXPECT_TRUE(peer->write(text_frame("read")));
    EXPECT_TRUE(thread.until([&] { return owner.texts.size() == 1; }));
    EXPECT_EQ(thread.call([&] { return connection.lock()->waiting_bytes(); }), waiting);
    for (int i = 0; i < 6; ++i) EXPECT_EQ(peer->read(frame.size()), frame);
    const auto pong = server_frame(Opcode::pong, "999");
    EXPECT_EQ(peer->read(pong.size()), pong);
}

TEST_F(WebSocket, ends_later_when_the_peer_has_gone_during_a_send) {
    open();
    thread.call([&] {
        peer->close();
        const auto alive = connection.lock();
        const auto frame = server_frame(Opcode::text, "x");
        const std::string_view frames[] = {frame};
        EXPECT_FALSE(alive->send(frames));
        EXPECT_FALSE(alive->send(frames));
        EXPECT_EQ(owner.ends, 0);
    });
}

TEST_F(WebSocket, may_be_closed_from_on_text) {
    owner.also = [](Connection& from, std::string_view) { from.close(Close::normal, "bye"); };
    open(text_frame("one") + text_frame("two") + close_frame(1000));
    const auto frame = server_close(1000, "bye");
    EXPECT_EQ(peer->read(frame.size()), frame);
    EXPECT_TRUE(peer->at_end());
    EXPECT_EQ(texts(), std::vector{"one"s});
}

TEST_F(WebSocket, an_exception_of_the_owner_closes_it_alone) {
    owner.also = [](Connection&, std::string_view) { throw std::runtime_error("a bug"); };
    open();
    EXPECT_TRUE(peer->write(text_frame("one") + text_frame("two")));
    const auto frame = server_close(1011, "internal error");
    EXPECT_EQ(peer->read(frame.size()), frame);
    EXPECT_TRUE(peer->at_end());
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#elif defined(__has_feature)
constexpr bool sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool sanitized = false;
#endif

TEST_F(WebSocket, costs_less_than_a_kibibyte_while_idle) {
    open();
    if (sanitized) GTEST_SKIP() << "sanitizers allocate in their own way";
    constexpr std::size_t many = 400;
    std::vector<std::unique_ptr<Peer>> peers;
    for (std::size_t i = 0; i < many; ++i) peers.push_back(std::make_unique<Peer>());
    const auto before = mallinfo2().uordblks;
    thread.call([&] {
        for (auto& each : peers) std::make_shared<Connection>(each->accept(thread.loop()), owner)->start("");
    });
    const auto bytes = (mallinfo2().uordblks - before) / many;
    RecordProperty("bytes_per_idle_connection", static_cast<int>(bytes));
    EXPECT_LE(bytes, 1024U);
    peers.clear();
    EXPECT_TRUE(thread.until([&] { return owner.ends == many; }));
    owner.ends = 0;
}

}  // namespace
}  // namespace makechat::ws
