#pragma once

#include "base/task.hpp"
#include "chat/ports.hpp"

#include <functional>
#include <vector>

namespace makechat::local {

/// The bus of a server that is one process: each batch goes once to each loop. Threads: `subscribe` before the first
/// publish; the rest from any.
class Bus final : public chat::Bus {
public:
    struct Subscriber {
        Executor& executor;
        std::function<void(const chat::Batch& batch)> on_batch;
        std::function<void(const chat::Signal& signal)> on_signal;
    };
    /// Both are called on the executor's thread, in the order of publishing.
    void subscribe(Subscriber subscriber);

    void publish(chat::SharedBatch batch) override;
    void signal(chat::Signal signal) override;

private:
    std::vector<Subscriber> subscribers_;
};

}  // namespace makechat::local
