#include "api/api.hpp"

#include "api/errors.hpp"
#include "api/origin.hpp"
#include "api/routes.hpp"
#include "http/cookie.hpp"
#include "http/media.hpp"
#include "http/query.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace makechat::api {
namespace {

/// What a check says: nothing, or the refusal.
using Verdict = std::optional<Error>;

bool has_json_media(const http::Head& head) {
    using http::Method;
    const bool writes = head.method == Method::post || head.method == Method::put || head.method == Method::patch;
    if (writes && !http::is_json(head.field("Content-Type"))) return false;
    return !head.has_field("Accept") || http::admits_json(head.list("Accept"));
}

Error too_many(std::chrono::seconds wait) {
    const auto seconds = static_cast<int>(wait.count());
    return {Code::too_many, fmt::format("Too many requests. Try again in {} s.", seconds), seconds};
}

Verdict check_address_rate(Services& services, Rating rating, const std::string& host) {
    std::optional<std::chrono::seconds> wait;
    const auto now = services.chat.clock.monotonic();
    // Only failed sign-ins count: SignInResource takes, and gives back after a success.
    if (rating == Rating::sign_in) wait = services.rates.login_by_address.check(host, now);
    if (rating == Rating::sign_up) wait = services.rates.register_by_address.take(host, now);
    if (wait) return too_many(*wait);
    return std::nullopt;
}

Verdict check_user_rate(Services& services, Rating rating, chat::UserId user) {
    if (rating != Rating::read && rating != Rating::write) return std::nullopt;
    auto& buckets = rating == Rating::read ? services.rates.read_by_user : services.rates.write_by_user;
    const auto wait = buckets.take(std::hash<chat::UserId>{}(user), services.chat.clock.monotonic());
    if (wait) return too_many(*wait);
    return std::nullopt;
}

/// Before memory grows: what has been committed waits for a loop that is behind, and each write would add to it.
Verdict check_load(Services& services, const Route& route) {
    if (route.rating == Rating::read || route.rating == Rating::none || !services.bus.is_behind()) return std::nullopt;
    return Error{Code::overloaded, "The server is behind with telling what was written. Try again.", 1};
}

/// What stands behind "Bearer", which may be written in any case; none: another scheme, which is not ours.
std::optional<std::string_view> bearer_in(std::string_view authorization) {
    const auto space = std::min(authorization.find(' '), authorization.size());
    if (!http::same_name(authorization.substr(0, space), "Bearer")) return std::nullopt;
    const auto token = authorization.substr(space);
    return token.substr(std::min(token.find_first_not_of(' '), token.size()));
}

/// The first credential that is present decides, valid or not.
std::optional<chat::Caller> caller_of(chat::Chat& chat, const http::Head& head) {
    using chat::CredentialKind;
    if (head.has_field("X-Auth-Token")) return authenticate(chat, CredentialKind::token, head.field("X-Auth-Token"));
    if (const auto token = bearer_in(head.field("Authorization")))
        return authenticate(chat, CredentialKind::token, *token);
    const auto cookie = http::cookie(head.field("Cookie"), "session");
    return cookie.empty() ? std::nullopt : authenticate(chat, CredentialKind::session, cookie);
}

Error unauthenticated() { return {Code::unauthenticated, "Please provide an auth token or login."}; }

bool changes(const Route& route) { return route.method != http::Method::get; }

Verdict check_page(const http::Head& head, const Route& route, const chat::Caller& caller, const ClientSide& side) {
    const bool by_cookie = std::holds_alternative<chat::SessionId>(caller.credential);
    if (by_cookie && (changes(route) || route.path == "/api/live") && !is_from_own_page(head, side.own_origin()))
        return Error{Code::forbidden,
                     "A request by the session cookie must come from this server's own pages. "
                     "(Behind a proxy, see the setting trusted_proxies.)"};
    return std::nullopt;
}

Verdict check_rights(const Route& route, const chat::Caller& caller) {
    if (route.need == Need::admin && !caller.user->is_superuser) return Error{Code::forbidden, "Admin required."};
    if (changes(route) && caller.read_only) return Error{Code::forbidden, "This token may only read."};
    return std::nullopt;
}

class ApiExchange final : public http::Exchange {
public:
    ApiExchange(Resources& resources, const Route& route, Call call)
        : resources_(resources), route_(route), call_(std::move(call)) {}

