#include "live/presence.hpp"

#include <utility>

namespace makechat::live {

void Presence::came(chat::UserId user) {
    const std::lock_guard lock(mutex_);
    ++here_[user].connections;
    touched_.insert(user);
}

void Presence::went(chat::UserId user) {
    const std::lock_guard lock(mutex_);
    const auto found = here_.find(user);
    if (found == here_.end() || found->second.connections == 0) return;
    --found->second.connections;
    touched_.insert(user);
}

bool Presence::online(chat::UserId user) const {
    const std::lock_guard lock(mutex_);
    const auto found = here_.find(user);
    return found != here_.end() && found->second.connections > 0;
}

std::vector<chat::PresenceChanged> Presence::take_changes() {
    const std::lock_guard lock(mutex_);
    std::vector<chat::PresenceChanged> changes;
    for (const auto user : touched_) {
        const auto found = here_.find(user);
        const bool online = found->second.connections > 0;
        if (online != std::exchange(found->second.told, online)) changes.push_back({user, online});
        if (!online) here_.erase(found);
    }
    touched_.clear();
    return changes;
}

}  // namespace makechat::live
