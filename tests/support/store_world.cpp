#include "support/store_world.hpp"

#include "support/run.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

namespace makechat {

using namespace chat;

namespace {

/// A test cannot go on from here.
template <class T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error("the store refuses: " + result.error().text);
    return std::move(*result);
}

}  // namespace

User StoreWorld::add_user(const std::string& name) {
    User user{.id = ids.next<UserId>(),
              .username = name,
              .email = name + "@example.org",
              .display_name = "",
              .avatar = "",
              .settings = "",
              .password = "$argon2id$" + name,
              .created = clock.now()};
    append(user.id, {{LogId::server(), UserCreated{user}}});
    return user;
}

Room StoreWorld::add_room(const std::string& name, UserId owner) {
    Room room{.id = ids.next<RoomId>(), .name = name, .topic = "", .created = clock.now()};
    const auto log = LogId::of(room.id);
    append(owner,
           {{log, RoomCreated{room, {}}}, {log, Joined{owner, member_id_of(owner, Role::owner), Role::owner, owner}}});
    return room;
}

Room StoreWorld::add_direct_room(std::vector<UserId> people) {
    std::ranges::sort(people);
    Room room{.id = ids.next<RoomId>(), .kind = RoomKind::direct, .name = "", .topic = "", .created = clock.now()};
    const auto log = LogId::of(room.id);
    std::vector<Write> writes{{log, RoomCreated{room, people}}};
    for (const auto& user : people)
        writes.push_back({log, Joined{user, member_id_of(user, Role::member), Role::member, people.front()}});
    append(people.front(), std::move(writes));
    return room;
}

Entry StoreWorld::join(RoomId room, UserId user, Role role) {
    return append(user, {{LogId::of(room), Joined{user, member_id_of(user, role), role, user}}}).entries.front();
}

Entry StoreWorld::leave(RoomId room, UserId user, UserId by) {
    const Left left{user, member_id_of(user, Role::member), Role::member, by};
    return append(by, {{LogId::of(room), left}, {LogId::of(user), LostRoom{room, left.member, left.role, by}}})
        .entries.front();
}

Entry StoreWorld::change_role(RoomId room, UserId user, Role was, Role now) {
    const RoleChanged body{user, member_id_of(user, now), now, member_id_of(user, was), was, user};
    return append(user, {{LogId::of(room), body}}).entries.front();
}

Commit StoreWorld::delete_room(const Room& room, UserId by) {
    return append(by, {{LogId::server(), RoomDeleted{room}}, {LogId::of(by), LostDeletedRoom{room}}});
}

Message StoreWorld::draft(RoomId room, UserId sender, const std::string& text) {
    Message message;
    message.id = ids.next<MessageId>();
    message.room = room;
    message.sender = sender;
    message.text = text;
    message.created = clock.now();
    return message;
}

Message StoreWorld::post(Message message) {
    const auto log = LogId::of(message.room);
    const auto sender = message.sender;
    const auto commit = append(sender, {{log, MessagePosted{std::move(message)}}});
    return std::get<MessagePosted>(commit.entries.front().body).message;
}

Message StoreWorld::post(RoomId room, UserId sender, const std::string& text) {
    return post(draft(room, sender, text));
}

Message StoreWorld::edit(Message message, const std::string& text) {
    message.text = text;
    message.edited = clock.now();
    append(message.sender, {{LogId::of(message.room), MessageEdited{message}}});
    return message;
}

Message StoreWorld::remove(Message message, UserId by) {
    message.text.clear();
    message.mentions.clear();
    message.mentions_all = MentionsAll::nobody;
    message.here.clear();
    message.reply_to.reset();
    message.deleted = clock.now();
    append(by, {{LogId::of(message.room), MessageDeleted{message, by}}});
    return message;
}

Entry StoreWorld::move_read(RoomId room, UserId user, Seq read) {
    return append(user, {{LogId::of(user), ReadMoved{room, read, 0, 0}}}).entries.front();
}

