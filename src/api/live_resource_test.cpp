#include "support/api_fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace makechat::api {
namespace {

using Fields = std::vector<std::pair<std::string_view, std::string>>;

struct HandshakeCase {
    std::string_view name;
    Fields fields;  // beside those of a good one, or in their place
    int status;
    std::string_view connection;
};

Fields handshake(const std::string& token, const Fields& other) {
    Fields fields{{"X-Auth-Token", token}};
    const Fields good{{"Upgrade", "websocket"},
                      {"Connection", "Upgrade"},
                      {"Sec-WebSocket-Version", "13"},
                      {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}};
    for (const auto& field : good) {
        if (std::ranges::find(other, field.first, &Fields::value_type::first) == other.end()) fields.push_back(field);
    }
    fields.insert(fields.end(), other.begin(), other.end());
    return fields;
}

TEST(LiveResource, reads_a_handshake_over_as_many_lines_as_it_has_and_ends_what_it_refuses) {
    const HandshakeCase cases[] = {
        {"the RFC's", {}, 101, "Upgrade"},
        {"two lines of Connection", {{"Connection", "keep-alive"}, {"Connection", "Upgrade"}}, 101, "Upgrade"},
        {"two lines of Upgrade", {{"Upgrade", "h2c"}, {"Upgrade", "websocket"}}, 101, "Upgrade"},
        {"another version", {{"Sec-WebSocket-Version", "12"}}, 426, "close, Upgrade"},
        {"two versions", {{"Sec-WebSocket-Version", "13"}, {"Sec-WebSocket-Version", "8"}}, 426, "close, Upgrade"},
        {"no upgrade", {{"Upgrade", "h2c"}}, 426, "close, Upgrade"},
        {"no key", {{"Sec-WebSocket-Key", ""}}, 400, "close"},
        {"two keys",
         {{"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}, {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}},
         400,
         "close"},
    };
    TestApi server;
    const auto alice = server.t.make_user("alice");
    const auto token = server.token_of(alice);
    server.publish();
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto reply = server.answer({http::Method::get, "/api/live", handshake(token, c.fields)});
        EXPECT_EQ(reply.status, c.status);
        EXPECT_EQ(field_of(reply, "Connection"), c.connection);
    }
}

}  // namespace
}  // namespace makechat::api
