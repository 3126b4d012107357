#include "bus/local/bus.hpp"

#include "base/limits.hpp"

#include <algorithm>
#include <variant>

namespace makechat::local {

void Bus::subscribe(Subscriber subscriber) { lanes_.emplace_back(std::move(subscriber)); }

void Bus::publish(chat::SharedBatch batch) {
    const auto bytes = chat::bytes_of(*batch);
    for (auto& lane : lanes_) {
        lane.bytes.fetch_add(bytes, std::memory_order_relaxed);
        lane.subscriber.executor.post([&lane, batch, bytes] {
            lane.subscriber.on_batch(*batch);
            lane.bytes.fetch_sub(bytes, std::memory_order_relaxed);
        });
    }
}

void Bus::signal(chat::Signal signal) {
    const bool may_be_lost = std::holds_alternative<chat::Typing>(signal);
    for (auto& lane : lanes_) {
        if (may_be_lost && lane.signals.load(std::memory_order_relaxed) >= limits::signals_waiting_max) continue;
        lane.signals.fetch_add(1, std::memory_order_relaxed);
        lane.subscriber.executor.post([&lane, signal] {
            lane.signals.fetch_sub(1, std::memory_order_relaxed);
            lane.subscriber.on_signal(signal);
        });
    }
}

bool Bus::is_behind() const {
    return std::ranges::any_of(lanes_, [](const Lane& lane) {
        return lane.bytes.load(std::memory_order_relaxed) > limits::published_bytes_max;
    });
}

}  // namespace makechat::local
