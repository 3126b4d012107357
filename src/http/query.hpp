#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace makechat::http {

/// Parameters in the order sent; a name may come again.
using Parameters = std::vector<std::pair<std::string, std::string>>;

/// Undoes percent-encoding, as of one segment of a path ('+' stays). Error: bad_parameter, for "%" without two hex digits
/// and for bytes that are no UTF-8.
Result<std::string> percent_decode(std::string_view text);

/// Reads "a=1&b=x+y" (application/x-www-form-urlencoded): '+' is a space, "a" alone is ("a", ""), empty parts are none.
/// Error: as percent_decode.
Result<Parameters> parse_query(std::string_view query);

/// Leaves A-Z a-z 0-9 - . _ ~ and encodes every other byte, for a value in a URL.
std::string percent_encode(std::string_view text);

}  // namespace makechat::http
