#include "cli/list.hpp"

#include "cli/table.hpp"

#include <fmt/format.h>

#include <limits>

namespace makechat::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

constexpr std::size_t everything = std::numeric_limits<std::size_t>::max();

std::string yes_no(bool value) { return value ? "yes" : "no"; }

std::string tokens_table(const chat::Directory& directory, const std::vector<chat::Token>& tokens) {
    Rows rows;
    for (const auto& token : tokens) {
        const auto user = directory.accounts.find(token.user);
        rows.push_back({to_hex(token.id), user ? user->username : to_hex(token.user), token.prefix, token.scope,
                        shown(token.created), shown(token.last_used), token.name});
    }
    return table({"ID", "USERNAME", "STARTS", "SCOPE", "CREATED", "LAST USED", "NAME"}, rows);
}

}  // namespace

std::string list_users(const chat::Directory& directory) {
    Rows rows;
    for (const auto& user : directory.accounts.list({}, chat::Accounts::Audience::admins, 0, everything).users)
        rows.push_back({to_hex(user->id), user->username, yes_no(user->is_superuser), yes_no(user->is_disabled),
                        shown(user->created), shown(directory.accounts.last_seen(user->id)), user->email});
    return table({"ID", "USERNAME", "ADMIN", "DISABLED", "CREATED", "LAST SEEN", "EMAIL"}, rows);
}

std::vector<chat::Token> all_tokens(const chat::Directory& directory) {
    std::vector<chat::Token> all;
    for (const auto& user : directory.accounts.list({}, chat::Accounts::Audience::admins, 0, everything).users)
        for (auto& token : directory.credentials.tokens_of(user->id)) all.push_back(std::move(token));
    return all;
}

std::string list_tokens(const chat::Directory& directory) { return tokens_table(directory, all_tokens(directory)); }

std::string list_tokens(const chat::Directory& directory, const chat::User& user) {
    return tokens_table(directory, directory.credentials.tokens_of(user.id));
}

std::string list_rooms(const chat::Directory& directory) {
    Rows rows;
    for (const auto& view : directory.rooms.list(nullptr, 0, everything, 0).rooms)
        rows.push_back({to_hex(view.room->id), yes_no(view.room->is_open), yes_no(view.room->is_visible),
                        fmt::format("{}", view.members_total), shown(view.room->created), view.room->name});
    return table({"ID", "OPEN", "VISIBLE", "MEMBERS", "CREATED", "NAME"}, rows);
}

}  // namespace makechat::cli
