#include "base/limits.hpp"
#include "net/loop.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

/// What a loop's connections keep for slow peers, all together. The loop does not run: nothing here waits.
namespace makechat::net {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t mebibyte = 1024 * 1024;
constexpr std::size_t loop_bytes = 8 * mebibyte;

struct Slow final : Sweepable {
    Slow(Loop& loop, std::vector<Slow*>& list) : Sweepable(loop), gone(list) {}
    void sweep(std::chrono::nanoseconds) override {}
    bool keep(std::size_t bytes) { return hold(bytes); }
    bool let_go() override {
        if (busy) return false;
        gone.push_back(this);
        return true;
    }
    std::vector<Slow*>& gone;
    bool busy = false;
};

class HeldBytes : public testing::Test {
protected:
    Slow& add(std::size_t bytes) {
        auto& slow = *all.emplace_back(std::make_unique<Slow>(loop, gone));
        slow.keep(bytes);
        return slow;
    }
    /// Runs the loop until its next sweep is over.
    void pass_a_sweep() {
        struct Stop final : Sweepable {
            explicit Stop(Loop& of) : Sweepable(of), ending(of) {}
            void sweep(std::chrono::nanoseconds) override { ending.stop(); }
            Loop& ending;
        } stop(loop);
        loop.run();
    }

    Loop loop{1ms, loop_bytes};
    std::vector<Slow*> gone;
    std::vector<std::unique_ptr<Slow>> all;
};

TEST_F(HeldBytes, are_counted_while_there_is_room_and_nobody_is_told_to_go) {
    for (int i = 0; i < 8; ++i) add(mebibyte);
    EXPECT_EQ(loop.held_bytes(), loop_bytes);
    EXPECT_TRUE(gone.empty());
    all.front()->keep(10);
    EXPECT_EQ(loop.held_bytes(), loop_bytes - mebibyte) << "a little is what every connection costs";
    all.clear();
    EXPECT_EQ(loop.held_bytes(), 0U);
}

TEST_F(HeldBytes, over_the_bound_the_fullest_let_go_until_an_eighth_is_free) {
    auto& small = add(mebibyte);
    auto& large = add(3 * mebibyte);
    auto& larger = add(4 * mebibyte);
    EXPECT_TRUE(small.keep(small.held_bytes() + mebibyte / 2));
    EXPECT_EQ(gone, std::vector{&larger});
    EXPECT_TRUE(large.keep(6 * mebibyte));
    EXPECT_EQ(loop.held_bytes(), small.held_bytes() + large.held_bytes()) << "what lets go no longer counts";
    EXPECT_TRUE(small.keep(4 * mebibyte));
    EXPECT_EQ(gone, (std::vector{&larger, &large}));
}

TEST_F(HeldBytes, who_has_just_begun_is_let_be_where_another_has_been_slow_for_long) {
    auto& old = add(3 * mebibyte);
    pass_a_sweep();
    pass_a_sweep();
    auto& young = add(4 * mebibyte);
    young.keep(5 * mebibyte + 1);
    EXPECT_EQ(gone, std::vector{&old});
}

TEST_F(HeldBytes, where_nobody_can_let_go_no_more_is_taken_in) {
    for (int i = 0; i < 8; ++i) add(mebibyte).busy = true;
    auto& late = add(0);
    late.busy = true;
    EXPECT_FALSE(late.keep(mebibyte));
    EXPECT_TRUE(late.keep(0)) << "less is always right";
    all.front()->busy = false;
    pass_a_sweep();
    EXPECT_TRUE(late.keep(mebibyte)) << "and a second later they are asked again";
    EXPECT_EQ(gone, std::vector{all.front().get()});
}

TEST_F(HeldBytes, where_nobody_else_can_let_go_who_comes_with_more_goes_himself) {
    for (int i = 0; i < 8; ++i) add(mebibyte).busy = true;
    auto& first = add(0);
    first.busy = true;
    EXPECT_FALSE(first.keep(mebibyte));
    auto& second = add(0);
    second.keep(mebibyte);
    EXPECT_EQ(gone, std::vector{&second});
    EXPECT_EQ(loop.held_bytes(), 9 * mebibyte);
}

TEST_F(HeldBytes, one_who_is_over_the_bound_by_himself_goes_himself) {
    auto& greedy = add(0);
    greedy.keep(loop_bytes + 1);
    EXPECT_EQ(gone, std::vector{&greedy});
    EXPECT_EQ(loop.held_bytes(), 0U);
}

}  // namespace
}  // namespace makechat::net
