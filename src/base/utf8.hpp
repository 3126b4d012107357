#pragma once

#include <cstddef>
#include <string_view>

namespace makechat {

/// Whether `text` is well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF).
bool is_valid_utf8(std::string_view text);

/// Unicode code points in valid UTF-8. This is what "characters" means in every limit on names.
std::size_t count_code_points(std::string_view text);

}  // namespace makechat
