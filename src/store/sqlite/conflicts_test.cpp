#include "store/sqlite/conflicts.hpp"

#include "base/limits.hpp"

#include <gtest/gtest.h>

namespace makechat::sqlite {
namespace {

using namespace chat;

const Fact name = Fact::room_name("one");
const Fact other = Fact::room_name("two");

TEST(Conflicts, a_fact_that_changed_after_the_decision_began_makes_it_stale) {
    Conflicts conflicts({10});
    conflicts.note({12}, std::vector{name});
    EXPECT_TRUE(conflicts.is_stale({11}, std::vector{other, name})) << "in the same transaction too";
    conflicts.keep();
    EXPECT_TRUE(conflicts.is_stale({11}, std::vector{name}));
    EXPECT_FALSE(conflicts.is_stale({12}, std::vector{name}));
    EXPECT_FALSE(conflicts.is_stale({11}, std::vector{other}));
}

TEST(Conflicts, what_was_not_committed_has_not_changed) {
    Conflicts conflicts({10});
    conflicts.note({12}, std::vector{name});
    conflicts.drop();
    EXPECT_FALSE(conflicts.is_stale({11}, std::vector{name}));
}

TEST(Conflicts, a_decision_from_before_what_is_known_is_stale_unless_it_rests_on_nothing) {
    Conflicts conflicts({10});
    EXPECT_TRUE(conflicts.is_stale({9}, std::vector{name}));
    EXPECT_FALSE(conflicts.is_stale({0}, {}));
}

TEST(Conflicts, old_changes_are_forgotten_and_decisions_from_then_with_them) {
    constexpr auto window = static_cast<std::int64_t>(limits::conflict_window_entries);
    Conflicts conflicts({0});
    conflicts.note({5}, std::vector{name});
    conflicts.keep();
    conflicts.note({5 + window}, std::vector{other});
    conflicts.keep();
    EXPECT_TRUE(conflicts.is_stale({4}, std::vector{name}));
    EXPECT_TRUE(conflicts.is_stale({4}, std::vector{Fact::room_name("three")}));
    EXPECT_FALSE(conflicts.is_stale({5}, std::vector{name}));
    EXPECT_TRUE(conflicts.is_stale({5}, std::vector{other}));
}

}  // namespace
}  // namespace makechat::sqlite
