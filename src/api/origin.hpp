#pragma once

#include "base/networks.hpp"
#include "http/message.hpp"

#include <string>

/// Where a request really comes from, and whether another site's page sent it.
namespace makechat::api {

struct ClientSide {
    std::string address;
    bool secure = false;  ///< TLS between the client and us or our proxy
    std::string host;     ///< HOST[:PORT] under which the client knows us, as it says it
    /// The same as scheme://host[:port], lower case, without a default port.
    [[nodiscard]] std::string own_origin() const;
};
/// X-Forwarded-For, -Proto and -Host count only from a trusted proxy, for anybody can send them.
ClientSide client_side_of(const http::Head& head, const Networks& trusted_proxies);

/// Whether a write or a live stream by the cookie comes from our own page: browsers send the cookie with what other sites'
/// pages do, too (CSRF, and cross-site WebSocket hijacking).
bool is_from_own_page(const http::Head& head, const std::string& own_origin);

}  // namespace makechat::api
