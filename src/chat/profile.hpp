#pragma once

#include "chat/chat.hpp"
#include "chat/sign_in.hpp"

#include <optional>
#include <string>

/// Changes of an account that exists.
namespace makechat::chat {

/// What a user may change of himself; what is not set stays.
struct ProfileChange {
    std::optional<std::string> username;
    std::optional<std::string> email;
    std::optional<std::string> display_name;
    std::optional<std::string> avatar;
    std::optional<std::string> settings;  ///< a JSON object
    std::optional<std::string> password;  ///< needs old_password; ends his other sessions
    std::string old_password;
};
/// Errors: bad_username, bad_email, bad_password (rule, or old_password is wrong), bad_parameter, too_many.
Task<Result<SharedUser>> change_profile(Chat& chat, Caller caller, ProfileChange wanted);

/// What an admin or the command line may change of anybody.
struct AccountChange {
    std::optional<std::string> email;
    std::optional<std::string> display_name;
    std::optional<bool> is_superuser;
    std::optional<bool> is_disabled;      ///< true ends his sessions, tokens and live connections at once
    std::optional<std::string> password;  ///< ends his sessions
    bool any_password = false;            ///< the command line may set short ones
};
/// Errors: not_found, bad_email, bad_password, bad_parameter, conflict (the last enabled admin).
Task<Result<SharedUser>> change_account(Chat& chat, UserId actor, UserId user, AccountChange wanted);

}  // namespace makechat::chat
