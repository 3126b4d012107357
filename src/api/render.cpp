#include "api/render.hpp"

namespace makechat::api {
namespace {

using namespace chat;

void write_date_or_null(JsonText& json, const std::optional<Time>& time) {
    if (time) json.date(*time);
    else json.null();
}

/// The settings of a room, which its state and its changes have in common.
void write_settings(JsonText& json, const Room& room) {
    if (room.kind == RoomKind::direct) json.key("name").null();
    else json.key("name").string(room.name);
    json.key("topic").string(room.topic);
    json.key("is_open").boolean(room.is_open);
    json.key("is_visible").boolean(room.is_visible);
    json.key("mention_all_by").string(to_word(room.mention_all_by));
}

void write_state(JsonText& json, const Room& room) {
    json.begin_object().key("_id").id(room.id);
    write_settings(json, room);
    json.key("kind").string(to_word(room.kind)).key("created").date(room.created).end_object();
}

/// The old values of what changed, and only those.
void write_was(JsonText& json, const Room& room, const Room& was) {
    json.begin_object();
    if (room.name != was.name) json.key("name").string(was.name);
    if (room.topic != was.topic) json.key("topic").string(was.topic);
    if (room.is_open != was.is_open) json.key("is_open").boolean(was.is_open);
    if (room.is_visible != was.is_visible) json.key("is_visible").boolean(was.is_visible);
    if (room.mention_all_by != was.mention_all_by) json.key("mention_all_by").string(to_word(was.mention_all_by));
    json.end_object();
}

std::string username_of(const Accounts& accounts, UserId id) {
    const auto user = accounts.find(id);
    return user ? user->username : std::string{};
}

/// What stands in an event beside type, room, seq and cursor; one function for each kind of body.
struct EventBody {
    JsonText& json;
    const Accounts& accounts;
    const Entry& entry;
    const LogId log = entry.log;

    void member(RoomId room, std::string_view action, MemberId member, UserId user, Role role, UserId by) const {
        json.key("type").string("member").key("room").id(room).key("action").string(action);
        json.key("member").id(member).key("user").id(user).key("username").string(username_of(accounts, user));
        json.key("role").string(to_word(role)).key("by").id(by).key("created").date(entry.at);
    }
    void room(const Room& state, std::string_view action, const Room& was) const {
        json.key("type").string("room").key("room").id(state.id).key("action").string(action);
        json.key("state");
        write_state(json, state);
        json.key("was");
        write_was(json, state, was);
        json.key("by").id(entry.actor).key("created").date(entry.at);
    }
    void message(std::string_view type, const Message& message) const {
        json.key("type").string(type).key("room").id(message.room).key("message");
        write_message(json, message, accounts);
    }

