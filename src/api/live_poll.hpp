#pragma once

#include "api/live_feed.hpp"
#include "base/task.hpp"
#include "chat/sign_in.hpp"
#include "live/hub.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace makechat::api {

/// One long poll: collects what its first drain brings, or nothing until its time is up. Lives in the coroutine that
/// answers the request. Threads: its loop's.
class LivePoll final : public live::Watcher {
public:
    LivePoll(LiveFeed& feed, const chat::Caller& caller, chat::Coverage coverage);
    ~LivePoll() override;

    /// Until events have come, `wait` has passed, the caller is signed out, or the server stops.
    Task<bool> until_news(std::chrono::nanoseconds wait);

    /// JSON, in the order of coming.
    [[nodiscard]] const std::vector<std::string>& events() const { return events_; }

    void deliver(std::span<const live::FrameIndex> frames) override;
    void sign_out() override { finish(); }
    void sweep(std::chrono::nanoseconds now);
    void finish();

private:
    LiveFeed& feed_;
    std::vector<std::string> events_;
    Completion<bool>* waiter_ = nullptr;
    std::chrono::nanoseconds deadline_{};
};

}  // namespace makechat::api
