#include "http/connections.hpp"
#include "support/loop_thread.hpp"

#include <gtest/gtest.h>

#include <charconv>
#include <list>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace makechat::http {
namespace {

using namespace std::chrono_literals;

constexpr auto sweep_every = 10ms;

Reply text(int status, std::string body) {
    Reply reply;
    reply.status = status;
    reply.fields = {{"Content-Type", "text/plain"}};
    reply.body = std::move(body);
    reply.route = "/test";
    return reply;
}

/// Answers by the path, and remembers who waits.
class TestHandler final : public Handler {
public:
    std::variant<Reply, std::unique_ptr<Exchange>> admit(const Head& head) override;
    Reply refuse(int status, std::string_view why) override { return text(status, std::string(why)); }

    std::vector<Completion<bool>*> waiting;  // of requests to /wait
    std::optional<net::Socket> taken;
    std::string taken_received;
};

class TestExchange final : public Exchange {
public:
    TestExchange(TestHandler& handler, const Head& head) : handler_(handler), head_(head) {}

    [[nodiscard]] std::size_t body_bytes_max() const override { return 1'000; }
    Reply body_too_large() override { return text(413, "too large"); }
    Task<Reply> answer(std::string body) override {
        const std::string path(head_.path);
        if (path == "/throw") throw std::runtime_error("a secret cause");
        if (path == "/wait") {
            auto wait = suspend_for<bool>([this](auto& done) { handler_.waiting.push_back(&done); });
            co_await wait;
        }
        // The head must still be there after a wait.
        co_return text(200, path == "/large" ? std::string(10'000, 'a') : path + ":" + body);
    }

private:
    TestHandler& handler_;
    const Head& head_;
};

std::variant<Reply, std::unique_ptr<Exchange>> TestHandler::admit(const Head& head) {
    if (head.path == "/refused") return text(401, "no");
    if (head.path == "/throw-early") throw std::runtime_error("a secret cause");
    if (head.path == "/huge") return text(200, std::string(8'000'000, 'h'));
    if (head.path == "/peer") return text(200, std::string(head.peer) + "|" + std::string(head.request_id));
    if (head.path == "/close") {
        auto reply = text(200, "bye");
        reply.fields.emplace_back("Connection", "close");
        return reply;
    }
    if (head.path == "/take") {
        auto reply = text(101, "");
        reply.fields = {{"Connection", "Upgrade"}};
        reply.take_over = [this](net::Socket socket, std::string received) {
            taken.emplace(std::move(socket));
            taken_received = std::move(received);
        };
        return reply;
    }
    return std::make_unique<TestExchange>(*this, head);
}

struct Answer {
    int status = 0;
    std::string head;
    std::string body;

    [[nodiscard]] std::string field(std::string_view name) const {
        const auto at = head.find("\r\n" + std::string(name) + ": ");
        if (at == std::string::npos) return "";
        const auto begin = at + name.size() + 4;
        return head.substr(begin, head.find("\r\n", begin) - begin);
    }
};

std::string read_head(Peer& peer) {
    std::string head;
    while (!head.ends_with("\r\n\r\n")) {
        const auto byte = peer.read(1);
        if (byte.empty()) break;
        head += byte;
    }
    return head;
}

Answer read_answer(Peer& peer, bool to_head = false) {
    Answer answer;
    answer.head = read_head(peer);
    if (answer.head.size() < 12) return answer;
    std::from_chars(answer.head.data() + 9, answer.head.data() + 12, answer.status);
    const auto length = answer.field("Content-Length");
    if (!to_head && !length.empty()) answer.body = peer.read(std::stoul(length));
    return answer;
}

std::string get(std::string_view path, std::string_view fields = "") {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n" + std::string(fields) + "\r\n";
}

std::string post(std::string_view path, std::string_view body, std::string_view fields = "") {
    return "POST " + std::string(path) + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n" + std::string(fields) + "\r\n" + std::string(body);
}

class HttpConnection : public testing::Test {
protected:
    HttpConnection() { open({}); }
    ~HttpConnection() override { end(); }

    void open(Deadlines deadlines) {
        thread.call([&] { connections.emplace(thread.loop(), handler, deadlines); });
    }
    void end() {
        thread.call([&] {
            handler.taken.reset();
            for (auto* const wait : std::exchange(handler.waiting, {})) wait->finish(true);
            if (connections) connections->close_all();
        });
        EXPECT_TRUE(thread.until([&] { return !connections || connections->count() == 0; }));
        thread.call([&] { connections.reset(); });
    }
    void reopen(Deadlines deadlines) {
        end();
        open(deadlines);
    }
    Peer& connect() {
        auto& peer = peers.emplace_back();
        thread.call([&] { connections->serve(peer.accept(thread.loop())); });
        return peer;
    }
    bool waits(std::size_t count = 1) {
        return thread.until([&, count] { return handler.waiting.size() == count; });
    }
    void release() {
        thread.call([&] {
            for (auto* const wait : std::exchange(handler.waiting, {})) wait->finish(true);
        });
    }

    LoopThread thread{sweep_every};
    TestHandler handler;
    std::optional<Connections> connections;
    std::list<Peer> peers;
};

TEST_F(HttpConnection, answers_one_request_after_the_other) {
    auto& peer = connect();
    for (const auto* path : {"/a", "/b", "/c"}) {
        ASSERT_TRUE(peer.write(post(path, "body")));
        const auto answer = read_answer(peer);
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.body, std::string(path) + ":body");
        EXPECT_EQ(answer.field("Connection"), "keep-alive");
        EXPECT_EQ(answer.field("Server"), "makechat");
        EXPECT_FALSE(answer.field("Date").empty());
    }
}

TEST_F(HttpConnection, reads_a_request_however_it_is_split) {
    const auto request = post("/split", "hello");
    auto& peer = connect();
    for (std::size_t at = 1; at < request.size(); ++at) {
        ASSERT_TRUE(peer.write(request.substr(0, at)));
        thread.call([] {});  // so that the parts come apart
        ASSERT_TRUE(peer.write(request.substr(at)));
        ASSERT_EQ(read_answer(peer).body, "/split:hello") << at;
    }
    for (const char byte : request + request) {
        ASSERT_TRUE(peer.write({&byte, 1}));
        thread.call([] {});
    }
    EXPECT_EQ(read_answer(peer).body, "/split:hello");
    EXPECT_EQ(read_answer(peer).body, "/split:hello");
}

TEST_F(HttpConnection, answers_pipelined_requests_in_their_order) {
    auto& peer = connect();
    std::string requests;
    for (int i = 0; i < 500; ++i) requests += post("/" + std::to_string(i), "x");
    ASSERT_TRUE(peer.write(post("/wait", "") + requests));
    ASSERT_TRUE(waits());
    release();
    EXPECT_EQ(read_answer(peer).body, "/wait:");
    for (int i = 0; i < 500; ++i) ASSERT_EQ(read_answer(peer).body, "/" + std::to_string(i) + ":x");
}

TEST_F(HttpConnection, passes_over_empty_lines_before_a_request) {
    auto& peer = connect();
    ASSERT_TRUE(peer.write("\r\n" + get("/a") + "\r\n\r\n" + get("/b")));
    EXPECT_EQ(read_answer(peer).body, "/a:");
    EXPECT_EQ(read_answer(peer).body, "/b:");
}

TEST_F(HttpConnection, closes_when_asked_to) {
    for (const auto& request :
         {get("/a", "Connection: close\r\n"), std::string("GET /a HTTP/1.0\r\n\r\n"), get("/close")}) {
        auto& peer = connect();
        ASSERT_TRUE(peer.write(request));
        const auto answer = read_answer(peer);
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.field("Connection"), "close");
        EXPECT_TRUE(peer.at_end());
    }
    EXPECT_TRUE(thread.until([&] { return connections->count() == 0; }));
}

TEST_F(HttpConnection, answers_who_closes_his_own_end_at_once) {
    auto& peer = connect();
    ASSERT_TRUE(peer.write(get("/a")));
    peer.end_sending();
    EXPECT_EQ(read_answer(peer).body, "/a:");
    EXPECT_TRUE(peer.at_end());
}

TEST_F(HttpConnection, a_head_is_answered_without_a_body) {
    auto& peer = connect();
    ASSERT_TRUE(peer.write("HEAD /abc HTTP/1.1\r\nHost: x\r\n\r\n" + get("/b")));
    const auto answer = read_answer(peer, true);
    EXPECT_EQ(answer.field("Content-Length"), "5");
    EXPECT_EQ(read_answer(peer).body, "/b:");
}

TEST_F(HttpConnection, says_continue_only_when_the_request_is_admitted) {
    auto& peer = connect();
    const std::string fields = "Expect: 100-continue\r\nContent-Length: 4\r\n\r\n";
    ASSERT_TRUE(peer.write("POST /a HTTP/1.1\r\nHost: x\r\n" + fields));
    EXPECT_EQ(read_head(peer), "HTTP/1.1 100 Continue\r\n\r\n");
    ASSERT_TRUE(peer.write("body"));
    EXPECT_EQ(read_answer(peer).body, "/a:body");

    ASSERT_TRUE(peer.write("POST /refused HTTP/1.1\r\nHost: x\r\n" + fields));
    const auto answer = read_answer(peer);
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(answer.field("Connection"), "close") << "nobody knows whether the body will come";
    EXPECT_TRUE(peer.at_end());
}

TEST_F(HttpConnection, says_no_continue_when_the_body_is_too_large) {
    auto& peer = connect();
    ASSERT_TRUE(peer.write("POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n"));
    EXPECT_EQ(read_answer(peer).status, 413);
    EXPECT_TRUE(peer.at_end());
}

TEST_F(HttpConnection, reads_chunks) {
    auto& peer = connect();
    const std::string head = "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::string body = "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: x\r\n\r\n";
    ASSERT_TRUE(peer.write(head + body + get("/b")));
    EXPECT_EQ(read_answer(peer).body, "/a:abcde");
    EXPECT_EQ(read_answer(peer).body, "/b:");
    for (std::size_t at = 1; at < body.size(); ++at) {
        ASSERT_TRUE(peer.write(head + body.substr(0, at)));
        thread.call([] {});
        ASSERT_TRUE(peer.write(body.substr(at)));
        ASSERT_EQ(read_answer(peer).body, "/a:abcde") << at;
    }
    ASSERT_TRUE(peer.write(head + "nonsense\r\n"));
    EXPECT_EQ(read_answer(peer).status, 400);
    EXPECT_TRUE(peer.at_end());
}

TEST_F(HttpConnection, a_refused_small_body_is_passed_over) {
    auto& peer = connect();
    const std::string chunks = "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    ASSERT_TRUE(peer.write(post("/refused", "body") + post("/a", std::string(100'000, 'b'))));
    ASSERT_TRUE(peer.write("POST /refused HTTP/1.1\r\nHost: x\r\n" + chunks + get("/c")));
    EXPECT_EQ(read_answer(peer).status, 401);
    const auto too_large = read_answer(peer);
    EXPECT_EQ(too_large.status, 413);
    EXPECT_EQ(too_large.field("Connection"), "keep-alive");
    EXPECT_EQ(read_answer(peer).status, 401);
    EXPECT_EQ(read_answer(peer).body, "/c:");
}

TEST_F(HttpConnection, a_refused_large_body_ends_the_connection_and_the_answer_is_read) {
    auto& peer = connect();
    const std::string body(1'000'000, 'b');
    ASSERT_TRUE(peer.write(post("/a", body))) << "all of it is taken, so that the client comes to read";
    const auto answer = read_answer(peer);
    EXPECT_EQ(answer.status, 413);
    EXPECT_EQ(answer.field("Connection"), "close");
    EXPECT_TRUE(peer.at_end());
}

TEST_F(HttpConnection, chunks_without_end_are_too_large) {
    auto& peer = connect();
    std::string request = "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 200; ++i) request += "400\r\n" + std::string(1'024, 'b') + "\r\n";
    ASSERT_TRUE(peer.write(request));
    EXPECT_EQ(read_answer(peer).status, 413);
    EXPECT_TRUE(peer.at_end());
}

TEST_F(HttpConnection, what_is_no_request_is_refused_and_the_answer_is_read) {
    struct Case {
        std::string bytes;
        int status;
    };
    const Case cases[] = {
        {"nonsense\r\n\r\n", 400},
        {"GET / HTTP/3.0\r\n\r\n", 505},
        {"GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(1'000'000, 'a') + "\r\n\r\n", 431},
        {"GET /" + std::string(1'000'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n", 414},
    };
    for (const auto& c : cases) {
        auto& peer = connect();
        ASSERT_TRUE(peer.write(c.bytes));
        const auto answer = read_answer(peer);
        EXPECT_EQ(answer.status, c.status);
        EXPECT_EQ(answer.field("Connection"), "close");
        EXPECT_FALSE(answer.field("X-Request-Id").empty());
        EXPECT_TRUE(peer.at_end());
    }
}

TEST_F(HttpConnection, a_bug_in_a_handler_is_a_500_that_tells_nothing) {
    auto& peer = connect();
    for (const auto* path : {"/throw", "/throw-early"}) {
        ASSERT_TRUE(peer.write(get(path)));
        const auto answer = read_answer(peer);
        EXPECT_EQ(answer.status, 500);
        EXPECT_EQ(answer.body.find("secret"), std::string::npos);
        EXPECT_NE(answer.body.find(answer.field("X-Request-Id")), std::string::npos);
    }
    ASSERT_TRUE(peer.write(get("/a")));
    EXPECT_EQ(read_answer(peer).body, "/a:");
}

TEST_F(HttpConnection, large_text_is_sent_in_gzip_to_who_takes_it) {
    auto& peer = connect();
    ASSERT_TRUE(peer.write(get("/large") + get("/large", "Accept-Encoding: gzip\r\n") +
                           get("/a", "Accept-Encoding: gzip\r\n")));
    const auto plain = read_answer(peer);
    EXPECT_EQ(plain.body.size(), 10'000u);
    EXPECT_EQ(plain.field("Vary"), "Accept-Encoding");
    const auto packed = read_answer(peer);
    EXPECT_EQ(packed.field("Content-Encoding"), "gzip");
    EXPECT_EQ(packed.field("Vary"), "Accept-Encoding");
    EXPECT_LT(packed.body.size(), 200u);
    EXPECT_TRUE(packed.body.starts_with("\x1f\x8b"));
    EXPECT_EQ(read_answer(peer).body, "/a:");
}

TEST_F(HttpConnection, a_request_id_is_made_here_and_differs_each_time) {
    auto& peer = connect();
    ASSERT_TRUE(peer.write(get("/peer", "X-Request-Id: mine\r\n") + get("/peer")));
    const auto first = read_answer(peer);
    const auto second = read_answer(peer);
    EXPECT_EQ(first.body, "|" + first.field("X-Request-Id"));
    EXPECT_EQ(first.body.find("mine"), std::string::npos);
    EXPECT_NE(first.field("X-Request-Id"), second.field("X-Request-Id"));
}

TEST_F(HttpConnection, an_answer_larger_than_the_kernel_takes_waits_for_the_reader) {
    auto& peer = connect();
    ASSERT_TRUE(peer.write(get("/huge") + get("/a")));
    EXPECT_EQ(read_answer(peer).body, std::string(8'000'000, 'h'));
    EXPECT_EQ(read_answer(peer).body, "/a:");
}

TEST_F(HttpConnection, who_does_not_read_is_left) {
    reopen({.answer = 30ms});
    auto& peer = connect();
    ASSERT_TRUE(peer.write(get("/huge")));
    EXPECT_TRUE(thread.until([&] { return connections->count() == 0; }));
}

TEST_F(HttpConnection, a_header_that_dribbles_in_is_a_408) {
    reopen({.header_read = 30ms});
    auto& peer = connect();
    ASSERT_TRUE(peer.write("GET / HTTP/1.1\r\nA: "));
    const auto answer = read_answer(peer);
    EXPECT_EQ(answer.status, 408);
    EXPECT_TRUE(peer.at_end());
}

TEST_F(HttpConnection, so_is_a_body) {
    reopen({.body_read = 30ms});
    auto& peer = connect();
    ASSERT_TRUE(peer.write("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhe"));
    EXPECT_EQ(read_answer(peer).status, 408);
    EXPECT_TRUE(peer.at_end());
}

TEST_F(HttpConnection, silence_ends_the_connection_without_a_word) {
    reopen({.keep_alive = 50ms});
    auto& fresh = connect();
    EXPECT_TRUE(fresh.at_end());
    auto& used = connect();
    ASSERT_TRUE(used.write(get("/a")));
    EXPECT_EQ(read_answer(used).body, "/a:");
    EXPECT_TRUE(used.at_end());
}

TEST_F(HttpConnection, who_is_answered_too_late_is_left_and_the_handler_may_end) {
    reopen({.answer = 30ms});
    auto& peer = connect();
    ASSERT_TRUE(peer.write(get("/wait")));
    ASSERT_TRUE(waits());
    EXPECT_TRUE(peer.at_end());
    EXPECT_EQ(connections->count(), 1u);
    release();
    EXPECT_TRUE(thread.until([&] { return connections->count() == 0; }));
}

TEST_F(HttpConnection, a_client_that_goes_away_ends_everything) {
    for (const auto& bytes : {std::string(), std::string("GET / HT"), post("/a", "body").substr(0, 60), get("/huge")}) {
        auto& peer = connect();
        peer.write(bytes);
        peer.close();
    }
    EXPECT_TRUE(thread.until([&] { return connections->count() == 0; }));
}

TEST_F(HttpConnection, the_socket_and_what_came_behind_are_handed_over) {
    auto& peer = connect();
    ASSERT_TRUE(peer.write(get("/take") + "first frame"));
    const auto answer = read_answer(peer);
    EXPECT_EQ(answer.status, 101);
    EXPECT_EQ(answer.field("Connection"), "Upgrade");
    EXPECT_TRUE(thread.until([&] { return handler.taken.has_value() && connections->count() == 0; }));
    EXPECT_EQ(handler.taken_received, "first frame");
    const std::string_view parts[] = {"still", " open"};
    EXPECT_EQ(thread.call([&] { return handler.taken->try_write(parts); }), 10);
    EXPECT_EQ(peer.read(10), "still open");
}

TEST_F(HttpConnection, a_head_hands_nothing_over) {
    auto& peer = connect();
    ASSERT_TRUE(peer.write("HEAD /take HTTP/1.1\r\nHost: x\r\n\r\n"));
    EXPECT_EQ(read_answer(peer, true).status, 101);
    EXPECT_TRUE(peer.at_end());
    EXPECT_FALSE(thread.call([&] { return handler.taken.has_value(); }));
}

TEST_F(HttpConnection, stopping_answers_what_has_been_accepted_and_closes_the_rest) {
    auto& idle = connect();
    ASSERT_TRUE(idle.write(get("/a")));
    EXPECT_EQ(read_answer(idle).body, "/a:");
    auto& busy = connect();
    ASSERT_TRUE(busy.write(get("/wait")));
    ASSERT_TRUE(waits());
    auto& half = connect();
    ASSERT_TRUE(half.write("GET /b HTTP/1.1\r\nHo"));
    thread.call([] {});
    thread.call([&] { connections->stop(); });
    EXPECT_TRUE(idle.at_end());
    EXPECT_TRUE(half.at_end());
    release();
    const auto answer = read_answer(busy);
    EXPECT_EQ(answer.body, "/wait:");
    EXPECT_EQ(answer.field("Connection"), "close");
    EXPECT_TRUE(thread.until([&] { return connections->count() == 0; }));
    EXPECT_TRUE(connect().at_end()) << "none is taken any more";
}

TEST_F(HttpConnection, stopping_waits_a_little_for_a_body_and_for_who_does_not_read) {
    reopen({.stop = 30ms});
    auto& deaf = connect();
    ASSERT_TRUE(deaf.write(get("/huge")));
    EXPECT_EQ(deaf.read(8), "HTTP/1.1");
    auto& half = connect();
    ASSERT_TRUE(half.write("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"));
    EXPECT_EQ(read_answer(half).status, 100);
    ASSERT_TRUE(half.write("he"));
    thread.call([&] { connections->stop(); });
    EXPECT_EQ(read_answer(half).status, 503) << "it was the server's doing";
    EXPECT_TRUE(half.at_end());
    EXPECT_TRUE(thread.until([&] { return connections->count() == 0; }));
}

}  // namespace
}  // namespace makechat::http