Change StoreWorld::change(UserId actor, std::vector<Write> writes) {
    Change change{actor, clock.now(), std::move(writes), {}, {}, {}};
    clock.advance(std::chrono::seconds(1));
    return change;
}

Commit StoreWorld::append(UserId actor, std::vector<Write> writes) { return append(change(actor, std::move(writes))); }

Commit StoreWorld::append(Change change) { return must(run(store_->append(std::move(change)))); }

std::vector<Message> StoreWorld::messages(RoomId room, Window window) {
    return must(run(store_->messages(room, window)));
}

std::vector<Entry> StoreWorld::entries(LogId log, Window window) { return must(run(store_->entries(log, window))); }

Unread StoreWorld::unread(UserId user, RoomId room, Seq read) {
    return must(run(store_->unread(user, {{room, read}}))).at(0);
}

Snapshot StoreWorld::load() { return must(run(store_->load())); }

namespace {

std::string ids_of(const std::vector<UserId>& users) {
    std::string text;
    for (const auto& user : users) text += to_hex(user) + " ";
    return text;
}

std::string text_of(const User& user) {
    return fmt::format("user {} {} {} {} {} {} {}{}{} {} ", to_hex(user.id), user.username, user.email,
                       user.display_name, user.avatar, user.settings, user.is_superuser, user.is_disabled, user.bot,
                       to_millis(user.created));
}

std::string text_of(const Token& token) {
    return fmt::format("token {} of {} {} {} {} {} {} {} ", to_hex(token.id), to_hex(token.user), token.name,
                       token.scope, token.prefix, fmt::join(token.hash, ""), to_millis(token.created),
                       to_millis(token.last_used));
}

std::string text_of(const Session& session) {
    return fmt::format("session {} of {} {} {} {} {} {} {} ", to_hex(session.id), to_hex(session.user),
                       fmt::join(session.hash, ""), session.address, session.agent, to_millis(session.created),
                       to_millis(session.last_used), to_millis(session.expires));
}

std::string text_of(const Room& room) {
    return fmt::format("room {} {} {} {} {}{} {} {} ", to_hex(room.id), to_word(room.kind), room.name, room.topic,
                       room.is_open, room.is_visible, to_word(room.mention_all_by), to_millis(room.created));
}

std::string text_of(const Membership& member) {
    return fmt::format("member {} {} {} joined {} read {} {} ", to_hex(member.user), to_hex(member.id),
                       to_word(member.role), member.joined.value, member.read.value, to_word(member.level));
}

std::string text_of(const ServerSettings& server) {
    const auto open = server.registration_open;
    return fmt::format("server {} {}", server.name.value_or("-"), !open ? "-" : *open ? "open" : "closed");
}

struct BodyText {
    std::string operator()(const UserCreated& e) const { return "created " + text_of(e.user); }
    std::string operator()(const UserChanged& e) const {
        return fmt::format("changed {}{}", text_of(e.user), e.profile_changed);
    }
    std::string operator()(const TokenCreated& e) const { return "created " + text_of(e.token); }
    std::string operator()(const TokenRevoked& e) const {
        return fmt::format("revoked {} of {}", to_hex(e.token), to_hex(e.user));
    }
    std::string operator()(const SessionOpened& e) const { return "opened " + text_of(e.session); }
    std::string operator()(const SessionEnded& e) const {
        return fmt::format("ended {} of {}", to_hex(e.session), to_hex(e.user));
    }
    std::string operator()(const RoomDeleted& e) const { return "deleted " + text_of(e.room); }
    std::string operator()(const ServerChanged& e) const { return "changed " + text_of(e.settings); }
    std::string operator()(const RoomCreated& e) const { return "created " + text_of(e.room) + ids_of(e.people); }
    std::string operator()(const RoomChanged& e) const { return "changed " + text_of(e.room) + text_of(e.was); }
    std::string operator()(const Joined& e) const {
        return fmt::format("joined {} {} {} by {}", to_hex(e.user), to_hex(e.member), to_word(e.role), to_hex(e.by));
    }
    std::string operator()(const Left& e) const {
        return fmt::format("left {} {} {} by {}", to_hex(e.user), to_hex(e.member), to_word(e.role), to_hex(e.by));
    }
    std::string operator()(const RoleChanged& e) const {
        return fmt::format("role {} {} {} was {} {} by {}", to_hex(e.user), to_hex(e.member), to_word(e.role),
                           to_hex(e.was_member), to_word(e.was), to_hex(e.by));
    }
    std::string operator()(const MessagePosted& e) const { return "posted " + describe(e.message); }
    std::string operator()(const MessageEdited& e) const { return "edited " + describe(e.message); }
    std::string operator()(const MessageDeleted& e) const { return "removed " + describe(e.message) + to_hex(e.by); }
    std::string operator()(const ReadMoved& e) const {
        return fmt::format("read {} to {}: {} {}", to_hex(e.room), e.read.value, e.unread, e.mentions);
    }
    std::string operator()(const NotifyChanged& e) const {
        return fmt::format("level {} {}", to_hex(e.room), to_word(e.level));
    }
    std::string operator()(const SettingsChanged& e) const { return "settings " + e.settings; }
    std::string operator()(const LostRoom& e) const {
        return fmt::format("lost {} {} {} by {}", to_hex(e.room), to_hex(e.member), to_word(e.role), to_hex(e.by));
    }
    std::string operator()(const LostDeletedRoom& e) const { return "lost deleted " + text_of(e.room); }
};

}  // namespace