    [[nodiscard]] std::size_t body_bytes_max() const override {
        return route_.body_bytes_max == 0 ? limits::body_bytes_max : route_.body_bytes_max;
    }

    http::Reply body_too_large() override {
        return finish(refusal({Code::too_large, fmt::format("The body is over {} bytes.", body_bytes_max())}));
    }

    Task<http::Reply> answer(std::string body) override {
        call_.body = std::move(body);
        if (auto lost = look_again()) co_return finish(refusal(*lost));
        auto pairs = http::parse_query(call_.head.query);
        if (!pairs) co_return finish(refusal(pairs.error()));
        call_.query = Query{std::move(*pairs)};
        auto handling = route_.handle(resources_, call_);
        auto reply = co_await std::move(handling);
        co_return finish(reply ? std::move(*reply) : refusal(reply.error()));
    }

private:
    /// The body may have taken half a minute to come: what its sender was let in by may be gone.
    Verdict look_again() {
        if (!call_.caller) return std::nullopt;
        const auto& directory = call_.chat.directory;
        call_.caller->user = directory.accounts.find(call_.user_id());
        const bool holds = directory.credentials.holds(call_.caller->credential, call_.chat.clock.now());
        if (route_.need == Need::anyone) return std::nullopt;
        if (!holds || call_.user().is_disabled) return unauthenticated();
        return check_rights(route_, *call_.caller);
    }

    http::Reply finish(http::Reply reply) {
        reply.route = route_.path;
        reply.client = call_.client;
        call_.services.metrics.count_answer(reply.status);
        return reply;
    }

    Resources& resources_;
    const Route& route_;
    Call call_;
};

}  // namespace

std::variant<http::Reply, std::unique_ptr<http::Exchange>> Api::admit(const http::Head& head) {
    ClientSide side = client_side_of(head, services_.settings.trusted_proxies);
    const auto refused = [this, &side](http::Reply reply, std::string_view route) {
        reply.route = route;
        reply.client = side.address;
        services_.metrics.count_answer(reply.status);
        return reply;
    };
    if (head.path == "*") return refused(only_allows(204, "GET, POST, PUT, PATCH, DELETE, OPTIONS"), "*");
    auto found = match(head.path);
    if (!found) return refused(refusal({Code::not_found, "There is nothing at this address."}), "-");
    const auto path = found->rows.front().path;
    const auto* row = found->row_for(head.method);
    if (row) {
        if (auto error = check_address_rate(services_, row->rating, one_host(side.address)))
            return refused(refusal(*error), path);
    }
    if (found->rows.front().media == Media::json && !has_json_media(head)) return refused(not_acceptable(), path);
    if (head.method == http::Method::options) return refused(only_allows(204, found->allow()), path);
    if (!row) return refused(only_allows(405, found->allow()), path);

    auto caller =
        row->need == Need::anyone && row->rating != Rating::none ? std::nullopt : caller_of(services_.chat, head);
    if (row->need != Need::anyone) {
        if (!caller) return refused(refusal(unauthenticated()), path);
        if (auto error = check_user_rate(services_, row->rating, caller->user->id))
            return refused(refusal(*error), path);
    }
    if (caller) {
        if (auto error = check_page(head, *row, *caller, side)) return refused(refusal(*error), path);
    }
    if (row->need != Need::anyone) {
        if (auto error = check_rights(*row, *caller)) return refused(refusal(*error), path);
    }
    if (auto error = check_load(services_, *row)) return refused(refusal(*error), path);
    Call call{services_,
              services_.chat,
              head,
              std::move(caller),
              std::move(found->segments),
              {},
              {},
              std::move(side.address),
              side.secure,
              &live_};
    return std::make_unique<ApiExchange>(resources_, *row, std::move(call));
}

http::Reply Api::refuse(int status, std::string_view why) {
    services_.metrics.count_answer(status);
    auto reply = standard_refusal(status, why);
    reply.route = "-";
    return reply;
}

}  // namespace makechat::api
