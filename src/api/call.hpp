#pragma once

#include "api/fields.hpp"
#include "api/render.hpp"
#include "api/services.hpp"
#include "chat/sign_in.hpp"
#include "http/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What a resource is given, and how it answers.
namespace makechat::api {

/// The parameters behind the '?', decoded, in their order.
class Query {
public:
    Query() = default;
    explicit Query(std::vector<std::pair<std::string, std::string>> pairs) : pairs_(std::move(pairs)) {}

    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;  ///< the first of that name
    [[nodiscard]] std::vector<std::string_view> all(std::string_view name) const;
    /// The query with these values in place of what it says of them, for a Link.
    [[nodiscard]] std::string with(std::string_view name, std::size_t value) const;

    // Errors: bad_parameter; missing where required.
    [[nodiscard]] Result<std::optional<std::int64_t>> number(std::string_view name) const;  ///< 0 and up
    [[nodiscard]] Result<std::optional<bool>> boolean(std::string_view name) const;         ///< true or false
    template <class IdType>
    [[nodiscard]] Result<IdType> id(std::string_view name) const;

private:
    std::vector<std::pair<std::string, std::string>> pairs_;
};

/// A request that has passed the gate: its route may be called by this caller.
struct Call {
    Services& services;
    chat::Chat& chat;
    const http::Head& head;
    std::optional<chat::Caller> caller;  ///< set where the route needs a user
    std::vector<std::string> segments;   ///< for each {…} of the path, decoded
    Query query;
    std::string body;
    std::string client;        ///< the address, as trusted proxies report it
    bool secure = false;       ///< the client speaks TLS, to us or to a trusted proxy
    LiveFeed* live = nullptr;  ///< of this loop

    [[nodiscard]] const chat::User& user() const { return *caller->user; }
    [[nodiscard]] chat::UserId user_id() const { return caller->user->id; }
    /// The body, once; nothing of it stays here. Errors: those of Fields::parse.
    [[nodiscard]] Result<Fields> take_fields() { return Fields::parse(std::exchange(body, {})); }
    /// The id in the path. Errors: bad_parameter (not 24 hex digits).
    template <class IdType>
    [[nodiscard]] Result<IdType> path_id(std::size_t index = 0) const;
};

/// 24 hex digits, or the refusal that names the parameter.
template <class IdType>
Result<IdType> to_id(std::string_view name, std::string_view text) {
    const auto id = parse_id<IdType>(text);
    if (!id) return fail(bad(name, "is not an id: 24 hexadecimal digits"));
    return *id;
}

template <class IdType>
Result<IdType> Query::id(std::string_view name) const {
    const auto text = find(name);
    if (!text) return fail(missing(name));
    return to_id<IdType>(name, *text);
}

template <class IdType>
Result<IdType> Call::path_id(std::size_t index) const {
    return to_id<IdType>("id", segments.at(index));
}

/// An id by its digits; anything else is a username. Errors: not_found (nobody).
Result<chat::UserId> to_user(const chat::Accounts& accounts, std::string_view name, std::string_view text);

struct Page {
    std::size_t offset = 0;
    std::size_t limit = 0;
};
/// `offset` and `limit` of the query; a larger limit is cut to `limit_max`. Errors: bad_parameter.
Result<Page> page_of(const Query& query, std::size_t limit, std::size_t limit_max);

http::Reply ok(std::string json);
http::Reply created(std::string json);
http::Reply status_ok();  ///< {"status": "ok"}
/// A list with Link to the pages before and after, and X-Total-Count.
http::Reply ok_page(const Call& call, std::string json, Page page, std::size_t total);

}  // namespace makechat::api
