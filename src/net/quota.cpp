#include "net/quota.hpp"

#include <arpa/inet.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <string_view>

namespace makechat::net {

namespace {

constexpr std::size_t descriptors_kept = 128;  // store, log, listeners, the control socket
constexpr std::array<std::uint8_t, 12> ipv4_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool is_ipv4(const Peer& peer) { return std::equal(ipv4_prefix.begin(), ipv4_prefix.end(), peer.bytes.begin()); }

/// What is counted as one.
Peer host_of(Peer peer) {
    if (peer.known && !is_ipv4(peer)) std::fill(peer.bytes.begin() + 8, peer.bytes.end(), std::uint8_t{0});
    return peer;
}

}  // namespace

std::string Peer::text() const {
    if (!known) return {};
    std::array<char, INET6_ADDRSTRLEN> text{};
    const bool four = is_ipv4(*this);
    inet_ntop(four ? AF_INET : AF_INET6, bytes.data() + (four ? ipv4_prefix.size() : 0), text.data(), text.size());
    return text.data();
}

std::size_t Quota::HashOfPeer::operator()(const Peer& peer) const noexcept {
    return std::hash<std::string_view>{}({reinterpret_cast<const char*>(peer.bytes.data()), peer.bytes.size()});
}

Quota::Quota(std::size_t in_all, std::size_t per_address) : in_all_(in_all), per_address_(per_address) {}

bool Quota::enter(const Peer& peer) {
    const std::scoped_lock lock(guard_);
    if (count_ >= in_all_) return false;
    const auto host = host_of(peer);
    if (host.known) {
        auto& from_there = by_address_[host];
        if (from_there >= per_address_) return false;
        ++from_there;
    }
    ++count_;
    return true;
}

void Quota::leave(const Peer& peer) {
    const std::scoped_lock lock(guard_);
    --count_;
    const auto found = by_address_.find(host_of(peer));
    if (found != by_address_.end() && --found->second == 0) by_address_.erase(found);
}

std::size_t Quota::count() const {
    const std::scoped_lock lock(guard_);
    return count_;
}

std::size_t connections_allowed() {
    rlimit descriptors{};
    if (getrlimit(RLIMIT_NOFILE, &descriptors) != 0) return limits::connections_max;
    if (descriptors.rlim_cur < descriptors.rlim_max) {
        descriptors.rlim_cur = std::min<rlim_t>(descriptors.rlim_max, limits::connections_max + descriptors_kept);
        setrlimit(RLIMIT_NOFILE, &descriptors);
        getrlimit(RLIMIT_NOFILE, &descriptors);
    }
    if (descriptors.rlim_cur >= limits::connections_max + descriptors_kept) return limits::connections_max;
    const auto all = static_cast<std::size_t>(descriptors.rlim_cur);
    return all > 2 * descriptors_kept ? all - descriptors_kept : all / 2;
}

}  // namespace makechat::net
