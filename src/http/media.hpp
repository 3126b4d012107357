#pragma once

#include <string_view>

namespace makechat::http {

/// Whether an Accept header (RFC 9110, 12.5.1) lets us answer with JSON: by application/json, application/* or */*, the
/// most exact one deciding, and not with q=0. No Accept at all (an empty one too) takes everything.
bool admits_json(std::string_view accept);

/// Whether a body of this Content-Type is JSON: application/json with any parameters, and nothing else.
bool is_json(std::string_view content_type);

/// Whether an Accept-Encoding header lets us answer in gzip. No header: no, for such clients seldom can.
bool admits_gzip(std::string_view accept_encoding);
/// The same for brotli (RFC 7932).
bool admits_brotli(std::string_view accept_encoding);

}  // namespace makechat::http
