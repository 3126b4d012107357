#include "base/limits.hpp"
#include "http/connections.hpp"
#include "support/loop_thread.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <optional>
#include <string>
#include <vector>

/// What many slow peers may cost together.
namespace makechat::http {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t loop_bytes = 2 * 1024 * 1024;
constexpr std::size_t body_bytes = 128 * 1024;
constexpr std::size_t answer_bytes = 400'000;

Reply text(int status, std::string body) {
    Reply reply;
    reply.status = status;
    reply.fields = {{"Content-Type", "text/plain"}};
    reply.body = std::move(body);
    return reply;
}

/// GET answers with much; POST waits until the test says so.
class TestHandler final : public Handler {
public:
    class Post final : public Exchange {
    public:
        explicit Post(TestHandler& of) : handler_(of) {}
        [[nodiscard]] std::size_t body_bytes_max() const override { return body_bytes; }
        Reply body_too_large() override { return text(413, ""); }
        Task<Reply> answer(std::string body) override {
            auto wait = suspend_for<bool>([this](auto& done) { handler_.waiting.push_back(&done); });
            co_await wait;
            co_return text(200, std::to_string(body.size()));
        }

    private:
        TestHandler& handler_;
    };

    std::variant<Reply, std::unique_ptr<Exchange>> admit(const Head& head) override {
        if (head.method == Method::get) {
            ++answered;
            return text(200, std::string(answer_bytes, 'a'));
        }
        return std::make_unique<Post>(*this);
    }
    Reply refuse(int status, std::string_view why) override { return text(status, std::string(why)); }

    std::vector<Completion<bool>*> waiting;
    int answered = 0;
};

class HttpMemory : public testing::Test {
protected:
    HttpMemory() {
        thread.call([&] { connections.emplace(thread.loop(), handler); });
    }
    ~HttpMemory() override {
        release();
        thread.call([&] { connections->close_all(); });
        EXPECT_TRUE(thread.until([&] { return connections->count() == 0; }));
        EXPECT_EQ(held(), 0U);
        thread.call([&] { connections.reset(); });
    }
    Peer& connect() {
        auto& peer = peers.emplace_back(32 * 1024);
        thread.call([&] { connections->serve(peer.accept(thread.loop())); });
        return peer;
    }
    std::size_t held() {
        return thread.call([&] { return thread.loop().held_bytes(); });
    }
    void release() {
        thread.call([&] {
            for (auto* const wait : std::exchange(handler.waiting, {})) wait->finish(true);
        });
    }
    /// A request whose body lacks its last byte.
    Peer& post_nearly() {
        auto& peer = connect();
        EXPECT_TRUE(peer.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body_bytes) +
                               "\r\n\r\n" + std::string(body_bytes - 1, 'b')));
        return peer;
    }

    LoopThread thread{1h, loop_bytes};
    TestHandler handler;
    std::optional<Connections> connections;
    std::list<Peer> peers;
};

TEST_F(HttpMemory, of_half_sent_bodies_is_bounded_and_who_goes_is_told_503) {
    constexpr std::size_t many = 32;  // twice as much as there is room for
    for (std::size_t i = 0; i < many; ++i) {
        post_nearly();
        ASSERT_LE(held(), loop_bytes);
    }
    std::vector<Peer*> left;
    std::string refusal;
    for (auto& peer : peers) {
        const auto answer = peer.read_some();
        if (answer.empty()) left.push_back(&peer);
        else refusal = answer;
    }
    EXPECT_TRUE(refusal.starts_with("HTTP/1.1 503 ")) << refusal;
    EXPECT_NE(refusal.find("Connection: close"), std::string::npos) << refusal;
    EXPECT_GT(left.size(), many / 8) << "no more of them than needed";
    for (auto* const peer : left) EXPECT_TRUE(peer->write("b"));
    EXPECT_TRUE(thread.until([&] { return handler.waiting.size() >= many / 8; })) << "the others are served";
}

TEST_F(HttpMemory, of_bodies_that_are_being_answered_lets_no_more_in) {
    std::vector<Peer*> sent;
    for (int i = 0; i < 40; ++i) {
        auto& peer = post_nearly();
        peer.write("b");
        sent.push_back(&peer);
    }
    std::size_t refused = 0;
    ASSERT_TRUE(thread.until([&] { return handler.waiting.size() >= 8; }));
    EXPECT_TRUE(thread.until([&] {
        for (auto* const peer : sent) refused += peer->read_some().starts_with("HTTP/1.1 503 ") ? 1 : 0;
        return refused + handler.waiting.size() == sent.size();
    }));
    EXPECT_GE(refused, sent.size() - loop_bytes / body_bytes - 1);
    release();
    std::size_t served = 0;
    EXPECT_TRUE(thread.until([&] {
        for (auto* const peer : sent) served += peer->read_some().starts_with("HTTP/1.1 200 ") ? 1 : 0;
        return served + refused == sent.size();
    })) << "what was begun is answered: "
        << served << " and " << refused;
}

TEST_F(HttpMemory, of_answers_that_nobody_takes_is_bounded) {
    for (int i = 0; i < 12; ++i) {
        ASSERT_TRUE(connect().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
        ASSERT_TRUE(thread.until([&] { return handler.answered == i + 1; }));
        ASSERT_LE(held(), loop_bytes);
    }
    EXPECT_TRUE(thread.until([&] { return connections->count() < 12; })) << "some were cut";
    EXPECT_GT(connections->count(), 2U);
}

TEST_F(HttpMemory, of_one_who_asks_on_and_on_without_reading_is_one_answer) {
    auto& peer = connect();
    std::string many;
    for (int i = 0; i < 50; ++i) many += "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    ASSERT_TRUE(peer.write(many));
    ASSERT_TRUE(thread.until([&] { return thread.loop().held_bytes() > 0; }));
    EXPECT_EQ(thread.call([&] { return handler.answered; }), 1);
    std::size_t got = 0;
    while (thread.call([&] { return handler.answered; }) < 50 || got < 50 * answer_bytes) {
        const auto more = peer.read(100'000).size();
        ASSERT_GT(more, 0U);
        got += more;
    }
    EXPECT_LT(held(), 2 * answer_bytes);
}

}  // namespace
}  // namespace makechat::http
