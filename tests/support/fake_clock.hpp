#pragma once

#include "base/time.hpp"

#include <atomic>
#include <chrono>

namespace makechat {

/// A clock that moves only when told. Threads: any.
class FakeClock final : public Clock {
public:
    explicit FakeClock(Time now = Time{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}} +
                                  std::chrono::hours{12})
        : now_(now) {}

    [[nodiscard]] Time now() const override { return now_.load(); }
    [[nodiscard]] std::chrono::nanoseconds monotonic() const override { return monotonic_.load(); }

    /// Both clocks go on.
    void advance(std::chrono::milliseconds by) {
        now_.store(now_.load() + by);
        monotonic_.store(monotonic_.load() + by);
    }

    /// The administrator sets the wall clock; the monotonic one does not notice.
    void set(Time now) { now_.store(now); }

private:
    std::atomic<Time> now_;
    std::atomic<std::chrono::nanoseconds> monotonic_{std::chrono::hours{1}};
};

}  // namespace makechat
