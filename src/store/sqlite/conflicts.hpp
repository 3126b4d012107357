#pragma once

#include "chat/change.hpp"

#include <cstdint>
#include <deque>
#include <span>
#include <unordered_map>
#include <vector>

namespace makechat::sqlite {

/// Tells decisions whose ground has moved: when each fact last changed, for the last limits::conflict_window_entries
/// positions. What changed before the store was opened is not known; no decision can be older than that.
/// Threads: the writer's.
class Conflicts {
public:
    explicit Conflicts(chat::Position opened_at) : known_from_(opened_at) {}

    /// Whether one of the facts has changed after `as_of`, or that cannot be told any more.
    [[nodiscard]] bool is_stale(chat::Position as_of, std::span<const chat::Fact> rests_on) const;

    /// The facts change with the entry at `position`, if its transaction is committed.
    void note(chat::Position position, std::span<const chat::Fact> facts);
    /// What was noted since the last call of either is committed, or never was.
    void keep();
    void drop() { noted_.clear(); }

private:
    void forget_before(chat::Position position);

    chat::Position known_from_;
    std::unordered_map<std::uint64_t, chat::Position> changed_;
    struct Changed {
        std::uint64_t fact;
        chat::Position position;
    };
    std::deque<Changed> by_age_;  ///< all of changed_, and outdated positions of its facts
    std::vector<Changed> noted_;
};

}  // namespace makechat::sqlite
