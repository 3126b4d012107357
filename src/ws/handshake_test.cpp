#include "ws/handshake.hpp"

#include <gtest/gtest.h>

namespace makechat::ws {
namespace {

/// The example of RFC 6455, 1.3.
constexpr UpgradeRequest example{true, true, "websocket", "Upgrade", "13", "dGhlIHNhbXBsZSBub25jZQ=="};

template <class Change>
UpgradeRequest but(Change change) {
    auto request = example;
    change(request);
    return request;
}

int status_of(const UpgradeRequest& request) {
    const auto accepted = accept_upgrade(request);
    return accepted ? 101 : accepted.error().status;
}

TEST(Handshake, answers_the_rfcs_example) { EXPECT_EQ(accept_upgrade(example), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="); }

struct Case {
    const char* name;
    UpgradeRequest request;
    int status;
};

const Case cases[] = {
    {"the names are of any case", but([](auto& r) { r.upgrade = "WebSocket", r.connection = "UPGRADE"; }), 101},
    {"Firefox lists keep-alive first", but([](auto& r) { r.connection = "keep-alive, Upgrade"; }), 101},
    {"lists may have empty places and tabs", but([](auto& r) { r.connection = ",\tupgrade ,close"; }), 101},
    {"a second protocol to upgrade to", but([](auto& r) { r.upgrade = "h2c, websocket"; }), 101},
    {"spaces around values", but([](auto& r) { r.version = " 13 ", r.key = " dGhlIHNhbXBsZSBub25jZQ== "; }), 101},
    {"not GET", but([](auto& r) { r.is_get = false; }), 400},
    {"HTTP/1.0", but([](auto& r) { r.is_http_1_1 = false; }), 400},
    {"a plain GET", but([](auto& r) { r.upgrade = {}; }), 426},
    {"a part of the word", but([](auto& r) { r.upgrade = "websockets"; }), 426},
    {"no upgrade in Connection", but([](auto& r) { r.connection = "keep-alive"; }), 400},
    {"no version", but([](auto& r) { r.version = {}; }), 426},
    {"an old draft", but([](auto& r) { r.version = "8"; }), 426},
    {"no key", but([](auto& r) { r.key = {}; }), 400},
    {"a key of 15 bytes", but([](auto& r) { r.key = "dGhlIHNhbXBsZSBub25j"; }), 400},
    {"a key of 17 bytes", but([](auto& r) { r.key = "dGhlIHNhbXBsZSBub25jZWU="; }), 400},
    {"a key that is not base64", but([](auto& r) { r.key = "dGhlIHNhbXBsZSBub25*ZQ=="; }), 400},
};

TEST(Handshake, checks_what_the_rfc_asks) {
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(status_of(c.request), c.status);
    }
}

}  // namespace
}  // namespace makechat::ws
