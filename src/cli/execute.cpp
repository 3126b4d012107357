#include "cli/execute.hpp"

#include "chat/profile.hpp"
#include "chat/sign_in.hpp"
#include "chat/sign_up.hpp"
#include "cli/list.hpp"
#include "cli/table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace makechat::cli {
namespace {

/// The author of what the command line changes: nobody.
constexpr chat::UserId nobody{};

Outcome success(std::string out) { return {0, std::move(out), {}}; }
Outcome refusal(const Error& error) { return failure(refused, error.text); }
Error no_user(const std::string& username) {
    return {Code::not_found, fmt::format("There is no user '{}'.", printable(username))};
}

Task<Outcome> perform(chat::Chat& chat, UserCreate wanted) {
    chat::NewAccount account{wanted.username, std::move(wanted.email), std::move(wanted.password), wanted.is_superuser};
    auto creating = chat::create_user(chat, std::move(account), chat::PasswordRule::any);
    const auto user = co_await std::move(creating);
    if (!user) co_return refusal(user.error());
    co_return success(fmt::format("Created {} {}.\n", wanted.is_superuser ? "admin" : "user", wanted.username));
}

Task<Outcome> change(chat::Chat& chat, std::string username, chat::AccountChange wanted, std::string done) {
    const auto user = chat.directory.accounts.find_name(username);
    if (!user) co_return refusal(no_user(username));
    wanted.any_password = true;
    auto changing = chat::change_account(chat, nobody, user->id, std::move(wanted));
    const auto changed = co_await std::move(changing);
    if (!changed) co_return refusal(changed.error());
    co_return success(fmt::format("{} {}.\n", done, user->username));
}

Task<Outcome> perform(chat::Chat& chat, UserChangepass wanted) {
    chat::AccountChange password;
    password.password = std::move(wanted.password);
    return change(chat, std::move(wanted.username), std::move(password), "Changed the password of");
}

Task<Outcome> perform(chat::Chat& chat, UserDisable wanted) {
    chat::AccountChange disabled;
    disabled.is_disabled = true;
    return change(chat, std::move(wanted.username), std::move(disabled), "Disabled");
}

Task<Outcome> perform(chat::Chat& chat, UserEnable wanted) {
    chat::AccountChange enabled;
    enabled.is_disabled = false;
    return change(chat, std::move(wanted.username), std::move(enabled), "Enabled");
}

Task<Outcome> perform(chat::Chat& chat, UserList) { co_return success(list_users(chat.directory)); }

Task<Outcome> perform(chat::Chat& chat, TokenCreate wanted) {
    const auto user = chat.directory.accounts.find_name(wanted.username);
    if (!user) co_return refusal(no_user(wanted.username));
    auto creating = chat::token_create(chat, user->id, std::move(wanted.name), "all");
    const auto made = co_await std::move(creating);
    if (!made) co_return refusal(made.error());
    co_return success(made->value + "\n");
}

Task<Outcome> perform(chat::Chat& chat, TokenList wanted) {
    if (!wanted.username) co_return success(list_tokens(chat.directory));
    const auto user = chat.directory.accounts.find_name(*wanted.username);
    if (!user) co_return refusal(no_user(*wanted.username));
    co_return success(list_tokens(chat.directory, *user));
}

/// The user's tokens that `word` may mean; an id means one only.
std::vector<chat::Token> tokens_meant(std::vector<chat::Token> tokens, const std::string& word) {
    const auto id = parse_id<chat::TokenId>(word);
    const auto by_id = std::ranges::find_if(tokens, [&id](const chat::Token& token) { return id && token.id == *id; });
    if (by_id != tokens.end()) return {*by_id};
    std::erase_if(tokens, [&word](const chat::Token& token) { return token.name != word && token.prefix != word; });
    return tokens;
}

/// Refusals never repeat the word: a person may have given the token itself.
Result<chat::Token> find_token(const chat::Directory& directory, const TokenRevoke& wanted) {
    if (!wanted.username) {
        const auto id = parse_id<chat::TokenId>(wanted.token);
        if (!id)
            return fail({Code::bad_parameter,
                         "A token is named by its id, or with -u USERNAME by its name or first "
                         "four characters. `makechat token list` shows them."});
        for (const auto& token : all_tokens(directory))
            if (token.id == *id) return token;
        return fail({Code::not_found, "There is no such token."});
    }
    const auto user = directory.accounts.find_name(*wanted.username);
    if (!user) return fail(no_user(*wanted.username));
    const auto meant = tokens_meant(directory.credentials.tokens_of(user->id), wanted.token);
    if (meant.empty()) return fail({Code::not_found, fmt::format("{} has no such token.", user->username)});
    if (meant.size() == 1) return meant.front();
    std::vector<std::string> ids;
    for (const auto& token : meant) ids.push_back(to_hex(token.id));
    return fail({Code::conflict,
                 fmt::format("{} tokens are called so, name one by its id: {}", meant.size(), fmt::join(ids, ", "))});
}

Task<Outcome> perform(chat::Chat& chat, TokenRevoke wanted) {
    const auto token = find_token(chat.directory, wanted);
    if (!token) co_return refusal(token.error());
    auto revoking = chat::revoke_token(chat, token->user, token->id);
    const auto revoked = co_await std::move(revoking);
    if (!revoked) co_return refusal(revoked.error());
    co_return success(fmt::format("Revoked {}.\n", to_hex(token->id)));
}

Task<Outcome> perform(chat::Chat& chat, RoomList) { co_return success(list_rooms(chat.directory)); }

Task<Outcome> not_here() { co_return failure(usage_error, "This command is not for the store."); }
Task<Outcome> perform(chat::Chat&, Serve) { return not_here(); }
Task<Outcome> perform(chat::Chat&, const Bench&) { return not_here(); }
Task<Outcome> perform(chat::Chat&, CheckConfig) { return not_here(); }
Task<Outcome> perform(chat::Chat&, Version) { return not_here(); }

}  // namespace

Task<Outcome> execute(chat::Chat& chat, Command command) {
    return std::visit([&chat](auto& action) { return perform(chat, std::move(action)); }, command.action);
}

}  // namespace makechat::cli
