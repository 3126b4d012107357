#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

namespace makechat::api {

/// Counts of what happens, for /metrics and GET /api/server. Threads: any.
struct Metrics {
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> refused{0};   ///< answered 4xx
    std::atomic<std::uint64_t> failed{0};    ///< answered 5xx
    std::atomic<std::uint64_t> entries{0};   ///< committed
    std::atomic<std::uint64_t> messages{0};  ///< posted
    std::atomic<std::uint64_t> events{0};    ///< encoded for live connections
    std::atomic<std::int64_t> websockets{0};
    std::atomic<std::int64_t> event_streams{0};
    std::atomic<std::int64_t> long_polls{0};

    void count_answer(int status);
};

/// How many messages each of the last 60 minutes had. Threads: any; a minute's first count may lose a race with another.
class MessagesPerMinute {
public:
    void count(std::chrono::minutes now, std::uint64_t messages);
    /// Oldest first; the last one is the minute that is running.
    [[nodiscard]] std::array<std::uint64_t, 60> read(std::chrono::minutes now) const;

private:
    struct Minute {
        std::atomic<std::int64_t> minute{-1};
        std::atomic<std::uint64_t> messages{0};
    };
    std::array<Minute, 60> minutes_;
};

/// Resident memory of this process in bytes; 0 where the system does not tell.
std::uint64_t resident_bytes();

}  // namespace makechat::api
