#pragma once

#include "base/result.hpp"

#include <string_view>

/// The rules for what people call things (api.md, Accounts and Rooms). Each returns true or the refusal.
namespace makechat::chat {

/// [a-zA-Z0-9_-]: what a username is made of, and so where a mention ends.
bool is_username_char(char c);
Result<bool> check_username(std::string_view username);
Result<bool> check_email(std::string_view email);
/// For sign-up and the API; the command line asks check_any_password.
Result<bool> check_password(std::string_view password);
Result<bool> check_any_password(std::string_view password);
/// 1 to limits::name_chars_max characters of valid UTF-8, on one line, without a space at either end.
/// `what` names the parameter.
Result<bool> check_name(std::string_view what, std::string_view name);
/// At most `chars_max` characters of valid UTF-8, on one line; may be empty.
Result<bool> check_line(std::string_view what, std::string_view text, std::size_t chars_max);
/// 1 to limits::text_bytes_max bytes of valid UTF-8.
Result<bool> check_text(std::string_view text);

}  // namespace makechat::chat
