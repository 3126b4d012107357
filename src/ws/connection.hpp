#pragma once

#include "net/live_socket.hpp"
#include "ws/frame_reader.hpp"
#include "ws/protocol.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace makechat::ws {

/// One WebSocket after its handshake (RFC 6455), on the server's side. Texts only; pings are answered, also one answer for
/// many (5.5.3); after limits::ping_after without a byte from the peer it is pinged, and after limits::pings_missed_max
/// unanswered pings it is ended. A message that takes longer than limits::ws_message_read_max closes with 1008.
///
///     auto connection = std::make_shared<Connection>(std::move(socket), client);
///     connection->start(std::move(received));
///
/// From `start` to its end it keeps itself alive. Threads: its loop's.
class Connection final : public net::LiveSocket {
public:
    /// Who owns the connection; lives until on_end.
    class Client {
    public:
        virtual ~Client() = default;
        /// A whole message of valid UTF-8; the view is valid during the call. May send and close. Not called after `close`
        /// or after `send` has said false. What it throws is a bug and closes with 1011.
        virtual void on_text(Connection& connection, std::string_view text) = 0;
        /// All that had to wait has gone out: time for the next piece of something long.
        virtual void on_drained(Connection& /*connection*/) {}
        /// The peer does not read, and what waited for him has been dropped; so should be what the owner keeps for him. May
        /// come within any call to any connection of the loop.
        virtual void on_overflow(Connection& /*connection*/) {}
        /// Exactly once, whatever the reason: the peer, an error, silence, or `close`, up to limits::close_wait_max after
        /// it. Always from the loop, never within a call of the connection's functions, so that a publisher may walk
        /// over its connections and send: the list changes only afterwards. Only a loop that is stopped first owes it.
        virtual void on_end(Connection& connection) = 0;
    };

    Connection(net::Socket socket, Client& client);

    /// Begins to read, first what came behind the upgrade request: may call on_text before it returns.
    void start(std::string received);

    /// Sends whole frames (see append_frame), in one system call; what the peer does not take yet waits. When more than
    /// limits::outbox_bytes_max would wait, or all slow ones of the loop keep too much, the queue is dropped and the
    /// connection closes with 1013 "resync".
    /// False: it is not open or has just ceased to be; on_end comes, later. The caller never waits.
    bool send(std::span<const std::string_view> frames) { return push(frames); }

    /// See LiveSocket: for a client whose texts are answered later than they come.
    using net::LiveSocket::hold_reading;

    /// Sends a close frame behind what waits, and ends when the peer has answered it. Does nothing when it is not open.
    void close(Close code, std::string_view reason);

    /// A message from the peer has begun and not ended.
    [[nodiscard]] bool has_partial_message() const { return reader_.has_partial(); }

private:
    class Visitor;

    void on_bytes(std::span<char> bytes) override;
    void on_drained() override;
    void on_overflow() override;
    void on_silence() override;
    void on_sweep(std::chrono::nanoseconds now) override;
    void on_ended() override;

    void read(std::span<char> bytes);
    void answer_ping();
    void peer_closes(std::uint16_t code);
    void give_up_reading();

    Client& client_;
    FrameReader reader_;
    std::unique_ptr<std::string> ping_;          ///< the payload of the latest one that is not answered yet
    std::chrono::nanoseconds partial_since_{0};  ///< the first sweep that saw the message that is not whole; 0: none
    std::uint8_t pings_unanswered_ = 0;
    bool peer_closed_ = false;  ///< its close frame has come
    bool deaf_ = false;         ///< what comes can no longer be understood
};

}  // namespace makechat::ws
