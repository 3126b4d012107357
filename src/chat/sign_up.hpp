#pragma once

#include "chat/chat.hpp"

#include <string>

/// How accounts come to be.
namespace makechat::chat {

struct NewAccount {
    std::string username;
    std::string email;
    std::string password;
    bool is_superuser = false;
};

/// The rules that two people who sign up at the same moment are told apart by; pure.
/// Errors: bad_username, bad_email (against the rule, or taken).
Result<bool> decide_account(const Accounts& accounts, const NewAccount& account);

/// Anyone, where registration is open. Errors: forbidden, bad_username, bad_email, bad_password, too_many, overloaded.
Task<Result<SharedUser>> register_user(Chat& chat, NewAccount account);

/// The first admin, while there is none; who holds the set-up code has been let in by the caller.
/// Errors: not_found once there is an admin; else as register_user.
Task<Result<SharedUser>> set_up_admin(Chat& chat, NewAccount account);

/// By an admin or the command line, which may set short passwords.
enum class PasswordRule : bool { for_people, any };
Task<Result<SharedUser>> create_user(Chat& chat, NewAccount account, PasswordRule rule);

}  // namespace makechat::chat
