#pragma once

#include "api/live_feed.hpp"
#include "chat/sign_in.hpp"
#include "http/event_stream.hpp"
#include "live/hub.hpp"
#include "ws/connection.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace makechat::api {

/// A live connection that stays: says hello, catches up from a cursor, then gets events as they come. While it catches up,
/// what comes waits behind that in order; what comes twice by that has the seq by which clients drop it.
///
/// The feed keeps it until its socket has ended. Threads: its loop's.
class LiveStream : public live::Watcher, public std::enable_shared_from_this<LiveStream> {
public:
    LiveStream(LiveFeed& feed, const chat::Caller& caller, chat::Coverage coverage);

    virtual void shut(ws::Close code, std::string_view reason) = 0;

    void deliver(std::span<const live::FrameIndex> frames) final;
    void sign_out() final { shut(ws::Close::policy, "Signed out."); }

protected:
    /// `after`: where to resume; none: from now on.
    void open(std::optional<chat::Position> after);
    /// The socket has taken all that waited.
    void drained();
    void ended();
    /// The socket has dropped what waited and closes: what is kept here for it goes too.
    void cut();
    /// An event for this connection alone.
    void tell(std::string json, std::string cursor = {});

    virtual bool send(std::span<const std::string_view> parts) = 0;
    [[nodiscard]] virtual std::size_t waiting_bytes() const = 0;
    virtual void count_queued(std::size_t bytes) = 0;
    [[nodiscard]] virtual std::string_view form(LiveEvent& event) const = 0;

    [[nodiscard]] LiveFeed& feed() const { return feed_; }

private:
    /// What is still to be sent before live events may go straight to the socket.
    struct CatchUp {
        std::deque<std::string> piece;  ///< on its way out
        std::size_t piece_bytes = 0;
        std::vector<std::string> live;  ///< what came meanwhile: bounded like an outbox
        std::size_t live_bytes = 0;
        Completion<bool>* sent = nullptr;  ///< who waits until the piece has gone out
    };

    static Task<void> catch_up(std::shared_ptr<LiveStream> self, chat::Position after);
    Task<void> join_live();
    Task<void> until_sent();
    void queue(const chat::ReplayPage& page);
    void queue(std::string part);
    void pump();
    void put_behind(std::string_view bytes);
    void check_behind();
    void wake();
    void count();
    [[nodiscard]] std::string form_of(std::string json, std::string cursor) const;

    LiveFeed& feed_;
    std::unique_ptr<CatchUp> catch_up_;  ///< null: live
    bool ended_ = false;                 ///< or about to
};

/// Over a WebSocket; takes ops too (api.md, Live events).
class WebSocketStream final : private ws::Connection::Client, public LiveStream {
public:
    static void open(LiveFeed& feed, net::Socket socket, std::string received, const chat::Caller& caller,
                     chat::Coverage coverage, std::optional<chat::Position> after);

    WebSocketStream(LiveFeed& feed, net::Socket socket, const chat::Caller& caller, chat::Coverage coverage);
    ~WebSocketStream() override;
    /// Where the server stops, ops that have begun are answered first.
    void shut(ws::Close code, std::string_view reason) override;

private:
    bool send(std::span<const std::string_view> parts) override { return connection_->send(parts); }
    [[nodiscard]] std::size_t waiting_bytes() const override { return connection_->waiting_bytes(); }
    void count_queued(std::size_t bytes) override { connection_->count_queued(bytes); }
    [[nodiscard]] std::string_view form(LiveEvent& event) const override { return event.as_frame(); }

    void on_text(ws::Connection& connection, std::string_view text) override;
    void on_drained(ws::Connection&) override { drained(); }
    void on_overflow(ws::Connection&) override { cut(); }
    void on_end(ws::Connection& connection) override;

    struct Op;
    static Task<void> perform(std::shared_ptr<WebSocketStream> self, Op op);
    Task<Result<std::string>> answer(Op op, const std::string& nonce);
    void refuse(const Error& error, const std::string& nonce);

    // In this order they fill what LiveStream leaves of its last word: of ten thousand idle ones that is 300 KiB.
    const bool read_only_;  ///< by a token that may only read
    bool parting_ = false;  ///< closes with its last op
    int ops_in_flight_ = 0;
    std::shared_ptr<ws::Connection> connection_;
};

/// Over server-sent events.
class EventSourceStream final : public LiveStream, private http::EventStream::Client {
public:
    static void open(LiveFeed& feed, net::Socket socket, const chat::Caller& caller, chat::Coverage coverage,
                     std::optional<chat::Position> after);

    EventSourceStream(LiveFeed& feed, net::Socket socket, const chat::Caller& caller, chat::Coverage coverage);
    ~EventSourceStream() override;
    void shut(ws::Close, std::string_view) override { stream_->close(); }

private:
    bool send(std::span<const std::string_view> parts) override { return stream_->send(parts); }
    [[nodiscard]] std::size_t waiting_bytes() const override { return stream_->waiting_bytes(); }
    void count_queued(std::size_t bytes) override { stream_->count_queued(bytes); }
    [[nodiscard]] std::string_view form(LiveEvent& event) const override { return event.as_sse_chunk(); }
    void on_drained(http::EventStream&) override { drained(); }
    void on_overflow(http::EventStream&) override { cut(); }
    void on_end(http::EventStream&) override { ended(); }

    std::shared_ptr<http::EventStream> stream_;
};

}  // namespace makechat::api
