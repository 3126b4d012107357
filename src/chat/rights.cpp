#include "chat/rights.hpp"

namespace makechat::chat {
namespace {

/// A superuser's rights end at direct rooms: those are nobody's but their members'.
bool rules_over(const Standing& s) { return s.superuser && s.room->kind == RoomKind::room; }

}  // namespace

bool may_see(const Standing& s) {
    return s.membership || rules_over(s) || (s.room->kind == RoomKind::room && s.room->is_visible);
}

bool may_read(const Standing& s) {
    return s.membership || (s.room->kind == RoomKind::room && s.room->is_open && s.room->is_visible);
}

bool may_manage(const Standing& s) { return s.is(Role::owner) || s.is(Role::admin) || rules_over(s); }

bool may_own(const Standing& s) { return s.is(Role::owner) || rules_over(s); }

Error no_such_room() { return {Code::not_found, "There is no such room."}; }

Result<Standing> standing_in(const Directory& directory, RoomId room, UserId user) {
    const auto view = directory.rooms.find(room);
    if (!view) return fail(no_such_room());
    const auto account = directory.accounts.find(user);  // anew: he may have lost a right since he was let in
    if (!account || account->is_disabled) return fail({Code::forbidden, "This account is disabled."});
    Standing standing{view->room, directory.rooms.membership(room, user), account->is_superuser};
    if (!may_see(standing)) return fail(no_such_room());
    return standing;
}

Result<Standing> reader_of(const Directory& directory, RoomId room, UserId user) {
    auto standing = standing_in(directory, room, user);
    if (standing && !may_read(*standing)) return fail({Code::forbidden, "You are not a member of this room."});
    return standing;
}

Result<Standing> writer_in(const Directory& directory, RoomId room, UserId user) {
    auto standing = standing_in(directory, room, user);
    if (!standing) return standing;
    if (!standing->membership) return fail({Code::forbidden, "You are not a member of this room."});
    if (standing->is(Role::guest)) return fail({Code::forbidden, "Guests can only read."});
    return standing;
}

Result<Standing> manager_of(const Directory& directory, RoomId room, UserId user) {
    auto standing = standing_in(directory, room, user);
    if (standing && !may_manage(*standing)) return fail({Code::forbidden, "You are not owner of this room."});
    return standing;
}

}  // namespace makechat::chat
