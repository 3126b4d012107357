#include "store/sqlite/projection.hpp"

#include "store/sqlite/body_text.hpp"
#include "store/sqlite/rows.hpp"

#include <optional>

namespace makechat::sqlite {

using namespace chat;

namespace {

constexpr std::int64_t rows_deleted_at_once = 500;  ///< some 5 ms, which others wait

}  // namespace

Projection::Projection(Database& database)
    : accounts_(database),
      rooms_(database),
      messages_(database),
      update_server_(database, "UPDATE meta SET server_name = ?1, registration_open = ?2"),
      insert_entry_(database,
                    "INSERT INTO entries (log, seq, position, kind, actor, at, target, body)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"),
      delete_of_log_(database,
                     "DELETE FROM entries WHERE log = ?1 AND seq IN"
                     " (SELECT seq FROM entries WHERE log = ?1 ORDER BY seq LIMIT ?2)"),
      insert_deleted_(database, "INSERT INTO deleted_rooms (id) VALUES (?1)"),
      find_deleted_(database, "SELECT id FROM deleted_rooms LIMIT 1"),
      forget_deleted_(database, "DELETE FROM deleted_rooms WHERE id = ?1") {}

/// What each body does to the tables.
struct Projection::Effect {
    Projection& to;
    Heads& heads;
    Entry& entry;
    std::string_view nonce;

    [[nodiscard]] RoomId room() const { return entry.log.room(); }
    [[nodiscard]] UserId owner() const { return entry.log.user(); }

    void operator()(const UserCreated& e) const { to.accounts_.insert(e.user); }
    void operator()(const UserChanged& e) const { to.accounts_.update(e.user); }
    void operator()(const TokenCreated& e) const { to.accounts_.insert(e.token); }
    void operator()(const TokenRevoked& e) const { to.accounts_.remove(e.token); }
    void operator()(const SessionOpened& e) const { to.accounts_.insert(e.session); }
    void operator()(const SessionEnded& e) const { to.accounts_.remove(e.session); }
    void operator()(const RoomDeleted& e) const {
        to.rooms_.remove(e.room.id);
        to.insert_deleted_.run(e.room.id);
        to.has_remains_ = true;
        heads.forget(LogId::of(e.room.id));
    }
    void operator()(const ServerChanged& e) const {
        to.update_server_.run(e.settings.name, e.settings.registration_open);
    }
    void operator()(const RoomCreated& e) const { to.rooms_.insert(e.room, e.people); }
    void operator()(const RoomChanged& e) const { to.rooms_.update(room(), e.room); }
    void operator()(const Joined& e) const {
        to.rooms_.insert_member(room(), e.user, e.member, e.role, entry.seq);
        to.rooms_.lift_bar(room(), e.user);
    }
    void operator()(const Left& e) const {
        to.rooms_.remove_member(room(), e.user);
        if (bars_return(e)) to.rooms_.bar(room(), e.user);
    }
    void operator()(const RoleChanged& e) const { to.rooms_.set_role(room(), e.user, e.member, e.role); }
    void operator()(MessagePosted& e) const {
        e.message.seq = entry.seq;
        e.message.ordinal = ++heads.of(entry.log).ordinal;
        to.messages_.insert(e.message, nonce);
        to.markers_[{room(), e.message.sender}] = entry.seq;
    }
    void operator()(const MessageEdited& e) const {
        to.messages_.keep_version(e.message);
        to.messages_.update(e.message);
    }
    void operator()(const MessageDeleted& e) const {
        to.messages_.update(e.message);
        to.messages_.drop_versions(e.message);
    }
    void operator()(const ReadMoved& e) const { to.rooms_.set_read(e.room, owner(), e.read); }
    void operator()(const NotifyChanged& e) const { to.rooms_.set_level(e.room, owner(), e.level); }
    void operator()(const SettingsChanged& e) const { to.accounts_.set_settings(owner(), e.settings); }
    void operator()(const LostRoom&) const {}
    void operator()(const LostDeletedRoom&) const {}
};

void Projection::apply(Entry& entry, Heads& heads, std::string_view nonce) {
    // Anything else may read a marker, move it, or end the membership.
    if (!std::holds_alternative<MessagePosted>(entry.body)) write_markers();
    std::visit(Effect{*this, heads, entry, nonce}, entry.body);
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

void Projection::clear_remains() {
    std::optional<RoomId> room;
    if (auto rows = find_deleted_.query(); rows.next()) room = rows.id<RoomId>(0);
    has_remains_ = room.has_value();
    if (!room) return;
    if (messages_.remove_some(*room, rows_deleted_at_once)) return;
    if (delete_of_log_.run(key_of(LogId::of(*room)), rows_deleted_at_once) > 0) return;
    forget_deleted_.run(*room);
}

void Projection::write_markers() {
    for (const auto& [member, seq] : markers_) rooms_.set_posted(member.first, member.second, seq);
    markers_.clear();
}

}  // namespace makechat::sqlite
