#pragma once

#include "base/task.hpp"
#include "net/loop.hpp"

#include <optional>
#include <utility>

namespace makechat::net {

namespace detail {
template <class T>
Task<void> keep_result(Task<T> task, std::optional<T>& result, Loop& loop) {
    result.emplace(co_await std::move(task));
    loop.stop();
}
}  // namespace detail

/// Drives `task` to its end on this thread: for what happens before the loops run, and for the command line.
template <class T>
T run(Task<T> task) {
    Loop loop;
    std::optional<T> result;
    loop.post([&] { start(detail::keep_result(std::move(task), result, loop)); });
    loop.run();
    return std::move(*result);
}

}  // namespace makechat::net
