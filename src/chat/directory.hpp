#pragma once

#include "chat/accounts.hpp"
#include "chat/credentials.hpp"
#include "chat/log_tails.hpp"
#include "chat/ports.hpp"
#include "chat/rooms.hpp"

#include <atomic>
#include <chrono>

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

    Accounts accounts;
    Credentials credentials;
    Rooms rooms;
    LogTails tails;

private:
    std::atomic<std::int64_t> position_{0};
};

}  // namespace makechat::chat
