#include "api/live_stream.hpp"

#include "api/errors.hpp"
#include "api/render.hpp"
#include "base/limits.hpp"
#include "base/start_logged.hpp"
#include "chat/server_settings.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace makechat::api {
namespace {

constexpr std::size_t send_at_once_max = 64;  ///< parts of one system call
/// Of a replay, beyond which it waits for the socket: sixty-four long messages would overflow any outbox.
constexpr std::size_t send_bytes_max = limits::outbox_bytes_max / 4;

}  // namespace

LiveStream::LiveStream(LiveFeed& feed, const chat::Caller& caller, chat::Coverage coverage)
    : Watcher(std::move(coverage), caller.credential), feed_(feed) {}

void LiveStream::open(std::optional<chat::Position> after) {
    feed_.keep(shared_from_this());
    const chat::Position from = after.value_or(feed_.services().chat.directory.position());
    feed_.add(*this);  // before the replay reads: what is committed meanwhile waits behind it
    if (feed_.closing()) return shut(ws::Close::service_restart, "The server restarts.");
    // Since the request was let in, and before the hub could have told.
    const auto& chat = feed_.services().chat;
    if (!chat.directory.credentials.holds(credential(), chat.clock.now())) return sign_out();
    const auto cursor = feed_.services().cursors.write(from);
    tell(hello_event(user(), cursor, chat::server_name(feed_.services().chat), feed_.retry_ms()), cursor);
    if (!after) return;
    catch_up_ = std::make_unique<CatchUp>();
    start_logged("A replay to a live stream", catch_up(shared_from_this(), from));
}

/// One piece of the replay after the other, each when the one before has gone out: neither a long replay nor many at the
/// same time fill memory.
Task<void> LiveStream::catch_up(std::shared_ptr<LiveStream> self, chat::Position after) {
    auto& services = self->feed_.services();
    const chat::Position until = services.chat.directory.position();  // watched already: what is newer comes live
    auto looking = chat::can_replay(services.chat, self->coverage(), after);
    const auto replays = co_await std::move(looking);
    if (replays && !*replays) {
        const auto cursor = services.cursors.write(until);
        self->queue(self->form_of(resync_event(cursor), cursor));
        after = until;
    }
    while (replays && after < until && !self->ended_) {
        auto replaying = chat::replay(services.chat, self->coverage(), after, until);
        auto page = co_await std::move(replaying);
        if (!page || self->ended_) break;
        self->queue(*page);
        after = page->reached;
        page->events = {};  // encoded, and perhaps long in the sending
        auto sending = self->until_sent();
        co_await std::move(sending);
    }
    if (self->ended_) co_return;
    if (after < until) {
        self->shut(ws::Close::try_again_later, "The store cannot read at the moment.");
        co_return;
    }
    auto joining = self->join_live();
    co_await std::move(joining);
}

/// What has come meanwhile, until nothing more comes while it is being sent.
Task<void> LiveStream::join_live() {
    do {
        auto& catching_up = *catch_up_;
        std::ranges::move(catching_up.live, std::back_inserter(catching_up.piece));
        catching_up.live.clear();
        catching_up.piece_bytes += std::exchange(catching_up.live_bytes, 0);
        auto sending = until_sent();
        co_await std::move(sending);
    } while (!ended_ && !catch_up_->live.empty());
    if (!ended_) catch_up_.reset();
}

void LiveStream::queue(const chat::ReplayPage& page) {
    const auto& services = feed_.services();
    for (const auto& entry : page.events) {
        auto json = event_of(entry, services.chat.directory.accounts, services.cursors);
        queue(form_of(std::move(json), services.cursors.write(entry.position)));
    }
}

void LiveStream::queue(std::string part) {
    catch_up_->piece_bytes += part.size();
    catch_up_->piece.push_back(std::move(part));
}

void LiveStream::count() { count_queued(catch_up_->piece_bytes + catch_up_->live_bytes); }

std::string LiveStream::form_of(std::string json, std::string cursor) const {
    EncodedEvents encoded{0};
    LiveEvent event{std::move(json), std::move(cursor), encoded};
    return std::string(form(event));
}

Task<void> LiveStream::until_sent() {
    pump();
    if (ended_ || catch_up_->piece.empty()) co_return;
    auto waiting = suspend_for<bool>([this](Completion<bool>& done) { catch_up_->sent = &done; });
    co_await waiting;
}

/// Sends of the piece what the socket takes without keeping it waiting.
void LiveStream::pump() {
    if (!catch_up_) return;
    auto& piece = catch_up_->piece;
    while (!piece.empty() && waiting_bytes() == 0) {
        std::vector<std::string_view> parts;
        std::size_t bytes = 0;
        for (const auto& part : piece) {
            if (parts.size() == send_at_once_max || bytes >= send_bytes_max) break;
            bytes += part.size();
            parts.emplace_back(part);
        }
        if (!send(parts)) return;
        piece.erase(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(parts.size()));
        catch_up_->piece_bytes -= bytes;
    }
    count();
    if (piece.empty()) wake();
}

void LiveStream::wake() {
    if (!catch_up_) return;
    if (auto* sent = std::exchange(catch_up_->sent, nullptr)) sent->finish(true);
}

void LiveStream::drained() { pump(); }

void LiveStream::deliver(std::span<const live::FrameIndex> frames) {
    if (catch_up_) {
        if (ended_) return;
        for (const auto frame : frames) put_behind(form(feed_.event(frame)));
        return check_behind();
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

/// For who is still being told what he missed.
void LiveStream::put_behind(std::string_view bytes) {
    catch_up_->live_bytes += bytes.size();
    catch_up_->live.emplace_back(bytes);
}

void LiveStream::check_behind() {
    count();
    if (catch_up_->live_bytes <= limits::outbox_bytes_max) return;
    cut();
    shut(ws::Close::try_again_later, "resync");
}

void LiveStream::tell(std::string json, std::string cursor) {
    if (ended_) return;
    feed_.flush(*this);  // an ack is told after the event that it acknowledges, and after all before it
    if (ended_) return;
    if (catch_up_) {
        put_behind(form_of(std::move(json), std::move(cursor)));
        return check_behind();
    }
    EncodedEvents encoded{0};
    LiveEvent event{std::move(json), std::move(cursor), encoded};
    const std::array<std::string_view, 1> parts{form(event)};
    send(parts);
}

void LiveStream::cut() {
    if (!catch_up_) return;
    ended_ = true;
    catch_up_->piece.clear();
    catch_up_->live.clear();
    catch_up_->piece_bytes = catch_up_->live_bytes = 0;
    wake();
}

void LiveStream::ended() {
    ended_ = true;
    wake();
    feed_.remove(*this);
    feed_.drop(*this);  // the last line: it may be gone behind it
}

EventSourceStream::EventSourceStream(LiveFeed& feed, net::Socket socket, const chat::Caller& caller,
                                     chat::Coverage coverage)
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
