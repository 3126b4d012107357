#pragma once

#include <string_view>

namespace makechat::http {

/// The value of a cookie in a Cookie header, as sent; the first one of that name (which is case-sensitive), without
/// quotes. Empty when there is none.
std::string_view cookie(std::string_view header, std::string_view name);

}  // namespace makechat::http
