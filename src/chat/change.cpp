#include "chat/change.hpp"

#include "base/fold.hpp"

namespace makechat::chat {
namespace {

enum class Kind : std::uint8_t {
    username,
    email,
    room_name,
    user,
    admins,
    credentials,
    room,
    owners,
    people,
    member,
    marker,
    message,
    talk,
    direct_room
};

/// FNV-1a, 64 bit: facts need a good spread, not secrecy (a forced clash costs the forger a retry).
class FactHash {
public:
    explicit FactHash(Kind kind) { mix(static_cast<std::uint8_t>(kind)); }
    FactHash& text(std::string_view bytes) {
        for (const char byte : bytes) mix(static_cast<std::uint8_t>(byte));
        return *this;
    }
    template <class Tag>
    FactHash& id(const Id<Tag>& id) {
        for (const auto byte : id.bytes) mix(byte);
        return *this;
    }
    [[nodiscard]] std::uint64_t value() const { return hash_; }

private:
    void mix(std::uint8_t byte) { hash_ = (hash_ ^ byte) * 0x100000001B3U; }
    std::uint64_t hash_ = 0xCBF29CE484222325U;
};

using Facts = std::vector<Fact>;

Facts account_facts(const User& user) {
    return {Fact::user(user.id), Fact::username(fold(user.username)), Fact::email(fold(user.email)), Fact::admins()};
}

Facts member_facts(RoomId room, UserId user, bool owner_involved) {
    Facts facts{Fact::member(room, user), Fact::people(room)};
    if (owner_involved) facts.push_back(Fact::owners(room));
    return facts;
}

/// One answer for each kind of body; a new kind without one does not compile.
struct ChangedFacts {
    RoomId room;  ///< of the log, where it is a room's
    UserId user;  ///< where it is a user's

    Facts operator()(const UserCreated& e) const { return account_facts(e.user); }
    Facts operator()(const UserChanged& e) const { return account_facts(e.user); }
    Facts operator()(const TokenCreated& e) const { return {Fact::credentials(e.token.user)}; }
    Facts operator()(const TokenRevoked& e) const { return {Fact::credentials(e.user)}; }
    Facts operator()(const SessionOpened& e) const { return {Fact::credentials(e.session.user)}; }
    Facts operator()(const SessionEnded& e) const { return {Fact::credentials(e.user)}; }
    Facts operator()(const RoomDeleted& e) const { return {Fact::room(e.room.id), Fact::room_name(fold(e.room.name))}; }
    Facts operator()(const ServerChanged&) const { return {}; }
    Facts operator()(const RoomCreated& e) const {
        if (e.room.kind == RoomKind::direct) return {Fact::direct_room(e.people)};
        return {Fact::room_name(fold(e.room.name))};
    }
    Facts operator()(const RoomChanged& e) const { return {Fact::room(room), Fact::room_name(fold(e.room.name))}; }
    Facts operator()(const Joined& e) const { return member_facts(room, e.user, e.role == Role::owner); }
    Facts operator()(const Left& e) const { return member_facts(room, e.user, e.role == Role::owner); }
    Facts operator()(const RoleChanged& e) const {
        return member_facts(room, e.user, e.role == Role::owner || e.was == Role::owner);
    }
    Facts operator()(const MessagePosted& e) const { return {Fact::marker(room, e.message.sender), Fact::talk(room)}; }
    Facts operator()(const MessageEdited& e) const { return {Fact::message(e.message.id), Fact::talk(room)}; }
    Facts operator()(const MessageDeleted& e) const { return {Fact::message(e.message.id), Fact::talk(room)}; }
    Facts operator()(const ReadMoved& e) const { return {Fact::marker(e.room, user)}; }
    Facts operator()(const NotifyChanged&) const { return {}; }
    Facts operator()(const SettingsChanged&) const { return {}; }
    Facts operator()(const LostRoom&) const { return {}; }
    Facts operator()(const LostDeletedRoom&) const { return {}; }
};

}  // namespace

Fact Fact::username(std::string_view key) { return Fact{FactHash{Kind::username}.text(key).value()}; }
Fact Fact::email(std::string_view key) { return Fact{FactHash{Kind::email}.text(key).value()}; }
Fact Fact::room_name(std::string_view key) { return Fact{FactHash{Kind::room_name}.text(key).value()}; }
Fact Fact::user(UserId user) { return Fact{FactHash{Kind::user}.id(user).value()}; }
Fact Fact::admins() { return Fact{FactHash{Kind::admins}.value()}; }
Fact Fact::credentials(UserId user) { return Fact{FactHash{Kind::credentials}.id(user).value()}; }
Fact Fact::room(RoomId room) { return Fact{FactHash{Kind::room}.id(room).value()}; }
Fact Fact::owners(RoomId room) { return Fact{FactHash{Kind::owners}.id(room).value()}; }
Fact Fact::people(RoomId room) { return Fact{FactHash{Kind::people}.id(room).value()}; }
Fact Fact::member(RoomId room, UserId user) { return Fact{FactHash{Kind::member}.id(room).id(user).value()}; }
Fact Fact::marker(RoomId room, UserId user) { return Fact{FactHash{Kind::marker}.id(room).id(user).value()}; }
Fact Fact::message(MessageId message) { return Fact{FactHash{Kind::message}.id(message).value()}; }
Fact Fact::talk(RoomId room) { return Fact{FactHash{Kind::talk}.id(room).value()}; }

Fact Fact::direct_room(std::span<const UserId> people) {
    FactHash hash{Kind::direct_room};
    for (const auto& user : people) hash.id(user);
    return Fact{hash.value()};
}

std::vector<Fact> facts_changed_by(const Write& write) {
    return std::visit(ChangedFacts{write.log.room(), write.log.user()}, write.body);
}

}  // namespace makechat::chat
