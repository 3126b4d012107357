#include "http/connection.hpp"

#include "base/limits.hpp"
#include "base/log.hpp"
#include "http/media.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <utility>

namespace makechat::http {

namespace {

constexpr std::size_t passed_over_bytes_max = limits::message_body_bytes_max;  // of a refused body, to stay connected
constexpr std::size_t leave_bytes_max = 4 * 1024 * 1024;
constexpr std::size_t body_piece_bytes = 16 * 1024;
constexpr std::size_t joined_body_bytes_max =
    4 * 1024;  // goes out behind the head as one piece: a copy is cheaper than a second
constexpr std::string_view crowded = "Too much memory is in use for slow connections. Try again.";
constexpr std::string_view continue_head = "HTTP/1.1 100 Continue\r\n\r\n";

bool has(const Reply& reply, std::string_view name) {
    return std::ranges::any_of(reply.fields, [name](const auto& field) { return same_name(field.first, name); });
}

bool is_text(std::string_view type) {
    type = type.substr(0, type.find(';'));
    return type.starts_with("text/") || type == "application/json" || type == "application/javascript" ||
           type == "image/svg+xml" || type == "application/manifest+json";
}

/// Whether the reply has a second form, in gzip.
bool is_compressible(const Reply& reply) {
    if (reply.take_over || is_bodiless(reply.status) || reply.body.size() <= limits::gzip_bytes_min) return false;
    if (has(reply, "Content-Encoding") || has(reply, "Content-Range")) return false;
    return std::ranges::any_of(reply.fields, [](const auto& field) {
        return same_name(field.first, "Content-Type") && is_text(field.second);
    });
}

/// Lets whatever else is ready on this loop go first.
Task<void> give_way() {
    auto turn = suspend_for<bool>([](auto& done) { done.finish(true); });
    co_await turn;
}

}  // namespace

Connection::Connection(Connections::Shared& shared, net::Socket socket)
    : Sweepable(shared.loop), shared_(shared), socket_(std::move(socket)), peer_(socket_.remote_address()) {
    request_.head.peer = peer_;
}

Task<void> Connection::run() {
    bool goes_on = true;
    while (goes_on) {
        const bool whole = co_await read_head();
        if (!whole) break;  // gone, too slow, refused, or stopped while idle
        goes_on = co_await serve_request();
    }
    if (leaves_unread_) co_await leave();
    socket_.close();
}

void Connection::sweep(std::chrono::nanoseconds now) {
    if (now < deadline_) return;
    if (phase_ != Phase::head && phase_ != Phase::body) return socket_.close();
    timed_out_ = true;  // the reader tells the client so
    socket_.interrupt();
}

bool Connection::let_go() {
    switch (phase_) {
        case Phase::head:
        case Phase::body:
            crowded_out_ = true;  // the reader tells the client so
            socket_.interrupt();
            return true;
        case Phase::write: socket_.close(); return true;
        case Phase::answer:  // what a handler has begun is always awaited
        case Phase::idle:
        case Phase::leave: return false;
    }
    return false;
}

void Connection::stop() {
    switch (phase_) {
        case Phase::idle:
        case Phase::head: return socket_.close();
        case Phase::answer: return;
        case Phase::body:
        case Phase::write:
        case Phase::leave: deadline_ = std::min(deadline_, shared_.loop.now() + shared_.deadlines.stop);
    }
}

void Connection::enter(Phase phase, std::chrono::nanoseconds time) {
    if (shared_.stopping && phase != Phase::answer) time = std::min(time, shared_.deadlines.stop);
    phase_ = phase;
    deadline_ = shared_.loop.now() + time;
}

/// Reads until a head is whole and parsed. False: there will be none.
Task<bool> Connection::read_head() {
    input_.shrink();
    body_bytes_ = 0;
    hold(input_.capacity());
    finder_.reset();
    enter(Phase::idle, shared_.deadlines.keep_alive);
    for (;;) {
        // Some clients end a body with an empty line too much (RFC 9112, 2.2).
        while (phase_ == Phase::idle && input_.view().starts_with("\r\n")) input_.consume(2);
        if (!input_.empty() && input_.view() != "\r") {
            const auto found = finder_.find(input_.view());
            if (!found) {
                co_await refuse(found.error());
                co_return false;
            }
            if (*found > 0) {
                head_text_.assign(input_.view().substr(0, *found));
                input_.consume(*found);
                break;
            }
            if (phase_ == Phase::idle) enter(Phase::head, shared_.deadlines.header_read);
        } else if (shared_.stopping) {
            co_return false;
        }
        const bool more = co_await receive();
        if (more) continue;
        if (timed_out_) co_await refuse({408, "The header did not arrive in time."});
        else if (crowded_out_) co_await refuse({503, crowded});
        co_return false;
    }
    const auto parsed = parse_head(head_text_, request_);
    if (!parsed) co_await refuse(parsed.error());
    co_return parsed.has_value();
}

/// Answers the request whose head has been read. False: the connection ends, or is somebody else's now.
Task<bool> Connection::serve_request() {
    name_request();
    enter(Phase::answer, shared_.deadlines.answer);
    begun_ = deadline_ - shared_.deadlines.answer;
    BodyReader reader(request_);
    Reply reply;
    auto admitted = admit();
    if (auto* const refused = std::get_if<Reply>(&admitted)) {
        reply = std::move(*refused);
    } else {
        reply = co_await reply_to(*std::get<1>(admitted), reader);
        if (gone_) co_return false;
    }
    const bool keep_alive = stays_open(reader, reply);
    const bool sent = co_await write(reply, keep_alive);
    if (!sent) co_return false;
    if (reply.take_over && request_.head.method != Method::head) {
        hand_over(reply);
        co_return false;
    }
    if (!keep_alive) leaves_unread_ = reader.state() != BodyReader::State::whole || !input_.empty();
    if (!keep_alive || reader.state() == BodyReader::State::whole) co_return keep_alive;
    const bool passed = co_await pass_over(reader);
    co_return passed;
}

std::variant<Reply, std::unique_ptr<Exchange>> Connection::admit() {
    try {
        return shared_.handler.admit(request_.head);
    } catch (const std::exception& thrown) {
        return failed(thrown.what());
    }
}

Task<Reply> Connection::reply_to(Exchange& exchange, BodyReader& reader) {
    std::string body;
    const auto end = co_await read_body(reader, exchange.body_bytes_max(), body);
    switch (end) {
        case BodyEnd::whole: break;
        case BodyEnd::too_large: co_return exchange.body_too_large();
        case BodyEnd::malformed: co_return shared_.handler.refuse(400, "The chunks of the body are not valid.");
        case BodyEnd::slow: co_return too_slow();
        case BodyEnd::crowded_out: co_return shared_.handler.refuse(503, crowded);
        case BodyEnd::gone: gone_ = true; co_return Reply{};
    }
    enter(Phase::answer, shared_.deadlines.answer);
    try {
        Reply reply = co_await exchange.answer(std::move(body));
        hold(0);
        co_return reply;
    } catch (const std::exception& thrown) {
        co_return failed(thrown.what());
    }
}

/// A client that is told to try again may do so by itself; 408 says that the fault was its own.
Reply Connection::too_slow() {
    if (shared_.stopping) return shared_.handler.refuse(503, "The server stops. Try again in a few seconds.");
    return shared_.handler.refuse(408, "The body did not arrive in time.");
}

Reply Connection::failed(std::string_view cause) {
    log::error("Request " + request_id_ + " failed: " + std::string(cause));
    return shared_.handler.refuse(500, "The server's log has the cause under " + request_id_ + ".");
}

Task<Connection::BodyEnd> Connection::read_body(BodyReader& reader, std::size_t bytes_max, std::string& body) {
    if (reader.left() > bytes_max) co_return BodyEnd::too_large;
    if (reader.state() == BodyReader::State::whole) co_return BodyEnd::whole;
    body.reserve(static_cast<std::size_t>(reader.left()));
    enter(Phase::body, shared_.deadlines.body_read);
    if (std::exchange(request_.expects_continue, false) && input_.empty()) {
        const bool told = co_await socket_.write(continue_head);
        if (!told) co_return BodyEnd::gone;
    }
    for (;;) {
        input_.consume(reader.take(input_.view(), &body));
        body_bytes_ = body.size();
        if (reader.state() == BodyReader::State::malformed) co_return BodyEnd::malformed;
        if (body.size() > bytes_max || reader.left() > bytes_max - body.size()) co_return BodyEnd::too_large;
        if (reader.state() == BodyReader::State::whole) co_return BodyEnd::whole;
        input_.expect(static_cast<std::size_t>(std::min<std::uint64_t>(reader.left(), body_piece_bytes)));
        const bool more = co_await receive();
        if (!more) co_return timed_out_ ? BodyEnd::slow : crowded_out_ ? BodyEnd::crowded_out : BodyEnd::gone;
    }
}

/// Whether another request may come behind this answer: not when it would be unclear where it begins, nor when reading a
/// refused body costs more than a new connection.
bool Connection::stays_open(const BodyReader& reader, const Reply& reply) const {
    if (!request_.keep_alive || shared_.stopping || timed_out_ || crowded_out_ || reply.take_over ||
        has(reply, "Connection"))
        return false;
    if (reader.state() == BodyReader::State::malformed) return false;
    if (reader.state() == BodyReader::State::whole) return true;
    const bool may_never_come = request_.expects_continue && input_.empty();
    return !may_never_come && reader.size() + reader.left() <= passed_over_bytes_max;
}

/// Drops the rest of a refused body.
Task<bool> Connection::pass_over(BodyReader& reader) {
    enter(Phase::body, shared_.deadlines.body_read);
    for (;;) {
        input_.consume(reader.take(input_.view(), nullptr));
        if (reader.state() == BodyReader::State::whole) co_return true;
        if (reader.state() == BodyReader::State::malformed || reader.size() + reader.left() > passed_over_bytes_max) {
            leaves_unread_ = true;
            co_return false;
        }
        const bool more = co_await receive();
        if (!more) co_return false;
    }
}

/// Answers what is no request. The connection ends then.
Task<void> Connection::refuse(Refusal refusal) {
    name_request();
    request_.head.method = Method::other;
    request_.head.fields.clear();
    enter(Phase::answer, shared_.deadlines.answer);
    begun_ = deadline_ - shared_.deadlines.answer;
    Reply reply = shared_.handler.refuse(refusal.status, refusal.why);
    leaves_unread_ = co_await write(reply, false);
}

Task<bool> Connection::write(Reply& reply, bool keep_alive) {
    if (is_compressible(reply)) {
        if (!has(reply, "Vary")) reply.fields.emplace_back("Vary", "Accept-Encoding");
        const bool turn = shared_.gzips_at_work < limits::gzips_at_once_max;
        if (turn && admits_gzip(request_.head.field("Accept-Encoding"))) co_await compress(reply);
    }
    shared_.head.clear();
    append_head(shared_.head, reply, {shared_.date.now(), request_id_, keep_alive});
    const bool has_body = request_.head.method != Method::head && !is_bodiless(reply.status) && !reply.take_over;
    if (!has_body) reply.body.clear();
    const auto body_bytes = reply.body.size();
    if (body_bytes <= joined_body_bytes_max) shared_.head.append(std::exchange(reply.body, {}));
    const auto taken = socket_.try_write(std::array<std::string_view, 2>{shared_.head, reply.body});
    bool sent = taken == static_cast<long>(shared_.head.size() + reply.body.size());
    if (!sent && taken != net::Socket::broken)
        sent = co_await send_rest(shared_.head, reply.body, static_cast<std::size_t>(std::max(taken, 0L)));
    log_access(reply, body_bytes);
    co_return sent;
}

/// What the peer has not taken at once waits in a coroutine of its own; `gone` bytes it has.
Task<bool> Connection::send_rest(std::string_view head, std::string& body, std::size_t gone) {
    enter(Phase::write, shared_.deadlines.answer);
    const std::string rest(head.substr(std::min(gone, head.size())));  // the next reply is written where `head` is
    body = body.substr(gone - std::min(gone, head.size()));  // the kernel has most of it, as a rule: not twice
    hold(body.size());
    const bool all = co_await socket_.write(rest, body);
    hold(0);
    co_return all;
}

Task<void> Connection::compress(Reply& reply) {
    auto gzip = std::move(shared_.gzip);
    if (!gzip) gzip = std::make_unique<Gzip>();
    gzip->begin();
    ++shared_.gzips_at_work;
    for (std::string_view rest = reply.body; !rest.empty();) {
        const auto piece = rest.substr(0, Gzip::piece_bytes);
        rest.remove_prefix(piece.size());
        gzip->add(piece, rest.empty());
        if (!rest.empty()) co_await give_way();
    }
    --shared_.gzips_at_work;
    reply.body = gzip->take();
    reply.fields.emplace_back("Content-Encoding", "gzip");
    shared_.gzip = std::move(gzip);
}

/// The socket goes to who carries on with it, and this connection's memory with the end of its coroutine.
void Connection::hand_over(Reply& reply) {
    const auto take_over = std::move(reply.take_over);
    std::string received(input_.view());
    try {
        take_over(std::move(socket_), std::move(received));
    } catch (const std::exception& thrown) {
        log::error("Request " + request_id_ + " failed: " + thrown.what());
    }
}

/// Closing over unread bytes resets the connection, and the client may never see the answer. So: our end closes, and what
/// still comes is dropped, for a while.
Task<void> Connection::leave() {
    enter(Phase::leave, shared_.deadlines.leave);
    socket_.end_sending();
    for (std::size_t dropped = 0; dropped < leave_bytes_max;) {
        const std::size_t size = co_await socket_.read_some(shared_.loop.receive_buffer());
        if (size == 0) break;
        dropped += size;
    }
}

Task<bool> Connection::receive() {
    if (timed_out_ || crowded_out_) co_return false;
    const auto space = input_.space();
    if (!hold(input_.capacity() + body_bytes_)) crowded_out_ = true;
    if (crowded_out_) co_return false;
    const std::size_t size = co_await socket_.read_some(space);
    input_.received(size);
    co_return size > 0;
}

void Connection::name_request() {
    std::array<char, 16> digits;
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), ++shared_.ids, 36);
    request_id_.assign(shared_.id_prefix).append(digits.data(), end);
    request_.head.request_id = request_id_;
}

void Connection::log_access(const Reply& reply, std::size_t body_bytes) const {
    log::access({name_of(request_.head.method), reply.route, reply.status, body_bytes, shared_.loop.now() - begun_,
                 request_id_, reply.client.empty() ? peer_ : reply.client});
}

}  // namespace makechat::http
