#include "api/errors.hpp"
#include "api/login_try.hpp"
#include "api/resources.hpp"
#include "chat/profile.hpp"
#include "chat/sign_up.hpp"

#include <algorithm>

namespace makechat::api {
namespace {

using namespace chat;

void write_last_seen(JsonText& json, const Accounts& accounts, UserId user) {
    json.key("last_seen");
    const Time seen = accounts.last_seen(user);
    if (seen == Time{}) json.null();
    else json.date(seen);
}

/// `?ids=A,B,…`: those too who have left or are disabled; unknown ids are left out.
Result<std::string> profiles(const Accounts& accounts, std::string_view ids) {
    JsonText json;
    json.begin_array();
    std::size_t count = 0;
    while (!ids.empty()) {
        const auto comma = std::min(ids.find(','), ids.size());
        const auto id = to_id<UserId>("ids", ids.substr(0, comma));
        if (!id) return fail(id.error());
        if (++count > limits::users_by_id_max) return fail(bad("ids", "names more than 100 people"));
        if (const auto user = accounts.find(*id)) {
            json.begin_object();
            write_profile_keys(json, *user);
            write_last_seen(json, accounts, user->id);
            json.end_object();
        }
        ids.remove_prefix(std::min(ids.size(), comma + 1));
    }
    return json.end_array().take();
}

void write_for_admin(JsonText& json, const Chat& chat, const User& user) {
    const auto& directory = chat.directory;
    json.begin_object().key("_id").id(user.id).key("username").string(user.username);
    json.key("display_name").string(user.display_name).key("email").string(user.email);
    json.key("is_superuser").boolean(user.is_superuser).key("is_disabled").boolean(user.is_disabled);
    json.key("bot")
        .boolean(user.bot)
        .key("online")
        .boolean(chat.presence.online(user.id))
        .key("created")
        .date(user.created);
    write_last_seen(json, directory.accounts, user.id);
    json.key("tokens").number(static_cast<std::int64_t>(directory.credentials.token_count(user.id))).end_object();
}

/// What an admin's list is narrowed down to, and in which order it stands.
Result<Accounts::Search> search_in(const Query& query) {
    using Order = Accounts::Order;
    constexpr std::pair<std::string_view, Order> orders[] = {
        {"username", Order::username}, {"last_seen", Order::last_seen}, {"created", Order::created}};
    Accounts::Search wanted;
    wanted.query = query.find("query").value_or("");
    const auto is_superuser = query.boolean("is_superuser");
    if (!is_superuser) return fail(is_superuser.error());
    const auto is_disabled = query.boolean("is_disabled");
    if (!is_disabled) return fail(is_disabled.error());
    wanted.is_superuser = *is_superuser;
    wanted.is_disabled = *is_disabled;
    auto by = query.find("sort").value_or("username");
    wanted.descending = by.starts_with('-');
    if (wanted.descending) by.remove_prefix(1);
    const auto* order = std::ranges::find(orders, by, &std::pair<std::string_view, Order>::first);
    if (order == std::end(orders))
        return fail(bad("sort", "is 'username', 'last_seen' or 'created', with a '-' in front for the opposite order"));
    wanted.order = order->second;
    return wanted;
}

std::string suggestions(const Accounts& accounts, std::string_view query) {
    JsonText json;
    json.begin_array();
    for (const auto& user : accounts.list(query, Accounts::Audience::everybody, 0, limits::users_suggested_max).users) {
        json.begin_object().key("_id").id(user->id).key("username").string(user->username);
        json.key("display_name").string(user->display_name).end_object();
    }
    return json.end_array().take();
}

Result<ProfileChange> profile_change_in(const Fields& fields) {
    ProfileChange wanted;
    struct Key {
        std::string_view name;
        std::optional<std::string> ProfileChange::* value;
    };
    constexpr Key keys[] = {{"username", &ProfileChange::username},
                            {"email", &ProfileChange::email},
                            {"display_name", &ProfileChange::display_name},
                            {"avatar", &ProfileChange::avatar},
                            {"password", &ProfileChange::password}};
    bool any = fields.has("settings");
    for (const auto& key : keys) {
        auto text = fields.optional_text(key.name);
        if (!text) return fail(text.error());
        any = any || text->has_value();
        wanted.*key.value = std::move(*text);
    }
    auto settings = fields.optional_object("settings");
    if (!settings) return fail(settings.error());
    wanted.settings = std::move(*settings);
    if (!any) return fail({Code::missing, "At least one parameter is required."});
    if (wanted.password) {
        auto old = fields.text("old_password");
        if (!old) return fail(old.error());
        wanted.old_password = std::move(*old);
    }
    return wanted;
}

Result<AccountChange> account_change_in(const Fields& fields) {
    AccountChange wanted;
    auto email = fields.optional_text("email");
    if (!email) return fail(email.error());
    auto display_name = fields.optional_text("display_name");
    if (!display_name) return fail(display_name.error());
    auto password = fields.optional_text("password");
    if (!password) return fail(password.error());
    const auto is_superuser = fields.optional_boolean("is_superuser");
    if (!is_superuser) return fail(is_superuser.error());
    const auto is_disabled = fields.optional_boolean("is_disabled");
    if (!is_disabled) return fail(is_disabled.error());
    wanted = {std::move(*email), std::move(*display_name), *is_superuser, *is_disabled, std::move(*password), false};
    if (!wanted.email && !wanted.display_name && !wanted.password && !wanted.is_superuser && !wanted.is_disabled)
        return fail({Code::missing, "At least one parameter is required."});
    return wanted;
}

std::string account_json(const User& user) {
    JsonText json;
    write_account(json, user);
    return json.take();
}

}  // namespace

Answer UserResource::on_get(Call& call) {
    const auto& accounts = call.chat.directory.accounts;
    if (const auto ids = call.query.find("ids")) {
        auto json = profiles(accounts, *ids);
        if (!json) co_return fail(json.error());
        co_return ok(std::move(*json));
    }
    const auto query = call.query.find("query");
    if (!call.user().is_superuser) {
        if (!query) co_return fail({Code::forbidden, "Admin required."});
        co_return ok(suggestions(accounts, *query));
    }
    const auto page = page_of(call.query, items_per_page, limits::list_page_max);
    if (!page) co_return fail(page.error());
    const auto wanted = search_in(call.query);
    if (!wanted) co_return fail(wanted.error());
    const auto found = accounts.search(*wanted, page->offset, page->limit);
    JsonText json;
    json.begin_array();
    for (const auto& user : found.users) write_for_admin(json, call.chat, *user);
    co_return ok_page(call, json.end_array().take(), *page, found.total);
}

Answer UserResource::on_post(Call& call) {
    auto fields = call.take_fields();
    if (!fields) co_return fail(fields.error());
    auto username = fields->text("username");
    if (!username) co_return fail(username.error());
    auto email = fields->text("email");
    if (!email) co_return fail(email.error());
    auto password = fields->text("password");
    if (!password) co_return fail(password.error());
    const auto is_superuser = fields->optional_boolean("is_superuser");
    if (!is_superuser) co_return fail(is_superuser.error());
    NewAccount account{std::move(*username), std::move(*email), std::move(*password), is_superuser->value_or(false)};
    fields->drop();
    auto creating = create_user(call.chat, std::move(account), PasswordRule::for_people);
    const auto user = co_await std::move(creating);
    if (!user) co_return fail(user.error());
    co_return created(account_json(**user));
}

Answer UserResource::on_patch(Call& call) {
    auto fields = call.take_fields();
    if (!fields) co_return fail(fields.error());
    const auto id = call.path_id<UserId>();
    if (!id) co_return fail(id.error());
    auto wanted = account_change_in(*fields);
    if (!wanted) co_return fail(wanted.error());
    fields->drop();
    auto changing = change_account(call.chat, call.user_id(), *id, std::move(*wanted));
    const auto user = co_await std::move(changing);
    if (!user) co_return fail(user.error());
    co_return ok(account_json(**user));
}

Answer UserResource::on_get_me(Call& call) { co_return ok(account_json(call.user())); }

Answer UserResource::on_patch_me(Call& call) {
    auto fields = call.take_fields();
    if (!fields) co_return fail(fields.error());
    auto wanted = profile_change_in(*fields);
    if (!wanted) co_return fail(wanted.error());
    // Who has got hold of a session or a token may not try passwords by it either.
    const LoginTry login{call, call.user().username};
    const bool tries_password = wanted->password.has_value();
    if (tries_password) {
        if (auto refused = login.begin()) co_return fail(std::move(*refused));
    }
    fields->drop();
    auto changing = change_profile(call.chat, *call.caller, std::move(*wanted));
    const auto user = co_await std::move(changing);
    if (tries_password && (user || user.error().code != Code::bad_password)) login.give_back();
    if (!user) co_return fail(user.error());
    co_return ok(account_json(**user));
}

}  // namespace makechat::api
