#include "bench/paced_load.hpp"

#include "bench/cores.hpp"
#include "bench/http_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <chrono>
#include <thread>

namespace makechat::bench {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto pace = 5ms;

/// The server of one client, on this thread: it answers when the test says so.
class Server {
public:
    Server() : listening_(std::move(*listen_anywhere(endpoint))) {}
    void accept_one() {
        int peer = -1;
        while (peer < 0) peer = accept(listening_.number(), nullptr, nullptr);
        peer_ = Descriptor{peer};
    }
    void await_request() {
        char bytes[1024];
        ASSERT_GT(recv(peer_.number(), bytes, sizeof bytes, 0), 0);
    }
    void answer() {
        constexpr std::string_view ok = "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n";
        ASSERT_EQ(send(peer_.number(), ok.data(), ok.size(), MSG_NOSIGNAL), static_cast<ssize_t>(ok.size()));
    }
    void hang_up() { peer_ = {}; }
    Endpoint endpoint;

private:
    Descriptor listening_;
    Descriptor peer_;
};

Result<PacedLoad> load_on(const Server& server) {
    return PacedLoad::start(server.endpoint, 1, pace, Cores::of_machine().all(),
                            [&](std::size_t) { return request_of(server.endpoint, "GET", "/", {}, {}); });
}

TEST(PacedLoad, counts_what_was_due_while_the_server_stood_still) {
    Server server;
    auto load = load_on(server);
    ASSERT_TRUE(load) << load.error().text;
    load->count_from_here();
    server.accept_one();
    server.await_request();
    std::this_thread::sleep_for(10 * pace);  // of the clients' own time: ten more are due in it
    server.answer();
    server.await_request();  // it has been due for long
    const auto seen = load->stop();
    ASSERT_TRUE(seen) << seen.error().text;
    EXPECT_GE(seen->answers, 10U) << "one was answered; the others count with their age";
    EXPECT_GE(seen->unanswered, 9U);
    EXPECT_GE(seen->p99_ms, 40);
}

TEST(PacedLoad, counts_nothing_of_before) {
    Server server;
    auto load = load_on(server);
    ASSERT_TRUE(load) << load.error().text;
    server.accept_one();
    for (int i = 0; i < 20; ++i) {
        server.await_request();
        server.answer();
    }
    server.await_request();
    const auto seen = load->stop();
    ASSERT_TRUE(seen) << seen.error().text;
    EXPECT_EQ(seen->answers, seen->unanswered);
}

TEST(PacedLoad, says_when_a_connection_broke) {
    Server server;
    auto load = load_on(server);
    ASSERT_TRUE(load) << load.error().text;
    server.accept_one();
    server.await_request();
    server.hang_up();
    while (load->runs()) std::this_thread::yield();
    EXPECT_FALSE(load->stop());
}

}  // namespace
}  // namespace makechat::bench
