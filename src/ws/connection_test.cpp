#include "ws/connection.hpp"

#include "base/limits.hpp"
#include "ws/client_frame.hpp"
#include "ws/connection_fixture.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

namespace makechat::ws {
namespace {

using namespace std::string_literals;
using namespace std::chrono_literals;

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
    EXPECT_EQ(ends(), 0);
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
    EXPECT_EQ(ends(), 0);
    sweep(205s);
    EXPECT_TRUE(peer->at_end());
    EXPECT_TRUE(ended());
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

}  // namespace
}  // namespace makechat::ws
