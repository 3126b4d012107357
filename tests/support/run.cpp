#include "support/run.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace makechat {

QueueExecutor& QueueExecutor::of_this_thread() {
    thread_local QueueExecutor executor;
    Executor::current() = &executor;
    return executor;
}

void QueueExecutor::post(std::function<void()> work) {
    // Notified under the lock: the thread that is woken may end, and this object with it.
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(work));
    posted_.notify_one();
}

std::optional<std::function<void()>> QueueExecutor::next() {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty()) return std::nullopt;
    auto work = std::move(waiting_.front());
    waiting_.pop_front();
    return work;
}

void QueueExecutor::run_ready() {
    while (const auto work = next()) (*work)();
}

void QueueExecutor::run_until(const std::function<bool()>& done) {
    constexpr auto patience = std::chrono::minutes(1);
    while (!done()) {
        if (const auto work = next()) {
            (*work)();
            continue;
        }
        std::unique_lock lock(mutex_);
        if (posted_.wait_for(lock, patience, [&] { return !waiting_.empty(); })) continue;
        std::fputs("run: the task has not ended after a minute of silence\n", stderr);
        std::abort();
    }
}

}  // namespace makechat
