#include "api/origin.hpp"

#include <algorithm>

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
    std::string_view host = head.field("Host");
    if (trusted_proxies.contains(head.peer)) {
        // From the right: each proxy appended whom it had heard from; the first one that is no proxy of ours is the client.
        std::string_view forwarded = head.field("X-Forwarded-For");
        while (!forwarded.empty()) {
            const auto hop = take_last(forwarded);
            if (hop.empty()) break;
            side.address = hop;
            if (!trusted_proxies.contains(hop)) break;
        }
        std::string_view scheme = head.field("X-Forwarded-Proto");
        side.secure = lower(take_last(scheme)) == "https";
        if (head.has_field("X-Forwarded-Host")) host = head.field("X-Forwarded-Host");
    }
    side.own_origin = origin_text(side.secure ? "https" : "http", host);
    return side;
}

bool is_from_own_page(const http::Head& head, const std::string& own_origin) {
    if (head.has_field("Origin")) {
        const auto origin = head.field("Origin");
        const auto scheme_end = origin.find("://");
        if (scheme_end == std::string_view::npos) return false;
        return origin_text(lower(origin.substr(0, scheme_end)), origin.substr(scheme_end + 3)) == own_origin;
    }
    return head.field("Sec-Fetch-Site") == "same-origin";
}

}  // namespace makechat::api
