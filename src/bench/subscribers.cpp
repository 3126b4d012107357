#include "bench/subscribers.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace makechat::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t buffer_bytes = 512 * 1024;
constexpr auto patience = std::chrono::seconds{60};
constexpr std::string_view message_begins = R"({"type": "message")";
constexpr std::string_view cursor_key = R"("cursor": ")";

std::unexpected<Error> broken(const std::string& why) { return fail({Code::internal, why}); }

struct FrameHead {
    std::size_t head = 0;  ///< bytes; 0: not whole yet
    std::size_t payload = 0;
};

FrameHead head_of(std::string_view bytes) {
    if (bytes.size() < 2) return {};
    const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i])); };
    const std::size_t length = byte(1) & 0x7FU;
    if (length < 126) return {2, length};
    const std::size_t more = length == 126 ? 2 : 8;
    if (bytes.size() < 2 + more) return {};
    std::size_t payload = 0;
    for (std::size_t i = 0; i < more; ++i) payload = payload << 8U | byte(2 + i);
    return {2 + more, payload};
}

/// A client's frame, masked with zeros: allowed, and what it costs the server is the same.
void append_text_frame(std::string& out, std::string_view text) {
    out += '\x81';
    if (text.size() < 126) {
        out += static_cast<char>(0x80U | text.size());
    } else {
        out += static_cast<char>(0x80U | 126U);
        out += static_cast<char>(text.size() >> 8U);
        out += static_cast<char>(text.size() & 0xFFU);
    }
    out.append(4, '\0');
    out += text;
}

}  // namespace

