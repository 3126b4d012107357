#pragma once

#include <string>
#include <string_view>

namespace makechat {

/// The form of a name under which it is unique: Unicode NFKC_Casefold (UAX #31), so that "Café", "CAFÉ" and a decomposed
/// "café" are one name. `text` must be valid UTF-8.
std::string fold(std::string_view text);

}  // namespace makechat
