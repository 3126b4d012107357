#pragma once

#include "base/id.hpp"

#include <compare>
#include <cstdint>

namespace makechat::chat {

using UserId = Id<struct UserTag>;
using RoomId = Id<struct RoomTag>;
using MemberId = Id<struct MemberTag>;
using MessageId = Id<struct MessageTag>;
using TokenId = Id<struct TokenTag>;
using SessionId = Id<struct SessionTag>;

/// An entry's number in its log: 1, 2, 3, … without holes; 0 is before the first.
struct Seq {
    std::int64_t value = 0;
    auto operator<=>(const Seq&) const = default;
    [[nodiscard]] Seq next() const { return {value + 1}; }
};

/// An entry's place in the store's one commit order, across all logs. Grows, but may skip.
struct Position {
    std::int64_t value = 0;
    auto operator<=>(const Position&) const = default;
    [[nodiscard]] Position next() const { return {value + 1}; }
};

/// Whose log: the server's (accounts, tokens, sessions), a room's, or a user's own.
struct LogId {
    enum class Kind : std::uint8_t { server, room, user };

    Kind kind = Kind::server;
    std::array<std::uint8_t, 12> bytes{};  ///< the room's or the user's id; zeros for the server

    static LogId server() { return {}; }
    static LogId of(RoomId room) { return {Kind::room, room.bytes}; }
    static LogId of(UserId user) { return {Kind::user, user.bytes}; }
    [[nodiscard]] RoomId room() const { return RoomId{bytes}; }
    [[nodiscard]] UserId user() const { return UserId{bytes}; }
    auto operator<=>(const LogId&) const = default;
};

}  // namespace makechat::chat

template <>
struct std::hash<makechat::chat::LogId> {
    std::size_t operator()(const makechat::chat::LogId& log) const noexcept {
        return std::hash<makechat::chat::RoomId>{}(log.room()) + static_cast<std::size_t>(log.kind);
    }
};
