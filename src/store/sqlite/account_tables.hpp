#pragma once

#include "chat/ports.hpp"
#include "store/sqlite/database.hpp"

namespace makechat::sqlite {

/// The tables users, tokens and sessions. Threads: the writer's. Everything throws Failure.
class AccountTables {
public:
    explicit AccountTables(Database& database);

    void insert(const chat::User& user);
    /// All but settings, created and last_seen.
    void update(const chat::User& user);
    void set_settings(chat::UserId user, std::string_view settings);
    void insert(const chat::Token& token);
    void remove(chat::TokenId token) { delete_token_.run(token); }
    void insert(const chat::Session& session);
    void remove(chat::SessionId session) { delete_session_.run(session); }
    void record(const chat::Uses& uses);

private:
    Statement insert_user_;
    Statement update_user_;
    Statement update_settings_;
    Statement insert_token_;
    Statement delete_token_;
    Statement insert_session_;
    Statement delete_session_;
    Statement use_token_;
    Statement use_session_;
    Statement use_user_;
};

}  // namespace makechat::sqlite