    void operator()(const RoomCreated& e) const { room(e.room, "created", e.room); }
    void operator()(const RoomChanged& e) const { room(e.room, "changed", e.was); }
    void operator()(const RoomDeleted& e) const { room(e.room, "deleted", e.room); }
    void operator()(const LostDeletedRoom& e) const { room(e.room, "deleted", e.room); }
    void operator()(const Joined& e) const { member(log.room(), "join", e.member, e.user, e.role, e.by); }
    void operator()(const Left& e) const { member(log.room(), "leave", e.member, e.user, e.role, e.by); }
    void operator()(const LostRoom& e) const { member(e.room, "leave", e.member, log.user(), e.role, e.by); }
    void operator()(const RoleChanged& e) const {
        member(log.room(), "role", e.member, e.user, e.role, e.by);
        json.key("was").string(to_word(e.was)).key("was_member").id(e.was_member);
    }
    void operator()(const MessagePosted& e) const { message("message", e.message); }
    void operator()(const MessageEdited& e) const { message("edit", e.message); }
    void operator()(const MessageDeleted& e) const {
        json.key("type").string("delete").key("room").id(e.message.room).key("_id").id(e.message.id).key("by").id(e.by);
    }
    void operator()(const ReadMoved& e) const {
        json.key("type").string("read").key("room").id(e.room).key("read_seq").number(e.read.value);
        json.key("unread").number(e.unread).key("mentions").number(e.mentions);
    }
    void operator()(const NotifyChanged& e) const {
        json.key("type").string("settings").key("room").id(e.room).key("level").string(to_word(e.level));
    }
    void operator()(const SettingsChanged& e) const {
        json.key("type").string("settings").key("settings").raw(e.settings.empty() ? "{}" : e.settings);
    }
    // The server's log is nobody's stream.
    void operator()(const auto&) const { json.key("type").string("server"); }
};

}  // namespace

void write_profile_keys(JsonText& json, const User& user) {
    json.key("_id").id(user.id).key("username").string(user.username);
    json.key("display_name").string(user.display_name).key("avatar").string(user.avatar);
    json.key("bot").boolean(user.bot).key("is_disabled").boolean(user.is_disabled);
}

void write_account(JsonText& json, const User& user) {
    json.begin_object().key("_id").id(user.id).key("username").string(user.username);
    json.key("email").string(user.email).key("display_name").string(user.display_name);
    json.key("avatar").string(user.avatar).key("settings").raw(user.settings.empty() ? "{}" : user.settings);
    json.key("is_superuser").boolean(user.is_superuser).key("is_disabled").boolean(user.is_disabled);
    json.key("bot").boolean(user.bot).key("created").date(user.created).end_object();
}

void write_room(JsonText& json, const Rooms::View& view, std::optional<Role> mine) {
    json.begin_object().key("_id").id(view.room->id);
    write_settings(json, *view.room);
    json.key("members").begin_array();
    for (const auto member : view.members) json.id(member);
    json.end_array().key("members_total").number(static_cast<std::int64_t>(view.members_total));
    if (view.room->kind == RoomKind::direct) {
        json.key("users").begin_array();
        for (const auto user : view.people) json.id(user);
        json.end_array();
    }
    if (mine) json.key("role").string(to_word(*mine));
    json.key("messages_total").number(view.messages_total).key("last_message");
    write_date_or_null(json, view.messages_total > 0 ? std::optional(view.last_message) : std::nullopt);
    json.key("kind").string(to_word(view.room->kind)).key("last_seq").number(view.last_seq.value);
    json.key("created").date(view.room->created).end_object();
}

void write_member(JsonText& json, const Membership& membership, const User& user, bool online) {
    json.begin_object().key("_id").id(membership.id).key("role").string(to_word(membership.role));
    json.key("profile").id(user.id).key("username").string(user.username);
    json.key("display_name").string(user.display_name).key("online").boolean(online).end_object();
}

void write_message(JsonText& json, const Message& message, const Accounts& accounts) {
    const auto sender = accounts.find(message.sender);
    json.begin_object().key("_id").id(message.id).key("room").id(message.room).key("seq").number(message.seq.value);
    json.key("sender").id(message.sender).key("username").string(sender ? sender->username : "");
    json.key("text").string(message.text).key("created").date(message.created).key("edited");
    write_date_or_null(json, message.edited);
    json.key("deleted");
    write_date_or_null(json, message.deleted);
    json.key("mentions").begin_array();
    for (const auto user : message.mentions) json.id(user);
    json.end_array();
    if (message.mentions_all != MentionsAll::nobody) json.key("mentions_all").string(to_word(message.mentions_all));
    json.key("reply_to");
    if (message.reply_to) json.id(*message.reply_to);
    else json.null();
    if (sender && sender->bot) json.key("bot").boolean(true);
    json.end_object();
}

std::string event_of(const Entry& entry, const Accounts& accounts, const Cursors& cursors) {
    JsonText json;
    json.begin_object();
    std::visit(EventBody{json, accounts, entry}, entry.body);
    if (entry.log.kind == LogId::Kind::room) json.key("seq").number(entry.seq.value);
    json.key("cursor").string(cursors.write(entry.position)).end_object();
    return json.take();
}

std::string hello_event(UserId user, std::string_view cursor, std::string_view server, int retry_ms) {
    JsonText json;
    json.begin_object().key("type").string("hello").key("user").id(user).key("cursor").string(cursor);
    json.key("server").string(server).key("retry_ms").number(retry_ms).end_object();
    return json.take();
}

std::string resync_event(std::string_view cursor) {
    JsonText json;
    return json.begin_object().key("type").string("resync").key("cursor").string(cursor).end_object().take();
}

std::string user_event(const User& user) {
    JsonText json;
    json.begin_object().key("type").string("user").key("user");
    json.begin_object();
    write_profile_keys(json, user);
    json.end_object();
    return json.end_object().take();
}

std::string typing_event(RoomId room, UserId user) {
    JsonText json;
    return json.begin_object()
        .key("type")
        .string("typing")
        .key("room")
        .id(room)
        .key("user")
        .id(user)
        .end_object()
        .take();
}

std::string presence_event(UserId user, bool online) {
    JsonText json;
    json.begin_object().key("type").string("presence").key("user").id(user);
    return json.key("status").string(online ? "online" : "offline").end_object().take();
}

std::string presence_count_event(RoomId room, std::size_t online) {
    JsonText json;
    json.begin_object().key("type").string("presence").key("room").id(room);
    return json.key("online").number(static_cast<std::int64_t>(online)).end_object().take();
}

}  // namespace makechat::api
