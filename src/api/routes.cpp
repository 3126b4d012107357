#include "api/routes.hpp"

#include "api/resources.hpp"
#include "http/query.hpp"

#include <algorithm>

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
    {get, "/api/server", Need::admin, none, Rating::read, on<&ServerResource::on_get>},
};

/// The first segment of `path`, which it takes off. Slashes at the end are none.
std::string_view take_segment(std::string_view& path) {
    while (path.starts_with('/')) path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    const auto segment = path.substr(0, end);
    path.remove_prefix(end);
    return segment;
}

/// Whether `path` is of this form; collects what stands for {…}, as sent.
bool fits(std::string_view pattern, std::string_view path, std::vector<std::string_view>& variables) {
    variables.clear();
    while (true) {
        const auto expected = take_segment(pattern);
        const auto segment = take_segment(path);
        if (expected.empty() || segment.empty()) return expected.empty() && segment.empty();
        if (expected.starts_with('{')) variables.push_back(segment);
        else if (expected != segment) return false;
    }
}

}  // namespace

std::span<const Route> routes() { return table; }

std::optional<Match> match(std::string_view path) {
    if (path.find("//") != std::string_view::npos) return std::nullopt;
    if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    Match found;
    std::vector<std::string_view> variables;
    for (const auto& route : table) {
        const bool same = !found.rows.empty() && found.rows.front()->path == route.path;
        if (!found.rows.empty() && !same) break;  // the rows of a path stand together; the first path that fits wins
        if (!same && !fits(route.path, path, variables)) continue;
        found.rows.push_back(&route);
    }
    if (found.rows.empty()) return std::nullopt;
    for (const auto variable : variables) {
        auto decoded = http::percent_decode(variable);
        if (!decoded) return std::nullopt;
        found.segments.push_back(std::move(*decoded));
    }
    return found;
}

const Route* Match::row_for(http::Method method) const {
    const auto wanted = method == http::Method::head ? http::Method::get : method;
    const auto found = std::ranges::find(rows, wanted, &Route::method);
    return found == rows.end() ? nullptr : *found;
}

std::string Match::allow() const {
    std::string text;
    for (const auto* row : rows) text.append(http::name_of(row->method)).append(", ");
    return text + "OPTIONS";
}

}  // namespace makechat::api
