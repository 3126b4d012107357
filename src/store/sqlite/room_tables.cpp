#include "store/sqlite/room_tables.hpp"

#include "base/fold.hpp"

namespace makechat::sqlite {

using namespace chat;

namespace {

/// A direct room has no name that another could have.
std::optional<std::string> name_key(const Room& room) {
    if (room.kind == RoomKind::direct) return std::nullopt;
    return fold(room.name);
}

}  // namespace

RoomTables::RoomTables(Database& database)
    : insert_room_(database,
                   "INSERT INTO rooms (id, kind, name, name_key, direct_key, topic, is_open, is_visible,"
                   " mention_all_by, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"),
      update_room_(database,
                   "UPDATE rooms SET kind = ?2, name = ?3, name_key = ?4, topic = ?5, is_open = ?6, is_visible = ?7,"
                   " mention_all_by = ?8, created = ?9 WHERE id = ?1"),
      delete_room_(database, "DELETE FROM rooms WHERE id = ?1"),
      insert_member_(database,
                     "INSERT OR REPLACE INTO members (room, user, member, role, joined, read, level, posted)"
                     " VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?5)"),
      delete_member_(database, "DELETE FROM members WHERE room = ?1 AND user = ?2"),
      update_role_(database, "UPDATE members SET role = ?3, member = ?4 WHERE room = ?1 AND user = ?2"),
      update_read_(database, "UPDATE members SET read = ?3 WHERE room = ?1 AND user = ?2"),
      update_posted_(database, "UPDATE members SET read = ?3, posted = ?3 WHERE room = ?1 AND user = ?2"),
      update_level_(database, "UPDATE members SET level = ?3 WHERE room = ?1 AND user = ?2"),
      insert_bar_(database, "INSERT OR IGNORE INTO bars (room, user) VALUES (?1, ?2)"),
      delete_bar_(database, "DELETE FROM bars WHERE room = ?1 AND user = ?2") {}

void RoomTables::insert(const Room& room, std::span<const UserId> people) {
    const bool direct = room.kind == RoomKind::direct;
    insert_room_.run(room.id, to_word(room.kind), room.name, name_key(room),
                     direct ? std::optional(bytes_of(people)) : std::nullopt, room.topic, room.is_open, room.is_visible,
                     to_word(room.mention_all_by), room.created);
}

void RoomTables::update(RoomId id, const Room& room) {
    update_room_.run(id, to_word(room.kind), room.name, name_key(room), room.topic, room.is_open, room.is_visible,
                     to_word(room.mention_all_by), room.created);
}

void RoomTables::insert_member(RoomId room, UserId user, MemberId member, Role role, Seq joined) {
    insert_member_.run(room, user, member, to_word(role), joined, to_word(NotifyLevel::all));
}

void RoomTables::set_role(RoomId room, UserId user, MemberId member, Role role) {
    update_role_.run(room, user, to_word(role), member);
}

void RoomTables::set_level(RoomId room, UserId user, NotifyLevel level) {
    update_level_.run(room, user, to_word(level));
}

}  // namespace makechat::sqlite
