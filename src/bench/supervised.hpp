#pragma once

#include "base/result.hpp"
#include "bench/stop_signals.hpp"

#include <functional>
#include <optional>
#include <string>

namespace makechat::bench {

/// What came out: something may have been found before, or beside, what failed.
struct Report {
    std::string text;
    std::optional<Error> failure;
};

/// Does `work` in a process of its own and returns what it returns. When one of `stop` comes, that process is ended. In
/// any case it is gone when this returns, with all that it has started, so that the caller can tidy up. The caller has no
/// other children. Only while there is one thread. Failures: those of `work`; internal (stopped, or it crashed).
Report supervised(const StopSignals& stop, const std::function<Report()>& work);

}  // namespace makechat::bench
