#pragma once

#include "api/services.hpp"
#include "net/loop.hpp"

#include <chrono>

namespace makechat::app {

/// What must be done now and then: tells presence every second; every minute records uses and ends what has run out.
/// Threads: its loop's.
class Housekeeping final : public net::Sweepable {
public:
    Housekeeping(api::Services& services, net::Loop& loop);

    void sweep(std::chrono::nanoseconds now) override;
    /// Records what has not been recorded yet: when the server stops.
    Task<bool> record_uses();

private:
    Task<void> each_minute();

    api::Services& services_;
    std::chrono::nanoseconds next_minute_;
    bool busy_ = false;  ///< a minute's work is still under way
};

}  // namespace makechat::app
