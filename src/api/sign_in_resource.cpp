#include "api/errors.hpp"
#include "api/login_try.hpp"
#include "api/origin.hpp"
#include "api/resources.hpp"
#include "base/fold.hpp"
#include "base/utf8.hpp"
#include "chat/names.hpp"
#include "chat/server_settings.hpp"
#include "chat/sign_up.hpp"
#include "http/cookie.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace makechat::api {
namespace {

std::string session_cookie(const Call& call, std::string_view value, std::chrono::seconds lives) {
    return fmt::format("session={}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{}", value, lives.count(),
                       call.secure ? "; Secure" : "");
}

std::chrono::seconds session_ttl(const Call& call) {
    return std::chrono::floor<std::chrono::seconds>(call.chat.policy.session_ttl);
}

chat::Origin origin_of(const Call& call) {
    constexpr std::size_t agent_bytes_max = 256;
    std::string agent{call.head.field("User-Agent").substr(0, agent_bytes_max)};
    // A header may hold any byte, and what is no UTF-8 would spoil the list of his sessions.
    if (!is_valid_utf8(agent))
        std::ranges::replace_if(agent, [](char c) { return static_cast<signed char>(c) < 0; }, '?');
    return {call.client, std::move(agent)};
}

/// The fields of register and setup, in the order in which a missing one is told.
Result<chat::NewAccount> account_in(const Fields& fields) {
    chat::NewAccount account;
    auto username = fields.text("username");
    if (!username) return fail(username.error());
    auto email = fields.text("email");
    if (!email) return fail(email.error());
    auto password = fields.text("password1");
    if (!password) return fail(password.error());
    const auto again = fields.text("password2");
    if (!again) return fail(again.error());
    if (*password != *again) return fail({Code::bad_password, "Passwords do not match."});
    return chat::NewAccount{std::move(*username), std::move(*email), std::move(*password), false};
}

/// What else setup may say.
Result<chat::ServerSettings> server_settings_in(const Fields& fields) {
    auto name = fields.optional_text("server_name");
    if (!name) return fail(name.error());
    const auto registration = fields.optional_text("registration");
    if (!registration) return fail(registration.error());
    chat::ServerSettings settings{std::move(*name), std::nullopt};
    if (*registration) {
        if (**registration != "open" && **registration != "closed")
            return fail(bad("registration", "is 'open' or 'closed'"));
        settings.registration_open = **registration == "open";
    }
    return settings;
}

http::Reply welcome(const Call& call, const chat::SignedUp& made) {
    JsonText json;
    json.begin_object().key("status").string("ok").key("user");
    write_account(json, *made.user);
    auto reply = created(json.key("token").string(made.token.value).end_object().take());
    reply.fields.emplace_back("Set-Cookie", session_cookie(call, made.session.value, session_ttl(call)));
    return reply;
}

}  // namespace

Answer SignInResource::on_register(Call& call) {
    if (!chat::is_registration_open(call.chat)) co_return fail({Code::forbidden, "Registration is closed."});
    auto fields = call.take_fields();
    if (!fields) co_return fail(fields.error());
    auto account = account_in(*fields);
    if (!account) co_return fail(account.error());
    fields->drop();
    auto registering = register_user(call.chat, std::move(*account), origin_of(call));
    const auto made = co_await std::move(registering);
    if (!made) co_return fail(made.error());
    co_return welcome(call, *made);
}

Answer SignInResource::on_setup(Call& call) {
    const Error gone{Code::not_found, "This server has been set up already."};
    if (call.chat.directory.accounts.superusers() > 0) co_return fail(gone);
    auto fields = call.take_fields();
    if (!fields) co_return fail(fields.error());
    const auto code = fields->text("code");
    if (!code) co_return fail(code.error());
    auto account = account_in(*fields);
    if (!account) co_return fail(account.error());
    auto server = server_settings_in(*fields);
    if (!server) co_return fail(server.error());
    if (!call.services.setup_code.matches(*code))
        co_return fail({Code::not_found, "This set-up code is not the one that the server has printed."});
    fields->drop();
    auto setting_up = set_up_admin(call.chat, std::move(*account), std::move(*server), origin_of(call));
    const auto made = co_await std::move(setting_up);
    if (!made) co_return fail(made.error());
    call.services.setup_code.clear();
    co_return welcome(call, *made);
}

Answer SignInResource::on_login(Call& call) {
    auto fields = call.take_fields();
    if (!fields) co_return fail(fields.error());
    const auto username = fields->text("username");
    if (!username) co_return fail(username.error());
    auto password = fields->text("password");
    if (!password) co_return fail(password.error());

    const LoginTry login{call, *username};
    if (auto refused = login.begin()) co_return fail(std::move(*refused));
    fields->drop();
    auto verifying = verify_login(call.chat, *username, std::move(*password));
    const auto user = co_await std::move(verifying);
    if (user || user.error().code != Code::bad_login) login.give_back();
    if (!user) co_return fail(user.error());
    auto opening = session_create(call.chat, (*user)->id, origin_of(call), (*user)->password);
    const auto session = co_await std::move(opening);
    if (!session) co_return fail(session.error());
    JsonText json;
    json.begin_object().key("status").string("ok").key("user");
    write_account(json, **user);
    auto reply = ok(json.end_object().take());
    reply.fields.emplace_back("Set-Cookie", session_cookie(call, session->value, session_ttl(call)));
    co_return reply;
}

Answer SignInResource::on_logout(Call& call) {
    if (call.head.field("Sec-Fetch-Site") == "cross-site")
        co_return fail({Code::forbidden, "Another site's page may not sign you out."});
    if (call.caller) {
        if (const auto* session = std::get_if<chat::SessionId>(&call.caller->credential)) {
            auto ending = end_session(call.chat, call.user_id(), *session);
            const auto ended = co_await std::move(ending);
            if (!ended && ended.error().code != Code::not_found) co_return fail(ended.error());
        }
    }
    auto reply = status_ok();
    reply.fields.emplace_back("Set-Cookie", session_cookie(call, "", std::chrono::seconds{0}));
    co_return reply;
}

Answer SignInResource::on_ping(Call& call) {
    JsonText json;
    json.begin_object().key("username").string(call.user().username);
    json.key("is_superuser").boolean(call.user().is_superuser);
    json.key("have_rooms").boolean(call.chat.directory.rooms.room_count_of(call.user_id()) > 0);
    auto reply = ok(json.end_object().take());
    // A session in use lives on, and so must the browser's copy of it.
    if (std::holds_alternative<chat::SessionId>(call.caller->credential))
        reply.fields.emplace_back(
            "Set-Cookie", session_cookie(call, http::cookie(call.head.field("Cookie"), "session"), session_ttl(call)));
    co_return reply;
}

}  // namespace makechat::api
