#include "net/live_socket.hpp"

#include "base/limits.hpp"

#include <algorithm>
#include <utility>

namespace makechat::net {

namespace {

// One that sends as fast as it can gets its share of the loop, and no more.
constexpr std::size_t read_bytes_max = 128 * 1024;
constexpr int reads_per_wake_max = 2;

static_assert(read_bytes_max >= limits::ws_message_bytes_max, "most messages are read where they lie");

}  // namespace

LiveSocket::LiveSocket(Socket socket) : Sweepable(socket.loop()), socket_(std::move(socket)) {}

bool LiveSocket::push(std::span<const std::string_view> parts) {
    if (phase_ != Phase::open) return false;
    settle(outbox_.send(socket_, parts));
    return phase_ == Phase::open;
}

void LiveSocket::push_last(std::string_view part) {
    if (phase_ != Phase::open) return;
    phase_ = Phase::closing;
    since_ = loop().now();
    settle(outbox_.send(socket_, {&part, 1}));
    if (phase_ == Phase::closing && outbox_.empty()) on_drained();
    read_on();
}

void LiveSocket::end() {
    if (phase_ == Phase::ended) return;
    phase_ = Phase::ended;
    outbox_ = {};
    queued_bytes_ = partial_bytes_ = 0;
    count();
    socket_.close();
    loop().post([self = shared_from_this()] { self->on_ended(); });
}

void LiveSocket::settle(Outbox::Sent sent) {
    switch (sent) {
        case Outbox::Sent::all: break;
        case Outbox::Sent::waits:
            if (!std::exchange(waits_to_write_, true)) socket_.when_writable(shared_from_this());
            break;
        case Outbox::Sent::overflow:
            if (phase_ == Phase::open) on_overflow();
            else end();
            break;
        case Outbox::Sent::broken: return end();
    }
    if (sent != Outbox::Sent::all || held_bytes() > 0) count();
}

void LiveSocket::count_queued(std::size_t bytes) {
    queued_bytes_ = static_cast<std::uint32_t>(bytes);
    count();
}

void LiveSocket::count_partial(std::size_t bytes) {
    partial_bytes_ = static_cast<std::uint32_t>(bytes);
    count();
}

void LiveSocket::count() { hold(outbox_.held_bytes() + queued_bytes_ + partial_bytes_); }

bool LiveSocket::let_go() {
    switch (phase_) {
        case Phase::ended: return false;
        case Phase::closing: end(); return true;
        case Phase::open: break;
    }
    outbox_.drop();
    on_overflow();
    return true;
}

void LiveSocket::on_writable() {
    waits_to_write_ = false;
    stir();
    settle(outbox_.drain(socket_));
    if (phase_ != Phase::ended && outbox_.empty()) on_drained();
    read_on();
}

void LiveSocket::on_readable() {
    waits_to_read_ = false;
    for (int reads = 0; reads < reads_per_wake_max && may_read(); ++reads) {
        const auto buffer = loop().receive_buffer().first(read_bytes_max);
        const long size = socket_.try_read(buffer);
        if (size == Socket::would_block) break;
        if (size <= 0) return end();
        const auto bytes = buffer.first(static_cast<std::size_t>(size));
        on_bytes(bytes);
        if (bytes.size() < buffer.size()) break;  // that was all, as a rule: spare a system call
    }
    read_on();
}

void LiveSocket::hold_reading(bool held) {
    held_ = held;
    read_on();
}

void LiveSocket::read_on() {
    if (may_read() && !std::exchange(waits_to_read_, true)) socket_.when_readable(shared_from_this());
}

bool LiveSocket::may_read() const {
    if (phase_ == Phase::closing) return true;  // nothing is answered any more
    return phase_ == Phase::open && !held_ && outbox_.size() <= limits::outbox_bytes_max / 4;
}

void LiveSocket::sweep(std::chrono::nanoseconds now) {
    if (phase_ == Phase::ended) return;
    if (phase_ == Phase::closing) {
        if (now - since_ >= limits::close_wait_max) end();
        return;
    }
    on_sweep(now);
    if (phase_ != Phase::open) return;
    if (std::exchange(stirred_, false)) {
        since_ = now;
    } else if (now - since_ >= limits::ping_after) {
        since_ = now;
        on_silence();
    }
}

}  // namespace makechat::net
