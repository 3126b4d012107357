#pragma once

#include "http/message.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>

namespace makechat::http {

/// Why bytes are no request that we serve: a status, and a sentence for the person who sent them. The connection closes,
/// for nobody knows where the next request would begin.
struct Refusal {
    int status;
    std::string_view why;  ///< a literal
};

/// A parsed head and how the body is framed. At most one of `chunked` and `content_length` > 0.
struct Request {
    Head head;
    bool keep_alive = false;
    bool chunked = false;
    std::uint64_t content_length = 0;
    bool expects_continue = false;  ///< waits for "100 Continue" before it sends the body
};

/// Finds the end of a request's head in bytes that come in pieces, looking at each byte once.
class HeadFinder {
public:
    /// `bytes`: all that has come since the request's first byte, the same as last time with more behind. The size of the
    /// head with its empty line; 0: more is needed. Refuses what cannot become one: too long (414, 431), lines that do not
    /// end in CR LF, folded lines.
    std::expected<std::size_t, Refusal> find(std::string_view bytes);
    void reset() { *this = {}; }

private:
    std::size_t line_ = 0;  ///< where the line begins that has not ended yet
    std::size_t scanned_ = 0;
};

/// Reads a whole head, as HeadFinder found it, into `request`, whose views then point into `bytes`. Strict wherever
/// another server on the way could see other borders between requests than we do.
std::expected<void, Refusal> parse_head(std::string_view bytes, Request& request);

}  // namespace makechat::http
