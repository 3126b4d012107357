#include "store/sqlite/message_tables.hpp"

#include "store/sqlite/rows.hpp"

#include <algorithm>

namespace makechat::sqlite {

using namespace chat;

namespace {

std::optional<Bytes> list_or_null(const std::vector<UserId>& users) {
    if (users.empty()) return std::nullopt;
    return bytes_of(users);
}

std::optional<std::string_view> word_or_null(MentionsAll mentions) {
    if (mentions == MentionsAll::nobody) return std::nullopt;
    return to_word(mentions);
}

/// Whom rows of `mentions` are for: with @all everybody is mentioned, and needs none.
std::vector<UserId> mentioned_by_row(const Message& message) {
    if (message.mentions_all == MentionsAll::all) return {};
    auto users = message.mentions;
    if (message.mentions_all == MentionsAll::here) users.insert(users.end(), message.here.begin(), message.here.end());
    std::ranges::sort(users);
    const auto repeated = std::ranges::unique(users);
    users.erase(repeated.begin(), repeated.end());
    std::erase(users, message.sender);
    return users;
}

}  // namespace

MessageTables::MessageTables(Database& database)
    : insert_(database,
              "INSERT INTO messages (room, seq, id, ordinal, sender, created, edited, deleted, mentions_all, mentions,"
              " here, reply_to, text, nonce)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"),
      update_(database,
              "UPDATE messages SET edited = ?3, deleted = ?4, mentions_all = ?5, mentions = ?6, here = ?7,"
              " reply_to = ?8, text = ?9 WHERE room = ?1 AND seq = ?2"),
      find_(database, select_messages() + "WHERE m.room = ?1 AND m.seq = ?2"),
      insert_mention_(database, "INSERT INTO mentions (room, user, seq) VALUES (?1, ?2, ?3)"),
      delete_mention_(database, "DELETE FROM mentions WHERE room = ?1 AND user = ?2 AND seq = ?3"),
      insert_version_(database,
                      "INSERT INTO message_versions (room, seq, version, at, text)"
                      " SELECT room, seq, (SELECT count(*) FROM message_versions WHERE room = ?1 AND seq = ?2) + 1,"
                      " coalesce(edited, created), text FROM messages WHERE room = ?1 AND seq = ?2"),
      delete_versions_(database, "DELETE FROM message_versions WHERE room = ?1 AND seq = ?2"),
      delete_of_room_{Statement{database,
                                "DELETE FROM messages WHERE room = ?1 AND seq IN"
                                " (SELECT seq FROM messages WHERE room = ?1 ORDER BY seq LIMIT ?2)"},
                      Statement{database,
                                "DELETE FROM mentions WHERE room = ?1 AND (user, seq) IN"
                                " (SELECT user, seq FROM mentions WHERE room = ?1 ORDER BY user, seq LIMIT ?2)"},
                      Statement{database,
                                "DELETE FROM message_versions WHERE room = ?1 AND seq IN"
                                " (SELECT seq FROM message_versions WHERE room = ?1 ORDER BY seq LIMIT ?2)"}} {}

void MessageTables::insert(const Message& message, std::string_view nonce) {
    insert_.run(message.room, message.seq, message.id, message.ordinal, message.sender, message.created, message.edited,
                message.deleted, word_or_null(message.mentions_all), list_or_null(message.mentions),
                list_or_null(message.here), message.reply_to, message.text,
                nonce.empty() ? std::nullopt : std::optional(nonce));
    insert_mentions(message);
}

void MessageTables::keep_version(const Message& message) { insert_version_.run(message.room, message.seq); }

void MessageTables::drop_versions(const Message& message) { delete_versions_.run(message.room, message.seq); }

void MessageTables::update(const Message& message) {
    delete_mentions(message);
    update_.run(message.room, message.seq, message.edited, message.deleted, word_or_null(message.mentions_all),
                list_or_null(message.mentions), list_or_null(message.here), message.reply_to, message.text);
    insert_mentions(message);
}

bool MessageTables::remove_some(RoomId room, std::int64_t max) {
    bool removed = false;
    for (auto& statement : delete_of_room_) removed = statement.run(room, max) > 0 || removed;
    return removed;
}

void MessageTables::insert_mentions(const Message& message) {
    for (const auto& user : mentioned_by_row(message)) insert_mention_.run(message.room, user, message.seq);
}

/// Those of the stored form.
void MessageTables::delete_mentions(const Message& message) {
    std::vector<UserId> users;
    if (auto rows = find_.query(message.room, message.seq); rows.next()) users = mentioned_by_row(read_message(rows));
    for (const auto& user : users) delete_mention_.run(message.room, user, message.seq);
}

}  // namespace makechat::sqlite
