#pragma once

#include "base/task.hpp"

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace makechat {

/// An executor that runs what was posted when its thread asks for it: a loop without sockets or time.
/// Threads: post from any; everything else from the thread that made it.
class QueueExecutor final : public Executor {
public:
    /// This thread's own, made at first use; becomes `Executor::current()` of the thread.
    static QueueExecutor& of_this_thread();

    void post(std::function<void()> work) override;

    /// Runs what waits now, and what that posts in turn; returns when nothing waits.
    void run_ready();

    /// Runs, and sleeps while nothing waits, until `done` is true. Aborts the test program, with a word, after a minute.
    void run_until(const std::function<bool()>& done);

private:
    std::optional<std::function<void()>> next();

    std::mutex mutex_;
    std::condition_variable posted_;
    std::deque<std::function<void()>> waiting_;
};

namespace detail {

template <class T>
Task<void> keep_result(Task<T> task, std::optional<T>& result, std::exception_ptr& thrown, std::size_t& left) {
    try {
        result.emplace(co_await std::move(task));
    } catch (...) {
        thrown = std::current_exception();
    }
    --left;
}

}  // namespace detail

/// Begins all tasks, in order, each up to its first wait, and drives them to their ends on this thread's queue.
/// The results stand in the order of the tasks. What the first of them to throw throws comes out here.
template <class T>
std::vector<T> run_all(std::vector<Task<T>> tasks) {
    auto& executor = QueueExecutor::of_this_thread();
    std::vector<std::optional<T>> results(tasks.size());
    std::exception_ptr thrown;
    std::size_t left = tasks.size();
    for (std::size_t i = 0; i < tasks.size(); ++i)
        start(detail::keep_result(std::move(tasks[i]), results[i], thrown, left));
    executor.run_until([&] { return left == 0; });
    if (thrown) std::rethrow_exception(thrown);
    std::vector<T> values;
    values.reserve(results.size());
    for (auto& result : results) values.push_back(std::move(*result));
    return values;
}

/// Drives `task` to its end on this thread's queue. What it throws comes out here.
template <class T>
T run(Task<T> task) {
    std::vector<Task<T>> tasks;
    tasks.push_back(std::move(task));
    return std::move(run_all(std::move(tasks)).front());
}

inline void run(Task<void> task) {
    run([](Task<void> owned) -> Task<bool> {
        co_await std::move(owned);
        co_return true;
    }(std::move(task)));
}

}  // namespace makechat
