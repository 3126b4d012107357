#include "net/loop.hpp"

#include "support/loop_thread.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <optional>
#include <vector>

namespace makechat::net {
namespace {

using namespace std::chrono_literals;

TEST(Loop, runs_what_is_posted_in_order_and_all_that_came_before_the_stop) {
    Loop loop;
    std::vector<int> order;
    for (int i = 0; i < 100; ++i) loop.post([&order, i] { order.push_back(i); });
    loop.stop();
    loop.run();
    ASSERT_EQ(order.size(), 100u);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
    loop.post([&loop] { loop.stop(); });
    loop.run();  // and again
}

TEST(Loop, runs_what_follows_from_what_came_before_the_stop) {
    Loop loop;
    int runs = 0;
    std::function<void()> again = [&] {
        if (++runs < 5) loop.post(again);
    };
    loop.post(again);
    loop.stop();
    loop.run();
    EXPECT_EQ(runs, 5);
}

TEST(Loop, never_runs_work_within_the_call_that_posts_it) {
    Loop loop;
    std::vector<int> order;
    loop.post([&] {
        loop.post([&] {
            order.push_back(2);
            loop.stop();
        });
        order.push_back(1);
    });
    loop.run();
    EXPECT_EQ(order, (std::vector{1, 2}));
}

TEST(Loop, is_the_executor_of_its_thread_while_it_runs) {
    Loop loop;
    Executor* within = nullptr;
    loop.post([&] {
        within = Executor::current();
        loop.stop();
    });
    loop.run();
    EXPECT_EQ(within, &loop);
    EXPECT_EQ(Executor::current(), nullptr);
}

TEST(Loop, takes_work_from_many_threads) {
    LoopThread thread;
    int done = 0;
    {
        std::vector<std::jthread> posters;
        for (int t = 0; t < 4; ++t) {
            posters.emplace_back([&] {
                for (int i = 0; i < 10'000; ++i) thread.loop().post([&done] { ++done; });
            });
        }
    }
    EXPECT_EQ(thread.call([&] { return done; }), 40'000);
}

/// Does at its sweep what the test wants.
struct Swept final : Sweepable {
    Swept(Loop& loop, std::function<void()> what) : Sweepable(loop), then(std::move(what)) {}
    void sweep(std::chrono::nanoseconds) override { then(); }
    std::function<void()> then;
};

TEST(Loop, sweeps_again_and_again) {
    LoopThread thread{1ms};
    int sweeps = 0;
    std::optional<Swept> swept;
    thread.call([&] { swept.emplace(thread.loop(), [&] { ++sweeps; }); });
    EXPECT_TRUE(thread.until([&] { return sweeps >= 3; }));
    thread.call([&] { swept.reset(); });
}

TEST(Loop, what_is_swept_may_end_itself_and_any_other) {
    for (int who = 0; who < 3; ++who) {
        for (int whom = 0; whom < 3; ++whom) {
            LoopThread thread{1ms};
            std::array<std::unique_ptr<Swept>, 3> all;
            int sweeps = 0;
            thread.call([&] {
                for (int i = 0; i < 3; ++i) {
                    all[i] = std::make_unique<Swept>(thread.loop(), [&, i] {
                        ++sweeps;
                        if (i == who) auto ending = std::move(all[whom]);  // it may be the one that runs this
                    });
                }
            });
            EXPECT_TRUE(thread.until([&] { return !all[whom] && sweeps > 10; })) << who << " ends " << whom;
            thread.call([&] {
                for (auto& each : all) each.reset();
            });
        }
    }
}

TEST(Loop, what_begins_during_a_sweep_waits_for_the_next) {
    LoopThread thread{1ms};
    std::vector<std::unique_ptr<Swept>> born;
    std::optional<Swept> parent;
    int sweeps = 0;
    int children_swept = 0;
    thread.call([&] {
        parent.emplace(thread.loop(), [&] {
            if (++sweeps > 5) return;
            EXPECT_EQ(children_swept, sweeps * (sweeps - 1) / 2);
            born.push_back(std::make_unique<Swept>(thread.loop(), [&] { ++children_swept; }));
        });
    });
    EXPECT_TRUE(thread.until([&] { return sweeps > 5; }));
    thread.call([&] {
        born.clear();
        parent.reset();
    });
}

}  // namespace
}  // namespace makechat::net
