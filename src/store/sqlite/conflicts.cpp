#include "store/sqlite/conflicts.hpp"

#include "base/limits.hpp"

#include <algorithm>

namespace makechat::sqlite {

using namespace chat;

bool Conflicts::is_stale(Position as_of, std::span<const Fact> rests_on) const {
    if (rests_on.empty()) return false;
    if (as_of < known_from_) return true;
    return std::ranges::any_of(rests_on, [&](const Fact& fact) {
        const auto found = changed_.find(fact.hash());
        if (found != changed_.end() && found->second > as_of) return true;
        return std::ranges::any_of(noted_, [&](const Changed& each) { return each.fact == fact.hash(); });
    });
}

void Conflicts::note(Position position, std::span<const Fact> facts) {
    for (const auto& fact : facts) noted_.push_back({fact.hash(), position});
}

void Conflicts::keep() {
    for (const auto& each : noted_) {
        changed_[each.fact] = each.position;
        by_age_.push_back(each);
    }
    if (!noted_.empty()) {
        constexpr auto window = static_cast<std::int64_t>(limits::conflict_window_entries);
        forget_before({noted_.back().position.value - window});
    }
    noted_.clear();
}

void Conflicts::forget_before(Position position) {
    while (!by_age_.empty() && by_age_.front().position <= position) {
        const auto oldest = by_age_.front();
        by_age_.pop_front();
        const auto found = changed_.find(oldest.fact);
        if (found != changed_.end() && found->second == oldest.position) changed_.erase(found);
        known_from_ = std::max(known_from_, oldest.position);
    }
}

}  // namespace makechat::sqlite
