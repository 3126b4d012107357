#include "net/outbox.hpp"

#include "support/loop_thread.hpp"

#include <gtest/gtest.h>

namespace makechat::net {
namespace {

/// A socket whose kernel takes little, and its outbox, on the loop of this thread: nothing here waits.
class OutboxTest : public testing::Test {
protected:
    static constexpr int kernel_bytes = 16 * 1024;

    Outbox::Sent send(std::string_view part) { return outbox.send(socket, {&part, 1}); }

    /// What the peer gets when it reads until nothing waits.
    std::string drain() {
        std::string received = peer.read_some();
        while (!outbox.empty()) {
            (void)outbox.drain(socket);
            received += peer.read_some();
        }
        return received;
    }

    Loop loop;
    Peer peer{kernel_bytes};
    Socket socket = peer.accept(loop);
    Outbox outbox;
};

TEST_F(OutboxTest, sends_at_once_what_the_kernel_takes) {
    const std::string_view parts[] = {"one", "", "two"};
    EXPECT_EQ(outbox.send(socket, parts), Outbox::Sent::all);
    EXPECT_TRUE(outbox.empty());
    EXPECT_EQ(peer.read(6), "onetwo");
}

TEST_F(OutboxTest, keeps_the_order_over_short_writes) {
    std::string expected;
    std::string received;
    for (int i = 0; i < 3000; ++i) {
        const auto first = std::to_string(i) + std::string(static_cast<std::size_t>(i % 700), 'a');
        const auto second = std::string(static_cast<std::size_t>(i % 13), 'b');
        const std::string_view parts[] = {first, second};
        ASSERT_NE(outbox.send(socket, parts), Outbox::Sent::overflow);
        expected += first + second;
        if (i % 50 != 0) continue;
        received += peer.read_some();
        (void)outbox.drain(socket);
    }
    received += drain();
    EXPECT_EQ(received, expected);
}

TEST_F(OutboxTest, over_the_bound_keeps_the_rest_of_the_part_that_has_begun) {
    const std::string part(50'000, 'a');
    auto sent = send(part);
    std::size_t parts = 1;
    for (; sent == Outbox::Sent::waits; ++parts) sent = send(part);
    EXPECT_EQ(sent, Outbox::Sent::overflow);
    EXPECT_GT(parts * part.size(), limits::outbox_bytes_max);
    EXPECT_GT(outbox.size(), 0U);
    EXPECT_LT(outbox.size(), part.size());
    EXPECT_EQ(send("last"), Outbox::Sent::waits);
    EXPECT_EQ(drain(), part + "last");
}

TEST_F(OutboxTest, over_the_bound_within_one_send_keeps_the_part_where_it_stopped) {
    const std::string one(kernel_bytes / 4, 'a');
    const std::string two(50'000, 'b');
    std::vector<std::string_view> parts{one};
    while (parts.size() < 30) parts.emplace_back(two);
    EXPECT_EQ(outbox.send(socket, parts), Outbox::Sent::overflow);
    EXPECT_LT(outbox.size(), two.size());
    EXPECT_EQ(send("last"), Outbox::Sent::waits);
    EXPECT_EQ(drain(), one + two + "last");
}

TEST_F(OutboxTest, says_when_the_connection_is_broken) {
    EXPECT_EQ(send(std::string(100'000, 'a')), Outbox::Sent::waits);
    peer.close();
    EXPECT_EQ(outbox.drain(socket), Outbox::Sent::broken);
    EXPECT_TRUE(outbox.empty());
    EXPECT_EQ(send("more"), Outbox::Sent::broken);
}

}  // namespace
}  // namespace makechat::net
