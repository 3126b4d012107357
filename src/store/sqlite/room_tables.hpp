#pragma once

#include "chat/model.hpp"
#include "store/sqlite/database.hpp"

#include <span>

namespace makechat::sqlite {

/// The tables rooms, members and bars. Threads: the writer's. Everything throws Failure.
class RoomTables {
public:
    explicit RoomTables(Database& database);

    /// `people`: of a direct room, ascending.
    void insert(const chat::Room& room, std::span<const chat::UserId> people);
    void update(chat::RoomId id, const chat::Room& room);
    void remove(chat::RoomId room) { delete_room_.run(room); }  ///< with its members and bars

    /// With the marker at `joined`. Who wrote here before he (again) became a member may have messages up to that.
    void insert_member(chat::RoomId room, chat::UserId user, chat::MemberId member, chat::Role role, chat::Seq joined);
    void remove_member(chat::RoomId room, chat::UserId user) { delete_member_.run(room, user); }
    void set_role(chat::RoomId room, chat::UserId user, chat::MemberId member, chat::Role role);
    void set_read(chat::RoomId room, chat::UserId user, chat::Seq read) { update_read_.run(room, user, read); }
    void set_posted(chat::RoomId room, chat::UserId user, chat::Seq seq) { update_posted_.run(room, user, seq); }
    void set_level(chat::RoomId room, chat::UserId user, chat::NotifyLevel level);
    void bar(chat::RoomId room, chat::UserId user) { insert_bar_.run(room, user); }
    void lift_bar(chat::RoomId room, chat::UserId user) { delete_bar_.run(room, user); }

private:
    Statement insert_room_;
    Statement update_room_;
    Statement delete_room_;
    Statement insert_member_;
    Statement delete_member_;
    Statement update_role_;
    Statement update_read_;
    Statement update_posted_;
    Statement update_level_;
    Statement insert_bar_;
    Statement delete_bar_;
};

}  // namespace makechat::sqlite
