#pragma once

#include "base/result.hpp"
#include "chat/directory.hpp"

#include <optional>
#include <string_view>

/// Who may do what in a room: the one place that says so, for every carrier (api.md, Rooms and members).
namespace makechat::chat {

/// How a user stands to a room.
struct Standing {
    SharedRoom room;
    std::optional<Membership> membership;
    bool superuser = false;

    [[nodiscard]] bool is(Role role) const { return membership && membership->role == role; }
};

bool may_see(const Standing& s);     ///< know that it exists, its settings and its members
bool may_read(const Standing& s);    ///< its messages
bool may_manage(const Standing& s);  ///< settings, members, others' messages
bool may_own(const Standing& s);     ///< deletion, owners

/// The standing of `user` to a room that he may see. Errors: not_found, for a hidden room as for none.
Result<Standing> standing_in(const Directory& directory, RoomId room, UserId user);
/// As above, and he may read the messages. Errors: forbidden too.
Result<Standing> reader_of(const Directory& directory, RoomId room, UserId user);
/// As above, and he may write there. Errors: forbidden too.
Result<Standing> writer_in(const Directory& directory, RoomId room, UserId user);
/// As above, and he may manage the room. Errors: forbidden too.
Result<Standing> manager_of(const Directory& directory, RoomId room, UserId user);

Error no_such_room();

}  // namespace makechat::chat
