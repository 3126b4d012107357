#include "store/sqlite/body_text.hpp"

#include "base/json_text.hpp"
#include "store/sqlite/database.hpp"

#include <simdjson.h>
#include <sqlite3.h>

namespace makechat::sqlite {

using namespace chat;

namespace {

/// Stored numbers: never change one, never use one again.
enum Kind : std::int64_t {
    user_created = 1,
    user_changed = 2,
    token_created = 3,
    token_revoked = 4,
    session_opened = 5,
    session_ended = 6,
    room_deleted = 7,
    room_created = 8,
    room_changed = 9,
    joined = 10,
    left = 11,
    role_changed = 12,
    message_posted = 13,
    message_edited = 14,
    message_deleted = 15,
    read_moved = 16,
    notify_changed = 17,
    settings_changed = 18,
    lost_room = 19,
    lost_deleted_room = 20,
    server_changed = 21,
};

[[noreturn]] void damaged(const std::string& what) { throw Failure(SQLITE_CORRUPT, "entry: " + what); }

/// A JSON object under construction: one call for a key and its value.
class Fields {
public:
    Fields() { json_.begin_object(); }
    Fields& text(std::string_view key, std::string_view value) { return json_.key(key).string(value), *this; }
    Fields& number(std::string_view key, std::int64_t value) { return json_.key(key).number(value), *this; }
    Fields& flag(std::string_view key, bool value) { return json_.key(key).boolean(value), *this; }
    Fields& time(std::string_view key, Time value) { return number(key, to_millis(value)); }
    Fields& seq(std::string_view key, Seq value) { return number(key, value.value); }
    template <class Tag>
    Fields& id(std::string_view key, const Id<Tag>& value) {
        return text(key, to_hex(value));
    }
    template <class Enum>
    Fields& word(std::string_view key, Enum value) {
        return text(key, to_word(value));
    }
    Fields& hash(std::string_view key, const SecretHash& value) {
        constexpr std::string_view digits = "0123456789abcdef";
        std::string hex;
        for (const auto byte : value) hex.append({digits[byte >> 4U], digits[byte & 0xFU]});
        return text(key, hex);
    }
    Fields& object(std::string_view key, std::string_view json) { return json_.key(key).raw(json), *this; }
    Fields& ids(std::string_view key, const std::vector<UserId>& values) {
        json_.key(key).begin_array();
        for (const auto& value : values) json_.string(to_hex(value));
        json_.end_array();
        return *this;
    }
    [[nodiscard]] std::string take() { return json_.end_object().take(); }

private:
    JsonText json_;
};

std::string text_of(const User& user) {
    return Fields{}
        .id("id", user.id)
        .text("username", user.username)
        .text("email", user.email)
        .text("display_name", user.display_name)
        .text("avatar", user.avatar)
        .text("settings", user.settings)
        .flag("is_superuser", user.is_superuser)
        .flag("is_disabled", user.is_disabled)
        .flag("bot", user.bot)
        .time("created", user.created)
        .time("last_seen", user.last_seen)
        .take();
}

std::string text_of(const Token& token) {
    return Fields{}
        .id("id", token.id)
        .id("user", token.user)
        .text("name", token.name)
        .text("scope", token.scope)
        .text("prefix", token.prefix)
        .hash("hash", token.hash)
        .time("created", token.created)
        .time("last_used", token.last_used)
        .take();
}

std::string text_of(const Session& session) {
    return Fields{}
        .id("id", session.id)
        .id("user", session.user)
        .hash("hash", session.hash)
        .text("address", session.address)
        .text("agent", session.agent)
        .time("created", session.created)
        .time("last_used", session.last_used)
        .time("expires", session.expires)
        .take();
}

std::string text_of(const Room& room) {
    return Fields{}
        .id("id", room.id)
        .word("kind", room.kind)
        .text("name", room.name)
        .text("topic", room.topic)
        .flag("is_open", room.is_open)
        .flag("is_visible", room.is_visible)
        .word("mention_all_by", room.mention_all_by)
        .time("created", room.created)
        .take();
}

struct BodyText {
    std::string operator()(const UserCreated& e) const { return Fields{}.object("user", text_of(e.user)).take(); }
    std::string operator()(const UserChanged& e) const {
        return Fields{}.object("user", text_of(e.user)).flag("profile_changed", e.profile_changed).take();
    }
    std::string operator()(const TokenCreated& e) const { return Fields{}.object("token", text_of(e.token)).take(); }
    std::string operator()(const TokenRevoked& e) const {
        return Fields{}.id("token", e.token).id("user", e.user).take();
    }
    std::string operator()(const SessionOpened& e) const {
        return Fields{}.object("session", text_of(e.session)).take();
    }
    std::string operator()(const SessionEnded& e) const {
        return Fields{}.id("session", e.session).id("user", e.user).take();
    }
    std::string operator()(const RoomDeleted& e) const { return Fields{}.object("room", text_of(e.room)).take(); }
    std::string operator()(const ServerChanged& e) const {
        Fields fields;
        if (e.settings.name) fields.text("name", *e.settings.name);
        if (e.settings.registration_open) fields.flag("registration_open", *e.settings.registration_open);
        return fields.take();
    }
    std::string operator()(const RoomCreated& e) const {
        return Fields{}.object("room", text_of(e.room)).ids("people", e.people).take();
    }
    std::string operator()(const RoomChanged& e) const {
        return Fields{}.object("room", text_of(e.room)).object("was", text_of(e.was)).take();
    }
    std::string operator()(const Joined& e) const {
        return Fields{}.id("user", e.user).id("member", e.member).word("role", e.role).id("by", e.by).take();
    }
    std::string operator()(const Left& e) const {
        return Fields{}.id("user", e.user).id("member", e.member).word("role", e.role).id("by", e.by).take();
    }
    std::string operator()(const RoleChanged& e) const {
        return Fields{}
            .id("user", e.user)
            .id("member", e.member)
            .word("role", e.role)
            .id("was_member", e.was_member)
            .word("was", e.was)
            .id("by", e.by)
            .take();
    }
    std::string operator()(const MessagePosted&) const { return {}; }
    std::string operator()(const MessageEdited&) const { return {}; }
    std::string operator()(const MessageDeleted& e) const { return Fields{}.id("by", e.by).take(); }
    std::string operator()(const ReadMoved& e) const {
        return Fields{}
            .id("room", e.room)
            .seq("read", e.read)
            .number("unread", e.unread)
            .number("mentions", e.mentions)
            .take();
    }
    std::string operator()(const NotifyChanged& e) const {
        return Fields{}.id("room", e.room).word("level", e.level).take();
    }
    std::string operator()(const SettingsChanged& e) const { return Fields{}.text("settings", e.settings).take(); }
    std::string operator()(const LostRoom& e) const {
        return Fields{}.id("room", e.room).id("member", e.member).word("role", e.role).id("by", e.by).take();
    }
    std::string operator()(const LostDeletedRoom& e) const { return Fields{}.object("room", text_of(e.room)).take(); }
};

/// A parsed JSON object. A key that is not there has the value of an empty one.
class Parsed {
public:
    explicit Parsed(simdjson::dom::element element) : object_(element.get_object()) {}

