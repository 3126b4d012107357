#pragma once

#include "net/live_socket.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace makechat::http {

/// Appends one server-sent event as one chunk of a chunked body (RFC 9112, 7.1): the same bytes for every recipient, so
/// encode once and share. `id` is what the client returns with, as Last-Event-ID; empty: none. Neither may hold a line
/// break; JSON never does.
void append_sse_event(std::string& out, std::string_view id, std::string_view data);

/// A stream of server-sent events (WHATWG HTML, 9.2): the body, without end, of an HTTP/1.1 answer whose head, with
/// `Transfer-Encoding: chunked`, has been sent. After limits::ping_after without an event a comment keeps it alive through
/// proxies; a peer that has taken nothing of what waits for two such times is left. What the peer sends is read and
/// dropped; its end ends the stream.
///
/// From `start` to its end it keeps itself alive. Threads: its loop's.
class EventStream final : public net::LiveSocket {
public:
    /// Who owns the stream; lives until on_end.
    class Client {
    public:
        virtual ~Client() = default;
        /// All that had to wait has gone out: time for the next piece of something long.
        virtual void on_drained(EventStream& /*stream*/) {}
        /// See ws::Connection::Client.
        virtual void on_overflow(EventStream& /*stream*/) {}
        /// Exactly once, whatever the reason. Always from the loop, never within a call of the stream's functions, so that
        /// a publisher may walk over its streams and send. Only a loop that is stopped first owes it.
        virtual void on_end(EventStream& stream) = 0;
    };

    EventStream(net::Socket socket, Client& client);

    void start() { LiveSocket::start(); }

    /// Sends whole chunks (see append_sse_event), in one system call; what the peer does not take yet waits. When more than
    /// limits::outbox_bytes_max would wait, the stream ends: the client returns with Last-Event-ID and misses nothing.
    /// False: it is not open or has just ceased to be; on_end comes, later. The caller never waits.
    bool send(std::span<const std::string_view> chunks);

    /// Sends the last chunk behind what waits, and ends when the peer does or after limits::close_wait_max.
    void close();

private:
    void on_bytes(std::span<char> bytes) override;
    void on_drained() override;
    void on_overflow() override;
    void on_silence() override;
    void on_ended() override;

    Client& client_;
    std::uint8_t silences_ = 0;  ///< that found the peer taking nothing
};

}  // namespace makechat::http
