#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace makechat {

/// A moment of wall-clock time, to the millisecond: what is stored and shown.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;

/// Where time comes from, so that tests can move it. Threads: any.
class Clock {
public:
    virtual ~Clock() = default;
    /// Wall clock; may go back when the administrator sets it. For what is stored and shown.
    [[nodiscard]] virtual Time now() const = 0;
    /// Never goes back, starts anywhere. For deadlines and rates.
    [[nodiscard]] virtual std::chrono::nanoseconds monotonic() const = 0;
};

/// The clocks of the operating system.
class SystemClock final : public Clock {
public:
    [[nodiscard]] Time now() const override;
    [[nodiscard]] std::chrono::nanoseconds monotonic() const override;
};

/// "2026-11-23T05:50:22.123Z": MongoDB Extended JSON v2, relaxed.
std::string to_iso8601(Time time);

/// Milliseconds since 1970, as stored.
constexpr std::int64_t to_millis(Time time) { return time.time_since_epoch().count(); }
constexpr Time from_millis(std::int64_t millis) { return Time{std::chrono::milliseconds{millis}}; }

}  // namespace makechat
