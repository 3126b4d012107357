#include "chat/room_settings.hpp"

#include "base/fold.hpp"
#include "base/limits.hpp"
#include "chat/names.hpp"
#include "chat/rights.hpp"

#include <algorithm>

namespace makechat::chat {
namespace {

Error name_taken() { return {Code::exists, "A room with this name exists already."}; }

Joined join_of(UserId user, Role role, UserId by) { return {user, member_id_of(user, role), role, by}; }

Result<Change> decide_room(const Chat& chat, UserId creator, const Room& room) {
    const auto account = chat.directory.accounts.find(creator);
    if (account->is_disabled) return fail({Code::forbidden, "This account is disabled."});  // since he was let in
    if (auto may = may_create_rooms(chat.policy, *account); !may) return fail(may.error());
    if (chat.directory.rooms.find_name(room.name)) return fail(name_taken());
    Change change{creator, room.created, {}, {}, {}, {}};
    change.writes = {{LogId::of(room.id), RoomCreated{room, {}}},
                     {LogId::of(room.id), join_of(creator, Role::owner, creator)}};
    change.rests_on = {Fact::room_name(fold(room.name)), Fact::user(creator)};
    return change;
}

Change direct_room_change(const Room& room, UserId creator, const std::vector<UserId>& people) {
    Change change{creator, room.created, {{LogId::of(room.id), RoomCreated{room, people}}}, {}, {}, {}};
    for (const auto user : people) change.writes.push_back({LogId::of(room.id), join_of(user, Role::member, creator)});
    change.rests_on = {Fact::direct_room(people)};
    for (const auto user : people) change.rests_on.push_back(Fact::user(user));
    return change;
}

Result<bool> check_people(const Accounts& accounts, const std::vector<UserId>& people) {
    if (people.size() > limits::direct_room_users_max)
        return fail({Code::bad_parameter, "The 'users' parameter names too many people for a direct room."});
    for (const auto id : people) {
        const auto user = accounts.find(id);
        if (!user) return fail({Code::bad_parameter, "The 'users' parameter names somebody who does not exist."});
        if (user->is_disabled) return fail({Code::bad_parameter, "The 'users' parameter names a disabled account."});
    }
    return true;
}

Result<bool> check_change(const RoomChange& wanted) {
    if (wanted.name) {
        if (auto rule = check_name("name", *wanted.name); !rule) return rule;
    }
    if (wanted.topic) return check_line("topic", *wanted.topic, limits::topic_chars_max);
    return true;
}

Result<Room> with_changes(const Rooms& rooms, const Room& room, const RoomChange& wanted) {
    Room changed = room;
    if (wanted.name) {
        const auto holder = rooms.find_name(*wanted.name);
        if (holder && holder->id != room.id) return fail(name_taken());
        changed.name = *wanted.name;
    }
    changed.topic = wanted.topic.value_or(room.topic);
    changed.is_open = wanted.is_open.value_or(room.is_open);
    changed.is_visible = wanted.is_visible.value_or(room.is_visible);
    changed.mention_all_by = wanted.mention_all_by.value_or(room.mention_all_by);
    return changed;
}

Result<Change> decide_change(const Chat& chat, UserId user, RoomId id, const RoomChange& wanted) {
    const auto standing = manager_of(chat.directory, id, user);
    if (!standing) return fail(standing.error());
    const Room& room = *standing->room;
    auto changed = with_changes(chat.directory.rooms, room, wanted);
    if (!changed) return fail(changed.error());
    Change change{user, chat.clock.now(), {}, {}, {}, {}};
    change.rests_on = {Fact::room(id), Fact::member(id, user), Fact::user(user)};
    if (changed->name != room.name) change.rests_on.push_back(Fact::room_name(fold(changed->name)));
    if (*changed != room) change.writes.push_back({LogId::of(id), RoomChanged{std::move(*changed), room}});
    return change;
}

Result<Change> decide_deletion(const Chat& chat, UserId user, RoomId id) {
    const auto standing = standing_in(chat.directory, id, user);
    if (!standing) return fail(standing.error());
    if (!may_own(*standing)) return fail({Code::forbidden, "You are not owner of this room."});
    Change change{user, chat.clock.now(), {{LogId::server(), RoomDeleted{*standing->room}}}, {}, {}, {}};
    for (const auto& membership : chat.directory.rooms.members(id))
        change.writes.push_back({LogId::of(membership.user), LostDeletedRoom{*standing->room}});
    change.rests_on = {Fact::room(id), Fact::people(id), Fact::user(user)};
    return change;
}

}  // namespace

Result<bool> may_create_rooms(const Policy& policy, const User& user) {
    if (user.is_superuser || policy.everyone_creates_rooms) return true;
    return fail({Code::forbidden, "Admin required."});
}

Task<Result<RoomId>> create_room(Chat& chat, UserId creator, NewRoom wanted) {
    if (auto rule = check_name("name", wanted.name); !rule) co_return fail(rule.error());
    if (auto rule = check_line("topic", wanted.topic, limits::topic_chars_max); !rule) co_return fail(rule.error());
    const Room room{chat.ids.next<RoomId>(), RoomKind::room,    std::move(wanted.name), std::move(wanted.topic),
                    wanted.is_open,          wanted.is_visible, MentionAllBy::members,  chat.clock.now()};
    auto committing = commit(chat, [&] { return decide_room(chat, creator, room); });
    const auto committed = co_await std::move(committing);
    if (!committed) co_return fail(committed.error());
    co_return room.id;
}

Task<Result<DirectRoom>> open_direct_room(Chat& chat, UserId creator, std::vector<UserId> others) {
    std::vector<UserId> people = std::move(others);
    people.push_back(creator);
    std::ranges::sort(people);
    people.erase(std::ranges::unique(people).begin(), people.end());
    const auto& rooms = chat.directory.rooms;
    if (const auto room = rooms.find_direct(people)) co_return DirectRoom{*room, false};

    Room room;
    room.id = chat.ids.next<RoomId>();
    room.kind = RoomKind::direct;
    room.is_open = false;
    room.is_visible = false;
    room.created = chat.clock.now();
    auto committing = commit(chat, [&]() -> Result<Change> {
        if (rooms.find_direct(people)) return fail({Code::exists, {}});  // another one of them was quicker
        if (auto rule = check_people(chat.directory.accounts, people); !rule) return fail(rule.error());
        return direct_room_change(room, creator, people);
    });
    const auto committed = co_await std::move(committing);
    if (committed) co_return DirectRoom{room.id, true};
    if (committed.error().code == Code::exists) co_return DirectRoom{*rooms.find_direct(people), false};
    co_return fail(committed.error());
}

Task<Result<RoomId>> change_room(Chat& chat, UserId user, RoomId room, RoomChange wanted) {
    if (auto rule = check_change(wanted); !rule) co_return fail(rule.error());
    auto committing = commit(chat, [&] { return decide_change(chat, user, room, wanted); });
    const auto committed = co_await std::move(committing);
    if (!committed) co_return fail(committed.error());
    co_return room;
}

Task<Result<bool>> delete_room(Chat& chat, UserId user, RoomId room) {
    auto committing = commit(chat, [&] { return decide_deletion(chat, user, room); });
    const auto committed = co_await std::move(committing);
    if (!committed) co_return fail(committed.error());
    co_return true;
}

}  // namespace makechat::chat
