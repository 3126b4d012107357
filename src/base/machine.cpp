#include "base/machine.hpp"

#include <sched.h>

#include <algorithm>
#include <thread>

namespace makechat {

std::size_t usable_cores() {
    cpu_set_t usable;
    CPU_ZERO(&usable);
    // Fails on a machine with more cores than the mask holds.
    if (sched_getaffinity(0, sizeof usable, &usable) != 0) return std::max(1U, std::thread::hardware_concurrency());
    return std::max<std::size_t>(1, static_cast<std::size_t>(CPU_COUNT(&usable)));
}

}  // namespace makechat
