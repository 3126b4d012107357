#pragma once

#include "base/task.hpp"

#include <string_view>

namespace makechat {

/// As `start`, for work of a server that must outlive a bug in it: what the task throws ends the task and is logged as
/// "<what> failed: …". `what` is a literal.
void start_logged(std::string_view what, Task<void> task);

}  // namespace makechat
