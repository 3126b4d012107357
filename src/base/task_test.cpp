#include "base/task.hpp"

#include "support/run.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace makechat {
namespace {

using Log = std::vector<std::string>;

Task<int> seven(Log& log) {
    log.push_back("seven begins");
    co_return 7;
}

Task<int> doubled(Log& log) {
    log.push_back("doubled begins");
    const int value = co_await seven(log);
    log.push_back("doubled goes on");
    co_return value * 2;
}

TEST(Task, starts_when_awaited_and_its_caller_goes_on_when_it_has_ended) {
    Log log;
    auto task = doubled(log);
    EXPECT_EQ(log, Log{});
    EXPECT_EQ(run(std::move(task)), 14);
    EXPECT_EQ(log, (Log{"doubled begins", "seven begins", "doubled goes on"}));
}

Task<std::unique_ptr<int>> a_pointer() { co_return std::make_unique<int>(7); }

TEST(Task, gives_what_can_only_be_moved) { EXPECT_EQ(*run(a_pointer()), 7); }

Task<void> refuse() {
    throw std::runtime_error("broken");
    co_return;
}

Task<int> through(int levels) {
    if (levels == 0) co_await refuse();
    else co_return co_await through(levels - 1);
    co_return 0;
}

Task<std::string> caught() {
    try {
        co_await through(3);
    } catch (const std::runtime_error& error) {
        co_return error.what();
    }
    co_return "nothing";
}

TEST(Task, throws_what_was_thrown_inside_where_it_is_awaited) {
    EXPECT_THROW(run(through(3)), std::runtime_error);
    EXPECT_EQ(run(caught()), "broken");
}

constexpr int many = 100'000;

Task<int> nested(int levels) {
    if (levels == 0) co_return 0;
    co_return 1 + co_await nested(levels - 1);
}

TEST(Task, a_hundred_thousand_deep_does_not_overflow_the_stack) { EXPECT_EQ(run(nested(many)), many); }

TEST(Task, an_exception_from_a_hundred_thousand_deep_does_not_overflow_the_stack) {
    EXPECT_THROW(run(through(many)), std::runtime_error);
}

Task<int> one() { co_return 1; }

Task<int> sum_of_many() {
    int sum = 0;
    for (int i = 0; i < many; ++i) sum += co_await one();
    co_return sum;
}

TEST(Task, a_loop_over_tasks_that_are_ready_does_not_overflow_the_stack) { EXPECT_EQ(run(sum_of_many()), many); }

Task<int> finished_at_once(int value) {
    co_return co_await suspend_for<int>([value](auto& done) { done.finish(value); });
}

Task<int> sum_of_many_waits() {
    int sum = 0;
    for (int i = 0; i < many; ++i) sum += co_await finished_at_once(1);
    co_return sum;
}

TEST(Task, a_loop_over_waits_that_are_over_at_once_does_not_overflow_the_stack) {
    EXPECT_EQ(run(sum_of_many_waits()), many);
}

TEST(Task, that_is_never_awaited_lets_go_of_what_it_was_given) {
    const auto held = std::make_shared<int>(7);
    const auto keep = [](std::shared_ptr<int> value) -> Task<int> { co_return *value; };
    {
        const auto task = keep(held);
        EXPECT_EQ(held.use_count(), 2);
    }
    EXPECT_EQ(held.use_count(), 1);
}

/// Finishes from another thread: before the wait has properly begun, or a while after.
Task<bool> resumed_here(bool before) {
    const auto here = std::this_thread::get_id();
    std::jthread other;
    const int value = co_await suspend_for<int>([&other, before](Completion<int>& done) {
        other = std::jthread([&done, before] {
            if (!before) std::this_thread::sleep_for(std::chrono::milliseconds(5));
            done.finish(7);
        });
        if (before) other.join();
    });
    co_return value == 7 && std::this_thread::get_id() == here;
}

TEST(Completion, finished_by_another_thread_resumes_on_the_thread_that_waited) {
    EXPECT_TRUE(run(resumed_here(true)));
    EXPECT_TRUE(run(resumed_here(false)));
}

TEST(Completion, may_race_with_the_beginning_of_the_wait) {
    for (int i = 0; i < 200; ++i) {
        std::jthread other;
        const auto race = [](std::jthread& thread) -> Task<int> {
            co_return co_await suspend_for<int>(
                [&thread](Completion<int>& done) { thread = std::jthread([&done] { done.finish(7); }); });
        };
        ASSERT_EQ(run(race(other)), 7);
    }
}

TEST(Completion, many_are_woken_by_one_piece_of_work) {
    std::vector<Completion<int>*> waiting;
    const auto wait = [](std::vector<Completion<int>*>& list) -> Task<int> {
        co_return co_await suspend_for<int>([&list](Completion<int>& done) { list.push_back(&done); });
    };
    std::vector<Task<int>> tasks;
    for (int i = 0; i < 3; ++i) tasks.push_back(wait(waiting));
    // As a store's writer does once all three wait: results first, then one post.
    QueueExecutor::of_this_thread().post([&waiting] {
        std::vector<std::coroutine_handle<>> waiters;
        for (std::size_t i = 0; i < waiting.size(); ++i) {
            waiting[i]->set(static_cast<int>(i));
            waiters.push_back(waiting[i]->waiter());
        }
        waiting.front()->executor().post([waiters] {
            for (const auto waiter : waiters) waiter.resume();
        });
    });
    EXPECT_EQ(run_all(std::move(tasks)), (std::vector{0, 1, 2}));
}

Task<void> wait_then_note(Completion<int>*& waiting, std::shared_ptr<int> held, Log& log) {
    log.push_back("begins");
    *held = co_await suspend_for<int>([&waiting](Completion<int>& done) { waiting = &done; });
    log.push_back("ends");
}

TEST(Start, runs_to_the_first_wait_and_on_by_itself) {
    auto& executor = QueueExecutor::of_this_thread();
    Log log;
    Completion<int>* waiting = nullptr;
    const auto held = std::make_shared<int>(0);
    start(wait_then_note(waiting, held, log));
    EXPECT_EQ(log, Log{"begins"});
    waiting->finish(7);
    EXPECT_EQ(log, Log{"begins"}) << "never within the call that finishes";
    executor.run_ready();
    EXPECT_EQ(log, (Log{"begins", "ends"}));
    EXPECT_EQ(*held, 7);
    EXPECT_EQ(held.use_count(), 1) << "an ended coroutine lets go of all that it held";
}

TEST(StartDeathTest, what_a_task_throws_that_nobody_awaits_ends_the_program) { EXPECT_DEATH(start(refuse()), ""); }

}  // namespace
}  // namespace makechat
