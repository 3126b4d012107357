#include "store/memory/state.hpp"

#include <algorithm>

namespace makechat::memory {

using namespace chat;

/// What each body does to the state.
struct Projection {
    State& state;
    Entry& entry;

    [[nodiscard]] State::RoomState& room() const { return state.rooms_.at(entry.log.room()); }

    /// The membership that an entry of a user's own log speaks of, if he still has it.
    [[nodiscard]] Membership* mine(RoomId id) const {
        const auto found = state.rooms_.find(id);
        if (found == state.rooms_.end()) return nullptr;
        const auto member = found->second.members.find(entry.log.user());
        return member == found->second.members.end() ? nullptr : &member->second;
    }

    void operator()(const UserCreated& e) const { state.users_[e.user.id] = e.user; }
    void operator()(const UserChanged& e) const {
        const auto found = state.users_.find(e.user.id);
        if (found == state.users_.end()) return;
        User user = e.user;
        user.settings = found->second.settings;
        user.created = found->second.created;
        user.last_seen = found->second.last_seen;
        found->second = std::move(user);
    }
    void operator()(const TokenCreated& e) const { state.tokens_[e.token.id] = e.token; }
    void operator()(const TokenRevoked& e) const { state.tokens_.erase(e.token); }
    void operator()(const SessionOpened& e) const { state.sessions_[e.session.id] = e.session; }
    void operator()(const SessionEnded& e) const { state.sessions_.erase(e.session); }
    void operator()(const RoomDeleted& e) const {
        for (const auto& [seq, message] : state.rooms_.at(e.room.id).messages) state.messages_.erase(message.id);
        state.rooms_.erase(e.room.id);
        state.logs_.erase(LogId::of(e.room.id));
    }
    void operator()(const ServerChanged& e) const { state.server_ = e.settings; }
    void operator()(const RoomCreated& e) const { state.rooms_[e.room.id].room = e.room; }
    void operator()(const RoomChanged& e) const { room().room = e.room; }
    void operator()(const Joined& e) const {
        room().members[e.user] = {e.user, e.member, e.role, entry.seq, entry.seq, NotifyLevel::all};
        room().barred.erase(e.user);
    }
    void operator()(const Left& e) const {
        room().members.erase(e.user);
        if (bars_return(e)) room().barred.insert(e.user);
    }
    void operator()(const RoleChanged& e) const {
        const auto found = room().members.find(e.user);
        if (found == room().members.end()) return;
        found->second.role = e.role;
        found->second.id = e.member;
    }
    void operator()(MessagePosted& e) const {
        e.message.seq = entry.seq;
        e.message.ordinal = static_cast<std::int64_t>(room().messages.size()) + 1;
        state.messages_[e.message.id] = {entry.log.room(), entry.seq};
        room().messages[entry.seq] = e.message;
        if (const auto member = room().members.find(e.message.sender); member != room().members.end())
            member->second.read = entry.seq;
    }
    void operator()(const MessageEdited& e) const {
        const auto found = room().messages.find(e.message.seq);
        if (found == room().messages.end()) return;
        const Message& before = found->second;
        room().earlier[e.message.seq].push_back({before.text, before.edited.value_or(before.created)});
        found->second = e.message;
    }
    void operator()(const MessageDeleted& e) const {
        const auto found = room().messages.find(e.message.seq);
        if (found == room().messages.end()) return;
        found->second = e.message;
        room().earlier.erase(e.message.seq);
    }
    void operator()(const ReadMoved& e) const {
        if (auto* membership = mine(e.room)) membership->read = e.read;
    }
    void operator()(const NotifyChanged& e) const {
        if (auto* membership = mine(e.room)) membership->level = e.level;
    }
    void operator()(const SettingsChanged& e) const {
        if (const auto found = state.users_.find(entry.log.user()); found != state.users_.end())
            found->second.settings = e.settings;
    }
    void operator()(const LostRoom&) const {}
    void operator()(const LostDeletedRoom&) const {}
};

void State::append(Entry& entry) {
    position_ = position_.next();
    entry.position = position_;
    entry.seq = {static_cast<std::int64_t>(logs_[entry.log].size()) + 1};
    std::visit(Projection{*this, entry}, entry.body);
    logs_[entry.log].push_back(entry);
}

void State::record(const Uses& uses) {
    for (const auto& [id, at] : uses.tokens) {
        if (const auto found = tokens_.find(id); found != tokens_.end())
            found->second.last_used = std::max(found->second.last_used, at);
    }
    for (const auto& [id, at, expires] : uses.sessions) {
        const auto found = sessions_.find(id);
        if (found == sessions_.end()) continue;
        found->second.last_used = std::max(found->second.last_used, at);
        found->second.expires = std::max(found->second.expires, expires);
    }
    for (const auto& [id, at] : uses.users) {
        if (const auto found = users_.find(id); found != users_.end())
            found->second.last_seen = std::max(found->second.last_seen, at);
    }
}

const State::RoomState* State::room(RoomId id) const {
    const auto found = rooms_.find(id);
    return found == rooms_.end() ? nullptr : &found->second;
}

const Message* State::message(MessageId id) const {
    const auto found = messages_.find(id);
    if (found == messages_.end()) return nullptr;
    const auto& [in, seq] = found->second;
    return &rooms_.at(in).messages.at(seq);
}

Entry State::present(Entry entry) const {
    const auto as_now = [&](Message& message) { message = rooms_.at(entry.log.room()).messages.at(message.seq); };
    if (auto* posted = std::get_if<MessagePosted>(&entry.body)) as_now(posted->message);
    if (auto* edited = std::get_if<MessageEdited>(&entry.body)) as_now(edited->message);
    if (auto* deleted = std::get_if<MessageDeleted>(&entry.body)) as_now(deleted->message);
    if (auto* created = std::get_if<UserCreated>(&entry.body)) created->user.password.clear();
    if (auto* changed = std::get_if<UserChanged>(&entry.body)) changed->user.password.clear();
    return entry;
}

std::vector<Entry> State::entries(const LogId& log) const {
    std::vector<Entry> entries;
    const auto found = logs_.find(log);
    if (found == logs_.end()) return entries;
    for (const auto& entry : found->second) entries.push_back(present(entry));
    return entries;
}

Unread State::unread(UserId user, const Archive::Place& place) const {
    Unread answer{place.room, 0, 0};
    const auto* in = room(place.room);
    if (!in) return answer;
    const auto named = [&](const std::vector<UserId>& people) {
        return std::ranges::find(people, user) != people.end();
    };
    for (auto at = in->messages.upper_bound(place.read); at != in->messages.end(); ++at) {
        const Message& message = at->second;
        if (message.sender == user) continue;
        ++answer.unread;
        const bool here = message.mentions_all == MentionsAll::here && named(message.here);
        if (message.mentions_all == MentionsAll::all || here || named(message.mentions)) ++answer.mentions;
    }
    return answer;
}

Snapshot State::snapshot() const {
    Snapshot snapshot;
    snapshot.position = position_;
    snapshot.server = server_;
    for (const auto& [id, user] : users_) snapshot.users.push_back(user);
    for (const auto& [id, token] : tokens_) snapshot.tokens.push_back(token);
    for (const auto& [id, session] : sessions_) snapshot.sessions.push_back(session);
    for (const auto& [id, in] : rooms_) {
        const Entry& newest = logs_.at(LogId::of(id)).back();
        Snapshot::RoomState state{
            in.room, newest.seq, newest.position, static_cast<std::int64_t>(in.messages.size()), {}, {}, {}};
        if (!in.messages.empty()) state.last_message = in.messages.rbegin()->second.created;
        for (const auto& [user, membership] : in.members) state.members.push_back(membership);
        state.barred.assign(in.barred.begin(), in.barred.end());
        snapshot.rooms.push_back(std::move(state));
    }
    for (const auto& [log, entries] : logs_) {
        if (log.kind == LogId::Kind::user) snapshot.user_logs.push_back({log.user(), entries.back().position});
    }
    return snapshot;
}

}  // namespace makechat::memory
