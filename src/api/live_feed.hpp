#pragma once

#include "api/encoded_events.hpp"
#include "api/services.hpp"
#include "chat/replay.hpp"
#include "live/hub.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace makechat::api {

class LivePoll;
class LiveStream;

/// An event of this tick, encoded once for each form that a watcher here wants.
class LiveEvent {
public:
    /// `encoded`: where its forms go, beside those of the other events; it outlives them.
    LiveEvent(std::string json, std::string cursor, EncodedEvents& encoded)
        : json_(std::move(json)), cursor_(std::move(cursor)), encoded_(encoded) {}
    [[nodiscard]] const std::string& json() const { return json_; }
    /// For who keeps it beyond the tick: one copy for all of them.
    const std::shared_ptr<const std::string>& as_kept_json();
    // Good until `encoded` is cleared:
    std::string_view as_frame();      ///< a WebSocket text frame
    std::string_view as_sse_chunk();  ///< a server-sent event in an HTTP chunk

private:
    std::string json_;
    std::string cursor_;  ///< empty: no log holds it
    std::reference_wrapper<EncodedEvents> encoded_;
    std::string_view frame_;
    std::string_view sse_chunk_;
    std::shared_ptr<const std::string> kept_json_;
};

/// One loop's live side: turns committed batches and signals into events and hands them to its watchers when the loop has
/// taken in all that waits for it: what a watcher gets of them goes out in one piece, and under load the pieces grow
/// instead of the backlog. Threads: its loop's.
class LiveFeed {
public:
    explicit LiveFeed(Services& services);
    ~LiveFeed();
    LiveFeed(const LiveFeed&) = delete;
    LiveFeed& operator=(const LiveFeed&) = delete;

    /// From the bus.
    void on_batch(const chat::Batch& batch);
    void on_signal(const chat::Signal& signal);

    /// Shuts all streams with 1012 and ends all polls: the server stops.
    void close();

    // For streams and polls.
    void add(live::Watcher& watcher);
    void remove(live::Watcher& watcher);
    void keep(std::shared_ptr<LiveStream> stream);
    void drop(const LiveStream& stream);
    void wait(LivePoll& poll);
    void stop_waiting(LivePoll& poll);
    /// Hands this one what waits for it, before it is told something else.
    void flush(live::Watcher& watcher) { hub_.drain(watcher); }
    LiveEvent& event(live::FrameIndex frame) { return palette_[frame]; }
    /// What a watcher added at this moment will not be offered is at or before this.
    [[nodiscard]] chat::Position offered() const { return offered_; }
    [[nodiscard]] Services& services() const { return services_; }
    [[nodiscard]] bool closing() const { return closing_; }
    /// When the client should come back after a lost connection; different for each, so that they do not all come at once.
    [[nodiscard]] int retry_ms() const;

    /// About once a second: polls whose time is up are answered, and large rooms told how many are online.
    void sweep(std::chrono::nanoseconds now);

private:
    live::FrameIndex put(std::string json, std::string cursor = {});
    void drain_soon();
    void drain_some();
    void drain_all();
    void forget_palette();
    void tell_peers(const chat::Entry& entry);

    Services& services_;
    live::Hub hub_;
    std::vector<LiveEvent> palette_;  ///< until all have got theirs
    EncodedEvents encoded_;
    std::size_t palette_bytes_ = 0;
    chat::Position offered_;
    std::unordered_set<chat::RoomId> count_changed_;  ///< large rooms whose online count is to be told
    std::vector<std::shared_ptr<LiveStream>> streams_;
    std::vector<LivePoll*> polls_;
    bool drain_ordered_ = false;
    bool closing_ = false;
};

}  // namespace makechat::api
