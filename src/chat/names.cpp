#include "chat/names.hpp"

#include "base/fold.hpp"
#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "chat/ids.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace makechat::chat {
namespace {

/// Unicode's Cc: C0, DEL and, as C2 80 to C2 9F, C1.
bool has_control(std::string_view text) {
    unsigned char before = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F || (before == 0xC2 && byte < 0xA0)) return true;
        before = byte;
    }
    return false;
}

/// Whether nobody would see it: spaces of any width, and what is left out when names are compared.
bool is_blank(std::string_view text) {
    return std::ranges::all_of(fold(text), [](char c) { return c == ' '; });
}

}  // namespace

bool is_username_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

Result<bool> check_username(std::string_view username) {
    if (username.empty() || username.size() > limits::username_chars_max ||
        !std::ranges::all_of(username, is_username_char))
        return fail({Code::bad_username, fmt::format("A username has 1 to {} characters: a-z, A-Z, 0-9, _ and -.",
                                                     limits::username_chars_max)});
    // Where a request may give an id or a name, 24 hex digits are an id.
    if (parse_id<UserId>(username))
        return fail({Code::bad_username, "A username cannot be 24 hexadecimal digits: that is the form of an id."});
    // @all and @here call everybody, never one.
    if (const auto key = fold(username); key == "all" || key == "here")
        return fail(
            {Code::bad_username, fmt::format("'{}' is a word of its own in mentions, and nobody's name.", key)});
    return true;
}

Result<bool> check_email(std::string_view email) {
    const auto at = email.find('@');
    const bool shaped = at != std::string_view::npos && at > 0 && at + 1 < email.size() &&
                        email.find('@', at + 1) == std::string_view::npos &&
                        email.find(' ') == std::string_view::npos && !has_control(email) && is_valid_utf8(email);
    if (!shaped || email.size() > limits::email_bytes_max)
        return fail(
            {Code::bad_email, fmt::format("An email address looks like name@example.com and has at most {} bytes.",
                                          limits::email_bytes_max)});
    return true;
}

Result<bool> check_password(std::string_view password) {
    if (password.size() < limits::password_bytes_min || password.size() > limits::password_bytes_max)
        return fail({Code::bad_password, fmt::format("A password has {} to {} bytes.", limits::password_bytes_min,
                                                     limits::password_bytes_max)});
    return true;
}

Result<bool> check_any_password(std::string_view password) {
    if (password.empty() || password.size() > limits::password_bytes_max)
        return fail({Code::bad_password, fmt::format("A password has 1 to {} bytes.", limits::password_bytes_max)});
    return true;
}

Result<bool> check_line(std::string_view what, std::string_view text, std::size_t chars_max) {
    if (!is_valid_utf8(text))
        return fail({Code::bad_parameter, fmt::format("The '{}' parameter is not valid UTF-8.", what)});
    if (count_code_points(text) > chars_max)
        return fail({Code::bad_parameter, fmt::format("The '{}' parameter is over {} characters.", what, chars_max)});
    if (has_control(text))
        return fail(
            {Code::bad_parameter, fmt::format("The '{}' parameter is one line, without control characters.", what)});
    return true;
}

Result<bool> check_name(std::string_view what, std::string_view name) {
    auto line = check_line(what, name, limits::name_chars_max);
    if (!line) return line;
    if (is_blank(name))
        return fail({Code::bad_parameter,
                     fmt::format("The '{}' parameter is a line of 1 to {} characters.", what, limits::name_chars_max)});
    // "general " would look like "general" and be another one.
    if (const auto key = fold(name); key.front() == ' ' || key.back() == ' ')
        return fail({Code::bad_parameter, fmt::format("The '{}' parameter must not begin or end with a space.", what)});
    return true;
}

Result<bool> check_text(std::string_view text) {
    if (text.empty() || text.size() > limits::text_bytes_max)
        return fail(
            {Code::bad_parameter, fmt::format("The 'text' parameter has 1 to {} bytes.", limits::text_bytes_max)});
    if (!is_valid_utf8(text)) return fail({Code::bad_parameter, "The 'text' parameter is not valid UTF-8."});
    return true;
}

}  // namespace makechat::chat
