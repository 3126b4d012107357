#pragma once

#include "base/sha256.hpp"
#include "base/time.hpp"
#include "chat/ids.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What there is in a chat. Words as in docs/words.md; rules stand in the files of the use cases.
namespace makechat::chat {

/// An account: a person's or a bot's.
struct User {
    UserId id;
    std::string username;      ///< [a-zA-Z0-9_-]{1,120}, unique without regard to case
    std::string email;         ///< unique without regard to case; may be empty for bots
    std::string display_name;  ///< may be empty
    std::string avatar;        ///< a URL; may be empty
    std::string settings;      ///< the client's own, a JSON object; empty means {}
    std::string password;      ///< an Argon2id string, or the old makechat's SHA-256 hex
    bool is_superuser = false;
    bool is_disabled = false;
    bool bot = false;
    Time created{};
    Time last_seen{};  ///< to the minute or so; 1970 is never

    bool operator==(const User&) const = default;
};

/// A program's key. Its value is shown once and kept as a hash.
struct Token {
    TokenId id;
    UserId user;
    std::string name;
    std::string scope;   ///< "all": what the user may; "read": of that, only what changes nothing
    std::string prefix;  ///< the value's first four characters, to tell tokens apart
    SecretHash hash{};
    Time created{};
    Time last_used{};

    bool operator==(const Token&) const = default;
};

/// A signed-in browser.
struct Session {
    SessionId id;
    UserId user;
    SecretHash hash{};
    std::string address;
    std::string agent;
    Time created{};
    Time last_used{};
    Time expires{};  ///< slides with use

    bool operator==(const Session&) const = default;
};

enum class Role : std::uint8_t { owner, admin, member, guest };
enum class RoomKind : std::uint8_t { room, direct };
enum class MentionAllBy : std::uint8_t { members, owners };
enum class NotifyLevel : std::uint8_t { all, mentions, none };
enum class MentionsAll : std::uint8_t { nobody, all, here };

/// A room's settings, as its owners change them.
struct Room {
    RoomId id;
    RoomKind kind = RoomKind::room;
    std::string name;  ///< 1–120 characters, unique without regard to case; empty for a direct room
    std::string topic;
    bool is_open = true;     ///< anyone may join; else an owner adds people
    bool is_visible = true;  ///< else unknown to who is not in it
    MentionAllBy mention_all_by = MentionAllBy::members;
    Time created{};

    bool operator==(const Room&) const = default;
};

/// A user in one room. `id` belongs to the pair (user, role), so that it is the same in every room with that role.
struct Membership {
    UserId user;
    MemberId id;
    Role role = Role::member;
    Seq joined;  ///< the entry of the room's log that made him a member
    Seq read;    ///< the read marker
    NotifyLevel level = NotifyLevel::all;

    bool operator==(const Membership&) const = default;
};

/// What the log says now about one message. A deleted one has no text, no mentions and no reply_to.
struct Message {
    MessageId id;
    RoomId room;
    Seq seq;                   ///< of the entry that posted it
    std::int64_t ordinal = 0;  ///< among the room's messages: 1, 2, 3, … without holes
    UserId sender;
    std::string text;
    std::vector<UserId> mentions;
    MentionsAll mentions_all = MentionsAll::nobody;
    std::vector<UserId> here;  ///< for `here`: who was online then; counted, not shown
    std::optional<MessageId> reply_to;
    Time created{};
    std::optional<Time> edited;
    std::optional<Time> deleted;

    bool operator==(const Message&) const = default;
};

/// One earlier or present form of a message.
struct MessageVersion {
    std::string text;
    Time at{};  ///< when it got this form

    bool operator==(const MessageVersion&) const = default;
};

/// What the first admin has made of the server. chat/server_settings.hpp says what is in force.
struct ServerSettings {
    std::optional<std::string> name;        ///< none: he gave none
    std::optional<bool> registration_open;  ///< none: he did not say

    bool operator==(const ServerSettings&) const = default;
};

/// How a member stands in one room. Own messages do not count as unread; deleted ones do.
struct Unread {
    RoomId room;
    std::int64_t unread = 0;
    std::int64_t mentions = 0;

    bool operator==(const Unread&) const = default;
};

/// The words of the API and the store for the enumerations above.
std::string_view to_word(Role role);
std::string_view to_word(RoomKind kind);
std::string_view to_word(MentionAllBy by);
std::string_view to_word(NotifyLevel level);
std::string_view to_word(MentionsAll mentions);
/// The value whose word is `word`; none for any other.
template <class Enum>
std::optional<Enum> parse_word(std::string_view word);

/// The id of (user, role) where none is on record: the user's, with the role mixed into the first byte. Derived, so that
/// two rooms joined at the same moment agree without asking anybody.
MemberId member_id_of(UserId user, Role role);
/// Whose that is, if it is the id of somebody with this role.
UserId user_id_of(MemberId member, Role role);

}  // namespace makechat::chat
