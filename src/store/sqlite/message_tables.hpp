#pragma once

#include "chat/model.hpp"
#include "store/sqlite/database.hpp"

#include <array>
#include <string_view>

namespace makechat::sqlite {

/// The tables messages, mentions and message_versions. Threads: the writer's. Everything throws Failure.
class MessageTables {
public:
    explicit MessageTables(Database& database);

    /// `nonce` may be empty: it has none.
    void insert(const chat::Message& message, std::string_view nonce);
    /// The present form becomes an earlier one.
    void keep_version(const chat::Message& message);
    void drop_versions(const chat::Message& message);
    /// Id, sender, creation and ordinal stay.
    void update(const chat::Message& message);
    /// Deletes of a room's rows at most `max` of each table. False: there were none.
    bool remove_some(chat::RoomId room, std::int64_t max);

private:
    void insert_mentions(const chat::Message& message);
    void delete_mentions(const chat::Message& message);

    Statement insert_;
    Statement update_;
    Statement find_;
    Statement insert_mention_;
    Statement delete_mention_;
    Statement insert_version_;
    Statement delete_versions_;
    std::array<Statement, 3> delete_of_room_;
};

}  // namespace makechat::sqlite
