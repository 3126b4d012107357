#include "bench/subscribers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <thread>

namespace makechat::bench {
namespace {

std::string frame_of(std::string_view text) {
    std::string frame = "\x81";
    if (text.size() < 126) {
        frame += static_cast<char>(text.size());
    } else {
        frame += '\x7e';
        frame += static_cast<char>(text.size() >> 8U);
        frame += static_cast<char>(text.size() & 0xFFU);
    }
    return frame + std::string(text);
}

std::string message(std::size_t bytes) {
    return R"({"type": "message", "cursor": "C)" + std::to_string(bytes) + R"(", "x": ")" + std::string(bytes, 'x') +
           "\"}";
}

/// A server of one connection that sends `pieces`, each by a send of its own.
class Peer {
public:
    Peer() : listening_(std::move(*listen_anywhere(endpoint))) {}
    void send_all(const std::vector<std::string>& pieces) {
        thread_ = std::jthread([this, pieces] {
            int peer = -1;
            while (peer < 0) peer = accept(listening_.number(), nullptr, nullptr);
            socket_ = Descriptor{peer};
            for (const auto& piece : pieces) send(peer, piece.data(), piece.size(), MSG_NOSIGNAL);
        });
    }
    void say(std::string_view bytes) {
        thread_ = {};
        send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
    void hang_up() { socket_ = {}; }
    Endpoint endpoint;

private:
    Descriptor listening_;
    Descriptor socket_;
    std::jthread thread_;
};

Result<bool> receive(Peer& peer, Subscribers& subscribers, const std::vector<std::string>& pieces,
                     std::size_t messages) {
    peer.send_all(pieces);
    const auto opened = subscribers.open(1, [](std::size_t) { return std::string{}; });
    if (!opened) return opened;
    return subscribers.wait_for_messages(messages);
}

TEST(Subscribers, count_messages_however_their_bytes_are_cut) {
    const auto bytes = frame_of(message(3)) + frame_of(R"({"type": "presence"})") + frame_of(message(500)) +
                       frame_of("{}") + frame_of(message(70));
    for (const std::size_t step : {1U, 2U, 3U, 7U, 50U, 5'000U}) {
        std::vector<std::string> pieces;
        for (std::size_t at = 0; at < bytes.size(); at += step) pieces.push_back(bytes.substr(at, step));
        Peer peer;
        Subscribers subscribers{peer.endpoint};
        subscribers.keep_cursors();
        const auto all = receive(peer, subscribers, pieces, 3);
        ASSERT_TRUE(all) << step << ": " << all.error().text;
        EXPECT_EQ(subscribers.cursor(0), "C70");
    }
}

TEST(Subscribers, keep_the_frame_of_the_last_message) {
    Peer peer;
    Subscribers subscribers{peer.endpoint};
    ASSERT_TRUE(receive(peer, subscribers, {frame_of(message(3)), frame_of(message(4))}, 2));
    EXPECT_EQ(subscribers.last_frame(), frame_of(message(4)));
}

TEST(Subscribers, say_that_the_server_refused_and_how) {
    Peer peer;
    Subscribers subscribers{peer.endpoint};
    peer.send_all({"HTTP/1.1 401 Unauthorized\r\n", "Content-Length: 0\r\n\r\n"});
    const auto opened = subscribers.open(1, [&](std::size_t) { return upgrade_request(peer.endpoint, "token"); });
    ASSERT_FALSE(opened);
    EXPECT_THAT(opened.error().text, testing::HasSubstr("401"));
}

TEST(Subscribers, do_not_settle_on_a_server_that_goes_on_or_hangs_up) {
    constexpr std::chrono::milliseconds silence{1};
    Peer peer;
    Subscribers subscribers{peer.endpoint};
    ASSERT_TRUE(receive(peer, subscribers, {frame_of(message(3))}, 1));
    EXPECT_TRUE(subscribers.settle(silence));
    peer.say(frame_of("{}"));
    EXPECT_FALSE(subscribers.settle(silence, std::chrono::milliseconds{0})) << "there is something, and no time left";
    peer.hang_up();
    const auto gone = subscribers.settle(silence);
    ASSERT_FALSE(gone);
    EXPECT_THAT(gone.error().text, testing::HasSubstr("closed connection 0"));
}

/// A peer that nobody reads from, and how much of a MiB the kernel took from it.
class Unread {
public:
    explicit Unread(Buffers buffers) : listening_(std::move(*listen_anywhere(endpoint_))), subscribers_(endpoint_) {
        subscribers_.set_buffers(buffers);
        EXPECT_TRUE(subscribers_.open(1, [](std::size_t) { return std::string{}; }));
        subscribers_.stall(0);
        int peer = -1;
        while (peer < 0) peer = accept(listening_.number(), nullptr, nullptr);
        peer_ = Descriptor{peer};
    }
    std::size_t send_mebibyte() {
        const std::string bytes(1024, 'x');
        std::size_t taken = 0;
        while (taken < 1024 * bytes.size()) {
            const auto size = send(peer_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            if (size <= 0) break;
            taken += static_cast<std::size_t>(size);
        }
        return taken;
    }
    void say(std::string_view bytes) { send(peer_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL); }
    Subscribers& subscribers() { return subscribers_; }

private:
    Endpoint endpoint_;
    Descriptor listening_;
    Descriptor peer_;
    Subscribers subscribers_;
};

TEST(Subscribers, that_stall_with_small_buffers_leave_what_is_sent_with_the_server) {
    EXPECT_GT(Unread{Buffers::usual}.send_mebibyte(), 512U * 1024);
    Unread unread{Buffers::small};
    const auto taken = unread.send_mebibyte();
    EXPECT_LT(taken, 256U * 1024);
    // What has come and is not acknowledged yet counts on both sides.
    EXPECT_GE(unread.subscribers().unread_bytes(0), taken);
    EXPECT_LT(unread.subscribers().unread_bytes(0), 2 * taken);
}

TEST(Subscribers, that_stall_know_whether_they_were_cut) {
    Unread goes_on{Buffers::small};
    goes_on.say(frame_of(message(500)));
    EXPECT_FALSE(goes_on.subscribers().was_cut(0));
    Unread cut{Buffers::small};
    cut.say(frame_of(message(500)) + "\x88\x08\x03\xf5resync");
    EXPECT_TRUE(cut.subscribers().was_cut(0));
}

}  // namespace
}  // namespace makechat::bench