std::string upgrade_request(const Endpoint& server, std::string_view token, std::string_view query) {
    return fmt::format(
        "GET /api/live{} HTTP/1.1\r\nHost: {}:{}\r\nX-Auth-Token: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        query, server.host, server.port, token);
}

Subscribers::Subscribers(Endpoint server) : server_(std::move(server)), buffer_(buffer_bytes) {}

Result<bool> Subscribers::open(std::size_t count, const std::function<std::string(std::size_t)>& opening,
                               std::size_t at_once) {
    std::size_t next = subscribers_.size();
    const std::size_t end = next + count;
    subscribers_.resize(end);
    openings_.resize(end);
    const auto give_up = Clock::now() + patience;
    while (next < end || opening_ > 0) {
        for (; next < end && opening_ < at_once; ++next) {
            const auto connecting = connect(next, opening(next));
            if (!connecting) return connecting;
        }
        const auto read = read_once(100);
        if (!read) return fail(read.error());
        if (Clock::now() > give_up)
            return broken(fmt::format("{} of {} connections were not opened in time.", opening_ + end - next, count));
    }
    return true;
}

Result<bool> Subscribers::connect(std::size_t index, std::string opening) {
    auto socket = begin_connect(server_, buffers_);
    if (!socket) return fail(socket.error());
    subscribers_[index].socket = std::move(*socket);
    subscribers_[index].messages = expected_;
    openings_[index] = std::move(opening);
    poller_.add(subscribers_[index].socket.number(), EPOLLOUT, static_cast<std::uint32_t>(index));
    ++opening_;
    return true;
}

Result<std::size_t> Subscribers::read_once(int timeout_ms) {
    const auto ready = poller_.wait(timeout_ms);
    for (const auto& event : ready) {
        const std::size_t index = event.data.u32;
        if (subscribers_[index].stalled) continue;
        const auto done = (event.events & EPOLLOUT) != 0 ? begin(index) : read(index);
        if (!done) return fail(done.error());
    }
    return ready.size();
}

/// The connection is there: says what it opens with.
Result<bool> Subscribers::begin(std::size_t index) {
    auto& subscriber = subscribers_[index];
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(subscriber.socket.number(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return broken(fmt::format("Connection {} failed: {}", index, std::strerror(error)));
    const auto& opening = openings_[index];
    if (opening.empty()) {
        subscriber.is_open = true;
        --opening_;
    } else if (send(subscriber.socket.number(), opening.data(), opening.size(), MSG_NOSIGNAL) < 0) {
        return broken(fmt::format("Connection {} broke: {}", index, std::strerror(errno)));
    }
    openings_[index] = {};
    poller_.change(subscriber.socket.number(), EPOLLIN, static_cast<std::uint32_t>(index));
    return true;
}

Result<bool> Subscribers::read(std::size_t index) {
    auto& subscriber = subscribers_[index];
    const auto size = recv(subscriber.socket.number(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (size < 0 && errno == EAGAIN) return true;
    if (size <= 0) return broken(fmt::format("The server closed connection {}.", index));
    std::string_view bytes(buffer_.data(), static_cast<std::size_t>(size));
    if (!subscriber.is_open) {
        if (!finish_opening(subscriber, bytes)) return broken("The server refused: " + subscriber.begun);
        if (!subscriber.is_open) return true;
    }
    count_frames(index, bytes);
    return true;
}

/// False when the answer is not the one that opens. `bytes` are then what stands behind it.
bool Subscribers::finish_opening(Subscriber& subscriber, std::string_view& bytes) {
    subscriber.begun += bytes;
    const auto end = subscriber.begun.find("\r\n\r\n");
    if (end == std::string::npos) return true;
    if (!subscriber.begun.starts_with("HTTP/1.1 101")) return false;
    const auto answer = end + 4 - (subscriber.begun.size() - bytes.size());
    bytes.remove_prefix(answer);
    subscriber.begun = {};
    subscriber.is_open = true;
    --opening_;
    return true;
}

void Subscribers::count_frames(std::size_t index, std::string_view bytes) {
    auto& subscriber = subscribers_[index];
    const auto skipped = std::min(subscriber.skip, bytes.size());
    subscriber.skip -= skipped;
    bytes.remove_prefix(skipped);
    if (!subscriber.begun.empty()) {
        // What is needed to know the frame is put together; the rest is read where it lies.
        auto whole = std::move(subscriber.begun) + std::string(bytes);
        subscriber.begun = {};
        std::string_view rest = whole;
        while (const auto taken = take_frame(index, rest)) rest.remove_prefix(taken);
        subscriber.begun = rest;
        return;
    }
    while (const auto taken = take_frame(index, bytes)) bytes.remove_prefix(taken);
    if (!bytes.empty()) subscriber.begun = bytes;
}

/// How many of `bytes` belong to the frame that they begin with; 0 when too few are there to know it.
std::size_t Subscribers::take_frame(std::size_t index, std::string_view bytes) {
    auto& subscriber = subscribers_[index];
    const auto [head, payload] = head_of(bytes);
    if (head == 0) return 0;
    const std::size_t wanted = head + (keeps_cursors_ ? payload : std::min(payload, message_begins.size()));
    if (bytes.size() < wanted) return 0;
    const auto frame = bytes.substr(0, head + payload);
    const auto text = frame.substr(head);
    if (keeps_cursors_) {
        const auto found = text.find(cursor_key);
        if (found != std::string_view::npos) {
            const auto value = text.substr(found + cursor_key.size());
            subscriber.cursor = value.substr(0, value.find('"'));
        }
    }
    if (text.starts_with(message_begins)) {
        if (index == 0 && frame.size() == head + payload) last_frame_ = frame;
        note_message(subscriber);
    }
    subscriber.skip = head + payload - frame.size();
    return frame.size();
}

void Subscribers::note_message(Subscriber& subscriber) {
    if (++subscriber.messages == expected_ && behind_ > 0) --behind_;
}

Result<bool> Subscribers::say(std::size_t subscriber, std::span<const std::string> texts) {
    std::string frames;
    for (const auto& text : texts) append_text_frame(frames, text);
    const auto sent = send(subscribers_[subscriber].socket.number(), frames.data(), frames.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(frames.size())) return broken("The server does not read.");
    return true;
}

Result<bool> Subscribers::wait_for_messages(std::uint64_t more) {
    expected_ += more;
    behind_ = 0;
    for (const auto& each : subscribers_) behind_ += !each.stalled && each.messages < expected_ ? 1 : 0;
    const auto give_up = Clock::now() + std::chrono::seconds{30};
    while (behind_ > 0) {
        const auto read = read_once(1'000);
        if (!read) return fail(read.error());
        if (*read == 0 && Clock::now() > give_up)
            return broken(fmt::format("{} of {} subscribers miss a message.", behind_, subscribers_.size()));
    }
    return true;
}

void Subscribers::forget_messages() {
    for (auto& each : subscribers_) each.messages = expected_;
}

Result<bool> Subscribers::settle(std::chrono::milliseconds silence, std::chrono::milliseconds most) {
    const auto give_up = Clock::now() + most;
    while (Clock::now() < give_up) {
        const auto read = read_once(static_cast<int>(silence.count()));
        if (!read) return fail(read.error());
        if (*read == 0) return true;
    }
    return broken("The subscribers are told something again and again, and should be idle.");
}

void Subscribers::stall(std::size_t subscriber) {
    subscribers_[subscriber].stalled = true;
    poller_.change(subscribers_[subscriber].socket.number(), 0, static_cast<std::uint32_t>(subscriber));
}

std::size_t Subscribers::unread_bytes(std::size_t subscriber) const {
    return bench::unread_bytes(subscribers_[subscriber].socket);
}

bool Subscribers::was_cut(std::size_t subscriber) {
    constexpr std::string_view close_frame = "\x88\x08\x03\xf5resync";
    constexpr int patience_ms = 3'000;  // for a busy server's next bytes; only who was not cut has to wait it out
    const int number = subscribers_[subscriber].socket.number();
    pollfd waiting{.fd = number, .events = POLLIN, .revents = 0};
    std::string end;
    while (end != close_frame && poll(&waiting, 1, patience_ms) > 0) {
        const auto size = recv(number, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
        if (size <= 0) return true;  // the server has waited for our answer and gone
        end.append(buffer_.data(), static_cast<std::size_t>(size));
        end.erase(0, end.size() - std::min(end.size(), close_frame.size()));
    }
    return end == close_frame;
}

const std::string& Subscribers::cursor(std::size_t subscriber) const { return subscribers_[subscriber].cursor; }

}  // namespace makechat::bench
