#include "api/live_stream.hpp"

#include <array>

#include "api/errors.hpp"
#include "api/render.hpp"
#include "base/limits.hpp"

namespace makechat::api {
namespace {

constexpr std::size_t send_at_once_max = 64;  ///< parts of one system call

}  // namespace

LiveStream::LiveStream(LiveFeed& feed, const chat::Caller& caller, chat::Coverage coverage)
    : Watcher(std::move(coverage), caller.credential), feed_(feed) {}

void LiveStream::open(std::optional<chat::Position> after) {
    feed_.keep(shared_from_this());
    const chat::Position from = after.value_or(feed_.services().chat.directory.position());
    feed_.add(*this);  // before the replay reads: what is committed meanwhile waits behind it
    const auto cursor = feed_.services().cursors.write(from);
    tell(hello_event(user(), cursor, feed_.services().settings.server_name, feed_.retry_ms()), cursor);
    if (!after) return;
    catch_up_ = std::make_unique<CatchUp>();
    makechat::start(catch_up(shared_from_this(), from));
}

Task<void> LiveStream::catch_up(std::shared_ptr<LiveStream> self, chat::Position after) {
    auto& services = self->feed_.services();
    const auto now = services.cursors.write(services.chat.directory.position());
    auto replaying = chat::replay(services.chat, self->coverage(), after);
    const auto events = co_await std::move(replaying);
    if (self->ended_) co_return;
    if (!events) {
        self->shut(ws::Close::try_again_later, "The store cannot read at the moment.");
        co_return;
    }
    // In front of what has come live meanwhile.
    std::deque<std::string> replay;
    if (*events) {
        for (const auto& entry : **events) {
            LiveEvent event{event_of(entry, services.chat.directory.accounts, services.cursors),
                            services.cursors.write(entry.position)};
            replay.push_back(self->form(event));
        }
    } else {
        LiveEvent event{resync_event(now), now};
        replay.push_back(self->form(event));
    }
    auto& queue = self->catch_up_->queue;
    queue.insert(queue.begin(), std::make_move_iterator(replay.begin()), std::make_move_iterator(replay.end()));
    self->catch_up_->replayed = true;
    self->pump();
}

/// Sends the queue in pieces, each when the one before has gone out: a long replay must not fill the outbox.
void LiveStream::pump() {
    while (catch_up_ && catch_up_->replayed && waiting_bytes() == 0) {
        auto& queue = catch_up_->queue;
        if (queue.empty()) {
            catch_up_.reset();
            return;
        }
        std::vector<std::string> piece;
        while (!queue.empty() && piece.size() < send_at_once_max) {
            piece.push_back(std::move(queue.front()));
            queue.pop_front();
        }
        const std::vector<std::string_view> parts(piece.begin(), piece.end());
        if (!send(parts)) return;
    }
}

void LiveStream::drained() { pump(); }

void LiveStream::deliver(std::span<const live::FrameIndex> frames) {
    if (catch_up_) {
        for (const auto frame : frames) {
            const auto& bytes = form(feed_.event(frame));
            catch_up_->live_bytes += bytes.size();
            catch_up_->queue.push_back(bytes);
        }
        if (catch_up_->live_bytes > limits::outbox_bytes_max) shut(ws::Close::try_again_later, "resync");
        return;
    }
    std::array<std::string_view, send_at_once_max> parts;
    std::size_t count = 0;
    for (const auto frame : frames) {
        parts[count++] = form(feed_.event(frame));
        if (count < parts.size()) continue;
        if (!send(parts)) return;
        count = 0;
    }
    if (count > 0) send(std::span(parts).first(count));
}

void LiveStream::tell(std::string json, std::string cursor) {
    LiveEvent event{std::move(json), std::move(cursor)};
    const std::array<std::string_view, 1> parts{form(event)};
    send(parts);
}

void LiveStream::ended() {
    ended_ = true;
    feed_.remove(*this);
    feed_.drop(*this);  // the last line: it may be gone behind it
}

EventSourceStream::EventSourceStream(LiveFeed& feed, net::Socket socket, const chat::Caller& caller, chat::Coverage coverage)
    : LiveStream(feed, caller, std::move(coverage)),
      stream_(std::make_shared<http::EventStream>(std::move(socket), static_cast<http::EventStream::Client&>(*this))) {
    feed.services().metrics.event_streams.fetch_add(1, std::memory_order_relaxed);
}

EventSourceStream::~EventSourceStream() {
    feed().services().metrics.event_streams.fetch_sub(1, std::memory_order_relaxed);
}

void EventSourceStream::open(LiveFeed& feed, net::Socket socket, const chat::Caller& caller, chat::Coverage coverage,
                             std::optional<chat::Position> after) {
    const auto stream = std::make_shared<EventSourceStream>(feed, std::move(socket), caller, std::move(coverage));
    stream->stream_->start();
    stream->LiveStream::open(after);
}

}  // namespace makechat::api
