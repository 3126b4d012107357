#include "store/sqlite/snapshot.hpp"

#include "store/sqlite/rows.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <unordered_map>

namespace makechat::sqlite {

using namespace chat;

namespace {

template <class Enum>
Enum word(const Statement::Rows& rows, int column) {
    const auto value = parse_word<Enum>(rows.text(column));
    if (!value) throw Failure(SQLITE_CORRUPT, "unknown word in a column");
    return *value;
}

bool flag(const Statement::Rows& rows, int column) { return rows.number(column) != 0; }

void read_meta(Database& database, Snapshot& snapshot) {
    Statement statement{database, "SELECT position, server_id, cursor_key, server_name, registration_open FROM meta"};
    auto rows = statement.query();
    if (!rows.next()) throw Failure(SQLITE_CORRUPT, "meta is empty");
    snapshot.position = {rows.number(0)};
    snapshot.server_id = rows.text(1);
    rows.copy(2, snapshot.cursor_key);
    if (!rows.is_null(3)) snapshot.server.name = rows.text(3);
    if (!rows.is_null(4)) snapshot.server.registration_open = flag(rows, 4);
}

void read_users(Database& database, Snapshot& snapshot) {
    Statement statement{database,
                        "SELECT id, username, email, display_name, avatar, settings, password, is_superuser,"
                        " is_disabled, bot, created, last_seen FROM users"};
    for (auto rows = statement.query(); rows.next();) {
        snapshot.users.push_back({.id = rows.id<UserId>(0),
                                  .username = rows.text(1),
                                  .email = rows.text(2),
                                  .display_name = rows.text(3),
                                  .avatar = rows.text(4),
                                  .settings = rows.text(5),
                                  .password = rows.text(6),
                                  .is_superuser = flag(rows, 7),
                                  .is_disabled = flag(rows, 8),
                                  .bot = flag(rows, 9),
                                  .created = rows.time(10),
                                  .last_seen = rows.time(11)});
    }
}

void read_tokens(Database& database, Snapshot& snapshot) {
    Statement statement{database, "SELECT id, user, name, scope, prefix, hash, created, last_used FROM tokens"};
    for (auto rows = statement.query(); rows.next();) {
        Token token{.id = rows.id<TokenId>(0),
                    .user = rows.id<UserId>(1),
                    .name = rows.text(2),
                    .scope = rows.text(3),
                    .prefix = rows.text(4),
                    .created = rows.time(6),
                    .last_used = rows.time(7)};
        rows.copy(5, token.hash);
        snapshot.tokens.push_back(std::move(token));
    }
}

void read_sessions(Database& database, Snapshot& snapshot) {
    Statement statement{database, "SELECT id, user, hash, address, agent, created, last_used, expires FROM sessions"};
    for (auto rows = statement.query(); rows.next();) {
        Session session{.id = rows.id<SessionId>(0),
                        .user = rows.id<UserId>(1),
                        .address = rows.text(3),
                        .agent = rows.text(4),
                        .created = rows.time(5),
                        .last_used = rows.time(6),
                        .expires = rows.time(7)};
        rows.copy(2, session.hash);
        snapshot.sessions.push_back(std::move(session));
    }
}

/// Where a log and its room's messages stand: one look at the end of each.
class Ends {
public:
    explicit Ends(Database& database)
        : entry_(database, "SELECT seq, position FROM entries WHERE log = ?1 ORDER BY seq DESC LIMIT 1"),
          message_(database, "SELECT ordinal, created FROM messages WHERE room = ?1 ORDER BY seq DESC LIMIT 1") {}

    void read(Snapshot::RoomState& state) {
        if (auto rows = entry_.query(key_of(LogId::of(state.room.id))); rows.next()) {
            state.last_seq = rows.seq(0);
            state.last_position = {rows.number(1)};
        }
        if (auto rows = message_.query(state.room.id); rows.next()) {
            state.messages = rows.number(0);
            state.last_message = rows.time(1);
        }
    }
    void read(Snapshot& snapshot) {
        for (const auto& user : snapshot.users) {
            if (auto rows = entry_.query(key_of(LogId::of(user.id))); rows.next())
                snapshot.user_logs.push_back({user.id, {rows.number(1)}});
        }
    }

private:
    Statement entry_;
    Statement message_;
};

void read_rooms(Database& database, Snapshot& snapshot) {
    Ends ends(database);
    std::unordered_map<RoomId, std::size_t> place;
    Statement statement{database,
                        "SELECT id, kind, name, topic, is_open, is_visible, mention_all_by, created FROM rooms"};
    for (auto rows = statement.query(); rows.next();) {
        Snapshot::RoomState state;
        state.room = {.id = rows.id<RoomId>(0),
                      .kind = word<RoomKind>(rows, 1),
                      .name = rows.text(2),
                      .topic = rows.text(3),
                      .is_open = flag(rows, 4),
                      .is_visible = flag(rows, 5),
                      .mention_all_by = word<MentionAllBy>(rows, 6),
                      .created = rows.time(7)};
        ends.read(state);
        place[state.room.id] = snapshot.rooms.size();
        snapshot.rooms.push_back(std::move(state));
    }
    const auto room_of = [&](const Statement::Rows& rows) -> Snapshot::RoomState& {
        const auto found = place.find(rows.id<RoomId>(0));
        if (found == place.end()) throw Failure(SQLITE_CORRUPT, "a member of a room that is not there");
        return snapshot.rooms[found->second];
    };
    Statement members{database, "SELECT room, user, member, role, joined, read, level FROM members"};
    for (auto rows = members.query(); rows.next();) {
        room_of(rows).members.push_back({.user = rows.id<UserId>(1),
                                         .id = rows.id<MemberId>(2),
                                         .role = word<Role>(rows, 3),
                                         .joined = rows.seq(4),
                                         .read = rows.seq(5),
                                         .level = word<NotifyLevel>(rows, 6)});
    }
    Statement bars{database, "SELECT room, user FROM bars"};
    for (auto rows = bars.query(); rows.next();) room_of(rows).barred.push_back(rows.id<UserId>(1));
    ends.read(snapshot);
}

/// Pages of two moments, say a write-ahead log beside a database that was restored without it, show here: the newest entry
/// of all logs is the one that meta names.
void check_newest(Database& database, const Snapshot& snapshot) {
    Position newest;
    for (const auto& room : snapshot.rooms) newest = std::max(newest, room.last_position);
    for (const auto& log : snapshot.user_logs) newest = std::max(newest, log.last_position);
    Statement of_server{database, "SELECT position FROM entries WHERE log = ?1 ORDER BY seq DESC LIMIT 1"};
    if (auto rows = of_server.query(key_of(LogId::server())); rows.next())
        newest = std::max(newest, Position{rows.number(0)});
    if (newest != snapshot.position)
        throw Failure(SQLITE_CORRUPT, fmt::format("the newest entry has position {} and not {}", newest.value,
                                                  snapshot.position.value));
}

}  // namespace

Snapshot read_snapshot(Database& database) {
    Snapshot snapshot;
    read_meta(database, snapshot);
    read_users(database, snapshot);
    read_tokens(database, snapshot);
    read_sessions(database, snapshot);
    read_rooms(database, snapshot);
    check_newest(database, snapshot);
    return snapshot;
}

}  // namespace makechat::sqlite
