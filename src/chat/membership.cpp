#include "chat/membership.hpp"

#include "chat/rights.hpp"

namespace makechat::chat {
namespace {

Error not_owner() { return {Code::forbidden, "You are not owner of this room."}; }
Error no_such_member() { return {Code::not_found, "There is no such member."}; }
Error last_owner() { return {Code::conflict, "A room keeps an owner. Make another member owner first."}; }
Error fixed_people() { return {Code::bad_parameter, "The people of a direct room never change."}; }

Result<bool> may_join(const Directory& directory, const Standing& standing, UserId user) {
    const Room& room = *standing.room;
    if (!room.is_open) return fail({Code::forbidden, "This room is private. An owner can add you."});
    if (directory.rooms.barred(room.id, user))
        return fail({Code::forbidden, "You can come back only when an owner adds you."});
    return true;
}

/// Owners are made and unmade by owners alone; everything else also by the room role admin.
Result<bool> may_give(const Standing& by, Role role) {
    if (!may_manage(by) || (role == Role::owner && !may_own(by))) return fail(not_owner());
    return true;
}

Result<Change> decide_admission(const Chat& chat, UserId by, RoomId room, UserId user, Role role) {
    const auto standing = standing_in(chat.directory, room, by);
    if (!standing) return fail(standing.error());
    if (standing->room->kind == RoomKind::direct) return fail(fixed_people());
    Change change{by, chat.clock.now(), {}, {}, {}, {}};
    if (by == user && standing->membership) return change;  // in already, as what he is
    // A superuser adds himself to any room with the role that he asks for; his members see it.
    const bool joins = by == user && !standing->superuser;
    const auto may = joins ? may_join(chat.directory, *standing, user) : may_give(*standing, role);
    if (!may) return fail(may.error());
    const auto account = chat.directory.accounts.find(user);
    if (!account) return fail({Code::not_found, "There is no such user."});
    if (account->is_disabled) return fail({Code::bad_parameter, "The 'user' parameter names a disabled account."});
    change.rests_on = {Fact::room(room), Fact::member(room, user), Fact::member(room, by), Fact::user(user),
                       Fact::user(by)};
    if (!chat.directory.rooms.membership(room, user)) {
        const Role given = joins ? Role::member : role;
        change.writes.push_back({LogId::of(room), Joined{user, member_id_of(user, given), given, by}});
    }
    return change;
}

/// The member, and how `by` stands to the room; for a change of an owner `by` must be one.
struct Pair {
    Standing by;
    Membership member;
};
Result<Pair> find_pair(const Directory& directory, UserId by, RoomId room, MemberId member) {
    auto standing = standing_in(directory, room, by);
    if (!standing) return fail(standing.error());
    const auto found = directory.rooms.member(room, member);
    if (!found) return fail(no_such_member());
    return Pair{std::move(*standing), *found};
}

Change member_change(const Chat& chat, UserId by, RoomId room, UserId user) {
    Change change{by, chat.clock.now(), {}, {}, {}, {}};
    change.rests_on = {Fact::room(room), Fact::owners(room), Fact::member(room, user), Fact::member(room, by),
                       Fact::user(by)};
    return change;
}

Result<Change> decide_role(const Chat& chat, UserId by, RoomId room, MemberId member, Role role) {
    const auto pair = find_pair(chat.directory, by, room, member);
    if (!pair) return fail(pair.error());
    if (pair->by.room->kind == RoomKind::direct) return fail(fixed_people());
    const Membership& was = pair->member;
    const auto may = may_give(pair->by, was.role == Role::owner ? Role::owner : role);
    if (!may) return fail(may.error());
    if (was.role == Role::owner && role != Role::owner && chat.directory.rooms.owners(room) == 1)
        return fail(last_owner());
    auto change = member_change(chat, by, room, was.user);
    if (was.role != role) {
        const RoleChanged changed{was.user, member_id_of(was.user, role), role, was.id, was.role, by};
        change.writes.push_back({LogId::of(room), changed});
    }
    return change;
}

Result<Change> decide_removal(const Chat& chat, UserId by, RoomId room, MemberId member) {
    const auto pair = find_pair(chat.directory, by, room, member);
    if (!pair) return fail(pair.error());
    if (pair->by.room->kind == RoomKind::direct) return fail(fixed_people());
    const Membership& gone = pair->member;
    if (gone.user != by) {
        const auto may = may_give(pair->by, gone.role);
        if (!may) return fail(may.error());
    }
    if (gone.role == Role::owner && chat.directory.rooms.owners(room) == 1) return fail(last_owner());
    auto change = member_change(chat, by, room, gone.user);
    change.writes = {{LogId::of(room), Left{gone.user, gone.id, gone.role, by}},
                     {LogId::of(gone.user), LostRoom{room, gone.id, gone.role, by}}};
    return change;
}

}  // namespace

Task<Result<Admission>> add_member(Chat& chat, UserId by, RoomId room, UserId user, Role role) {
    auto committing = commit(chat, [&] { return decide_admission(chat, by, room, user, role); });
    const auto committed = co_await std::move(committing);
    if (!committed) co_return fail(committed.error());
    const auto membership = chat.directory.rooms.membership(room, user);
    if (!membership) co_return fail(no_such_member());  // and out again since
    co_return Admission{*membership, committed->entries.empty()};
}

Task<Result<Membership>> change_role(Chat& chat, UserId by, RoomId room, MemberId member, Role role) {
    UserId user;
    auto committing = commit(chat, [&]() -> Result<Change> {
        if (const auto found = chat.directory.rooms.member(room, member)) user = found->user;
        return decide_role(chat, by, room, member, role);
    });
    const auto committed = co_await std::move(committing);
    if (!committed) co_return fail(committed.error());
    const auto membership = chat.directory.rooms.membership(room, user);
    if (!membership) co_return fail(no_such_member());
    co_return *membership;
}

Task<Result<bool>> remove_member(Chat& chat, UserId by, RoomId room, MemberId member) {
    auto committing = commit(chat, [&] { return decide_removal(chat, by, room, member); });
    const auto committed = co_await std::move(committing);
    if (!committed) co_return fail(committed.error());
    co_return true;
}

Task<Result<bool>> set_notify_level(Chat& chat, UserId user, RoomId room, NotifyLevel level) {
    auto committing = commit(chat, [&]() -> Result<Change> {
        const auto standing = standing_in(chat.directory, room, user);
        if (!standing) return fail(standing.error());
        if (!standing->membership) return fail({Code::forbidden, "You are not a member of this room."});
        Change change{user, chat.clock.now(), {}, {}, {}, {}};
        change.rests_on = {Fact::room(room), Fact::member(room, user), Fact::user(user)};
        if (standing->membership->level != level)
            change.writes.push_back({LogId::of(user), NotifyChanged{room, level}});
        return change;
    });
    const auto committed = co_await std::move(committing);
    if (!committed) co_return fail(committed.error());
    co_return true;
}

}  // namespace makechat::chat
