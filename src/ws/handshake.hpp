#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace makechat::ws {

/// What the opening handshake (RFC 6455, 4.2.1) asks of a request. Fields that a request does not have are empty.
struct UpgradeRequest {
    bool is_get = false;
    bool is_http_1_1 = false;     ///< or later
    std::string_view upgrade;     ///< Upgrade
    std::string_view connection;  ///< Connection
    std::string_view version;     ///< Sec-WebSocket-Version
    std::string_view key;         ///< Sec-WebSocket-Key
};

/// The version of the protocol that this server speaks: the value of Sec-WebSocket-Version.
inline constexpr std::string_view protocol_version = "13";

struct UpgradeRefusal {
    int status;       ///< 400; or 426, which must say `Sec-WebSocket-Version: 13` and `Upgrade: websocket` (4.2.2)
    std::string why;  ///< for people
};

/// The value of Sec-WebSocket-Accept with which to answer 101, or why not. Origin and rights are the caller's to check.
std::expected<std::string, UpgradeRefusal> accept_upgrade(const UpgradeRequest& request);

}  // namespace makechat::ws
