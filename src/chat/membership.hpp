#pragma once

#include "chat/chat.hpp"

#include <optional>

/// Who is in a room, and as what (api.md, Rooms and members).
namespace makechat::chat {

struct Admission {
    Membership membership;
    bool already_in = false;
};

/// `user` joins an open room himself (always as member; role is ignored), or is added by one who manages it.
/// Errors: not_found (room, user), forbidden (private room, barred, not an owner; only owners make owners),
/// bad_parameter (direct room, disabled account).
Task<Result<Admission>> add_member(Chat& chat, UserId by, RoomId room, UserId user, Role role);

/// The member's id is another one afterwards. Errors: not_found, forbidden, conflict (the last owner).
Task<Result<Membership>> change_role(Chat& chat, UserId by, RoomId room, MemberId member, Role role);

/// He leaves, or is removed by one who manages the room. His live connections stop getting it at once.
/// Errors: not_found, forbidden, conflict (the last owner), bad_parameter (a direct room).
Task<Result<bool>> remove_member(Chat& chat, UserId by, RoomId room, MemberId member);

/// Own notification level there. Errors: not_found, forbidden (not a member).
Task<Result<bool>> set_notify_level(Chat& chat, UserId user, RoomId room, NotifyLevel level);

}  // namespace makechat::chat
