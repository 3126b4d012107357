#pragma once

#include "chat/chat.hpp"

#include <string>

/// What the server is called and whom it takes. The configuration decides where it says something, for who can write it
/// has the machine, and it is the same on every machine that it is copied to; else what the first admin has said at set-up.
namespace makechat::chat {

/// "makechat" where nobody has named it.
std::string server_name(const Chat& chat);
/// Whether anyone may sign up: yes where nobody has said.
bool is_registration_open(const Chat& chat);

/// The rules of set-up. Errors: bad_parameter, for `server_name`.
Result<bool> check_server_settings(const ServerSettings& settings);

}  // namespace makechat::chat
