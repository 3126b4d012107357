#pragma once

#include "base/result.hpp"
#include "http/message.hpp"

#include <string>
#include <string_view>

/// Refusals as HTTP tells them (api.md, Errors): the only place where a Code meets a status and a title.
namespace makechat::api {

int status_of(Code code);
std::string_view title_of(Code code);

/// {description, title}, indented by four spaces, keys in alphabetical order: the old server's bodies to the letter.
http::Reply refusal(const Error& error);
/// 406, with the link that the manual shows.
http::Reply not_acceptable();
/// 405, or 204 for OPTIONS: no body, `allow: GET, POST, OPTIONS`.
http::Reply only_allows(int status, std::string allow);
/// What is not even a request: the standard reason phrase as title.
http::Reply standard_refusal(int status, std::string_view why);

}  // namespace makechat::api
