#include "base/limits.hpp"
#include "ws/client_frame.hpp"
#include "ws/connection.hpp"
#include "ws/connection_fixture.hpp"

#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <memory>
#include <vector>

/// What a connection may cost, whatever its peer does.
namespace makechat::ws {
namespace {

using namespace std::chrono_literals;

TEST_F(WebSocket, tells_a_slow_reader_to_come_again_between_two_whole_frames) {
    open("", 64 * 1024);
    const auto frame = server_frame(Opcode::text, std::string(10'000, 'x'));
    int sent = 0;
    while (send(frame)) ++sent;
    EXPECT_EQ(ends(), 0) << "on_end within send";
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

TEST_F(WebSocket, a_message_that_trickles_in_ends_the_connection) {
    open();
    const auto frame = text_frame(std::string(1000, 'x'));
    ASSERT_TRUE(peer->write(std::string_view(frame).substr(0, 500)));
    const auto held = [&] { return connection.lock()->has_partial_message(); };
    ASSERT_TRUE(thread.until(held));
    sweep(100s);
    ASSERT_TRUE(peer->write(std::string_view(frame).substr(500, 1)));  // a sign of life is no excuse
    sweep(100s + limits::ws_message_read_max - 1s);
    EXPECT_TRUE(thread.call(held));
    sweep(100s + limits::ws_message_read_max);
    const auto ping = server_frame(Opcode::ping, "");
    const auto goodbye = server_close(1008, "the message did not arrive in time");
    auto begin = peer->read(ping.size());
    if (begin == ping) begin = peer->read(ping.size());  // where the sweep came before the byte
    EXPECT_EQ(begin + peer->read(goodbye.size() - begin.size()), goodbye);
    EXPECT_FALSE(thread.call(held)) << "its memory is given back at once";
    EXPECT_TRUE(texts().empty());
}

TEST_F(WebSocket, one_message_after_the_other_may_take_as_long_as_they_like) {
    open();
    const auto frame = text_frame("a whole one");
    const auto half = frame.size() / 2;
    ASSERT_TRUE(peer->write(std::string_view(frame).substr(0, half)));
    for (std::size_t i = 1; i < 8; ++i) {
        ASSERT_TRUE(thread.until([&] { return connection.lock()->has_partial_message(); }));
        sweep(i * (limits::ws_message_read_max - 1s));
        ASSERT_TRUE(peer->write(frame.substr(half) + frame.substr(0, half)));  // at each sweep one is half there
        ASSERT_TRUE(thread.until([&] { return owner.texts.size() == i; }));
    }
    EXPECT_EQ(ends(), 0);
}

/// Some peers on a loop that may keep little for all of them.
class ManyWebSockets : public testing::Test {
protected:
    static constexpr std::size_t loop_bytes = 2 * 1024 * 1024;

    void connect() {
        auto& peer = peers.emplace_back(std::make_unique<Peer>(16 * 1024));
        thread.call([&] {
            auto made = std::make_shared<Connection>(peer->accept(thread.loop()), owner);
            connections.push_back(made);
            made->start("");
        });
    }
    bool is_open(std::size_t which) {
        return thread.call([&] {
            const auto alive = connections[which].lock();
            return alive && alive->is_open();
        });
    }
    std::size_t held() {
        return thread.call([&] { return thread.loop().held_bytes(); });
    }
    void TearDown() override {
        peers.clear();
        EXPECT_TRUE(thread.until([&] { return owner.ends == static_cast<int>(connections.size()); }));
        EXPECT_EQ(held(), 0U);
    }

    LoopThread thread{1h, loop_bytes};
    Owner owner;
    std::vector<std::unique_ptr<Peer>> peers;
    std::vector<std::weak_ptr<Connection>> connections;
};

TEST_F(ManyWebSockets, who_do_not_read_cannot_fill_the_memory_together) {
    constexpr std::size_t stalled = 8;
    for (std::size_t i = 0; i <= stalled; ++i) connect();
    const auto frame = server_frame(Opcode::text, std::string(10'000, 'x'));
    for (int i = 0; i < 60; ++i) {  // 600 KB for each: none reaches its own bound, all together the loop's twice
        thread.call([&] {
            for (const auto& each : connections) {
                const std::string_view frames[] = {frame};
                if (const auto alive = each.lock()) alive->send(frames);
            }
        });
        ASSERT_EQ(peers.back()->read(frame.size()), frame) << "who reads gets all";
        ASSERT_LE(held(), loop_bytes);
    }
    std::size_t open = 0;
    for (std::size_t i = 0; i < stalled; ++i) open += is_open(i) ? 1 : 0;
    EXPECT_LT(open, stalled) << "the fullest were cut";
    EXPECT_GT(open, 0U) << "and no more of them than needed";
    EXPECT_TRUE(is_open(stalled));
    const auto resync = server_close(1013, "resync");
    const auto cut = std::ranges::find_if(connections, [&](const auto& each) {
        return thread.call([&] { return !each.lock() || !each.lock()->is_open(); });
    });
    auto& peer = *peers[static_cast<std::size_t>(cut - connections.begin())];
    std::string next;
    while ((next = peer.read(resync.size())) != resync) {
        ASSERT_FALSE(next.empty());
        next += peer.read(frame.size() - next.size());
        ASSERT_EQ(next, frame) << "whole frames, then the reason";
    }
}

TEST_F(ManyWebSockets, who_send_half_messages_cannot_fill_the_memory_together) {
    constexpr std::size_t many = 60;  // half of 64 KiB each
    for (std::size_t i = 0; i < many; ++i) connect();
    const auto frame = text_frame(std::string(limits::ws_message_bytes_max, 'x'));
    for (std::size_t i = 0; i < many; ++i) {
        ASSERT_TRUE(peers[i]->write(std::string_view(frame).substr(0, 3 * frame.size() / 4)));
        ASSERT_TRUE(thread.until([&] {
            const auto alive = connections[i].lock();
            return !alive || !alive->is_open() || alive->held_bytes() > frame.size() / 2;
        }));
        ASSERT_LE(held(), loop_bytes);
    }
    std::size_t open = 0;
    for (std::size_t i = 0; i < many; ++i) open += is_open(i) ? 1 : 0;
    EXPECT_LT(open, many);
    EXPECT_GT(open, many / 4);
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
