#include "http/event_stream.hpp"

#include "base/limits.hpp"
#include "support/loop_thread.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace makechat::http {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view last_chunk = "0\r\n\r\n";

std::string event(std::string_view id, std::string_view data) {
    std::string out;
    append_sse_event(out, id, data);
    return out;
}

TEST(SseEvent, is_one_chunk) {
    EXPECT_EQ(event("c1", R"({"a": 1})"), "17\r\nid: c1\ndata: {\"a\": 1}\n\n\r\n");
    EXPECT_EQ(event("", "{}"), "a\r\ndata: {}\n\n\r\n");
    EXPECT_EQ(event("", std::string(4088, 'x')).substr(0, 12), "1000\r\ndata: ");
}

class Owner final : public EventStream::Client {
public:
    int ends = 0;
    void on_end(EventStream&) override { ++ends; }
};

class Stream : public testing::Test {
protected:
    void open(int buffer_bytes = 0) {
        peer.emplace(buffer_bytes);
        thread.call([&] {
            auto made = std::make_shared<EventStream>(peer->accept(thread.loop()), owner);
            stream = made;
            made->start();
        });
    }
    bool send(std::string_view bytes) {
        return thread.call([&] {
            const auto alive = stream.lock();
            return alive && alive->send({&bytes, 1});
        });
    }
    void sweep(std::chrono::nanoseconds at) {
        thread.call([&] {
            if (const auto alive = stream.lock()) alive->sweep(at);
        });
    }
    int ends() {
        return thread.call([&] { return owner.ends; });
    }
    void close() {
        thread.call([&] { stream.lock()->close(); });
    }

    void TearDown() override {
        peer->close();
        EXPECT_TRUE(thread.until([&] { return owner.ends > 0 && stream.expired(); }));
        EXPECT_EQ(ends(), 1);
    }

    Owner owner;
    LoopThread thread;
    std::optional<Peer> peer;
    std::weak_ptr<EventStream> stream;
};

TEST_F(Stream, sends_events_in_order) {
    open();
    const auto both = event("1", "{}") + event("2", "{}");
    EXPECT_TRUE(send(event("1", "{}")));
    EXPECT_TRUE(send(event("2", "{}")));
    EXPECT_EQ(peer->read(both.size()), both);
}

TEST_F(Stream, ends_when_the_peer_does_whatever_it_has_sent) {
    open();
    EXPECT_TRUE(peer->write("GET / HTTP/1.1\r\n\r\n"));
}

TEST_F(Stream, closes_with_the_last_chunk_and_lets_the_peer_end) {
    open();
    close();
    EXPECT_FALSE(send(event("1", "{}")));
    EXPECT_EQ(peer->read(last_chunk.size()), last_chunk);
    EXPECT_TRUE(peer->at_end());
    EXPECT_EQ(ends(), 0);
}

TEST_F(Stream, does_not_wait_for_ever_for_the_peers_end) {
    open();
    close();
    sweep(thread.loop().now() + limits::close_wait_max);
    EXPECT_TRUE(thread.until([&] { return owner.ends == 1; }));
}

TEST_F(Stream, is_kept_alive_by_a_comment_after_silence) {
    open();
    sweep(100s);  // sees that it has just begun
    sweep(124s);
    sweep(125s);
    sweep(126s);
    const std::string_view comment = "3\r\n:\n\n\r\n";
    EXPECT_EQ(peer->read(comment.size()), comment);
    EXPECT_TRUE(send(event("1", "{}")));
    sweep(140s);
    sweep(164s);
    sweep(165s);
    EXPECT_EQ(peer->read(event("1", "{}").size()), event("1", "{}"));
    EXPECT_EQ(peer->read(comment.size()), comment) << "25 s after the event, not before";
}

TEST_F(Stream, a_slow_reader_is_cut_without_a_last_chunk) {
    open(64 * 1024);
    const auto big = event("1", std::string(10'000, 'x'));
    int sent = 0;
    while (send(big)) ++sent;
    EXPECT_GT(sent, 100);
    const auto all = peer->read(2 * limits::outbox_bytes_max);
    EXPECT_LT(all.size(), static_cast<std::size_t>(sent) * big.size());
    EXPECT_FALSE(all.ends_with(last_chunk));
}

TEST_F(Stream, ends_when_the_peer_takes_nothing_of_what_waits) {
    open(16 * 1024);
    const auto large = event("", std::string(100'000, 'x'));
    ASSERT_TRUE(send(large));
    sweep(100s);
    sweep(100s + limits::ping_after);
    EXPECT_EQ(ends(), 0);
    sweep(100s + 2 * limits::ping_after);
    EXPECT_TRUE(thread.until([&] { return owner.ends == 1; }));
}

}  // namespace
}  // namespace makechat::http
