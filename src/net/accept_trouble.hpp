#pragma once

#include "base/limits.hpp"

#include <chrono>
#include <optional>
#include <utility>

namespace makechat::net {

/// What the log is told of a time without descriptors: once when it begins and once when it is over, and of none that begins
/// within limits::accept_trouble_again of one that was told, until it has lasted so long. Threads: one at a time.
class AcceptTrouble {
public:
    /// Accepting has failed. True: say so.
    bool failed(std::chrono::nanoseconds now) {
        if (told_ || (began_ && now - *began_ < limits::accept_trouble_again)) return false;
        began_ = now;
        told_ = true;
        return true;
    }
    /// Accepting works again. True: say so.
    bool worked() { return std::exchange(told_, false); }

private:
    std::optional<std::chrono::nanoseconds> began_;
    bool told_ = false;
};

}  // namespace makechat::net
