#include "chat/directory.hpp"

namespace makechat::chat {

void Directory::load(Snapshot snapshot) {
    accounts.load(std::move(snapshot.users));
    credentials.load(snapshot.tokens, snapshot.sessions);
    rooms.load(std::move(snapshot.rooms), snapshot.user_logs);
    position_.store(snapshot.position.value, std::memory_order_release);
}

void Directory::apply(const Batch& batch) {
    for (const auto& entry : batch) {
        if (entry.log.kind == LogId::Kind::server) credentials.apply(entry);
        if (entry.log.kind != LogId::Kind::room) accounts.apply(entry);
        rooms.apply(entry);
    }
    tails.apply(batch);
    if (!batch.empty()) position_.store(batch.back().position.value, std::memory_order_release);
}

}  // namespace makechat::chat
