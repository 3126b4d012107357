// A request's head, from its bytes to the row that answers it: any bytes are a request or a refusal, in one piece or in
// many, and nothing in it is taken for more than it is.
#include "api/call.hpp"
#include "api/errors.hpp"
#include "api/origin.hpp"
#include "api/routes.hpp"
#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "http/cookie.hpp"
#include "http/media.hpp"
#include "http/query.hpp"
#include "http/request_parser.hpp"
#include "require.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace makechat;

/// Finds the end of the head as the bytes come, `step` at a time.
std::expected<std::size_t, http::Refusal> find_in_pieces(std::string_view bytes, std::size_t step) {
    http::HeadFinder finder;
    for (std::size_t size = std::min(step, bytes.size());; size = std::min(size + step, bytes.size())) {
        const auto found = finder.find(bytes.substr(0, size));
        if (!found || *found > 0 || size == bytes.size()) return found;
    }
}

void check_refusal(const http::Refusal& refusal) {
    const auto reply = api::standard_refusal(refusal.status, refusal.why);
    require(reply.status >= 400 && !reply.body.contains("\"title\": \"\""));
}

void check_route(const http::Head& head) {
    const auto found = api::match(head.path);
    if (!found) return;
    require(!found->rows.empty() && found->allow().ends_with("OPTIONS"));
    for (const auto& segment : found->segments) require(is_valid_utf8(segment) && !segment.empty());
    const auto* row = found->row_for(head.method);
    if (row) require(row->method == head.method || head.method == http::Method::head);
}

void check_query(const http::Head& head) {
    auto pairs = http::parse_query(head.query);
    if (!pairs) return;
    for (const auto& [name, value] : *pairs) require(is_valid_utf8(name) && is_valid_utf8(value));
    const api::Query query{std::move(*pairs)};
    const auto page = api::page_of(query, limits::list_page, limits::list_page_max);
    if (page) require(page->limit >= 1 && page->limit <= limits::list_page_max);
    // What a Link repeats is read as the same again, and breaks out of nothing.
    const auto link = query.with("offset", 7);
    require(link.find_first_of("<>\"\r\n ") == std::string::npos);
    const auto again = http::parse_query(link);
    require(again.has_value() && api::Query{*again}.find("offset") == "7");
}

void check_sender(http::Head head) {
    static const auto proxies = *Networks::parse("10.0.0.0/8");
    for (const std::string_view peer : {"10.0.0.1", "203.0.113.9", ""}) {
        head.peer = peer;
        const auto side = api::client_side_of(head, proxies);
        if (peer != "10.0.0.1") require(side.address == peer && !side.secure);
        require(side.address.size() < 64 && is_valid_utf8(side.address));
        if (!head.has_field("Origin") && !head.has_field("Sec-Fetch-Site"))
            require(!api::is_from_own_page(head, side.own_origin()));
    }
    http::cookie(head.field("Cookie"), "session");
    http::is_json(head.field("Content-Type"));
    http::admits_json(head.field("Accept"));
    http::admits_gzip(head.field("Accept-Encoding"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    const auto end = find_in_pieces(bytes, bytes.size() + 1);
    for (const std::size_t step : {1U, 7U, 1'000U}) {
        const auto in_pieces = find_in_pieces(bytes, step);
        require(in_pieces.has_value() == end.has_value());
        if (end) require(*in_pieces == *end);
    }
    if (!end) return check_refusal(end.error()), 0;
    if (*end == 0) return 0;
    http::Request request;
    const auto parsed = http::parse_head(std::string_view(bytes).substr(0, *end), request);
    if (!parsed) return check_refusal(parsed.error()), 0;
    require(!request.chunked || request.content_length == 0);
    require(request.head.target.size() <= limits::target_bytes_max);
    check_route(request.head);
    check_query(request.head);
    check_sender(request.head);
    return 0;
}
