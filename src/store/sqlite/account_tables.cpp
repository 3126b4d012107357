#include "store/sqlite/account_tables.hpp"

#include "base/fold.hpp"

namespace makechat::sqlite {

using namespace chat;

namespace {

/// Who has no address has none that another could have.
std::optional<std::string> key_of_email(const std::string& email) {
    if (email.empty()) return std::nullopt;
    return fold(email);
}

}  // namespace

AccountTables::AccountTables(Database& database)
    : insert_user_(database,
                   "INSERT INTO users (id, username, username_key, email, email_key, display_name, avatar, settings,"
                   " password, is_superuser, is_disabled, bot, created, last_seen)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"),
      update_user_(database,
                   "UPDATE users SET username = ?2, username_key = ?3, email = ?4, email_key = ?5, display_name = ?6,"
                   " avatar = ?7, password = ?8, is_superuser = ?9, is_disabled = ?10, bot = ?11 WHERE id = ?1"),
      update_settings_(database, "UPDATE users SET settings = ?2 WHERE id = ?1"),
      insert_token_(database,
                    "INSERT INTO tokens (id, user, name, scope, prefix, hash, created, last_used)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"),
      delete_token_(database, "DELETE FROM tokens WHERE id = ?1"),
      insert_session_(database,
                      "INSERT INTO sessions (id, user, hash, address, agent, created, last_used, expires)"
                      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"),
      delete_session_(database, "DELETE FROM sessions WHERE id = ?1"),
      use_token_(database, "UPDATE tokens SET last_used = max(last_used, ?2) WHERE id = ?1"),
      use_session_(database,
                   "UPDATE sessions SET last_used = max(last_used, ?2), expires = max(expires, ?3) WHERE id = ?1"),
      use_user_(database, "UPDATE users SET last_seen = max(last_seen, ?2) WHERE id = ?1") {}

void AccountTables::insert(const User& user) {
    insert_user_.run(user.id, user.username, fold(user.username), user.email, key_of_email(user.email),
                     user.display_name, user.avatar, user.settings, user.password, user.is_superuser, user.is_disabled,
                     user.bot, user.created, user.last_seen);
}

void AccountTables::update(const User& user) {
    update_user_.run(user.id, user.username, fold(user.username), user.email, key_of_email(user.email),
                     user.display_name, user.avatar, user.password, user.is_superuser, user.is_disabled, user.bot);
}

void AccountTables::set_settings(UserId user, std::string_view settings) { update_settings_.run(user, settings); }

void AccountTables::insert(const Token& token) {
    insert_token_.run(token.id, token.user, token.name, token.scope, token.prefix, token.hash, token.created,
                      token.last_used);
}

void AccountTables::insert(const Session& session) {
    insert_session_.run(session.id, session.user, session.hash, session.address, session.agent, session.created,
                        session.last_used, session.expires);
}

void AccountTables::record(const Uses& uses) {
    for (const auto& [token, at] : uses.tokens) use_token_.run(token, at);
    for (const auto& [session, at, expires] : uses.sessions) use_session_.run(session, at, expires);
    for (const auto& [user, at] : uses.users) use_user_.run(user, at);
}

}  // namespace makechat::sqlite
