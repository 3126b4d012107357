#include "api/metrics.hpp"

#include <unistd.h>

#include <fstream>

namespace makechat::api {

void Metrics::count_answer(int status) {
    requests.fetch_add(1, std::memory_order_relaxed);
    if (status >= 500) failed.fetch_add(1, std::memory_order_relaxed);
    else if (status >= 400) refused.fetch_add(1, std::memory_order_relaxed);
}

void MessagesPerMinute::count(std::chrono::minutes now, std::uint64_t messages) {
    auto& slot = minutes_[static_cast<std::size_t>(now.count()) % minutes_.size()];
    if (slot.minute.exchange(now.count()) != now.count()) slot.messages = 0;
    slot.messages.fetch_add(messages, std::memory_order_relaxed);
}

std::array<std::uint64_t, 60> MessagesPerMinute::read(std::chrono::minutes now) const {
    std::array<std::uint64_t, 60> counts{};
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const std::int64_t minute = now.count() - 59 + static_cast<std::int64_t>(i);
        if (minute < 0) continue;
        const auto& slot = minutes_[static_cast<std::size_t>(minute) % minutes_.size()];
        if (slot.minute == minute) counts[i] = slot.messages;
    }
    return counts;
}

std::uint64_t resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    std::uint64_t pages = 0;
    std::uint64_t resident = 0;
    statm >> pages >> resident;
    return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace makechat::api
