#pragma once

#include "chat/accounts.hpp"
#include "chat/credentials.hpp"
#include "chat/log_tails.hpp"
#include "chat/ports.hpp"
#include "chat/rooms.hpp"

#include <atomic>
#include <chrono>
#include <shared_mutex>

namespace makechat::chat {

/// The state that all committed entries amount to, in memory, so that a right is checked without I/O. Loaded once, then
/// moved on by each committed batch before its writers hear of it: who has an answer finds its effect here.
/// Threads: `apply` from the log's writer; all else from any.
class Directory {
public:
    explicit Directory(std::chrono::milliseconds session_ttl) : credentials(session_ttl) {}

    void load(Snapshot snapshot);
    void apply(const Batch& batch);

    /// What is read after this call is at least as new: a decision takes it first, as its `as_of`.
    [[nodiscard]] Position position() const { return {position_.load(std::memory_order_acquire)}; }

    [[nodiscard]] ServerSettings server() const;

    Accounts accounts;
    Credentials credentials;
    Rooms rooms;
    LogTails tails;

private:
    void set_server(ServerSettings settings);

    std::atomic<std::int64_t> position_{0};
    mutable std::shared_mutex server_mutex_;
    ServerSettings server_;  ///< guarded by server_mutex_
};

}  // namespace makechat::chat
