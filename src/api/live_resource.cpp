#include "api/errors.hpp"
#include "api/live_poll.hpp"
#include "api/live_stream.hpp"
#include "api/resources.hpp"
#include "http/media.hpp"
#include "ws/handshake.hpp"

#include <algorithm>

namespace makechat::api {
namespace {

using namespace chat;

/// `room`, as often as it stands there. Who begins must be able to read them all. Who resumes may have lost one meanwhile:
/// his stream goes on without it, and what his own log says of it is told.
Result<Coverage> coverage_in(const Call& call, bool resumes) {
    Coverage coverage{call.user_id(), {}};
    for (const auto text : call.query.all("room")) {
        const auto room = to_id<RoomId>("room", text);
        if (!room) return fail(room.error());
        if (std::ranges::find(coverage.rooms, *room) == coverage.rooms.end()) coverage.rooms.push_back(*room);
    }
    if (coverage.rooms.size() > limits::rooms_per_stream_max) return fail(bad("room", "stands there too often"));
    if (resumes) return coverage;
    if (auto readable = check_coverage(call.chat.directory, coverage); !readable) return fail(readable.error());
    return coverage;
}

Result<std::optional<Position>> cursor_in(const Call& call) {
    auto text = call.query.find("cursor");
    // An EventSource comes back with the address that it began with; where it is by now stands in the header.
    if (const auto last = call.head.field("Last-Event-ID"); !last.empty()) text = last;
    if (!text || text->empty()) return std::optional<Position>{};
    const auto position = call.services.cursors.read(*text);
    if (!position) return fail(position.error());
    return std::optional{*position};
}

std::string_view text_of(const std::string& event) { return event; }
std::string_view text_of(const std::shared_ptr<const std::string>& event) { return *event; }

template <class Events>
std::string poll_json(const Events& events, const std::string& cursor) {
    JsonText json;
    json.begin_object().key("events").begin_array();
    for (const auto& event : events) json.raw(text_of(event));
    return json.end_array().key("cursor").string(cursor).end_object().take();
}

/// The first piece of what is already there after `after`; if that is too far back, a resync.
struct Missed {
    std::vector<std::string> events;
    Position reached;
};
Task<Result<Missed>> missed_since(Call& call, Coverage coverage, Position after) {
    const Position until = call.chat.directory.position();
    auto looking = can_replay(call.chat, coverage, after);
    const auto replays = co_await std::move(looking);
    if (!replays) co_return fail(replays.error());
    if (!*replays) co_return Missed{{resync_event(call.services.cursors.write(until))}, until};
    Missed missed{{}, after};
    while (missed.events.empty() && missed.reached < until) {
        auto replaying = replay(call.chat, coverage, missed.reached, until);
        const auto page = co_await std::move(replaying);
        if (!page) co_return fail(page.error());
        missed.reached = page->reached;
        for (const auto& entry : page->events)
            missed.events.push_back(event_of(entry, call.chat.directory.accounts, call.services.cursors));
    }
    co_return missed;
}

Answer poll(Call& call, Coverage coverage, std::optional<Position> after) {
    const auto& cursors = call.services.cursors;
    if (!after) co_return ok(poll_json(LivePoll::Events{}, cursors.write(call.chat.directory.position())));
    const auto wait = call.query.number("wait");
    if (!wait) co_return fail(wait.error());
    const std::chrono::seconds wanted{std::min<std::int64_t>(wait->value_or(30), limits::long_poll_max.count())};

    LivePoll poll{*call.live, *call.caller,
                  coverage};  // watches before the replay reads, so that nothing falls between
    auto reading = missed_since(call, std::move(coverage), *after);
    const auto missed = co_await std::move(reading);
    if (!missed) co_return fail(missed.error());
    if (!missed->events.empty()) co_return ok(poll_json(missed->events, cursors.write(missed->reached)));
    const auto signed_in = [&call] {
        return call.chat.directory.credentials.holds(call.caller->credential, call.chat.clock.now());
    };
    if (signed_in()) {
        auto waiting = poll.until_news(wanted);
        co_await std::move(waiting);
    }
    if (!signed_in()) co_return fail({Code::unauthenticated, "Please provide an auth token or login."});
    const auto reached = poll.lost() ? missed->reached : std::max(missed->reached, call.live->offered());
    co_return ok(poll_json(poll.events(), cursors.write(reached)));
}

http::Reply event_stream(Call& call, Coverage coverage, std::optional<Position> after) {
    http::Reply reply;
    reply.fields = {{"Content-Type", "text/event-stream"},
                    {"Cache-Control", "no-store"},
                    {"X-Accel-Buffering", "no"},  // nginx would keep events back to fill its buffer
                    {"Transfer-Encoding", "chunked"}};
    reply.take_over = [&feed = *call.live, caller = *call.caller, coverage = std::move(coverage), after](
                          net::Socket socket, const std::string&) {
        EventSourceStream::open(feed, std::move(socket), caller, coverage, after);
    };
    return reply;
}

http::Reply upgrade_refusal(const ws::UpgradeRefusal& why) {
    auto reply = standard_refusal(why.status, why.why);
    reply.fields.emplace_back("Sec-WebSocket-Version", std::string{ws::protocol_version});
    if (why.status == 426) reply.fields.emplace_back("Upgrade", "websocket");
    // It ends here: a proxy that took this for a tunnel would let requests pass its rules.
    reply.fields.emplace_back("Connection", why.status == 426 ? "close, Upgrade" : "close");
    return reply;
}

}  // namespace

Answer LiveResource::on_websocket(Call& call) {
    const auto& head = call.head;
    // A key or a version that stands there twice is a list, and so neither.
    const auto upgrade = head.list("Upgrade");
    const auto connection = head.list("Connection");
    const auto version = head.list("Sec-WebSocket-Version");
    const auto key = head.list("Sec-WebSocket-Key");
    const auto accepted =
        ws::accept_upgrade({head.method == http::Method::get, head.is_http_1_1, upgrade, connection, version, key});
    if (!accepted) co_return upgrade_refusal(accepted.error());
    const auto after = cursor_in(call);
    if (!after) co_return fail(after.error());
    auto coverage = coverage_in(call, after->has_value());
    if (!coverage) co_return fail(coverage.error());
    http::Reply reply;
    reply.status = 101;
    reply.fields = {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}, {"Sec-WebSocket-Accept", *accepted}};
    reply.take_over = [&feed = *call.live, caller = *call.caller, coverage = std::move(*coverage), after = *after](
                          net::Socket socket, std::string received) {
        WebSocketStream::open(feed, std::move(socket), std::move(received), caller, coverage, after);
    };
    co_return reply;
}

Answer LiveResource::on_events(Call& call) {
    const auto accept = call.head.list("Accept");
    const bool stream = accept.contains("text/event-stream");
    if (!stream && !http::admits_json(accept)) co_return not_acceptable();
    const auto after = cursor_in(call);
    if (!after) co_return fail(after.error());
    auto coverage = coverage_in(call, after->has_value());
    if (!coverage) co_return fail(coverage.error());
    if (stream && !call.head.is_http_1_1) co_return standard_refusal(505, "Server-sent events need HTTP/1.1.");
    if (stream) co_return event_stream(call, std::move(*coverage), *after);
    auto polling = poll(call, std::move(*coverage), *after);
    co_return co_await std::move(polling);
}

}  // namespace makechat::api
