#pragma once

#include "store/sqlite/database.hpp"

#include <unordered_map>

namespace makechat::sqlite {

/// Where each log stands: read from the tables when first asked for, and then kept.
/// Threads: the writer's.
class Heads {
public:
    explicit Heads(Database& database);

    struct Head {
        chat::Seq seq;             ///< of the newest entry; 0: the log is empty
        std::int64_t ordinal = 0;  ///< of the newest message, in a room's log
    };
    /// To be moved on with each entry. Throws Failure.
    Head& of(const chat::LogId& log);
    /// A room is there from its first entry to its deletion, when there still is some of its log.
    bool has_room(chat::RoomId room) { return of(chat::LogId::of(room)).seq.value > 0; }

    void forget(const chat::LogId& log) { heads_.erase(log); }
    /// After what was not committed: the tables know better.
    void forget_all() { heads_.clear(); }

private:
    Statement deleted_;
    Statement last_seq_;
    Statement last_ordinal_;
    std::unordered_map<chat::LogId, Head> heads_;
};

}  // namespace makechat::sqlite
