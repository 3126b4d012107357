#include "base/start_logged.hpp"

#include "base/log.hpp"

#include <string>

namespace makechat {
namespace {

Task<void> log_failure(std::string_view what, Task<void> task) {
    try {
        co_await std::move(task);
    } catch (const std::exception& bug) {
        log::error(std::string{what} + " failed: " + bug.what());
    }
}

}  // namespace

void start_logged(std::string_view what, Task<void> task) { start(log_failure(what, std::move(task))); }

}  // namespace makechat
