#pragma once

#include "chat/model.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

/// What a log holds. Everything that happens is one of these bodies; tables, caches and live events are read off them.
///
/// What an entry makes of the state (every store and the directory alike; the contract suite compares them):
///   UserCreated, UserChanged    the account is as in the entry, settings, created and last_seen excepted for UserChanged
///   TokenRevoked, SessionEnded  it is gone
///   ServerChanged               the server's settings are as in the entry
///   Joined                      a membership: joined = read = the entry's seq, level all; the bar is lifted
///   RoleChanged                 role and member id; marker and level stay
///   Left                        no membership; barred where bars_return says so
///   MessagePosted               one more message; the sender, if he is a member, has read to it
///   MessageEdited, -Deleted     the message is as in the entry; an edit adds a version, a deletion removes all of them
///   ReadMoved, NotifyChanged, SettingsChanged   the marker, the level, the settings, if he is (still) a member
///   RoomDeleted                 room, log, messages, memberships and bars are gone
///   LostRoom, LostDeletedRoom   nothing: they tell
namespace makechat::chat {

// In the server's log.
struct UserCreated {
    User user;
};
/// The account as it is now. The store keeps no copy of the password in the log itself.
struct UserChanged {
    User user;
    bool profile_changed = false;  ///< something that others see: they are told by a `user` event
};
struct TokenCreated {
    Token token;
};
struct TokenRevoked {
    TokenId token;
    UserId user;
};
struct SessionOpened {
    Session session;
};
struct SessionEnded {
    SessionId session;
    UserId user;
};
/// The room, its log and its messages are gone; its members' own logs say so to them.
struct RoomDeleted {
    Room room;
};
struct ServerChanged {
    ServerSettings settings;
};

// In a room's log.
struct RoomCreated {
    Room room;
    std::vector<UserId> people;  ///< of a direct room, ascending: the set that it is found by; empty for others
};
struct RoomChanged {
    Room room;  ///< as it is now
    Room was;
};
struct Joined {
    UserId user;
    MemberId member;
    Role role = Role::member;
    UserId by;  ///< himself, or who added him
};
struct Left {
    UserId user;
    MemberId member;
    Role role = Role::member;  ///< that he had
    UserId by;                 ///< himself, or who removed him
};
/// Who was removed, or left as guest, comes back only by an owner.
inline bool bars_return(const Left& left) { return left.by != left.user || left.role == Role::guest; }
struct RoleChanged {
    UserId user;
    MemberId member;  ///< the new one
    Role role = Role::member;
    MemberId was_member;
    Role was = Role::member;
    UserId by;
};
struct MessagePosted {
    Message message;  ///< seq and ordinal are given by the log
};
struct MessageEdited {
    Message message;  ///< as it is now
};
struct MessageDeleted {
    Message message;  ///< without text
    UserId by;
};

// In a user's own log.
struct ReadMoved {
    RoomId room;
    Seq read;
    std::int64_t unread = 0;  ///< as counted when the marker moved
    std::int64_t mentions = 0;
};
struct NotifyChanged {
    RoomId room;
    NotifyLevel level = NotifyLevel::all;
};
struct SettingsChanged {
    std::string settings;  ///< a JSON object
};
/// He has left or was removed: the last that he hears of the room.
struct LostRoom {
    RoomId room;
    MemberId member;
    Role role = Role::member;
    UserId by;
};
/// A room of his was deleted.
struct LostDeletedRoom {
    Room room;
};

using Body =
    std::variant<UserCreated, UserChanged, TokenCreated, TokenRevoked, SessionOpened, SessionEnded, RoomDeleted,
                 ServerChanged, RoomCreated, RoomChanged, Joined, Left, RoleChanged, MessagePosted, MessageEdited,
                 MessageDeleted, ReadMoved, NotifyChanged, SettingsChanged, LostRoom, LostDeletedRoom>;

/// A committed change.
struct Entry {
    Position position;
    LogId log;
    Seq seq;  ///< in that log
    UserId actor;
    Time at{};
    Body body;
};

/// Entries that became durable together, in commit order.
using Batch = std::vector<Entry>;
using SharedBatch = std::shared_ptr<const Batch>;

/// About what it takes in memory, for the bounds of queues.
inline std::size_t bytes_of(const Entry& entry) {
    std::size_t text = 0;
    if (const auto* posted = std::get_if<MessagePosted>(&entry.body)) text = posted->message.text.size();
    if (const auto* edited = std::get_if<MessageEdited>(&entry.body)) text = edited->message.text.size();
    if (const auto* changed = std::get_if<SettingsChanged>(&entry.body)) text = changed->settings.size();
    return sizeof(Entry) + text;
}
inline std::size_t bytes_of(std::span<const Entry> entries) {
    std::size_t bytes = 0;
    for (const auto& entry : entries) bytes += bytes_of(entry);
    return bytes;
}

}  // namespace makechat::chat
