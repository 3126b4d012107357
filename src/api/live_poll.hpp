#pragma once

#include "api/live_feed.hpp"
#include "base/task.hpp"
#include "chat/sign_in.hpp"
#include "live/hub.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
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

    using Events = std::vector<std::shared_ptr<const std::string>>;
    /// JSON, in the order of coming. None when more than limits::outbox_bytes_max came while the past was read: they are
    /// `lost` to this answer, and stand behind the cursor that it began with.
    [[nodiscard]] const Events& events() const { return events_; }
    [[nodiscard]] bool lost() const { return lost_; }

    void deliver(std::span<const live::FrameIndex> frames) override;
    void sign_out() override { finish(); }
    void sweep(std::chrono::nanoseconds now);
    void finish();

private:
    LiveFeed& feed_;
    Events events_;
    std::size_t bytes_ = 0;
    bool lost_ = false;
    Completion<bool>* waiter_ = nullptr;
    std::chrono::nanoseconds deadline_{};
};

}  // namespace makechat::api
