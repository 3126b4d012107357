#pragma once

#include "chat/ports.hpp"
#include "store/sqlite/database.hpp"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace makechat::sqlite {

/// The reads of chat::Archive on one read-only connection. Each sees one committed state, also where it takes several
/// statements. Threads: one at a time. Everything throws Failure.
class Reader {
public:
    explicit Reader(const std::filesystem::path& file);

    std::vector<chat::Message> messages(chat::RoomId room, const chat::Window& window);
    std::vector<chat::Entry> entries(const chat::LogId& log, const chat::Window& window);
    std::vector<chat::Entry> entries_since(const chat::LogId& log, chat::Position after, std::size_t max);
    Result<chat::Message> message(chat::MessageId id);
    Result<std::vector<chat::MessageVersion>> history(chat::MessageId id);
    std::vector<chat::Unread> unread(chat::UserId user, const std::vector<chat::Archive::Place>& places);
    chat::Snapshot load();
    bool check();
    void forget_pages() { database_.forget_pages(); }

private:
    /// Of a room that was deleted some may still be in the tables. Asked like this, and not whether the room is there, so that
    /// a read that comes short never makes a room look empty.
    [[nodiscard]] bool is_deleted(const chat::LogId& log);
    [[nodiscard]] chat::Seq last_seq_until(const chat::LogId& log, chat::Position position);
    [[nodiscard]] chat::Position position_of(const chat::LogId& log, chat::Seq seq);
    [[nodiscard]] std::int64_t ordinal_until(chat::RoomId room, chat::Seq seq);
    [[nodiscard]] std::int64_t own_after(chat::UserId user, const chat::Archive::Place& place);
    [[nodiscard]] std::int64_t mentions_after(chat::UserId user, const chat::Archive::Place& place);

    Database database_;
    Statement deleted_;
    Statement messages_down_;
    Statement messages_up_;
    Statement entries_down_;
    Statement entries_up_;
    Statement message_by_id_;
    Statement versions_;
    Statement last_seq_;
    Statement position_;
    Statement ordinal_;
    Statement posted_;
    Statement own_;
    Statement mentions_;
    Statement to_all_;
};

}  // namespace makechat::sqlite
