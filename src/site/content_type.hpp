#pragma once

#include <string_view>

namespace makechat::site {

/// By the path's ending, in any case; application/octet-stream for one that is not known.
std::string_view content_type_of(std::string_view path);

/// Whether it is worth packing.
bool is_text(std::string_view content_type);

}  // namespace makechat::site
