#include "base/task.hpp"

namespace makechat {

Executor*& Executor::current() {
    thread_local Executor* executor = nullptr;
    return executor;
}

}  // namespace makechat
