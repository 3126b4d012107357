#include "api/routes.hpp"

#include "api/resources.hpp"
#include "http/query.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace makechat::api {
namespace {

template <class>
struct ClassOf;
template <class R, class C>
struct ClassOf<Answer (R::*)(C)> {
    using Type = R;
};

template <auto Method>
Task<Result<http::Reply>> on(Resources& resources, Call& call) {
    typename ClassOf<decltype(Method)>::Type& resource = resources;
    return (resource.*Method)(call);
}

using enum http::Method;
using Users = UserResource;
using Rooms = RoomResource;
using Messages = MessageResource;

constexpr std::size_t none = 0;  // no body is read; what comes all the same is dropped up to the usual bound
constexpr std::size_t small = limits::body_bytes_max;
constexpr std::size_t large = limits::message_body_bytes_max;

constexpr Route table[] = {
    // method, path, who may, body bytes, rate, handler
    {post, "/api/register", Need::anyone, small, Rating::sign_up, on<&SignInResource::on_register>},
    {post, "/api/setup", Need::anyone, small, Rating::sign_up, on<&SignInResource::on_setup>},
    {post, "/api/login", Need::anyone, small, Rating::sign_in, on<&SignInResource::on_login>},
    {get, "/api/logout", Need::anyone, none, Rating::none, on<&SignInResource::on_logout>},
    {post, "/api/logout", Need::anyone, small, Rating::none, on<&SignInResource::on_logout>},
    {get, "/api/ping", Need::user, none, Rating::read, on<&SignInResource::on_ping>},

    {get, "/api/users", Need::user, none, Rating::read, on<&Users::on_get>},
    {post, "/api/users", Need::admin, small, Rating::write, on<&Users::on_post>},
    {get, "/api/users/me", Need::user, none, Rating::read, on<&Users::on_get_me>},
    {patch, "/api/users/me", Need::user, small, Rating::write, on<&Users::on_patch_me>},
    {patch, "/api/users/{id}", Need::admin, small, Rating::write, on<&Users::on_patch>},

    {get, "/api/sessions", Need::user, none, Rating::read, on<&SessionResource::on_get>},
    {delete_, "/api/sessions/{id}", Need::user, none, Rating::write, on<&SessionResource::on_delete>},
    {get, "/api/tokens", Need::user, none, Rating::read, on<&TokenResource::on_get>},
    {post, "/api/tokens", Need::user, small, Rating::write, on<&TokenResource::on_post>},
    {delete_, "/api/tokens/{id}", Need::user, none, Rating::write, on<&TokenResource::on_delete>},

    {get, "/api/rooms", Need::user, none, Rating::read, on<&Rooms::on_get>},
    {post, "/api/rooms", Need::user, small, Rating::write, on<&Rooms::on_post>},
    {get, "/api/rooms/{id}", Need::user, none, Rating::read, on<&Rooms::on_get_one>},
    {put, "/api/rooms/{id}", Need::user, small, Rating::write, on<&Rooms::on_put>},
    {patch, "/api/rooms/{id}", Need::user, small, Rating::write, on<&Rooms::on_patch>},
    {delete_, "/api/rooms/{id}", Need::user, none, Rating::write, on<&Rooms::on_delete>},
    {put, "/api/rooms/{id}/notify", Need::user, small, Rating::write, on<&Rooms::on_put_notify>},
    {put, "/api/rooms/{id}/read", Need::user, small, Rating::write, on<&Rooms::on_put_read>},

    {get, "/api/members", Need::user, none, Rating::read, on<&MemberResource::on_get>},
    {post, "/api/members", Need::user, small, Rating::write, on<&MemberResource::on_post>},
    {patch, "/api/members/{id}", Need::user, small, Rating::write, on<&MemberResource::on_patch>},
    {delete_, "/api/members/{id}", Need::user, none, Rating::write, on<&MemberResource::on_delete>},

    {get, "/api/messages", Need::user, none, Rating::read, on<&Messages::on_get>},
    {post, "/api/messages", Need::user, large, Rating::write, on<&Messages::on_post>},
    {get, "/api/messages/{id}", Need::user, none, Rating::read, on<&Messages::on_get_one>},
    {patch, "/api/messages/{id}", Need::user, large, Rating::write, on<&Messages::on_patch>},
    {delete_, "/api/messages/{id}", Need::user, none, Rating::write, on<&Messages::on_delete>},
    {get, "/api/messages/{id}/history", Need::user, none, Rating::read, on<&Messages::on_get_history>},
    {get, "/api/unread", Need::user, none, Rating::read, on<&Messages::on_get_unread>},

    {get, "/api/live", Need::user, none, Rating::read, on<&LiveResource::on_websocket>, Media::own},
    {get, "/api/events", Need::user, none, Rating::read, on<&LiveResource::on_events>, Media::own},

    {get, "/healthz", Need::anyone, none, Rating::none, on<&ServerResource::on_health>, Media::own},
    {get, "/readyz", Need::anyone, none, Rating::none, on<&ServerResource::on_ready>, Media::own},
    {get, "/metrics", Need::admin, none, Rating::none, on<&ServerResource::on_metrics>, Media::own},
    {get, "/api/about", Need::anyone, none, Rating::none, on<&ServerResource::on_about>},
    {get, "/api/server", Need::admin, none, Rating::read, on<&ServerResource::on_get>},
};

/// The rows of one path stand together; a path begins where another ends.
constexpr std::size_t path_count = [] {
    std::size_t count = 1;
    for (std::size_t i = 1; i < std::size(table); ++i) count += table[i].path != table[i - 1].path ? 1 : 0;
    return count;
}();
constexpr auto paths = [] {
    std::array<std::span<const Route>, path_count> spans;
    std::size_t begin = 0;
    for (auto& rows : spans) {
        std::size_t end = begin + 1;
        while (end < std::size(table) && table[end].path == table[begin].path) ++end;
        rows = std::span(table).subspan(begin, end - begin);
        begin = end;
    }
    return spans;
}();

/// What stands for the {…} of a path, as sent.
struct Variables {
    std::array<std::string_view, 2> values;
    std::size_t count = 0;
};

/// Whether `path` is of this form.
bool fits(std::string_view pattern, std::string_view path, Variables& variables) {
    variables.count = 0;
    for (;;) {
        const auto brace = std::min(pattern.find('{'), pattern.size());
        if (!path.starts_with(pattern.substr(0, brace))) return false;
        path.remove_prefix(brace);
        pattern.remove_prefix(brace);
        if (pattern.empty()) return path.empty();
        const auto value = path.substr(0, path.find('/'));
        if (value.empty()) return false;
        variables.values.at(variables.count++) = value;
        path.remove_prefix(value.size());
        pattern.remove_prefix(pattern.find('}') + 1);
    }
}

}  // namespace

std::span<const Route> routes() { return table; }

std::optional<Match> match(std::string_view path) {
    if (path.find("//") != std::string_view::npos) return std::nullopt;
    if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    Variables variables;
    // The first that fits wins: /users/me before /users/{id}.
    const auto found =
        std::ranges::find_if(paths, [&](const auto& rows) { return fits(rows.front().path, path, variables); });
    if (found == paths.end()) return std::nullopt;
    Match matching{*found, {}};
    for (std::size_t i = 0; i < variables.count; ++i) {
        auto decoded = http::percent_decode(variables.values[i]);
        if (!decoded) return std::nullopt;
        matching.segments.push_back(std::move(*decoded));
    }
    return matching;
}

const Route* Match::row_for(http::Method method) const {
    const auto wanted = method == http::Method::head ? http::Method::get : method;
    const auto found = std::ranges::find(rows, wanted, &Route::method);
    return found == rows.end() ? nullptr : &*found;
}

std::string Match::allow() const {
    std::string text;
    for (const auto& row : rows) text.append(http::name_of(row.method)).append(", ");
    return text + "OPTIONS";
}

}  // namespace makechat::api
