#pragma once

#include "base/limits.hpp"

#include <chrono>

namespace makechat::http {

/// How long each part of a connection may take. Looked at once in each sweep of the loop.
struct Deadlines {
    std::chrono::nanoseconds header_read = limits::header_read_max;  ///< from the first byte of a request; then 408
    std::chrono::nanoseconds body_read = limits::body_read_max;      ///< then 408
    std::chrono::nanoseconds answer = limits::answer_max;  ///< of the handler, and again of the writing; then it closes
    std::chrono::nanoseconds keep_alive = limits::keep_alive_max;  ///< of silence before a request
    std::chrono::nanoseconds leave = std::chrono::seconds{2};      ///< for the peer to read why it is left
    /// Once the server stops: for a body that is coming, then 503, and for an answer that the peer does not take.
    std::chrono::nanoseconds stop = std::chrono::seconds{1};
};

}  // namespace makechat::http
