#pragma once

#include "chat/chat.hpp"

#include <optional>
#include <string>
#include <vector>

/// Rooms: making, changing and deleting them (api.md, Rooms and members).
namespace makechat::chat {

struct NewRoom {
    std::string name;
    std::string topic;
    bool is_open = true;
    bool is_visible = true;
};
/// Whether this user may create rooms at all. Errors: forbidden.
Result<bool> may_create_rooms(const Policy& policy, const User& user);
/// The creator becomes its owner. Errors: forbidden, bad_parameter, exists.
Task<Result<RoomId>> create_room(Chat& chat, UserId creator, NewRoom wanted);

struct DirectRoom {
    RoomId room;
    bool created = false;
};
/// The direct room of the creator and `others` (himself is added): the one that they have, or a new one.
/// Errors: bad_parameter (unknown or disabled people, too many).
Task<Result<DirectRoom>> open_direct_room(Chat& chat, UserId creator, std::vector<UserId> others);

/// What is not set stays.
struct RoomChange {
    std::optional<std::string> name;
    std::optional<std::string> topic;
    std::optional<bool> is_open;
    std::optional<bool> is_visible;
    std::optional<MentionAllBy> mention_all_by;
};
/// Changing nothing is no entry. Errors: bad_parameter, not_found, forbidden (a direct room has no owner), exists.
Task<Result<RoomId>> change_room(Chat& chat, UserId user, RoomId room, RoomChange wanted);

/// Errors: not_found, forbidden (the room role admin may not; a direct room cannot be deleted).
Task<Result<bool>> delete_room(Chat& chat, UserId user, RoomId room);

}  // namespace makechat::chat
