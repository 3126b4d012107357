#include "api/errors.hpp"
#include "api/fields.hpp"
#include "api/live_stream.hpp"
#include "api/render.hpp"
#include "base/log.hpp"
#include "chat/post_message.hpp"
#include "chat/reading.hpp"
#include "chat/rights.hpp"

namespace makechat::api {

/// What a client asks over the WebSocket.
struct WebSocketStream::Op {
    enum class Kind : std::uint8_t { send, read, typing };
    Kind kind = Kind::send;
    chat::Draft draft;    ///< send; its room is every op's
    chat::Seq seq;        ///< read
    bool unread = false;  ///< read

    static Result<Op> parse(const Fields& fields);
};

Result<WebSocketStream::Op> WebSocketStream::Op::parse(const Fields& fields) {
    Op op;
    const auto word = fields.text("op");
    if (!word) return fail(word.error());
    if (*word == "send") op.kind = Kind::send;
    else if (*word == "read") op.kind = Kind::read;
    else if (*word == "typing") op.kind = Kind::typing;
    else return fail(bad("op", "is 'send', 'read' or 'typing'"));
    const auto room_text = fields.reference("room");
    if (!room_text) return fail(room_text.error());
    const auto room = parse_id<chat::RoomId>(*room_text);
    if (!room) return fail(bad("room", "is not an id: 24 hexadecimal digits"));
    op.draft.room = *room;
    if (op.kind == Kind::read) {
        const auto seq = fields.integer("seq");
        if (!seq) return fail(seq.error());
        if (*seq < 0) return fail(bad("seq", "is a whole number of at least 0"));
        const auto unread = fields.optional_boolean("unread");
        if (!unread) return fail(unread.error());
        op.seq = chat::Seq{*seq};
        op.unread = unread->value_or(false);
    } else if (op.kind == Kind::send) {
        auto text = fields.text("text");
        if (!text) return fail(text.error());
        op.draft.text = std::move(*text);
        const auto reply_to = fields.optional_reference("reply_to");
        if (!reply_to) return fail(reply_to.error());
        if (*reply_to) {
            op.draft.reply_to = parse_id<chat::MessageId>(**reply_to);
            if (!op.draft.reply_to) return fail(bad("reply_to", "is not an id: 24 hexadecimal digits"));
        }
    }
    return op;
}

WebSocketStream::WebSocketStream(LiveFeed& feed, net::Socket socket, const chat::Caller& caller,
                                 chat::Coverage coverage)
    : LiveStream(feed, caller, std::move(coverage)),
      read_only_(caller.read_only),
      connection_(std::make_shared<ws::Connection>(std::move(socket), static_cast<ws::Connection::Client&>(*this))) {
    feed.services().metrics.websockets.fetch_add(1, std::memory_order_relaxed);
}

WebSocketStream::~WebSocketStream() { feed().services().metrics.websockets.fetch_sub(1, std::memory_order_relaxed); }

void WebSocketStream::open(LiveFeed& feed, net::Socket socket, std::string received, const chat::Caller& caller,
                           chat::Coverage coverage, std::optional<chat::Position> after) {
    const auto stream = std::make_shared<WebSocketStream>(feed, std::move(socket), caller, std::move(coverage));
    stream->LiveStream::open(after);
    stream->connection_->start(std::move(received));
}

void WebSocketStream::shut(ws::Close code, std::string_view reason) {
    parting_ = code == ws::Close::service_restart && ops_in_flight_ > 0;
    if (parting_) connection_->hold_reading(true);
    else connection_->close(code, reason);
}

void WebSocketStream::on_end(ws::Connection&) { ended(); }

void WebSocketStream::on_text(ws::Connection&, std::string_view text) {
    const auto fields = Fields::parse(text);
    if (!fields) return refuse(fields.error(), {});
    const auto nonce = fields->optional_text("nonce");
    if (!nonce) return refuse(nonce.error(), {});
    auto op = Op::parse(*fields);
    if (!op) return refuse(op.error(), nonce->value_or(""));
    op->draft.nonce = nonce->value_or("");
    if (++ops_in_flight_ == limits::ops_in_flight_max) connection_->hold_reading(true);
    makechat::start(perform(std::static_pointer_cast<WebSocketStream>(shared_from_this()), std::move(*op)));
}

Task<void> WebSocketStream::perform(std::shared_ptr<WebSocketStream> self, Op op) {
    const std::string nonce = op.draft.nonce;
    try {
        auto answering = self->answer(std::move(op), nonce);
        auto event = co_await std::move(answering);
        if (!event) self->refuse(event.error(), nonce);
        else if (!event->empty()) self->tell(std::move(*event));
    } catch (const std::exception& bug) {
        log::error(std::string{"An operation over a WebSocket failed: "} + bug.what());
        self->refuse({Code::internal, "Something went wrong on the server."}, nonce);
    }
    const bool held = self->ops_in_flight_-- == limits::ops_in_flight_max;
    if (!self->parting_) {
        if (held) self->connection_->hold_reading(false);
    } else if (self->ops_in_flight_ == 0) {
        self->connection_->close(ws::Close::service_restart, "The server restarts.");
    }
}

Task<Result<std::string>> WebSocketStream::answer(Op op, const std::string& nonce) {
    auto& services = feed().services();
    auto& buckets = op.kind == Op::Kind::typing ? services.rates.read_by_user : services.rates.write_by_user;
    if (const auto wait = buckets.take(std::hash<chat::UserId>{}(user()), services.chat.clock.monotonic()))
        co_return fail({Code::too_many, "Too many requests. Try again in " + std::to_string(wait->count()) + " s."});
    if (read_only_) co_return fail({Code::forbidden, "This token may only read."});
    const chat::RoomId room = op.draft.room;
    if (op.kind != Op::Kind::typing && services.bus.is_behind())
        co_return fail({Code::overloaded, "The server is behind with telling what was written. Try again.", 1});
    if (op.kind == Op::Kind::typing) {
        const auto writer = chat::writer_in(services.chat.directory, room, user());
        if (!writer) co_return fail(writer.error());
        services.bus.signal(chat::Typing{room, user()});
        co_return std::string{};
    }
    if (op.kind == Op::Kind::read) {
        auto marking = chat::mark_read(services.chat, user(), room, op.seq, op.unread);
        const auto marked = co_await std::move(marking);
        if (!marked) co_return fail(marked.error());
        co_return std::string{};
    }
    auto posting = chat::post_message(services.chat, user(), std::move(op.draft));  // one text less while it waits
    const auto posted = co_await std::move(posting);
    if (!posted) co_return fail(posted.error());
    JsonText json;
    json.begin_object().key("type").string("ack").key("room").id(room).key("seq").number(posted->message.seq.value);
    json.key("_id").id(posted->message.id);
    if (!nonce.empty()) json.key("nonce").string(nonce);
    co_return json.end_object().take();
}

void WebSocketStream::refuse(const Error& error, const std::string& nonce) {
    JsonText json;
    json.begin_object().key("type").string("error").key("title").string(title_of(error.code));
    json.key("description").string(error.text);
    if (!nonce.empty()) json.key("nonce").string(nonce);
    tell(json.end_object().take());
}

}  // namespace makechat::api
