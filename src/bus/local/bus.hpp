#pragma once

#include "base/task.hpp"
#include "chat/ports.hpp"

#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <utility>

namespace makechat::local {

/// The bus of a server that is one process: each batch goes once to each loop. A batch is committed and must arrive, so the
/// bound on what waits is kept at the other end: new writes are refused while it is_behind. Threads: `subscribe` before the first
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
    [[nodiscard]] bool is_behind() const override;

private:
    /// A subscriber, and what waits for it.
    struct Lane {
        explicit Lane(Subscriber to) : subscriber(std::move(to)) {}
        const Subscriber subscriber;
        std::atomic<std::size_t> bytes = 0;
        std::atomic<std::size_t> signals = 0;
    };
    std::deque<Lane> lanes_;
};

}  // namespace makechat::local
