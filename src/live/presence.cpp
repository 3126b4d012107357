#include "live/presence.hpp"

namespace makechat::live {

void Presence::came(chat::UserId user) {
    const std::lock_guard lock(mutex_);
    ++connections_[user];
    touched_.insert(user);
}

void Presence::went(chat::UserId user) {
    const std::lock_guard lock(mutex_);
    const auto found = connections_.find(user);
    if (found != connections_.end() && --found->second == 0) connections_.erase(found);
    touched_.insert(user);
}

bool Presence::online(chat::UserId user) const {
    const std::lock_guard lock(mutex_);
    return connections_.contains(user);
}

std::vector<chat::PresenceChanged> Presence::take_changes() {
    const std::lock_guard lock(mutex_);
    std::vector<chat::PresenceChanged> changes;
    for (const auto user : touched_) {
        const bool online = connections_.contains(user);
        if (online == told_online_.contains(user)) continue;
        if (online) told_online_.insert(user);
        else told_online_.erase(user);
        changes.push_back({user, online});
    }
    touched_.clear();
    return changes;
}

}  // namespace makechat::live
