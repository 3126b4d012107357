#pragma once

#include "base/limits.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace makechat::net {

/// Who is at the other end: an IPv4 address as ::ffff:a.b.c.d, an IPv6 address, or nobody (a Unix socket).
struct Peer {
    std::array<std::uint8_t, 16> bytes{};
    bool known = false;

    auto operator<=>(const Peer&) const = default;
    /// "127.0.0.1", "2001:db8::1"; empty for nobody.
    [[nodiscard]] std::string text() const;
};

/// How many connections there may be, in all and from one address (of IPv6 from one /64, for that is what one host gets).
/// Threads: any.
class Quota {
public:
    explicit Quota(std::size_t in_all = limits::connections_max,
                   std::size_t per_address = limits::connections_per_address_max);

    /// Counts one more, or says that there is no room for it.
    bool enter(const Peer& peer);
    /// Once for each `enter` that was true.
    void leave(const Peer& peer);
    [[nodiscard]] std::size_t count() const;

private:
    struct HashOfPeer {
        std::size_t operator()(const Peer& peer) const noexcept;
    };

    const std::size_t in_all_;
    const std::size_t per_address_;
    mutable std::mutex guard_;
    std::size_t count_ = 0;
    std::unordered_map<Peer, std::size_t, HashOfPeer> by_address_;
};

/// limits::connections_max, or fewer where the process may not have that many descriptors. Raises the soft limit on them
/// to the hard one first, and keeps some for files.
std::size_t connections_allowed();

}  // namespace makechat::net
