#pragma once

#include <cstddef>

namespace makechat {

/// Cores that this process may run on: those of its affinity mask, which taskset, systemd and containers narrow and
/// std::thread::hardware_concurrency does not see. At least 1.
std::size_t usable_cores();

}  // namespace makechat
