#pragma once

#include "chat/chat.hpp"

#include <optional>
#include <string>

/// Messages: posting, editing, deleting (api.md, Messages).
namespace makechat::chat {

struct Draft {
    RoomId room;
    std::string text;
    std::string nonce;  ///< at most limits::nonce_chars_max; empty: none
    std::optional<MessageId> reply_to;
};

struct Posted {
    Message message;
    Position position;
    bool repeated = false;  ///< the nonce had been used: this is the first message, as it is now
};

/// Errors: not_found (room), forbidden, bad_parameter (text, nonce; reply_to names no message of the room).
Task<Result<Posted>> post_message(Chat& chat, UserId author, Draft draft);

/// Into the direct room of the two, which is made where there is none. Errors: as post_message, and as open_direct_room.
Task<Result<Posted>> post_direct_message(Chat& chat, UserId author, UserId recipient, Draft draft);

/// Only its sender, who needs the right to write there now. The same text again is no entry.
/// Errors: not_found (unknown, deleted, or in a room that he may not see), forbidden, bad_parameter.
Task<Result<Message>> edit_message(Chat& chat, UserId editor, MessageId message, std::string text);

/// Its sender who may still write there, or who manages the room. Errors: not_found, forbidden.
Task<Result<bool>> delete_message(Chat& chat, UserId by, MessageId message);

/// A message that `reader` may read. Errors: not_found.
Task<Result<Message>> find_message(Chat& chat, UserId reader, MessageId message);
/// All its forms, oldest first. Errors: not_found.
Task<Result<std::vector<MessageVersion>>> message_history(Chat& chat, UserId reader, MessageId message);

}  // namespace makechat::chat
