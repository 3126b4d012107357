#pragma once

#include "base/task.hpp"
#include "http/body_reader.hpp"
#include "http/connections.hpp"
#include "http/gzip.hpp"
#include "http/input.hpp"
#include "http/message.hpp"
#include "http/reply_head.hpp"
#include "http/request_parser.hpp"
#include "net/loop.hpp"
#include "net/socket.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace makechat::http {

/// One connection that speaks HTTP: a coroutine that reads a request, has it answered, writes, and so on. Only the reading
/// side and the sweep can end it; what a handler has begun is always awaited.
class Connection final : public net::Sweepable {
public:
    Connection(Connections::Shared& shared, net::Socket socket);

    /// Until either side ends it. Whoever runs it keeps the connection alive for so long.
    Task<void> run();

    /// Closes if no request has been accepted, that is: if none has come with its whole head. One that has been is
    /// answered; its body and its peer get little time more.
    void stop();
    void close() { socket_.close(); }
    void sweep(std::chrono::nanoseconds now) override;

private:
    /// What the deadline is for.
    enum class Phase {
        idle,  ///< no byte of a request yet
        head,
        body,
        answer,  ///< the handler is at work
        write,   ///< the peer is slow to take the answer
        leave,   ///< answered; reads on only so that the answer is not lost
    };
    enum class BodyEnd { whole, too_large, malformed, slow, crowded_out, gone };

    Task<bool> read_head();
    Task<bool> serve_request();
    Task<Reply> reply_to(Exchange& exchange, BodyReader& reader);
    Task<BodyEnd> read_body(BodyReader& reader, std::size_t bytes_max, std::string& body);
    Task<bool> pass_over(BodyReader& reader);
    Task<void> refuse(Refusal refusal);
    Task<bool> write(Reply& reply, bool keep_alive);
    Task<bool> send_rest(std::string_view head, std::string& body, std::size_t gone);
    Task<void> compress(Reply& reply);
    Task<void> leave();
    Task<bool> receive();

    std::variant<Reply, std::unique_ptr<Exchange>> admit();
    Reply too_slow();
    Reply failed(std::string_view cause);
    [[nodiscard]] bool stays_open(const BodyReader& reader, const Reply& reply) const;
    void hand_over(Reply& reply);
    void enter(Phase phase, std::chrono::nanoseconds time);
    bool let_go() override;
    void name_request();
    void log_access(const Reply& reply, std::size_t body_bytes) const;

    Connections::Shared& shared_;
    net::Socket socket_;
    const std::string peer_;
    Input input_;
    HeadFinder finder_;
    std::string head_text_;  ///< what the views of request_ point into
    Request request_;
    std::string request_id_;
    std::chrono::nanoseconds begun_{};  ///< when the head was whole
    std::chrono::nanoseconds deadline_{};
    Phase phase_ = Phase::idle;
    std::size_t body_bytes_ = 0;  ///< of the request, so far
    bool timed_out_ = false;
    bool crowded_out_ = false;    ///< the memory for slow peers is used up
    bool gone_ = false;           ///< nobody is there to be answered
    bool leaves_unread_ = false;  ///< closing at once would reset the connection and take the answer with it
};

/// What the connections of one loop share.
struct Connections::Shared {
    Shared(net::Loop& on, Handler& answers, Deadlines times);

    net::Loop& loop;
    Handler& handler;
    const Deadlines deadlines;
    std::list<Connection> open;
    std::atomic<std::size_t> count = 0;
    bool stopping = false;
    Date date;
    std::string head;            ///< where heads are written
    std::unique_ptr<Gzip> gzip;  ///< for the next who needs one; null while it is in use
    int gzips_at_work = 0;
    std::string id_prefix;
    std::uint64_t ids = 0;
};

}  // namespace makechat::http
