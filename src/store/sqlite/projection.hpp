#pragma once

#include "chat/ports.hpp"
#include "store/sqlite/account_tables.hpp"
#include "store/sqlite/database.hpp"
#include "store/sqlite/heads.hpp"
#include "store/sqlite/message_tables.hpp"
#include "store/sqlite/room_tables.hpp"

#include <map>
#include <string_view>
#include <utility>

namespace makechat::sqlite {

/// Writes entries, and what they make of the tables (chat/entry.hpp has the rules), within the caller's transaction.
/// Threads: the writer's. Everything throws Failure.
class Projection {
public:
    explicit Projection(Database& database);

    /// `entry` has its position and seq; a posted message gets its own here, from the room's head, and its nonce is kept.
    void apply(chat::Entry& entry, Heads& heads, std::string_view nonce = {});
    void record(const chat::Uses& uses) { accounts_.record(uses); }

    /// Posting moves the sender's read marker. In a batch only his last message matters, so the markers wait here.
    void write_markers();
    void drop_markers() { markers_.clear(); }

    /// Whether deleted rooms may have left something behind: a large one would keep all writers waiting for minutes.
    [[nodiscard]] bool has_remains() const { return has_remains_; }
    /// Deletes some of it.
    void clear_remains();

private:
    struct Effect;

    void insert_entry(const chat::Entry& entry);

    AccountTables accounts_;
    RoomTables rooms_;
    MessageTables messages_;
    Statement update_server_;
    Statement insert_entry_;
    Statement delete_of_log_;
    Statement insert_deleted_;
    Statement find_deleted_;
    Statement forget_deleted_;
    bool has_remains_ = true;
    std::map<std::pair<chat::RoomId, chat::UserId>, chat::Seq> markers_;
};

}  // namespace makechat::sqlite
