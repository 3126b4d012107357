#include "chat/rooms.hpp"

#include "base/fold.hpp"

#include <algorithm>
#include <limits>
#include <mutex>

namespace makechat::chat {

void Rooms::load(std::vector<Snapshot::RoomState> rooms, const std::vector<Snapshot::UserLogHead>& user_logs) {
    const std::unique_lock lock(mutex_);
    for (auto& loaded : rooms) {
        auto& state = rooms_[loaded.room.id] = std::make_unique<State>();
        state->last_seq = loaded.last_seq;
        state->last_position = loaded.last_position;
        state->messages = loaded.messages;
        state->last_message = loaded.last_message;
        for (const auto& membership : loaded.members) {
            auto& member = state->members[membership.user] = membership;
            state->by_joined.push_back(&member);
            state->owners += membership.role == Role::owner ? 1 : 0;
            if (membership.id != member_id_of(membership.user, membership.role))
                state->other_ids[membership.id] = membership.user;
        }
        std::ranges::sort(state->by_joined, {}, &Membership::joined);
        state->barred.insert(loaded.barred.begin(), loaded.barred.end());
        if (loaded.room.kind == RoomKind::direct) {
            std::vector<UserId> people;
            for (const auto& membership : loaded.members) people.push_back(membership.user);
            std::ranges::sort(people);
            direct_[people] = loaded.room.id;
        } else {
            by_name_[fold(loaded.room.name)] = loaded.room.id;
        }
        for (const auto& membership : loaded.members) rooms_of_[membership.user].insert(loaded.room.id);
        state->room = std::make_shared<const Room>(std::move(loaded.room));
        list_room(*state);
    }
    for (const auto& head : user_logs) user_logs_[head.user] = head.last_position;
}

void Rooms::apply(const Entry& entry) {
    const std::unique_lock lock(mutex_);
    switch (entry.log.kind) {
        case LogId::Kind::room: return apply_to_room(entry);
        case LogId::Kind::user: return apply_to_user(entry);
        case LogId::Kind::server:
            if (const auto* deleted = std::get_if<RoomDeleted>(&entry.body)) delete_room(deleted->room.id);
    }
}

void Rooms::apply_to_room(const Entry& entry) {
    const RoomId id = entry.log.room();
    if (const auto* created = std::get_if<RoomCreated>(&entry.body)) {
        rooms_[id] = std::make_unique<State>();
        rooms_[id]->room = std::make_shared<const Room>(created->room);
        if (created->room.kind == RoomKind::direct) direct_[created->people] = id;
        else by_name_[fold(created->room.name)] = id;
        list_room(*rooms_[id]);
    }
    const auto found = rooms_.find(id);
    if (found == rooms_.end()) return;
    State& state = *found->second;
    state.last_seq = entry.seq;
    state.last_position = entry.position;
    if (const auto* changed = std::get_if<RoomChanged>(&entry.body)) {
        by_name_.erase(fold(state.room->name));
        by_name_[fold(changed->room.name)] = id;
        unlist_room(state);
        state.room = std::make_shared<const Room>(changed->room);
        list_room(state);
    } else if (const auto* joined = std::get_if<Joined>(&entry.body)) {
        put_member(state, {joined->user, joined->member, joined->role, entry.seq, entry.seq, NotifyLevel::all});
        state.barred.erase(joined->user);
        rooms_of_[joined->user].insert(id);
    } else if (const auto* left = std::get_if<Left>(&entry.body)) {
        drop_member(state, left->user);
        if (bars_return(*left)) state.barred.insert(left->user);
        rooms_of_[left->user].erase(id);
    } else if (const auto* role = std::get_if<RoleChanged>(&entry.body)) {
        if (const auto member = state.members.find(role->user); member != state.members.end()) {
            Membership membership = member->second;
            membership.role = role->role;
            membership.id = role->member;
            put_member(state, membership);
        }
    } else if (const auto* posted = std::get_if<MessagePosted>(&entry.body)) {
        state.messages = posted->message.ordinal;
        state.last_message = posted->message.created;
        if (const auto member = state.members.find(posted->message.sender); member != state.members.end())
            member->second.read = entry.seq;
    }
}

void Rooms::apply_to_user(const Entry& entry) {
    const UserId user = entry.log.user();
    user_logs_[user] = entry.position;
    const auto membership = [&](RoomId room) -> Membership* {
        const auto found = rooms_.find(room);
        if (found == rooms_.end()) return nullptr;
        const auto member = found->second->members.find(user);
        return member == found->second->members.end() ? nullptr : &member->second;
    };
    if (const auto* read = std::get_if<ReadMoved>(&entry.body)) {
        if (auto* mine = membership(read->room)) mine->read = read->read;
    } else if (const auto* notify = std::get_if<NotifyChanged>(&entry.body)) {
        if (auto* mine = membership(notify->room)) mine->level = notify->level;
    }
}

void Rooms::put_member(State& state, const Membership& membership) {
    drop_member(state, membership.user);
    state.owners += membership.role == Role::owner ? 1 : 0;
    const auto& member = state.members[membership.user] = membership;
    const auto place = std::ranges::upper_bound(state.by_joined, member.joined, {}, &Membership::joined);
    state.by_joined.insert(place, &member);
    if (member.id != member_id_of(member.user, member.role)) state.other_ids[member.id] = member.user;
}

void Rooms::drop_member(State& state, UserId user) {
    const auto found = state.members.find(user);
    if (found == state.members.end()) return;
    state.owners -= found->second.role == Role::owner ? 1 : 0;
    state.by_joined.erase(std::ranges::lower_bound(state.by_joined, found->second.joined, {}, &Membership::joined));
    state.other_ids.erase(found->second.id);
    state.members.erase(found);
}

void Rooms::list_room(const State& state) {
    if (state.room->kind == RoomKind::direct) return;
    listed_[{state.room->name, state.room->id}] = &state;
    visible_ += state.room->is_visible ? 1 : 0;
}

void Rooms::unlist_room(const State& state) {
    if (listed_.erase({state.room->name, state.room->id}) > 0) visible_ -= state.room->is_visible ? 1 : 0;
}

void Rooms::delete_room(RoomId room) {
    const auto found = rooms_.find(room);
    if (found == rooms_.end()) return;
    for (const auto& [user, membership] : found->second->members) rooms_of_[user].erase(room);
    by_name_.erase(fold(found->second->room->name));
    unlist_room(*found->second);
    rooms_.erase(found);
}

const Rooms::State* Rooms::state(RoomId room) const {
    const auto found = rooms_.find(room);
    return found == rooms_.end() ? nullptr : found->second.get();
}

Rooms::View Rooms::view(const State& state, std::size_t members_max) const {
    View view{
        state.room, state.last_seq, state.last_position, state.members.size(), state.messages, state.last_message, {},
        {}};
    const auto shown = std::min(members_max, state.by_joined.size());
    view.members.reserve(shown);
    for (std::size_t i = 0; i < shown; ++i) view.members.push_back(state.by_joined[i]->id);
    if (state.room->kind != RoomKind::direct) return view;
    for (std::size_t i = 0; i < shown; ++i) view.people.push_back(state.by_joined[i]->user);
    return view;
}

std::optional<Rooms::View> Rooms::find(RoomId id, std::size_t members_max) const {
    const std::shared_lock lock(mutex_);
    const auto* found = state(id);
    if (!found) return std::nullopt;
    return view(*found, members_max);
}

SharedRoom Rooms::find_name(std::string_view name) const {
    const auto key = fold(name);
    const std::shared_lock lock(mutex_);
    const auto found = by_name_.find(key);
    return found == by_name_.end() ? nullptr : state(found->second)->room;
}

std::optional<RoomId> Rooms::find_direct(const std::vector<UserId>& people) const {
    const std::shared_lock lock(mutex_);
    const auto found = direct_.find(people);
    if (found == direct_.end()) return std::nullopt;
    return found->second;
}

std::optional<Membership> Rooms::membership(RoomId room, UserId user) const {
    const std::shared_lock lock(mutex_);
    const auto* found = state(room);
    if (!found) return std::nullopt;
    const auto member = found->members.find(user);
    if (member == found->members.end()) return std::nullopt;
    return member->second;
}

std::optional<Membership> Rooms::member(RoomId room, MemberId member) const {
    const std::shared_lock lock(mutex_);
    const auto* found = state(room);
    if (!found) return std::nullopt;
    const auto with_id = [&](UserId user) -> std::optional<Membership> {
        const auto at = found->members.find(user);
        if (at == found->members.end() || at->second.id != member) return std::nullopt;
        return at->second;
    };
    if (const auto other = found->other_ids.find(member); other != found->other_ids.end())
        return with_id(other->second);
    for (const auto role : {Role::owner, Role::admin, Role::member, Role::guest}) {
        if (const auto derived = with_id(user_id_of(member, role))) return derived;
    }
    return std::nullopt;
}

bool Rooms::barred(RoomId room, UserId user) const {
    const std::shared_lock lock(mutex_);
    const auto* found = state(room);
    return found && found->barred.contains(user);
}

std::size_t Rooms::owners(RoomId room) const {
    const std::shared_lock lock(mutex_);
    const auto* found = state(room);
    return found ? found->owners : 0;
}

std::vector<Membership> Rooms::members(RoomId room) const {
    return members(room, 0, std::numeric_limits<std::size_t>::max()).members;
}

Rooms::MembersPage Rooms::members(RoomId room, std::size_t offset, std::size_t limit) const {
    const std::shared_lock lock(mutex_);
    const auto* found = state(room);
    if (!found) return {};
    const auto& all = found->by_joined;
    MembersPage page{{}, all.size()};
    const auto begin = std::min(offset, all.size());
    const auto end = begin + std::min(limit, all.size() - begin);
    page.members.reserve(end - begin);
    for (auto i = begin; i < end; ++i) page.members.push_back(*all[i]);
    return page;
}

std::vector<Rooms::Mine> Rooms::rooms_of(UserId user) const {
    const std::shared_lock lock(mutex_);
    std::vector<Mine> mine;
    const auto found = rooms_of_.find(user);
    if (found == rooms_of_.end()) return mine;
    for (const auto room : found->second) {
        const auto* in = state(room);
        mine.push_back({room, in->members.at(user), in->last_seq, in->last_position});
    }
    return mine;
}

std::size_t Rooms::room_count_of(UserId user) const {
    const std::shared_lock lock(mutex_);
    const auto found = rooms_of_.find(user);
    return found == rooms_of_.end() ? 0 : found->second.size();
}

bool Rooms::share_a_room(UserId a, UserId b) const {
    const std::shared_lock lock(mutex_);
    const auto of_a = rooms_of_.find(a);
    const auto of_b = rooms_of_.find(b);
    if (of_a == rooms_of_.end() || of_b == rooms_of_.end()) return false;
    return std::ranges::any_of(of_a->second, [&](RoomId room) { return of_b->second.contains(room); });
}

Rooms::Page Rooms::list(const UserId* viewer, std::size_t offset, std::size_t limit, std::size_t members_max) const {
    const std::shared_lock lock(mutex_);
    Page page{{}, viewer ? visible_ + hidden_rooms_of(*viewer) : listed_.size()};
    std::size_t place = 0;
    for (const auto& [name, listed] : listed_) {
        if (page.rooms.size() == limit) break;
        if (viewer && !listed->room->is_visible && !listed->members.contains(*viewer)) continue;
        if (place++ >= offset) page.rooms.push_back(view(*listed, members_max));
    }
    return page;
}

std::size_t Rooms::hidden_rooms_of(UserId user) const {
    const auto found = rooms_of_.find(user);
    if (found == rooms_of_.end()) return 0;
    return static_cast<std::size_t>(std::ranges::count_if(found->second, [&](RoomId id) {
        const auto& room = *state(id)->room;
        return room.kind != RoomKind::direct && !room.is_visible;
    }));
}

std::size_t Rooms::count() const {
    const std::shared_lock lock(mutex_);
    return by_name_.size();
}

std::int64_t Rooms::messages_total() const {
    const std::shared_lock lock(mutex_);
    std::int64_t total = 0;
    for (const auto& [id, state] : rooms_) total += state->messages;
    return total;
}

Position Rooms::user_log_position(UserId user) const {
    const std::shared_lock lock(mutex_);
    const auto found = user_logs_.find(user);
    return found == user_logs_.end() ? Position{} : found->second;
}

}  // namespace makechat::chat
