#include "chat/directory.hpp"

#include <mutex>

namespace makechat::chat {

void Directory::load(Snapshot snapshot) {
    set_server(std::move(snapshot.server));
    accounts.load(std::move(snapshot.users));
    credentials.load(snapshot.tokens, snapshot.sessions);
    rooms.load(std::move(snapshot.rooms), snapshot.user_logs);
    position_.store(snapshot.position.value, std::memory_order_release);
}

void Directory::apply(const Batch& batch) {
    for (const auto& entry : batch) {
        if (entry.log.kind == LogId::Kind::server) credentials.apply(entry);
        if (const auto* changed = std::get_if<ServerChanged>(&entry.body)) set_server(changed->settings);
        if (entry.log.kind != LogId::Kind::room) accounts.apply(entry);
        rooms.apply(entry);
    }
    tails.apply(batch);
    if (!batch.empty()) position_.store(batch.back().position.value, std::memory_order_release);
}

ServerSettings Directory::server() const {
    const std::shared_lock lock(server_mutex_);
    return server_;
}

void Directory::set_server(ServerSettings settings) {
    const std::unique_lock lock(server_mutex_);
    server_ = std::move(settings);
}

}  // namespace makechat::chat
