#include "base/limits.hpp"
#include "ws/client_frame.hpp"
#include "ws/connection.hpp"
#include "ws/connection_fixture.hpp"

#include <gtest/gtest.h>
#include <malloc.h>

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
