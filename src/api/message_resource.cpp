#include "api/errors.hpp"
#include "api/resources.hpp"
#include "chat/post_message.hpp"
#include "chat/reading.hpp"
#include "chat/rights.hpp"

namespace makechat::api {
namespace {

using namespace chat;

/// before, after or around, at most one of them, and limit.
Result<Window> window_in(const Query& query, std::size_t items_per_page) {
    const auto page = page_of(query, items_per_page, limits::messages_page_max);
    if (!page) return fail(page.error());
    Window window{Window::Kind::latest, {}, page->limit};
    constexpr std::pair<std::string_view, Window::Kind> bounds[] = {
        {"before", Window::Kind::before}, {"after", Window::Kind::after}, {"around", Window::Kind::around}};
    for (const auto& [name, kind] : bounds) {
        const auto seq = query.number(name);
        if (!seq) return fail(seq.error());
        if (!*seq) continue;
        if (window.kind != Window::Kind::latest) return fail(bad(name, "excludes the other bounds"));
        window.kind = kind;
        window.bound = Seq{**seq};
    }
    return window;
}

std::string message_json(const Call& call, const Message& message) {
    JsonText json;
    write_message(json, message, call.chat.directory.accounts);
    return json.take();
}

/// The link to the page before (older) or after (newer) of a list by seq.
std::string page_link(const Call& call, std::string_view bound, Seq seq, std::string_view relation) {
    std::string kept;
    for (const auto name : {"room", "limit", "entries"}) {
        if (const auto value = call.query.find(name)) kept.append(name).append("=").append(*value).append("&");
    }
    return "<" + std::string{call.head.path} + "?" + kept + std::string{bound} + "=" + std::to_string(seq.value) +
           ">; rel=\"" + std::string{relation} + "\"";
}

/// Whether something newer may follow a page of this window that holds `count`.
bool may_go_on(const Window& window, std::size_t count) {
    if (window.kind == Window::Kind::latest) return false;
    return window.kind == Window::Kind::before || count == window.limit;
}

/// `next` continues in the direction of reading: newer; `prev`: older.
http::Reply with_links(const Call& call, std::string json, Seq first, Seq last, bool goes_on) {
    auto reply = ok(std::move(json));
    std::string links;
    if (goes_on) links = page_link(call, "after", last, "next");
    if (first > Seq{1}) links += (links.empty() ? "" : ", ") + page_link(call, "before", first, "prev");
    if (!links.empty()) reply.fields.emplace_back("Link", std::move(links));
    return reply;
}

Answer get_entries(Call& call, RoomId room, Window window) {
    auto reading = page_of_entries(call.chat, call.user_id(), room, window);
    const auto entries = co_await std::move(reading);
    if (!entries) co_return fail(entries.error());
    JsonText json;
    json.begin_array();
    for (const auto& entry : *entries) json.raw(event_of(entry, call.chat.directory.accounts, call.services.cursors));
    json.end_array();
    if (entries->empty()) co_return ok(json.take());
    co_return with_links(call, json.take(), entries->front().seq, entries->back().seq,
                         may_go_on(window, entries->size()));
}

Answer get_messages(Call& call, RoomId room, Window window) {
    auto reading = page_of_messages(call.chat, call.user_id(), room, window);
    const auto messages = co_await std::move(reading);
    if (!messages) co_return fail(messages.error());
    JsonText json;
    json.begin_array();
    for (const auto& message : *messages) write_message(json, message, call.chat.directory.accounts);
    json.end_array();
    if (messages->empty()) co_return ok(json.take());
    // A room's log begins with its creation; before its first message there is no older page.
    const auto& first = messages->front();
    co_return with_links(call, json.take(), first.ordinal == 1 ? Seq{1} : first.seq, messages->back().seq,
                         may_go_on(window, messages->size()));
}

/// A room, or else who is meant, as written: whether there is such a user is for later than what is wrong with the rest.
struct Target {
    std::optional<RoomId> room;
    std::string recipient;
};
Result<Target> target_in(const Fields& fields) {
    auto recipient = fields.optional_reference("recipient");
    if (!recipient) return fail(recipient.error());
    const auto text = fields.optional_reference("room");
    if (!text) return fail(text.error());
    if (!*text && !*recipient) return fail(missing("room"));
    if (!*text) return Target{std::nullopt, std::move(**recipient)};
    const auto room = to_id<RoomId>("room", **text);
    if (!room) return fail(room.error());
    return Target{*room, {}};
}

Result<Draft> draft_in(const Fields& fields) {
    Draft draft;
    auto text = fields.text("text");
    if (!text) return fail(text.error());
    draft.text = std::move(*text);
    auto nonce = fields.optional_text("nonce");
    if (!nonce) return fail(nonce.error());
    draft.nonce = nonce->value_or("");
    const auto reply_to = fields.optional_reference("reply_to");
    if (!reply_to) return fail(reply_to.error());
    if (*reply_to) {
        const auto id = to_id<MessageId>("reply_to", **reply_to);
        if (!id) return fail(id.error());
        draft.reply_to = *id;
    }
    return draft;
}

Task<Result<Posted>> post_to(Call& call, const Target& target, Draft draft) {
    if (target.room) {
        draft.room = *target.room;
        auto posting = post_message(call.chat, call.user_id(), std::move(draft));
        co_return co_await std::move(posting);
    }
    const auto recipient = to_user(call.chat.directory.accounts, "recipient", target.recipient);
    if (!recipient) co_return fail(recipient.error());
    auto posting = post_direct_message(call.chat, call.user_id(), *recipient, std::move(draft));
    co_return co_await std::move(posting);
}

}  // namespace

Answer MessageResource::on_get(Call& call) {
    const auto room = call.query.id<RoomId>("room");
    if (!room) co_return fail(room.error());
    const auto window = window_in(call.query, items_per_page);
    if (!window) co_return fail(window.error());
    const auto which = call.query.find("entries");
    if (which && *which != "all") co_return fail(bad("entries", "is 'all' or left out"));
    auto getting = which ? get_entries(call, *room, *window) : get_messages(call, *room, *window);
    co_return co_await std::move(getting);
}

Answer MessageResource::on_post(Call& call) {
    auto fields = call.take_fields();
    if (!fields) co_return fail(fields.error());
    const auto target = target_in(*fields);
    if (!target) co_return fail(target.error());
    auto draft = draft_in(*fields);
    if (!draft) co_return fail(draft.error());
    fields->drop();
    auto posting = post_to(call, *target, std::move(*draft));
    const auto posted = co_await std::move(posting);
    if (!posted) co_return fail(posted.error());
    auto json = message_json(call, posted->message);
    co_return posted->repeated ? ok(std::move(json)) : created(std::move(json));
}

Answer MessageResource::on_get_one(Call& call) {
    const auto id = call.path_id<MessageId>();
    if (!id) co_return fail(id.error());
    auto finding = find_message(call.chat, call.user_id(), *id);
    const auto message = co_await std::move(finding);
    if (!message) co_return fail(message.error());
    co_return ok(message_json(call, *message));
}

Answer MessageResource::on_patch(Call& call) {
    auto fields = call.take_fields();
    if (!fields) co_return fail(fields.error());
    const auto id = call.path_id<MessageId>();
    if (!id) co_return fail(id.error());
    auto text = fields->text("text");
    if (!text) co_return fail(text.error());
    fields->drop();
    auto editing = edit_message(call.chat, call.user_id(), *id, std::move(*text));
    const auto message = co_await std::move(editing);
    if (!message) co_return fail(message.error());
    co_return ok(message_json(call, *message));
}

Answer MessageResource::on_delete(Call& call) {
    const auto id = call.path_id<MessageId>();
    if (!id) co_return fail(id.error());
    auto deleting = delete_message(call.chat, call.user_id(), *id);
    const auto deleted = co_await std::move(deleting);
    if (!deleted) co_return fail(deleted.error());
    co_return status_ok();
}

Answer MessageResource::on_get_history(Call& call) {
    const auto id = call.path_id<MessageId>();
    if (!id) co_return fail(id.error());
    auto reading = message_history(call.chat, call.user_id(), *id);
    const auto versions = co_await std::move(reading);
    if (!versions) co_return fail(versions.error());
    JsonText json;
    json.begin_array();
    for (const auto& version : *versions)
        json.begin_object().key("text").string(version.text).key("created").date(version.at).end_object();
    co_return ok(json.end_array().take());
}

Answer MessageResource::on_get_unread(Call& call) {
    auto counting = unread_rooms(call.chat, call.user_id());
    const auto rooms = co_await std::move(counting);
    if (!rooms) co_return fail(rooms.error());
    JsonText json;
    json.begin_array();
    for (const auto& [mine, counts] : *rooms) {
        json.begin_object().key("room").id(mine.room).key("last_seq").number(mine.last_seq.value);
        json.key("read_seq").number(mine.membership.read.value).key("unread").number(counts.unread);
        json.key("mentions").number(counts.mentions).key("level").string(to_word(mine.membership.level)).end_object();
    }
    co_return ok(json.end_array().take());
}

}  // namespace makechat::api
