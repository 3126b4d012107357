#include "api/live_poll.hpp"
#include "base/limits.hpp"
#include "support/api_fixture.hpp"

#include <gtest/gtest.h>

#include <string>

/// When there is more to do than can be done.
namespace makechat::api {
namespace {

using http::Method;

TEST(Overload, while_a_loop_is_behind_writes_are_refused_and_reads_are_not) {
    TestApi server;
    const auto alice = server.t.make_user("alice");
    const auto room = server.t.make_room(alice, "general");
    const auto token = server.token_of(alice);
    const auto body = R"({"text": "hello", "room": ")" + to_hex(room) + "\"}";
    server.bus.behind = true;
    const auto refused = server.answer(token, Method::post, "/api/messages", body);
    EXPECT_EQ(refused.status, 503);
    EXPECT_NE(refused.body.find("\"Overloaded\""), std::string::npos);
    EXPECT_EQ(field_of(refused, "Retry-After"), "1");
    EXPECT_EQ(server.answer(token, Method::get, "/api/rooms?member=me").status, 200);
    EXPECT_EQ(server.answer("nobody's", Method::post, "/api/messages", body).status, 401) << "as in any other case";
    server.bus.behind = false;
    EXPECT_EQ(server.answer(token, Method::post, "/api/messages", body).status, 201);
}

TEST(Overload, a_request_without_room_for_it_is_told_when_to_come_again) {
    TestApi server;
    const auto reply = server.api.refuse(503, "Too much memory is in use.");
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(field_of(reply, "Retry-After"), "1");
}

TEST(Overload, a_long_poll_keeps_no_more_than_a_stream_may) {
    TestApi server;
    const auto alice = server.t.make_user("alice");
    const auto room = server.t.make_room(alice, "general");
    const auto caller = authenticate(server.t.chat, chat::CredentialKind::token, server.token_of(alice));
    ASSERT_TRUE(caller);
    server.publish();
    LivePoll poll{server.feed, *caller, chat::Coverage{alice, {}}};
    const std::string text(limits::text_bytes_max, 'x');
    server.t.post(room, alice, text);
    server.publish();
    EXPECT_EQ(poll.events().size(), 1U);
    for (std::size_t bytes = 0; bytes <= limits::outbox_bytes_max; bytes += text.size()) {
        server.t.post(room, alice, text);
        server.publish();
    }
    EXPECT_TRUE(poll.lost());
    EXPECT_TRUE(poll.events().empty());
}

}  // namespace
}  // namespace makechat::api
