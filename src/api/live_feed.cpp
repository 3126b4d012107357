#include "api/live_feed.hpp"

#include "api/live_poll.hpp"
#include "api/live_stream.hpp"
#include "api/render.hpp"
#include "http/event_stream.hpp"
#include "ws/frame_writer.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace makechat::api {

namespace {
constexpr std::size_t palette_kept_max = 1'024;  // events that it keeps room for between two drains
}

std::string_view LiveEvent::as_frame() {
    if (frame_.empty()) {
        auto& block = encoded_.get().room_for(json_.size() + ws::frame_head_bytes_max);
        const auto begin = block.size();
        ws::append_frame(block, ws::Opcode::text, json_);
        frame_ = std::string_view(block).substr(begin);
    }
    return frame_;
}

std::string_view LiveEvent::as_sse_chunk() {
    if (sse_chunk_.empty()) {
        std::string chunk;
        http::append_sse_event(chunk, cursor_, json_);
        auto& block = encoded_.get().room_for(chunk.size());
        const auto begin = block.size();
        sse_chunk_ = std::string_view(block.append(chunk)).substr(begin);
    }
    return sse_chunk_;
}

const std::shared_ptr<const std::string>& LiveEvent::as_kept_json() {
    if (!kept_json_) kept_json_ = std::make_shared<const std::string>(json_);
    return kept_json_;
}

LiveFeed::LiveFeed(Services& services)
    : services_(services), hub_(services.chat.directory), offered_(services.chat.directory.position()) {}

LiveFeed::~LiveFeed() = default;

void LiveFeed::on_batch(const chat::Batch& batch) {
    const auto& accounts = services_.chat.directory.accounts;
    for (const auto& entry : batch) {
        live::FrameIndex frame = 0;  // of no meaning where nobody wants it
        if (hub_.wants(entry))
            frame = put(event_of(entry, accounts, services_.cursors), services_.cursors.write(entry.position));
        hub_.offer(entry, frame);
        tell_peers(entry);
        offered_ = entry.position;
    }
    hub_.end_batch();
    drain_soon();
}

/// A changed profile is told to everybody who shares a room with him.
void LiveFeed::tell_peers(const chat::Entry& entry) {
    const auto* changed = std::get_if<chat::UserChanged>(&entry.body);
    if (!changed || !changed->profile_changed || hub_.watchers() == 0) return;
    hub_.offer_to_peers(changed->user.id, put(user_event(changed->user)), std::numeric_limits<std::size_t>::max());
}

void LiveFeed::on_signal(const chat::Signal& signal) {
    if (const auto* typing = std::get_if<chat::Typing>(&signal)) {
        if (!hub_.watched(typing->room)) return;
        hub_.offer_to_room(typing->room, put(typing_event(typing->room, typing->user)), typing->user);
    } else if (const auto* presence = std::get_if<chat::PresenceChanged>(&signal)) {
        if (hub_.watchers() == 0) return;
        hub_.offer_to_peers(presence->user, put(presence_event(presence->user, presence->online)),
                            limits::presence_room_members_max);
        for (const auto& mine : services_.chat.directory.rooms.rooms_of(presence->user)) {
            const auto view = services_.chat.directory.rooms.find(mine.room);
            if (view && view->members_total > limits::presence_room_members_max && hub_.watched(mine.room))
                count_changed_.insert(mine.room);
        }
    }
    drain_soon();
}

live::FrameIndex LiveFeed::put(std::string json, std::string cursor) {
    if (palette_.size() > std::numeric_limits<live::FrameIndex>::max() || palette_bytes_ > limits::palette_bytes_max)
        drain_all();
    palette_bytes_ += json.size();
    services_.metrics.events.fetch_add(1, std::memory_order_relaxed);
    palette_.emplace_back(std::move(json), std::move(cursor), encoded_);
    return static_cast<live::FrameIndex>(palette_.size() - 1);
}

/// Behind all that the loop has been given to do.
void LiveFeed::drain_soon() {
    if (palette_.empty() || std::exchange(drain_ordered_, true)) return;
    Executor::current()->post([this] {
        drain_ordered_ = false;
        drain_some();
    });
}

/// A part of the watchers, so that requests need not wait until thousands of sends are made.
void LiveFeed::drain_some() {
    if (!hub_.drain(limits::drains_per_turn)) return drain_soon();
    forget_palette();
}

void LiveFeed::drain_all() {
    hub_.drain();
    forget_palette();
}

void LiveFeed::forget_palette() {
    if (palette_.capacity() > palette_kept_max) palette_ = std::vector<LiveEvent>();  // after a crowd has come at once
    palette_.clear();
    encoded_.clear();
    palette_bytes_ = 0;
}

void LiveFeed::add(live::Watcher& watcher) {
    hub_.add(watcher);
    services_.presence.came(watcher.user());
}

void LiveFeed::remove(live::Watcher& watcher) {
    hub_.remove(watcher);
    services_.presence.went(watcher.user());
}

void LiveFeed::keep(std::shared_ptr<LiveStream> stream) { streams_.push_back(std::move(stream)); }

void LiveFeed::drop(const LiveStream& stream) {
    const auto found = std::ranges::find(streams_, &stream, &std::shared_ptr<LiveStream>::get);
    if (found == streams_.end()) return;
    std::swap(*found, streams_.back());
    streams_.pop_back();
}

void LiveFeed::wait(LivePoll& poll) { polls_.push_back(&poll); }

void LiveFeed::stop_waiting(LivePoll& poll) { std::erase(polls_, &poll); }

int LiveFeed::retry_ms() const {
    constexpr std::size_t first_ms = 500;
    std::array<std::uint8_t, 4> chance{};
    services_.chat.random.fill(chance);
    const std::size_t number = chance[0] | chance[1] << 8U | chance[2] << 16U;
    // About two thousand of them a second come back to each loop.
    return static_cast<int>(first_ms + number % std::clamp<std::size_t>(hub_.watchers() / 2, 1'000, 15'000));
}

void LiveFeed::sweep(std::chrono::nanoseconds now) {
    for (auto* poll : std::vector(polls_)) poll->sweep(now);
    for (const auto room : count_changed_) {
        std::size_t online = 0;
        for (const auto& member : services_.chat.directory.rooms.members(room))
            online += services_.presence.online(member.user) ? 1 : 0;
        hub_.offer_to_room(room, put(presence_count_event(room, online)), {});
    }
    count_changed_.clear();
    drain_soon();
}

void LiveFeed::close() {
    closing_ = true;
    drain_all();
    for (const auto& stream : std::vector(streams_)) stream->shut(ws::Close::service_restart, "The server restarts.");
    for (auto* poll : std::vector(polls_)) poll->finish();
}

}  // namespace makechat::api
