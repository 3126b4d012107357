#include "ws/connection.hpp"

#include "base/limits.hpp"
#include "base/log.hpp"
#include "ws/frame_writer.hpp"

#include <exception>
#include <utility>

namespace makechat::ws {

/// On the stack during a read, so that the connection needs no second table of virtual functions.
class Connection::Visitor final : public FrameVisitor {
public:
    explicit Visitor(Connection& connection) : connection_(connection) {}

    // Once it closes, only the peer's close frame is of interest.
    bool on_text(std::string_view text) override {
        connection_.partial_since_ = {};
        if (connection_.is_open()) connection_.client_.on_text(connection_, text);
        return true;
    }
    bool on_ping(std::string_view payload) override {
        if (connection_.is_open()) connection_.ping_ = std::make_unique<std::string>(payload);
        return true;
    }
    bool on_pong(std::string_view /*payload*/) override { return true; }  // any byte is a sign of life
    void on_close(std::uint16_t code, std::string_view /*reason*/) override { connection_.peer_closes(code); }

private:
    Connection& connection_;
};

Connection::Connection(net::Socket socket, Client& client) : LiveSocket(std::move(socket)), client_(client) {}

void Connection::start(std::string received) {
    if (!received.empty()) on_bytes(received);
    LiveSocket::start();
}

void Connection::close(Close code, std::string_view reason) {
    if (!is_open()) return;
    std::string frame;
    append_close(frame, static_cast<std::uint16_t>(code), reason);
    ping_.reset();
    push_last(frame);
}

void Connection::on_bytes(std::span<char> bytes) {
    stir();
    pings_unanswered_ = 0;
    if (deaf_ || peer_closed_) return;
    try {
        read(bytes);
    } catch (const std::exception& bug) {
        log::error(std::string("A WebSocket is closed by an exception: ") + bug.what());
        give_up_reading();
        close(Close::internal, "internal error");
    }
}

void Connection::read(std::span<char> bytes) {
    Visitor visitor(*this);
    const auto violation = reader_.read(bytes, visitor);
    count_partial(reader_.partial_bytes());
    if (violation) {
        give_up_reading();
        close(violation->code, violation->why);
    } else if (waiting_bytes() == 0) {
        answer_ping();  // one answer for all pings of a buffer, and none while the peer does not read
    }
}

void Connection::give_up_reading() {
    deaf_ = true;
    reader_ = {};
    count_partial(0);
    if (!is_open() && waiting_bytes() == 0) end_sending();  // the close frame has gone out before
}

void Connection::answer_ping() {
    if (!ping_) return;
    std::string frame;
    append_frame(frame, Opcode::pong, *std::exchange(ping_, nullptr));
    const std::string_view frames[] = {frame};
    send(frames);
}

/// RFC 6455, 5.5.1: a close frame is answered with its own code, and then the server ends first.
void Connection::peer_closes(std::uint16_t code) {
    peer_closed_ = true;
    if (!is_open()) {
        if (waiting_bytes() == 0) end();
        return;
    }
    std::string frame;
    if (code == no_close_code) {
        append_frame(frame, Opcode::close, {});
    } else {
        append_close(frame, code, {});
    }
    push_last(frame);
}

void Connection::on_drained() {
    if (is_open()) {
        answer_ping();
        if (is_open()) client_.on_drained(*this);
    } else if (peer_closed_) {
        end();
    } else if (deaf_) {
        end_sending();  // its answer could not be read; the end it sees makes it end too
    }
}

void Connection::on_overflow() {
    client_.on_overflow(*this);
    if (reader_.has_partial()) give_up_reading();
    close(Close::try_again_later, "resync");
}

void Connection::on_sweep(std::chrono::nanoseconds now) {
    if (!reader_.has_partial()) {
        partial_since_ = {};
    } else if (partial_since_.count() == 0) {
        partial_since_ = now;
    } else if (now - partial_since_ >= limits::ws_message_read_max) {
        give_up_reading();
        close(Close::policy, "the message did not arrive in time");
    }
}

void Connection::on_silence() {
    if (pings_unanswered_ == limits::pings_missed_max) return end();
    ++pings_unanswered_;
    std::string frame;
    append_frame(frame, Opcode::ping, {});
    const std::string_view frames[] = {frame};
    send(frames);
}

void Connection::on_ended() {
    ping_.reset();
    reader_ = {};
    client_.on_end(*this);
}

}  // namespace makechat::ws
