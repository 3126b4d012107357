#include "net/socket.hpp"

#include "support/loop_thread.hpp"

#include <gtest/gtest.h>
#include <malloc.h>

#include <deque>
#include <memory>
#include <optional>

namespace makechat::net {
namespace {

using namespace std::chrono_literals;

class SocketOnLoop : public testing::Test {
protected:
    SocketOnLoop() {
        thread.call([this] { socket.emplace(peer.accept(thread.loop())); });
    }
    ~SocketOnLoop() override {
        thread.call([this] { socket.reset(); });
        EXPECT_TRUE(thread.until([this] { return running == 0; }));
    }

    static Task<void> read(SocketOnLoop& test) {
        ++test.running;
        std::array<char, 100> buffer;
        test.got = co_await test.socket->read_some(buffer);
        test.received.assign(buffer.data(), *test.got);
        --test.running;
    }
    static Task<void> write(SocketOnLoop& test, std::string head, std::string body) {
        ++test.running;
        test.written = co_await test.socket->write(head, body);
        --test.running;
    }
    void begin_read() {
        thread.call([this] { start(read(*this)); });
    }
    bool has_read() {
        return thread.until([this] { return got.has_value(); });
    }

    LoopThread thread;
    Peer peer;
    std::optional<Socket> socket;
    std::optional<std::size_t> got;
    std::optional<bool> written;
    std::string received;
    int running = 0;
};

TEST_F(SocketOnLoop, reads_what_comes) {
    begin_read();
    EXPECT_FALSE(thread.call([this] { return got.has_value(); }));
    ASSERT_TRUE(peer.write("hello"));
    ASSERT_TRUE(has_read());
    EXPECT_EQ(received, "hello");
}

TEST_F(SocketOnLoop, reads_nothing_when_the_peer_has_ended) {
    begin_read();
    peer.close();
    ASSERT_TRUE(has_read());
    EXPECT_EQ(*got, 0u);
}

TEST_F(SocketOnLoop, closing_ends_a_read_that_waits) {
    begin_read();
    thread.call([this] {
        socket->close();
        socket->close();
        EXPECT_FALSE(got.has_value()) << "never within the call";
        EXPECT_FALSE(socket->is_open());
    });
    ASSERT_TRUE(has_read());
    EXPECT_EQ(*got, 0u);
    EXPECT_TRUE(peer.at_end());
}

TEST_F(SocketOnLoop, destroying_it_does_too) {
    begin_read();
    thread.call([this] { socket.reset(); });
    ASSERT_TRUE(has_read());
    EXPECT_EQ(*got, 0u);
}

TEST_F(SocketOnLoop, interrupting_ends_a_read_and_leaves_the_socket_open) {
    begin_read();
    thread.call([this] { socket->interrupt(); });
    ASSERT_TRUE(has_read());
    EXPECT_EQ(*got, 0u);
    const std::string_view parts[] = {"too ", "slow"};
    EXPECT_EQ(thread.call([&] { return socket->try_write(parts); }), 8);
    EXPECT_EQ(peer.read(8), "too slow");
}

TEST_F(SocketOnLoop, writes_more_than_the_kernel_takes) {
    const std::string head(3'000'000, 'h');
    const std::string body(3'000'000, 'b');
    thread.call([&] { start(write(*this, head, body)); });
    EXPECT_FALSE(thread.call([this] { return written.has_value(); }));
    EXPECT_EQ(peer.read(6'000'000), head + body);
    EXPECT_TRUE(thread.until([this] { return written == true; }));
}

TEST_F(SocketOnLoop, a_write_to_who_has_gone_fails) {
    thread.call([&] { start(write(*this, std::string(3'000'000, 'h'), "")); });
    peer.close();
    EXPECT_TRUE(thread.until([this] { return written == false; }));
}

TEST_F(SocketOnLoop, closing_ends_a_write_that_waits) {
    thread.call([&] { start(write(*this, std::string(3'000'000, 'h'), "")); });
    thread.call([&] { socket->close(); });
    EXPECT_TRUE(thread.until([this] { return written == false; }));
}

TEST_F(SocketOnLoop, after_end_sending_the_peer_may_still_send) {
    thread.call([this] { socket->end_sending(); });
    EXPECT_TRUE(peer.at_end());
    begin_read();
    ASSERT_TRUE(peer.write("late"));
    ASSERT_TRUE(has_read());
    EXPECT_EQ(received, "late");
}

TEST_F(SocketOnLoop, tries_without_waiting) {
    std::array<char, 10> buffer;
    const auto read_now = [&] { return thread.call([&] { return socket->try_read(buffer); }); };
    EXPECT_EQ(read_now(), Socket::would_block);
    ASSERT_TRUE(peer.write("abc"));
    EXPECT_EQ(read_now(), 3);
    const std::string part(10'000, 'x');
    const std::vector<std::string_view> parts(1'000,
                                              part);  // more than one system call takes, and than the kernel holds
    const auto write_now = [&] { return thread.call([&] { return socket->try_write(parts); }); };
    const auto sent = write_now();
    EXPECT_GT(sent, 0);
    EXPECT_LT(sent, 10'000'000);
    while (write_now() > 0) {}
    EXPECT_EQ(write_now(), Socket::would_block);
    peer.close();
    EXPECT_EQ(write_now(), Socket::broken);
    thread.call([&] { socket->close(); });
    EXPECT_EQ(read_now(), Socket::broken);
}

TEST_F(SocketOnLoop, many_small_parts_go_out_in_order) {
    std::vector<std::string> texts;
    std::string all;
    for (int i = 0; i < 1'000; ++i) all += texts.emplace_back(std::to_string(i) + ",");
    const std::vector<std::string_view> parts(texts.begin(), texts.end());
    EXPECT_EQ(thread.call([&] { return socket->try_write(parts); }), static_cast<long>(all.size()));
    EXPECT_EQ(peer.read(all.size()), all);
}

struct Counter final : Socket::Waiter {
    int readable = 0;
    int writable = 0;
    void on_readable() override { ++readable; }
    void on_writable() override { ++writable; }
};

TEST_F(SocketOnLoop, tells_once_when_it_can_be_read_or_written) {
    const auto counter = std::make_shared<Counter>();
    thread.call([&] { socket->when_readable(counter); });
    EXPECT_EQ(thread.call([&] { return counter->readable; }), 0);
    ASSERT_TRUE(peer.write("a"));
    EXPECT_TRUE(thread.until([&] { return counter->readable == 1; }));
    ASSERT_TRUE(peer.write("b"));
    thread.call([&] { socket->when_writable(counter); });
    EXPECT_TRUE(thread.until([&] { return counter->writable == 1; }));
    EXPECT_EQ(thread.call([&] { return counter->readable; }), 1);
    thread.call([&] { socket->when_readable(counter); });  // what came meanwhile is not forgotten
    EXPECT_TRUE(thread.until([&] { return counter->readable == 2; }));
    EXPECT_EQ(counter.use_count(), 1);
}

TEST_F(SocketOnLoop, tells_of_the_end) {
    const auto counter = std::make_shared<Counter>();
    thread.call([&] { socket->when_readable(counter); });
    peer.close();
    EXPECT_TRUE(thread.until([&] { return counter->readable == 1; }));
}

TEST_F(SocketOnLoop, tells_nothing_after_close) {
    const auto counter = std::make_shared<Counter>();
    thread.call([&] {
        socket->when_readable(counter);
        socket->when_writable(counter);  // is ready at once, but not told within this turn
        socket->close();
    });
    EXPECT_TRUE(thread.until([&] { return counter.use_count() == 1; }));
    EXPECT_EQ(counter->readable + counter->writable, 0);
}

TEST(SocketMemory, an_idle_live_connection_costs_less_than_600_bytes) {
    constexpr int count = 400;
    LoopThread thread;
    std::deque<Peer> peers(count);
    std::vector<Socket> sockets;
    sockets.reserve(count);
    const auto waiter = std::make_shared<Counter>();
    const auto used = [&] { return thread.call([] { return mallinfo2().uordblks; }); };
    const auto before = used();
    thread.call([&] {
        for (auto& peer : peers) sockets.push_back(peer.accept(thread.loop()));
        for (auto& socket : sockets) socket.when_readable(waiter);
    });
    const auto after = used();
    thread.call([&] { sockets.clear(); });
    EXPECT_TRUE(thread.until([&] { return waiter.use_count() == 1; }));
    if (after == before) GTEST_SKIP() << "this allocator does not count";
    RecordProperty("bytes", static_cast<int>((after - before) / count));
    EXPECT_LT((after - before) / count, 600u);
}

}  // namespace
}  // namespace makechat::net
