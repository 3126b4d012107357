#include "bus/local/bus.hpp"

namespace makechat::local {

void Bus::subscribe(Subscriber subscriber) { subscribers_.push_back(std::move(subscriber)); }

void Bus::publish(chat::SharedBatch batch) {
    for (const auto& subscriber : subscribers_)
        subscriber.executor.post([&subscriber, batch] { subscriber.on_batch(*batch); });
}

void Bus::signal(chat::Signal signal) {
    for (const auto& subscriber : subscribers_)
        subscriber.executor.post([&subscriber, signal] { subscriber.on_signal(signal); });
}

}  // namespace makechat::local
