#include "http/reply_head.hpp"

#include <gtest/gtest.h>

namespace makechat::http {
namespace {

std::string head_of(const Reply& reply, bool keep_alive = true) {
    std::string out;
    append_head(out, reply, {"DATE", "id-1", keep_alive});
    return out;
}

TEST(ReplyHead, says_what_the_manual_shows) {
    Reply reply;
    reply.status = 405;
    reply.fields = {{"allow", "GET, POST, OPTIONS"}};
    EXPECT_EQ(head_of(reply),
              "HTTP/1.1 405 Method Not Allowed\r\nServer: makechat\r\nDate: DATE\r\nX-Content-Type-Options: nosniff\r\n"
              "allow: GET, POST, OPTIONS\r\nContent-Length: 0\r\nConnection: keep-alive\r\nX-Request-Id: id-1\r\n\r\n");
    EXPECT_NE(head_of(reply, false).find("Connection: close\r\n"), std::string::npos);
}

TEST(ReplyHead, no_content_has_no_length) {
    Reply reply;
    reply.status = 204;
    EXPECT_EQ(head_of(reply).find("Content-Length"), std::string::npos);
}

TEST(ReplyHead, one_that_takes_over_brings_its_own_connection_field) {
    Reply reply;
    reply.status = 101;
    reply.fields = {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}};
    reply.take_over = [](net::Socket, const std::string&) {};
    EXPECT_EQ(
        head_of(reply, false),
        "HTTP/1.1 101 Switching Protocols\r\nServer: makechat\r\nDate: DATE\r\nX-Content-Type-Options: nosniff\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nX-Request-Id: id-1\r\n\r\n");
}

TEST(ReplyHead, a_value_makes_no_second_field) {
    Reply reply;
    reply.fields = {{"Link", "a\r\nSet-Cookie: session=b"}};
    EXPECT_NE(head_of(reply).find("Link: a  Set-Cookie: session=b\r\n"), std::string::npos);
}

TEST(ReplyHead, the_date_has_its_form) {
    Date date;
    const std::string now(date.now());
    EXPECT_EQ(now.size(), std::string_view("Sun, 06 Nov 1994 08:49:37 GMT").size());
    EXPECT_TRUE(now.ends_with(" GMT")) << now;
    EXPECT_EQ(now[3], ',');
}

}  // namespace
}  // namespace makechat::http