    [[nodiscard]] std::string text(std::string_view key) const { return std::string(get<std::string_view>(key)); }
    [[nodiscard]] std::int64_t number(std::string_view key) const { return get<std::int64_t>(key); }
    [[nodiscard]] bool flag(std::string_view key) const { return get<bool>(key); }
    [[nodiscard]] bool has(std::string_view key) const { return !object_.at_key(key).error(); }
    [[nodiscard]] Time time(std::string_view key) const { return from_millis(number(key)); }
    [[nodiscard]] Seq seq(std::string_view key) const { return {number(key)}; }
    template <class IdType>
    [[nodiscard]] IdType id(std::string_view key) const {
        return id_of<IdType>(get<std::string_view>(key));
    }
    template <class Enum>
    [[nodiscard]] Enum word(std::string_view key) const {
        const auto value = parse_word<Enum>(get<std::string_view>(key));
        if (!value) damaged("unknown word in " + std::string(key));
        return *value;
    }
    [[nodiscard]] SecretHash hash(std::string_view key) const;
    [[nodiscard]] std::vector<UserId> ids(std::string_view key) const {
        std::vector<UserId> ids;
        for (const auto each : object_.at_key(key).get_array()) ids.push_back(id_of<UserId>(each.get_string()));
        return ids;
    }
    [[nodiscard]] Parsed object(std::string_view key) const { return Parsed(object_.at_key(key)); }

