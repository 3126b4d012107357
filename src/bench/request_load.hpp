#pragma once

#include "base/result.hpp"
#include "bench/socket.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace makechat::bench {

/// What a closed loop of clients saw: each sends its next request when the answer to the last is whole.
struct Answered {
    double per_second = 0;
    double p50_ms = 0;
    double p99_ms = 0;
    std::size_t answers = 0;
    std::size_t unanswered = 0;  ///< of `answers`, and counted with their age (PacedLoad)
    std::size_t refused = 0;     ///< answers that were no 2xx
    std::string refusal;         ///< the first of them
};

/// p50, p99 and count of these.
Answered summary(std::vector<std::chrono::steady_clock::duration> waits);

/// The bytes of an HTTP request that every server here understands. `token` and `body` may be empty.
std::string request_of(const Endpoint& server, std::string_view method, std::string_view path, std::string_view token,
                       std::string_view body);

/// How a load is laid on.
struct LoadShape {
    std::size_t clients = 64;                ///< keep-alive connections
    std::chrono::milliseconds warm_up{500};  ///< not counted
    std::chrono::milliseconds time{2'500};   ///< counted
    bool anew = false;                       ///< each request is asked for when it is sent, not only a client's first
};

/// The i-th client sends `request(i)`. Error: internal (a connection is refused or broken).
Result<Answered> load(const Endpoint& server, const LoadShape& shape,
                      const std::function<std::string(std::size_t)>& request);

/// One request, its answer's body. Errors: internal (no connection); the answer's own text where it is no 2xx.
Result<std::string> ask(const Endpoint& server, const std::string& request);

}  // namespace makechat::bench