std::string describe(const Message& message) {
    const auto time = [](const std::optional<Time>& at) { return at ? to_millis(*at) : -1; };
    return fmt::format("message {} in {} seq {} ordinal {} of {} '{}' mentions {}{} here {}reply {} at {} {} {} ",
                       to_hex(message.id), to_hex(message.room), message.seq.value, message.ordinal,
                       to_hex(message.sender), message.text, ids_of(message.mentions), to_word(message.mentions_all),
                       ids_of(message.here), message.reply_to ? to_hex(*message.reply_to) : "-",
                       to_millis(message.created), time(message.edited), time(message.deleted));
}

std::string describe(const Entry& entry) {
    return fmt::format("{} log {} {} seq {} by {} at {}: {}", entry.position.value, static_cast<int>(entry.log.kind),
                       to_hex(entry.log.room()), entry.seq.value, to_hex(entry.actor), to_millis(entry.at),
                       std::visit(BodyText{}, entry.body));
}

std::string describe(Snapshot snapshot) {
    std::vector<std::string> lines;
    lines.push_back(text_of(snapshot.server));
    for (const auto& user : snapshot.users)
        lines.push_back(text_of(user) + fmt::format("{} seen {}", user.password, to_millis(user.last_seen)));
    for (const auto& token : snapshot.tokens) lines.push_back(text_of(token));
    for (const auto& session : snapshot.sessions) lines.push_back(text_of(session));
    for (auto& state : snapshot.rooms) {
        auto line =
            text_of(state.room) + fmt::format("last {} at {}, {} messages until {}, ", state.last_seq.value,
                                              state.last_position.value, state.messages, to_millis(state.last_message));
        std::ranges::sort(state.members, {}, &Membership::user);
        std::ranges::sort(state.barred);
        for (const auto& member : state.members) line += text_of(member);
        lines.push_back(line + "barred " + ids_of(state.barred));
    }
    for (const auto& head : snapshot.user_logs)
        lines.push_back(fmt::format("log of {} at {}", to_hex(head.user), head.last_position.value));
    std::ranges::sort(lines);
    return fmt::format("position {}\n{}\n", snapshot.position.value, fmt::join(lines, "\n"));
}

}  // namespace makechat
