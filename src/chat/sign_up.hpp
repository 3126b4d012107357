#pragma once

#include "chat/chat.hpp"
#include "chat/sign_in.hpp"

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

/// A new user signed in, with a token of his own (what the manual promises at sign-up): one change, so that nobody is left
/// with an account that his own try has made and its repetition finds taken.
struct SignedUp {
    SharedUser user;
    OpenedSession session;
    NewToken token;
};

/// Anyone, where registration is open. Errors: forbidden, bad_username, bad_email, bad_password, too_many, overloaded.
Task<Result<SignedUp>> register_user(Chat& chat, NewAccount account, Origin origin = {});

/// The first admin, while there is none; who holds the set-up code has been let in by the caller.
/// In the same change he says what the server is (chat/server_settings.hpp).
/// Errors: not_found once there is an admin; bad_parameter (its name); else as register_user.
Task<Result<SignedUp>> set_up_admin(Chat& chat, NewAccount account, ServerSettings server = {}, Origin origin = {});

/// By an admin or the command line, which may set short passwords.
enum class PasswordRule : bool { for_people, any };
Task<Result<SharedUser>> create_user(Chat& chat, NewAccount account, PasswordRule rule);

}  // namespace makechat::chat
