#pragma once

#include "chat/ports.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/heads.hpp"

#include <map>
#include <utility>

namespace makechat::sqlite {

/// Writes entries, and what they make of the tables (chat/entry.hpp has the rules), within the caller's transaction.
/// Threads: the writer's. Everything throws Failure.
class Projection {
public:
    explicit Projection(Database& database);

    /// `entry` has its position and seq; a posted message gets its own here, from the room's head.
    void apply(chat::Entry& entry, Heads& heads);
    void record(const chat::Uses& uses);

    /// Posting moves the sender's read marker. In a batch only his last message matters, so the markers wait here.
    void write_markers();
    void drop_markers() { markers_.clear(); }

private:
    struct Effect;

    void insert_entry(const chat::Entry& entry);
    void insert_mentions(const chat::Message& message);
    void delete_mentions(const chat::Message& message);
    void delete_room(chat::RoomId room);

    Statement insert_entry_;
    Statement insert_user_;
    Statement update_user_;
    Statement update_settings_;
    Statement insert_token_;
    Statement delete_token_;
    Statement insert_session_;
    Statement delete_session_;
    Statement insert_room_;
    Statement update_room_;
    Statement insert_member_;
    Statement delete_member_;
    Statement update_role_;
    Statement update_read_;
    Statement update_posted_;
    Statement update_level_;
    Statement insert_bar_;
    Statement delete_bar_;
    Statement insert_message_;
    Statement update_message_;
    Statement find_mentions_;
    Statement insert_mention_;
    Statement delete_mention_;
    Statement insert_version_;
    Statement delete_versions_;
    Statement use_token_;
    Statement use_session_;
    Statement use_user_;
    Statement delete_room_row_;
    std::array<Statement, 5> delete_of_room_;
    Statement delete_log_;

    std::map<std::pair<chat::RoomId, chat::UserId>, chat::Seq> markers_;
};

}  // namespace makechat::sqlite
