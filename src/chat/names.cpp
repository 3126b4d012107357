#include "chat/names.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "chat/ids.hpp"

namespace makechat::chat {
namespace {

bool is_username_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
}

}  // namespace

Result<bool> check_username(std::string_view username) {
    if (username.empty() || username.size() > limits::username_chars_max || !std::ranges::all_of(username, is_username_char))
        return fail({Code::bad_username, fmt::format("A username has 1 to {} characters: a-z, A-Z, 0-9, _ and -.",
                                                     limits::username_chars_max)});
    // Where a request may give an id or a name, 24 hex digits are an id.
    if (parse_id<UserId>(username))
        return fail({Code::bad_username, "A username cannot be 24 hexadecimal digits: that is the form of an id."});
    return true;
}

Result<bool> check_email(std::string_view email) {
    const auto at = email.find('@');
    const bool shaped = at != std::string_view::npos && at > 0 && at + 1 < email.size() &&
                        email.find('@', at + 1) == std::string_view::npos && email.find(' ') == std::string_view::npos &&
                        std::ranges::none_of(email, is_control) && is_valid_utf8(email);
    if (!shaped || email.size() > limits::email_bytes_max)
        return fail({Code::bad_email, fmt::format("An email address looks like name@example.com and has at most {} bytes.",
                                                  limits::email_bytes_max)});
    return true;
}

Result<bool> check_password(std::string_view password) {
    if (password.size() < limits::password_bytes_min || password.size() > limits::password_bytes_max)
        return fail({Code::bad_password,
                     fmt::format("A password has {} to {} bytes.", limits::password_bytes_min, limits::password_bytes_max)});
    return true;
}

Result<bool> check_any_password(std::string_view password) {
    if (password.empty() || password.size() > limits::password_bytes_max)
        return fail({Code::bad_password, fmt::format("A password has 1 to {} bytes.", limits::password_bytes_max)});
    return true;
}

Result<bool> check_line(std::string_view what, std::string_view text, std::size_t chars_max) {
    if (!is_valid_utf8(text)) return fail({Code::bad_parameter, fmt::format("The '{}' parameter is not valid UTF-8.", what)});
    if (count_code_points(text) > chars_max)
        return fail({Code::bad_parameter, fmt::format("The '{}' parameter is over {} characters.", what, chars_max)});
    return true;
}

Result<bool> check_name(std::string_view what, std::string_view name) {
    auto line = check_line(what, name, limits::name_chars_max);
    if (!line) return line;
    const bool blank = std::ranges::all_of(name, [](char c) { return c == ' '; });
    if (blank || std::ranges::any_of(name, is_control))
        return fail({Code::bad_parameter, fmt::format("The '{}' parameter is a line of 1 to {} characters.", what,
                                                      limits::name_chars_max)});
    return true;
}

Result<bool> check_text(std::string_view text) {
    if (text.empty() || text.size() > limits::text_bytes_max)
        return fail({Code::bad_parameter, fmt::format("The 'text' parameter has 1 to {} bytes.", limits::text_bytes_max)});
    if (!is_valid_utf8(text)) return fail({Code::bad_parameter, "The 'text' parameter is not valid UTF-8."});
    return true;
}

}  // namespace makechat::chat