    [[nodiscard]] User user() const;
    [[nodiscard]] Token token() const;
    [[nodiscard]] Session session() const;
    [[nodiscard]] Room room() const;
    [[nodiscard]] ServerSettings server_settings() const;

private:
    template <class T>
    [[nodiscard]] T get(std::string_view key) const {
        auto found = object_.at_key(key);
        if (found.error() == simdjson::NO_SUCH_FIELD) return T{};
        return T(found.value().template get<T>());
    }
    template <class IdType>
    static IdType id_of(std::string_view hex) {
        const auto id = parse_id<IdType>(hex);
        if (!id) damaged("not an id");
        return *id;
    }

    simdjson::dom::object object_;
};

SecretHash Parsed::hash(std::string_view key) const {
    const auto hex = get<std::string_view>(key);
    SecretHash hash{};
    if (hex.size() != hash.size() * 2) damaged("not a hash");
    const auto digit = [](char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); };
    for (std::size_t i = 0; i < hash.size(); ++i)
        hash[i] = static_cast<std::uint8_t>(digit(hex[2 * i]) << 4U | digit(hex[2 * i + 1]));
    return hash;
}

User Parsed::user() const {
    return {.id = id<UserId>("id"),
            .username = text("username"),
            .email = text("email"),
            .display_name = text("display_name"),
            .avatar = text("avatar"),
            .settings = text("settings"),
            .password = {},
            .is_superuser = flag("is_superuser"),
            .is_disabled = flag("is_disabled"),
            .bot = flag("bot"),
            .created = time("created"),
            .last_seen = time("last_seen")};
}

Token Parsed::token() const {
    return {.id = id<TokenId>("id"),
            .user = id<UserId>("user"),
            .name = text("name"),
            .scope = text("scope"),
            .prefix = text("prefix"),
            .hash = hash("hash"),
            .created = time("created"),
            .last_used = time("last_used")};
}

Session Parsed::session() const {
    return {.id = id<SessionId>("id"),
            .user = id<UserId>("user"),
            .hash = hash("hash"),
            .address = text("address"),
            .agent = text("agent"),
            .created = time("created"),
            .last_used = time("last_used"),
            .expires = time("expires")};
}

Room Parsed::room() const {
    return {.id = id<RoomId>("id"),
            .kind = word<RoomKind>("kind"),
            .name = text("name"),
            .topic = text("topic"),
            .is_open = flag("is_open"),
            .is_visible = flag("is_visible"),
            .mention_all_by = word<MentionAllBy>("mention_all_by"),
            .created = time("created")};
}

ServerSettings Parsed::server_settings() const {
    ServerSettings settings;
    if (has("name")) settings.name = text("name");
    if (has("registration_open")) settings.registration_open = flag("registration_open");
    return settings;
}

Body body_of(std::int64_t kind, const Parsed& e) {
    const auto by = [&] { return e.id<UserId>("by"); };
    const auto user = [&] { return e.id<UserId>("user"); };
    const auto member = [&] { return e.id<MemberId>("member"); };
    switch (kind) {
        case user_created: return UserCreated{e.object("user").user()};
        case user_changed: return UserChanged{e.object("user").user(), e.flag("profile_changed")};
        case token_created: return TokenCreated{e.object("token").token()};
        case token_revoked: return TokenRevoked{e.id<TokenId>("token"), user()};
        case session_opened: return SessionOpened{e.object("session").session()};
        case session_ended: return SessionEnded{e.id<SessionId>("session"), user()};
        case room_deleted: return RoomDeleted{e.object("room").room()};
        case server_changed: return ServerChanged{e.server_settings()};
        case room_created: return RoomCreated{e.object("room").room(), e.ids("people")};
        case room_changed: return RoomChanged{e.object("room").room(), e.object("was").room()};
        case joined: return Joined{user(), member(), e.word<Role>("role"), by()};
        case left: return Left{user(), member(), e.word<Role>("role"), by()};
        case role_changed:
            return RoleChanged{
                user(), member(), e.word<Role>("role"), e.id<MemberId>("was_member"), e.word<Role>("was"), by()};
        case message_deleted: return MessageDeleted{{}, by()};
        case read_moved:
            return ReadMoved{e.id<RoomId>("room"), e.seq("read"), e.number("unread"), e.number("mentions")};
        case notify_changed: return NotifyChanged{e.id<RoomId>("room"), e.word<NotifyLevel>("level")};
        case settings_changed: return SettingsChanged{e.text("settings")};
        case lost_room: return LostRoom{e.id<RoomId>("room"), member(), e.word<Role>("role"), by()};
        case lost_deleted_room: return LostDeletedRoom{e.object("room").room()};
        default: damaged("unknown kind " + std::to_string(kind));
    }
}

struct KindOf {
    Kind operator()(const UserCreated&) const { return user_created; }
    Kind operator()(const UserChanged&) const { return user_changed; }
    Kind operator()(const TokenCreated&) const { return token_created; }
    Kind operator()(const TokenRevoked&) const { return token_revoked; }
    Kind operator()(const SessionOpened&) const { return session_opened; }
    Kind operator()(const SessionEnded&) const { return session_ended; }
    Kind operator()(const RoomDeleted&) const { return room_deleted; }
    Kind operator()(const ServerChanged&) const { return server_changed; }
    Kind operator()(const RoomCreated&) const { return room_created; }
    Kind operator()(const RoomChanged&) const { return room_changed; }
    Kind operator()(const Joined&) const { return joined; }
    Kind operator()(const Left&) const { return left; }
    Kind operator()(const RoleChanged&) const { return role_changed; }
    Kind operator()(const MessagePosted&) const { return message_posted; }
    Kind operator()(const MessageEdited&) const { return message_edited; }
    Kind operator()(const MessageDeleted&) const { return message_deleted; }
    Kind operator()(const ReadMoved&) const { return read_moved; }
    Kind operator()(const NotifyChanged&) const { return notify_changed; }
    Kind operator()(const SettingsChanged&) const { return settings_changed; }
    Kind operator()(const LostRoom&) const { return lost_room; }
    Kind operator()(const LostDeletedRoom&) const { return lost_deleted_room; }
};

}  // namespace

std::int64_t kind_of(const Body& body) { return std::visit(KindOf{}, body); }

bool speaks_of_message(std::int64_t kind) {
    return kind == message_posted || kind == message_edited || kind == message_deleted;
}

std::string to_body_text(const Body& body) { return std::visit(BodyText{}, body); }

Body parse_body(std::int64_t kind, std::string_view json) {
    if (kind == message_posted) return MessagePosted{};
    if (kind == message_edited) return MessageEdited{};
    try {
        simdjson::dom::parser parser;
        return body_of(kind, Parsed(parser.parse(json.data(), json.size())));
    } catch (const simdjson::simdjson_error& error) {
        damaged(error.what());
    }
}

}  // namespace makechat::sqlite
