#include "bench/guest_room.hpp"

#include "bench/request_load.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>

namespace makechat::bench {
namespace {

/// Of {"_id": {"$oid": ID}, …}; empty: it is something else.
std::string id_in(const std::string& answer) {
    boost::system::error_code error;
    const auto room = boost::json::parse(answer, error);
    const auto* fields = error ? nullptr : room.if_object();
    const auto* id = fields ? fields->if_contains("_id") : nullptr;
    const auto* id_fields = id ? id->if_object() : nullptr;
    const auto* oid = id_fields ? id_fields->if_contains("$oid") : nullptr;
    const auto* text = oid ? oid->if_string() : nullptr;
    return text ? std::string(*text) : std::string{};
}

}  // namespace

Result<Endpoint> endpoint_of(std::string_view url) {
    constexpr std::string_view scheme = "http://";
    const auto bad = [&] {
        return fail({Code::bad_parameter, fmt::format("'{}' is no address: write http://127.0.0.1:8000", url)});
    };
    if (!url.starts_with(scheme)) return bad();
    auto rest = url.substr(scheme.size());
    while (rest.ends_with('/')) rest.remove_suffix(1);
    const auto colon = rest.find(':');
    std::uint16_t port = 80;
    if (colon != std::string_view::npos) {
        const auto digits = rest.substr(colon + 1);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
        if (error != std::errc{} || end != digits.data() + digits.size()) return bad();
    }
    return find_endpoint(std::string(rest.substr(0, colon)), port);
}

Result<GuestRoom> GuestRoom::make(const Endpoint& server, const std::string& token) {
    const auto body = fmt::format(R"({{"name": "bench {}", "is_visible": false}})", getpid());
    const auto made = ask(server, request_of(server, "POST", "/api/rooms", token, body));
    if (!made) return fail({Code::internal, "Cannot make a room for the bench there.\n" + made.error().text});
    auto id = id_in(*made);
    if (id.empty())
        return fail({Code::internal, fmt::format("{}:{} does not answer as makechat does.", server.host, server.port)});
    return GuestRoom{server, token, std::move(id)};
}

GuestRoom::~GuestRoom() {
    if (id_.empty()) return;
    const auto gone = ask(server_, request_of(server_, "DELETE", "/api/rooms/" + id_, token_, {}));
    if (!gone) fmt::print(stderr, "The bench's room {} is still there: {}\n", id_, gone.error().text);
}

}  // namespace makechat::bench
