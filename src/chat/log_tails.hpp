#pragma once

#include "base/task.hpp"
#include "chat/entry.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

namespace makechat::chat {

/// The newest entries of the logs that people come back to, in memory: when thousands reconnect at the same moment, one
/// read of the store for each log serves them all, and what is committed later is here without one. Messages are as they
/// are now. At most limits::tails_bytes_max; what came in first goes first. Threads: `apply` from the log's writer; all
/// else from any.
class LogTails {
public:
    /// Before the directory's position says that the batch is there.
    void apply(const Batch& batch);

    /// The entries of `log` after `after`, the oldest `max` of them. None: not all of them are here.
    [[nodiscard]] std::optional<std::vector<Entry>> find(const LogId& log, Position after, std::size_t max) const;

    enum class Turn : std::uint8_t {
        read,  ///< the caller reads the log's tail from the store, and gives it to `fill` or says `give_up`
        wait,  ///< somebody is at it
        none,  ///< it reaches back as far as it will
    };
    /// For who has not found what is after `after`.
    Turn take_turn(const LogId& log, Position after);
    /// Finishes `done` when the turn of who reads is over; at once, when it is.
    void wait(const LogId& log, Completion<bool>& done);
    /// `entries`: all of the log after `known_from`, as read after take_turn. `whole`: no more are wanted of it.
    void fill(const LogId& log, std::vector<Entry> entries, Position known_from, bool whole);
    void give_up(const LogId& log);

private:
    using Item = std::shared_ptr<const Entry>;
    struct Tail {
        Position known_from;                                 ///< all entries behind it are in `items`
        std::deque<Item> items;                              ///< in order, without holes
        std::unordered_map<std::int64_t, Item> newest_form;  ///< by a message's seq: its last edit or deletion
        bool whole = false;
        bool being_read = false;
        bool cut = false;  ///< while it was being read, something of it had to go
        std::vector<Completion<bool>*> waiters;
    };
    using Tails = std::unordered_map<LogId, Tail>;

    void add(Tail& tail, const Entry& entry);
    void end_turn(Tail& tail);
    void drop(Tails::iterator tail);
    void keep_bound();

    mutable std::shared_mutex mutex_;
    // Guarded by mutex_.
    Tails tails_;
    std::deque<LogId> by_age_;  ///< whose oldest item goes next
    std::size_t bytes_ = 0;
};

}  // namespace makechat::chat
