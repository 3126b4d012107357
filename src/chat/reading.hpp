#pragma once

#include "chat/chat.hpp"

#include <vector>

/// Read markers, unread counts and pages of a room.
namespace makechat::chat {

/// Moves the read marker, back only where `unread` says so; past the room's end is its end. Reaches his other devices.
/// Errors: not_found, forbidden (not a member).
Task<Result<bool>> mark_read(Chat& chat, UserId user, RoomId room, Seq seq, bool unread);

struct UnreadRoom {
    Rooms::Mine mine;
    Unread counts;
};
/// One line for each of his rooms.
Task<Result<std::vector<UnreadRoom>>> unread_rooms(Chat& chat, UserId user);

/// Errors: not_found, forbidden.
Task<Result<std::vector<Message>>> page_of_messages(Chat& chat, UserId reader, RoomId room, Window window);
Task<Result<std::vector<Entry>>> page_of_entries(Chat& chat, UserId reader, RoomId room, Window window);

}  // namespace makechat::chat
