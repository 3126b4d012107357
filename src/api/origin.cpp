#include "api/origin.hpp"

#include <algorithm>
#include <utility>

namespace makechat::api {
namespace {

std::string lower(std::string_view text) {
    std::string lowered{text};
    std::ranges::transform(lowered, lowered.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    return lowered;
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

/// The part behind the last comma, which it takes off.
std::string_view take_last(std::string_view& list) {
    const auto comma = list.rfind(',');
    const auto last = trim(comma == std::string_view::npos ? list : list.substr(comma + 1));
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(0, comma);
    return last;
}

/// "203.0.113.7", "203.0.113.7:4711" and "[2001:db8::1]:4711" as an address alone; empty for what is none ("unknown").
/// The interface of "fe80::1%eth0" is the proxy's, and could be any bytes that its client has sent.
std::string_view address_in(std::string_view hop) {
    static const Networks everywhere = Networks::parse("::/0").value();
    hop = hop.substr(0, hop.find('%'));
    if (everywhere.contains(hop)) return hop;
    const auto bare = hop.starts_with('[') ? hop.substr(1, hop.find(']') - 1) : hop.substr(0, hop.rfind(':'));
    return everywhere.contains(bare) ? bare : std::string_view{};
}

std::string origin_text(std::string_view scheme, std::string_view host) {
    auto text = lower(host);
    const std::string_view default_port = scheme == "https" ? ":443" : ":80";
    if (text.ends_with(default_port)) text.resize(text.size() - default_port.size());
    return std::string{scheme} + "://" + text;
}

}  // namespace

ClientSide client_side_of(const http::Head& head, const Networks& trusted_proxies) {
    ClientSide side;
    side.address = head.peer;
    std::string host{head.field("Host")};
    if (trusted_proxies.contains(head.peer)) {
        // From the right: each proxy appended whom it had heard from, to the line that it found or as a line of its own; the
        // first one that is no proxy of ours is the client.
        const auto hops = head.list("X-Forwarded-For");
        std::string_view forwarded = hops;
        while (!forwarded.empty()) {
            const auto hop = address_in(take_last(forwarded));
            if (hop.empty()) break;
            side.address = hop;
            if (!trusted_proxies.contains(hop)) break;
        }
        const auto schemes = head.list("X-Forwarded-Proto");
        std::string_view scheme = schemes;
        side.secure = lower(take_last(scheme)) == "https";
        const auto hosts = head.list("X-Forwarded-Host");
        std::string_view forwarded_host = hosts;
        if (!hosts.empty()) host = take_last(forwarded_host);
    }
    side.host = std::move(host);
    return side;
}

std::string ClientSide::own_origin() const { return origin_text(secure ? "https" : "http", host); }

bool is_from_own_page(const http::Head& head, const std::string& own_origin) {
    // The browser's own word, which no page can put there; it is right behind a proxy that we have not been told of, too.
    if (head.field("Sec-Fetch-Site") == "same-origin") return true;
    const auto origin = head.field("Origin");
    const auto scheme_end = origin.find("://");
    if (scheme_end == std::string_view::npos) return false;
    return origin_text(lower(origin.substr(0, scheme_end)), origin.substr(scheme_end + 3)) == own_origin;
}

}  // namespace makechat::api
