#include "store/sqlite/rows.hpp"

#include "store/sqlite/body_text.hpp"

#include <sqlite3.h>

#include <algorithm>

namespace makechat::sqlite {

using namespace chat;

namespace {

constexpr const char* message_columns =
    "m.room, m.seq, m.id, m.ordinal, m.sender, m.created, m.edited, m.deleted, m.mentions_all, m.mentions, m.here,"
    " m.reply_to, m.text";
constexpr int message_column_count = 13;

Message read_message_from(const Statement::Rows& rows, int first) {
    Message message;
    message.room = rows.id<RoomId>(first);
    message.seq = rows.seq(first + 1);
    message.id = rows.id<MessageId>(first + 2);
    message.ordinal = rows.number(first + 3);
    message.sender = rows.id<UserId>(first + 4);
    message.created = rows.time(first + 5);
    message.edited = rows.optional_time(first + 6);
    message.deleted = rows.optional_time(first + 7);
    if (!rows.is_null(first + 8))
        message.mentions_all = parse_word<MentionsAll>(rows.text(first + 8)).value_or(MentionsAll::nobody);
    message.mentions = rows.users(first + 9);
    message.here = rows.users(first + 10);
    if (!rows.is_null(first + 11)) message.reply_to = rows.id<MessageId>(first + 11);
    message.text = rows.text(first + 12);
    return message;
}

}  // namespace

LogKey key_of(const LogId& log) {
    static_assert(static_cast<int>(LogId::Kind::server) == 0 && static_cast<int>(LogId::Kind::room) == 1 &&
                      static_cast<int>(LogId::Kind::user) == 2,
                  "these numbers are stored");
    LogKey key{};
    key[0] = static_cast<std::uint8_t>(log.kind);
    std::ranges::copy(log.bytes, key.begin() + 1);
    return key;
}

std::string select_messages() { return std::string("SELECT ") + message_columns + " FROM messages m "; }

Message read_message(const Statement::Rows& rows) { return read_message_from(rows, 0); }

std::string select_entries() {
    return std::string("SELECT ") + message_columns +
           ", e.seq, e.position, e.kind, e.actor, e.at, e.body FROM entries e"
           " LEFT JOIN messages m ON m.room = ?2 AND m.seq = coalesce(e.target, e.seq) WHERE e.log = ?1 ";
}

Entry read_entry(const Statement::Rows& rows, const LogId& log) {
    constexpr int first = message_column_count;
    Entry entry;
    entry.log = log;
    entry.seq = rows.seq(first);
    entry.position = {rows.number(first + 1)};
    entry.actor = rows.id<UserId>(first + 3);
    entry.at = rows.time(first + 4);
    const auto kind = rows.number(first + 2);
    entry.body = parse_body(kind, rows.text(first + 5));
    if (!speaks_of_message(kind)) return entry;
    if (rows.is_null(0)) throw Failure(SQLITE_CORRUPT, "an entry about a message that is not there");
    auto message = read_message(rows);
    if (auto* posted = std::get_if<MessagePosted>(&entry.body)) posted->message = std::move(message);
    else if (auto* edited = std::get_if<MessageEdited>(&entry.body)) edited->message = std::move(message);
    else std::get<MessageDeleted>(entry.body).message = std::move(message);
    return entry;
}

}  // namespace makechat::sqlite
