#include "api/live_poll.hpp"

#include "base/limits.hpp"

#include <utility>

namespace makechat::api {

LivePoll::LivePoll(LiveFeed& feed, const chat::Caller& caller, chat::Coverage coverage)
    : Watcher(std::move(coverage), caller.credential), feed_(feed) {
    feed_.add(*this);
    feed_.services().metrics.long_polls.fetch_add(1, std::memory_order_relaxed);
}

LivePoll::~LivePoll() {
    feed_.remove(*this);
    feed_.stop_waiting(*this);
    feed_.services().metrics.long_polls.fetch_sub(1, std::memory_order_relaxed);
}

Task<bool> LivePoll::until_news(std::chrono::nanoseconds wait) {
    feed_.flush(*this);
    if (bytes_ > 0 || feed_.closing() || wait <= wait.zero()) co_return true;
    deadline_ = feed_.services().chat.clock.monotonic() + wait;
    auto waiting = suspend_for<bool>([this](Completion<bool>& done) {
        waiter_ = &done;
        feed_.wait(*this);
    });
    const bool news = co_await waiting;
    feed_.flush(*this);  // the cursor that is told now is past what the feed still holds for it
    co_return news;
}

void LivePoll::deliver(std::span<const live::FrameIndex> frames) {
    for (const auto frame : frames) {
        auto& event = feed_.event(frame);
        bytes_ += event.json().size();
        if (!lost_) events_.push_back(event.as_kept_json());
    }
    if (bytes_ > limits::outbox_bytes_max) {
        events_ = {};
        lost_ = true;
    }
    finish();
}

void LivePoll::sweep(std::chrono::nanoseconds now) {
    if (now >= deadline_) finish();
}

void LivePoll::finish() {
    if (auto* waiter = std::exchange(waiter_, nullptr)) waiter->finish(true);
}

}  // namespace makechat::api
