#pragma once

#include "base/result.hpp"

#include <functional>
#include <string>

namespace makechat::bench {

/// Does `work` in a process of its own and returns what it returns. When this one is told to stop (Ctrl-C, SIGTERM), that
/// one and all that it has started are ended first, so that the caller can tidy up. Only while there is one thread.
/// Errors: those of `work`; internal (stopped, or it crashed).
Result<std::string> supervised(const std::function<Result<std::string>()>& work);

}  // namespace makechat::bench
