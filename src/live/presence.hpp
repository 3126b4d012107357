#pragma once

#include "chat/ports.hpp"

#include <mutex>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace makechat::live {

/// Counts each user's live connections on this server. What changes is told once a second, so that a page being reloaded
/// is not told at all. Threads: any.
class Presence final : public chat::Presence {
public:
    void came(chat::UserId user);
    void went(chat::UserId user);
    [[nodiscard]] bool online(chat::UserId user) const override;

    /// Who is not as he was at the last call.
    std::vector<chat::PresenceChanged> take_changes();

private:
    mutable std::mutex mutex_;
    // Guarded by mutex_.
    struct Here {
        int connections = 0;
        bool told = false;  ///< that he is online
    };
    std::unordered_map<chat::UserId, Here> here_;  ///< who has connections, or had when it was told last
    std::unordered_set<chat::UserId> touched_;
};

}  // namespace makechat::live
