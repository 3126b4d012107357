#include "store/sqlite/projection.hpp"

#include "base/fold.hpp"
#include "store/sqlite/body_text.hpp"
#include "store/sqlite/rows.hpp"

#include <algorithm>

namespace makechat::sqlite {

using namespace chat;

namespace {

/// Names that do not exist are no names that two could have.
std::optional<std::string> key_of_name(const std::string& name) {
    if (name.empty()) return std::nullopt;
    return fold(name);
}

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

Projection::Projection(Database& database)
    : insert_entry_(database,
                    "INSERT INTO entries (log, seq, position, kind, actor, at, target, body)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"),
      insert_user_(database,
                   "INSERT INTO users (id, username, username_key, email, email_key, display_name, avatar, settings,"
                   " password, is_superuser, is_disabled, bot, created, last_seen)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"),
      update_user_(database,
                   "UPDATE users SET username = ?2, username_key = ?3, email = ?4, email_key = ?5, display_name = ?6,"
                   " avatar = ?7, password = ?8, is_superuser = ?9, is_disabled = ?10, bot = ?11 WHERE id = ?1"),
      update_settings_(database, "UPDATE users SET settings = ?2 WHERE id = ?1"),
      insert_token_(database,
                    "INSERT INTO tokens (id, user, name, scope, prefix, hash, created, last_used)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"),
      delete_token_(database, "DELETE FROM tokens WHERE id = ?1"),
      insert_session_(database,
                      "INSERT INTO sessions (id, user, hash, address, agent, created, last_used, expires)"
                      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"),
      delete_session_(database, "DELETE FROM sessions WHERE id = ?1"),
      insert_room_(database,
                   "INSERT INTO rooms (id, kind, name, name_key, direct_key, topic, is_open, is_visible,"
                   " mention_all_by, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"),
      update_room_(database,
                   "UPDATE rooms SET kind = ?2, name = ?3, name_key = ?4, topic = ?5, is_open = ?6, is_visible = ?7,"
                   " mention_all_by = ?8, created = ?9 WHERE id = ?1"),
      // Who wrote here before he (again) became a member may have messages up to this entry.
      insert_member_(database,
                     "INSERT OR REPLACE INTO members (room, user, member, role, joined, read, level, posted)"
                     " VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?5)"),
      delete_member_(database, "DELETE FROM members WHERE room = ?1 AND user = ?2"),
      update_role_(database, "UPDATE members SET role = ?3, member = ?4 WHERE room = ?1 AND user = ?2"),
      update_read_(database, "UPDATE members SET read = ?3 WHERE room = ?1 AND user = ?2"),
      update_posted_(database, "UPDATE members SET read = ?3, posted = ?3 WHERE room = ?1 AND user = ?2"),
      update_level_(database, "UPDATE members SET level = ?3 WHERE room = ?1 AND user = ?2"),
      insert_bar_(database, "INSERT OR IGNORE INTO bars (room, user) VALUES (?1, ?2)"),
      delete_bar_(database, "DELETE FROM bars WHERE room = ?1 AND user = ?2"),
      insert_message_(
          database,
          "INSERT INTO messages (room, seq, id, ordinal, sender, created, edited, deleted, mentions_all,"
          " mentions, here, reply_to, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"),
      update_message_(database,
                      "UPDATE messages SET edited = ?3, deleted = ?4, mentions_all = ?5, mentions = ?6, here = ?7,"
                      " reply_to = ?8, text = ?9 WHERE room = ?1 AND seq = ?2"),
      find_mentions_(database, select_messages() + "WHERE m.room = ?1 AND m.seq = ?2"),
      insert_mention_(database, "INSERT INTO mentions (room, user, seq) VALUES (?1, ?2, ?3)"),
      delete_mention_(database, "DELETE FROM mentions WHERE room = ?1 AND user = ?2 AND seq = ?3"),
      insert_version_(database,
                      "INSERT INTO message_versions (room, seq, version, at, text)"
                      " SELECT room, seq, (SELECT count(*) FROM message_versions WHERE room = ?1 AND seq = ?2) + 1,"
                      " coalesce(edited, created), text FROM messages WHERE room = ?1 AND seq = ?2"),
      delete_versions_(database, "DELETE FROM message_versions WHERE room = ?1 AND seq = ?2"),
      use_token_(database, "UPDATE tokens SET last_used = max(last_used, ?2) WHERE id = ?1"),
      use_session_(database,
                   "UPDATE sessions SET last_used = max(last_used, ?2), expires = max(expires, ?3) WHERE id = ?1"),
      use_user_(database, "UPDATE users SET last_seen = max(last_seen, ?2) WHERE id = ?1"),
      delete_room_row_(database, "DELETE FROM rooms WHERE id = ?1"),
      delete_of_room_{Statement{database, "DELETE FROM messages WHERE room = ?1"},
                      Statement{database, "DELETE FROM mentions WHERE room = ?1"},
                      Statement{database, "DELETE FROM message_versions WHERE room = ?1"},
                      Statement{database, "DELETE FROM nonces WHERE room = ?1"},
                      Statement{database, "DELETE FROM bars WHERE room = ?1"}},
      delete_log_(database, "DELETE FROM entries WHERE log = ?1") {}

/// What each body does to the tables.
struct Projection::Effect {
    Projection& to;
    Heads& heads;
    Entry& entry;

    [[nodiscard]] RoomId room() const { return entry.log.room(); }

    void operator()(const UserCreated& e) const {
        const User& user = e.user;
        to.insert_user_.run(user.id, user.username, fold(user.username), user.email, key_of_name(user.email),
                            user.display_name, user.avatar, user.settings, user.password, user.is_superuser,
                            user.is_disabled, user.bot, user.created, user.last_seen);
    }
    void operator()(const UserChanged& e) const {
        const User& user = e.user;
        to.update_user_.run(user.id, user.username, fold(user.username), user.email, key_of_name(user.email),
                            user.display_name, user.avatar, user.password, user.is_superuser, user.is_disabled,
                            user.bot);
    }
    void operator()(const TokenCreated& e) const {
        const Token& token = e.token;
        to.insert_token_.run(token.id, token.user, token.name, token.scope, token.prefix, token.hash, token.created,
                             token.last_used);
    }
    void operator()(const TokenRevoked& e) const { to.delete_token_.run(e.token); }
    void operator()(const SessionOpened& e) const {
        const Session& session = e.session;
        to.insert_session_.run(session.id, session.user, session.hash, session.address, session.agent, session.created,
                               session.last_used, session.expires);
    }
    void operator()(const SessionEnded& e) const { to.delete_session_.run(e.session); }
    void operator()(const RoomDeleted& e) const {
        to.delete_room(e.room.id);
        heads.forget(LogId::of(e.room.id));
    }
    void operator()(const RoomCreated& e) const {
        const Room& made = e.room;
        const bool direct = made.kind == RoomKind::direct;
        to.insert_room_.run(made.id, to_word(made.kind), made.name, key_of_name(made.name),
                            direct ? std::optional(bytes_of(e.people)) : std::nullopt, made.topic, made.is_open,
                            made.is_visible, to_word(made.mention_all_by), made.created);
    }
    void operator()(const RoomChanged& e) const {
        const Room& now = e.room;
        to.update_room_.run(room(), to_word(now.kind), now.name, key_of_name(now.name), now.topic, now.is_open,
                            now.is_visible, to_word(now.mention_all_by), now.created);
    }
    void operator()(const Joined& e) const {
        to.insert_member_.run(room(), e.user, e.member, to_word(e.role), entry.seq, to_word(NotifyLevel::all));
        to.delete_bar_.run(room(), e.user);
    }
    void operator()(const Left& e) const {
        to.delete_member_.run(room(), e.user);
        if (bars_return(e)) to.insert_bar_.run(room(), e.user);
    }
    void operator()(const RoleChanged& e) const { to.update_role_.run(room(), e.user, to_word(e.role), e.member); }
    void operator()(MessagePosted& e) const {
        Message& message = e.message;
        message.seq = entry.seq;
        message.ordinal = ++heads.of(entry.log).ordinal;
        to.insert_message_.run(room(), message.seq, message.id, message.ordinal, message.sender, message.created,
                               message.edited, message.deleted, word_or_null(message.mentions_all),
                               list_or_null(message.mentions), list_or_null(message.here), message.reply_to,
                               message.text);
        to.insert_mentions(message);
        to.markers_[{room(), message.sender}] = message.seq;
    }
    void operator()(const MessageEdited& e) const {
        to.insert_version_.run(room(), e.message.seq);
        replace(e.message);
    }
    void operator()(const MessageDeleted& e) const {
        replace(e.message);
        to.delete_versions_.run(room(), e.message.seq);
    }
    void operator()(const ReadMoved& e) const { to.update_read_.run(e.room, entry.log.user(), e.read); }
    void operator()(const NotifyChanged& e) const { to.update_level_.run(e.room, entry.log.user(), to_word(e.level)); }
    void operator()(const SettingsChanged& e) const { to.update_settings_.run(entry.log.user(), e.settings); }
    void operator()(const LostRoom&) const {}
    void operator()(const LostDeletedRoom&) const {}

    void replace(const Message& message) const {
        to.delete_mentions(message);
        to.update_message_.run(room(), message.seq, message.edited, message.deleted, word_or_null(message.mentions_all),
                               list_or_null(message.mentions), list_or_null(message.here), message.reply_to,
                               message.text);
        to.insert_mentions(message);
    }
};

void Projection::apply(Entry& entry, Heads& heads) {
    if (!std::holds_alternative<MessagePosted>(entry.body)) write_markers();
    std::visit(Effect{*this, heads, entry}, entry.body);
    insert_entry(entry);
}

void Projection::insert_entry(const Entry& entry) {
    std::optional<Seq> target;
    if (const auto* edited = std::get_if<MessageEdited>(&entry.body)) target = edited->message.seq;
    if (const auto* deleted = std::get_if<MessageDeleted>(&entry.body)) target = deleted->message.seq;
    const auto body = to_body_text(entry.body);
    insert_entry_.run(key_of(entry.log), entry.seq, entry.position, kind_of(entry.body), entry.actor, entry.at, target,
                      body.empty() ? std::nullopt : std::optional<std::string_view>(body));
}

void Projection::insert_mentions(const Message& message) {
    for (const auto& user : mentioned_by_row(message)) insert_mention_.run(message.room, user, message.seq);
}

void Projection::delete_mentions(const Message& message) {
    std::vector<UserId> users;
    if (auto rows = find_mentions_.query(message.room, message.seq); rows.next())
        users = mentioned_by_row(read_message(rows));
    for (const auto& user : users) delete_mention_.run(message.room, user, message.seq);
}

void Projection::delete_room(RoomId room) {
    for (auto& statement : delete_of_room_) statement.run(room);
    delete_log_.run(key_of(LogId::of(room)));
    delete_room_row_.run(room);
}

void Projection::write_markers() {
    for (const auto& [member, seq] : markers_) update_posted_.run(member.first, member.second, seq);
    markers_.clear();
}

void Projection::record(const Uses& uses) {
    for (const auto& [token, at] : uses.tokens) use_token_.run(token, at);
    for (const auto& [session, at, expires] : uses.sessions) use_session_.run(session, at, expires);
    for (const auto& [user, at] : uses.users) use_user_.run(user, at);
}

}  // namespace makechat::sqlite
