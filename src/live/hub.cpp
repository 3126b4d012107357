#include "live/hub.hpp"

#include "chat/rights.hpp"

#include <algorithm>
#include <utility>

namespace makechat::live {
namespace {

/// Room for so many frames stays with a watcher between two drains; of ten thousand idle ones more would be megabytes.
constexpr std::size_t waiting_kept_max = 8;

template <class Key>
void take_out(std::unordered_map<Key, std::vector<Watcher*>>& lists, const Key& key, Watcher* watcher) {
    const auto list = lists.find(key);
    if (list == lists.end()) return;
    const auto found = std::ranges::find(list->second, watcher);
    if (found == list->second.end()) return;
    *found = list->second.back();
    list->second.pop_back();
    if (list->second.empty()) lists.erase(list);
}

/// By its coverage, whatever his rights are.
bool covers(const Watcher& watcher, chat::RoomId room) {
    const auto& coverage = watcher.coverage();
    return coverage.follows_memberships() || std::ranges::find(coverage.rooms, room) != coverage.rooms.end();
}

/// Who is no member may read the room from here on.
bool opens(const chat::RoomChanged& changed) {
    const auto readable = [](const chat::Room& room) { return room.is_open && room.is_visible; };
    return readable(changed.room) && !readable(changed.was);
}

}  // namespace

void Hub::add(Watcher& watcher) {
    ++watchers_;
    of_user_[watcher.user()].push_back(&watcher);
    if (watcher.coverage().follows_memberships()) {
        for (const auto& mine : directory_.rooms.rooms_of(watcher.user())) enter(watcher, mine.room);
    } else {
        for (const auto room : watcher.coverage().rooms) {
            if (chat::reader_of(directory_, room, watcher.user())) enter(watcher, room);
        }
    }
}

void Hub::remove(Watcher& watcher) {
    --watchers_;
    for (const auto room : watcher.rooms_) take_out(of_room_, room, &watcher);
    watcher.rooms_.clear();
    take_out(of_user_, watcher.user(), &watcher);
    if (std::exchange(watcher.is_marked_, false)) std::ranges::replace(marked_, &watcher, nullptr);
    watcher.waiting_ = {};
    for (auto& [room, told] : told_deleted_) told.erase(&watcher);
}

void Hub::enter(Watcher& watcher, chat::RoomId room) {
    if (std::ranges::find(watcher.rooms_, room) != watcher.rooms_.end()) return;
    watcher.rooms_.push_back(room);
    of_room_[room].push_back(&watcher);
}

void Hub::leave(Watcher& watcher, chat::RoomId room) {
    std::erase(watcher.rooms_, room);
    take_out(of_room_, room, &watcher);
}

const Hub::Watchers& Hub::of_user(chat::UserId user) const {
    static const Watchers none;
    const auto found = of_user_.find(user);
    return found == of_user_.end() ? none : found->second;
}

const Hub::Watchers& Hub::of_room(chat::RoomId room) const {
    static const Watchers none;
    const auto found = of_room_.find(room);
    return found == of_room_.end() ? none : found->second;
}

bool Hub::wants(const chat::Entry& entry) const {
    switch (entry.log.kind) {
        case chat::LogId::Kind::room: {
            if (of_room_.contains(entry.log.room())) return true;
            const auto* joined = std::get_if<chat::Joined>(&entry.body);
            const auto* changed = std::get_if<chat::RoomChanged>(&entry.body);
            return (joined && of_user_.contains(joined->user)) || (changed && opens(*changed) && watchers_ > 0);
        }
        case chat::LogId::Kind::user:
            return std::ranges::any_of(of_user(entry.log.user()),
                                       [&](const Watcher* watcher) { return !has_told_deletion(entry, *watcher); });
        case chat::LogId::Kind::server: break;
    }
    const auto* deleted = std::get_if<chat::RoomDeleted>(&entry.body);
    return deleted && of_room_.contains(deleted->room.id);
}

void Hub::offer(const chat::Entry& entry, FrameIndex frame) {
    switch (entry.log.kind) {
        case chat::LogId::Kind::room: return offer_room_entry(entry, frame);
        case chat::LogId::Kind::user: return offer_own_entry(entry, frame);
        case chat::LogId::Kind::server: return follow_server_entry(entry, frame);
    }
}

void Hub::offer_room_entry(const chat::Entry& entry, FrameIndex frame) {
    const chat::RoomId room = entry.log.room();
    if (const auto* joined = std::get_if<chat::Joined>(&entry.body)) {
        for (auto* watcher : of_user(joined->user)) {
            if (covers(*watcher, room)) enter(*watcher, room);
        }
    }
    if (const auto* changed = std::get_if<chat::RoomChanged>(&entry.body)) {
        // First, for what the room is called behind its closed door is no stranger's business.
        cut(room, nullptr);
        if (opens(*changed)) readmit(room);
    }
    for (auto* watcher : of_room(room)) {
        if (chat::concerns_reader(entry, watcher->user())) mark(*watcher, frame);
    }
    if (const auto* left = std::get_if<chat::Left>(&entry.body)) cut(room, &left->user);
}

void Hub::readmit(chat::RoomId room) {
    for (const auto& [user, watchers] : of_user_) {
        for (auto* watcher : watchers) {
            const bool named = !watcher->coverage().follows_memberships() && covers(*watcher, room);
            if (named && chat::reader_of(directory_, room, user)) enter(*watcher, room);
        }
    }
}

void Hub::cut(chat::RoomId room, const chat::UserId* user) {
    for (auto* watcher : Watchers(user ? of_user(*user) : of_room(room))) {
        // Who named an open room may go on to read it as a stranger; who follows his memberships has one less.
        const bool stays = watcher->coverage().follows_memberships()
                               ? directory_.rooms.membership(room, watcher->user()).has_value()
                               : chat::reader_of(directory_, room, watcher->user()).has_value();
        if (!stays) leave(*watcher, room);
    }
}

void Hub::offer_own_entry(const chat::Entry& entry, FrameIndex frame) {
    for (auto* watcher : of_user(entry.log.user())) {
        if (!has_told_deletion(entry, *watcher) && chat::concerns_owner(entry, watcher->coverage()))
            mark(*watcher, frame);
    }
}

/// Who watched the room has heard of its deletion with all others. But a member may have been put out before, where the
/// directory was ahead and knew the room no more.
bool Hub::has_told_deletion(const chat::Entry& entry, const Watcher& watcher) const {
    const auto* deleted = std::get_if<chat::LostDeletedRoom>(&entry.body);
    const auto told = deleted ? told_deleted_.find(deleted->room.id) : told_deleted_.end();
    return told != told_deleted_.end() && told->second.contains(&watcher);
}

void Hub::end_batch() { told_deleted_.clear(); }

void Hub::follow_server_entry(const chat::Entry& entry, FrameIndex frame) {
    if (const auto* deleted = std::get_if<chat::RoomDeleted>(&entry.body)) {
        auto& told = told_deleted_[deleted->room.id];
        for (auto* watcher : Watchers(of_room(deleted->room.id))) {
            told.insert(watcher);
            mark(*watcher, frame);
            leave(*watcher, deleted->room.id);
        }
    } else if (const auto* changed = std::get_if<chat::UserChanged>(&entry.body)) {
        if (changed->user.is_disabled) sign_out(changed->user.id, nullptr);
    } else if (const auto* token = std::get_if<chat::TokenRevoked>(&entry.body)) {
        const chat::Credential credential{token->token};
        sign_out(token->user, &credential);
    } else if (const auto* session = std::get_if<chat::SessionEnded>(&entry.body)) {
        const chat::Credential credential{session->session};
        sign_out(session->user, &credential);
    }
}

void Hub::sign_out(chat::UserId user, const chat::Credential* credential) {
    for (auto* watcher : Watchers(of_user(user))) {
        if (!credential || watcher->credential_ == *credential) watcher->sign_out();
    }
}

void Hub::offer_to_room(chat::RoomId room, FrameIndex frame, chat::UserId except) {
    for (auto* watcher : of_room(room)) {
        if (watcher->user() != except) mark(*watcher, frame);
    }
}

void Hub::offer_to_peers(chat::UserId user, FrameIndex frame, std::size_t members_max) {
    for (const auto& mine : directory_.rooms.rooms_of(user)) {
        const auto& watchers = of_room(mine.room);
        if (watchers.empty()) continue;
        const auto view = directory_.rooms.find(mine.room);
        if (!view || view->members_total > members_max) continue;
        for (auto* watcher : watchers) mark(*watcher, frame);
    }
}

void Hub::mark(Watcher& watcher, FrameIndex frame) {
    if (!std::exchange(watcher.is_marked_, true)) marked_.push_back(&watcher);
    if (!watcher.waiting_.empty() && watcher.waiting_.back() == frame) return;  // by another room that they share
    watcher.waiting_.push_back(frame);
}

bool Hub::drain(std::size_t max) {
    for (; drained_ < marked_.size() && max > 0; ++drained_) {
        auto* watcher = marked_[drained_];
        if (!watcher) continue;
        watcher->is_marked_ = false;
        drain(*watcher);
        --max;
    }
    if (drained_ < marked_.size()) return false;
    marked_.clear();
    drained_ = 0;
    return true;
}

void Hub::drain(Watcher& watcher) {
    if (watcher.waiting_.empty()) return;
    watcher.deliver(watcher.waiting_);
    if (watcher.waiting_.capacity() > waiting_kept_max) watcher.waiting_ = std::vector<FrameIndex>();
    watcher.waiting_.clear();
}

}  // namespace makechat::live
