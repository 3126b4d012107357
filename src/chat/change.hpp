#pragma once

#include "chat/entry.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace makechat::chat {

/// Something that a decision rests on and that another decision may change: that a name is free, that a user is a member.
/// Kept as a hash; two facts that share one cost a needless second decision and nothing else.
class Fact {
public:
    static Fact username(std::string_view key);               ///< a folded name; taken or free
    static Fact email(std::string_view key);                  ///< folded
    static Fact room_name(std::string_view key);              ///< folded
    static Fact user(UserId user);                            ///< the account's own state
    static Fact admins();                                     ///< who is an enabled superuser
    static Fact credentials(UserId user);                     ///< his tokens and sessions
    static Fact room(RoomId room);                            ///< its settings, and that it exists
    static Fact owners(RoomId room);                          ///< who owns it
    static Fact people(RoomId room);                          ///< who is in it, as what
    static Fact member(RoomId room, UserId user);             ///< whether and as what he is in it
    static Fact marker(RoomId room, UserId user);             ///< to where he has read there
    static Fact message(MessageId message);                   ///< its present form
    static Fact talk(RoomId room);                            ///< what has been said there, all of it
    static Fact direct_room(std::span<const UserId> people);  ///< ascending; which room this set of people has

    auto operator<=>(const Fact&) const = default;
    [[nodiscard]] std::uint64_t hash() const { return hash_; }

private:
    explicit Fact(std::uint64_t hash) : hash_(hash) {}
    std::uint64_t hash_;
};

/// A body on its way into a log.
struct Write {
    LogId log;
    Body body;
};

/// The facts that `write`, once committed, may have changed.
std::vector<Fact> facts_changed_by(const Write& write);

/// What a decision asks the store to commit: all of it, or nothing.
struct Change {
    UserId actor;
    Time at{};
    std::vector<Write> writes;
    std::vector<Fact> rests_on;
    Position as_of;     ///< of the directory when the decision began to read it
    std::string nonce;  ///< with a MessagePosted as first write: makes (room, sender, nonce) happen once; empty: none
};

/// What became of a Change.
struct Commit {
    std::vector<Entry> entries;
    bool repeated =
        false;  ///< the nonce had been used: `entries` is what was committed then, with the message as it is now
};

}  // namespace makechat::chat
