#include "api/errors.hpp"
#include "api/resources.hpp"

#include <algorithm>

namespace makechat::api {
namespace {

using namespace chat;

void write_token(JsonText& json, const Token& token) {
    json.key("_id").id(token.id).key("name").string(token.name).key("scope").string(token.scope);
    json.key("prefix").string(token.prefix).key("created").date(token.created).key("last_used");
    if (token.last_used == Time{}) json.null();
    else json.date(token.last_used);
}

void write_session(JsonText& json, const Session& session, bool current) {
    json.begin_object().key("_id").id(session.id).key("created").date(session.created);
    json.key("last_used").date(session.last_used).key("address").string(session.address);
    json.key("agent").string(session.agent).key("current").boolean(current).end_object();
}

/// The part of a list that a page shows.
template <class T>
std::vector<T> cut(std::vector<T> all, Page page) {
    const auto first = std::min(page.offset, all.size());
    const auto last = std::min(all.size(), first + page.limit);
    return {all.begin() + static_cast<std::ptrdiff_t>(first), all.begin() + static_cast<std::ptrdiff_t>(last)};
}

/// `?user=` is another's, for admins.
Result<UserId> whose_tokens(const Call& call) {
    const auto named = call.query.find("user");
    if (!named) return call.user_id();
    const auto user = to_user(call.chat.directory.accounts, "user", *named);
    const bool is_own = user && *user == call.user_id();
    if (!is_own && !call.user().is_superuser) return fail({Code::forbidden, "Admin required."});
    return user;
}

}  // namespace

Answer TokenResource::on_get(Call& call) {
    const auto page = page_of(call.query, items_per_page, limits::list_page_max);
    if (!page) co_return fail(page.error());
    const auto whose = whose_tokens(call);
    if (!whose) co_return fail(whose.error());
    auto tokens = call.chat.directory.credentials.tokens_of(*whose);
    const auto total = tokens.size();
    JsonText json;
    json.begin_array();
    for (const auto& token : cut(std::move(tokens), *page)) {
        json.begin_object();
        write_token(json, token);
        json.end_object();
    }
    co_return ok_page(call, json.end_array().take(), *page, total);
}

Answer TokenResource::on_post(Call& call) {
    auto fields = call.take_fields();
    if (!fields) co_return fail(fields.error());
    auto name = fields->text("name");
    if (!name) co_return fail(name.error());
    auto scope = fields->optional_text("scope");
    if (!scope) co_return fail(scope.error());
    fields->drop();
    auto making = token_create(call.chat, call.user_id(), std::move(*name), scope->value_or("all"));
    const auto made = co_await std::move(making);
    if (!made) co_return fail(made.error());
    JsonText json;
    json.begin_object();
    write_token(json, made->token);
    co_return created(json.key("value").string(made->value).end_object().take());
}

Answer TokenResource::on_delete(Call& call) {
    const auto id = call.path_id<TokenId>();
    if (!id) co_return fail(id.error());
    auto revoking = revoke_token(call.chat, call.user_id(), *id);
    const auto revoked = co_await std::move(revoking);
    if (!revoked) co_return fail(revoked.error());
    co_return status_ok();
}

Answer SessionResource::on_get(Call& call) {
    const auto page = page_of(call.query, items_per_page, limits::list_page_max);
    if (!page) co_return fail(page.error());
    auto sessions = call.chat.directory.credentials.sessions_of(call.user_id());
    std::erase_if(sessions, [now = call.chat.clock.now()](const Session& session) { return session.expires <= now; });
    const auto total = sessions.size();
    JsonText json;
    json.begin_array();
    for (const auto& session : cut(std::move(sessions), *page))
        write_session(json, session, Credential{session.id} == call.caller->credential);
    co_return ok_page(call, json.end_array().take(), *page, total);
}

Answer SessionResource::on_delete(Call& call) {
    const auto id = call.path_id<SessionId>();
    if (!id) co_return fail(id.error());
    auto ending = end_session(call.chat, call.user_id(), *id);
    const auto ended = co_await std::move(ending);
    if (!ended) co_return fail(ended.error());
    co_return status_ok();
}

}  // namespace makechat::api
