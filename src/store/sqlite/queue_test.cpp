#include "store/sqlite/queue.hpp"

#include "base/limits.hpp"
#include "store/sqlite/readers.hpp"
#include "store/sqlite/store.hpp"
#include "support/fake_random.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <vector>

/// What waits for the store, and what the store has ready for others, has a bound.
namespace makechat::sqlite {
namespace {

using namespace std::chrono_literals;

bool offer(Queue<std::string>& queue, std::string work, std::size_t bytes = 0) { return queue.offer(work, bytes); }

TEST(Queue, refuses_past_its_number_and_takes_again_when_some_are_gone) {
    Queue<std::string> queue(2);
    EXPECT_TRUE(offer(queue, "one"));
    EXPECT_TRUE(offer(queue, "two"));
    EXPECT_FALSE(offer(queue, "three"));
    std::vector<std::string> taken;
    EXPECT_TRUE(queue.take(taken, 1));
    EXPECT_TRUE(offer(queue, "four"));
    EXPECT_TRUE(queue.take(taken, 10));
    EXPECT_EQ(taken, (std::vector<std::string>{"one", "two", "four"}));
}

TEST(Queue, refuses_past_its_bytes_and_takes_again_when_some_are_gone) {
    Queue<std::string> queue(100, 1'000);
    EXPECT_TRUE(offer(queue, "one", 600));
    EXPECT_FALSE(offer(queue, "two", 401));
    EXPECT_TRUE(offer(queue, "three", 400));
    std::vector<std::string> taken;
    EXPECT_TRUE(queue.take(taken, 1));
    EXPECT_TRUE(offer(queue, "four", 600));
}

TEST(Queue, gives_one_that_is_over_the_bound_by_itself_its_turn) {
    Queue<std::string> queue(100, 1'000);
    EXPECT_TRUE(offer(queue, "a room of a hundred thousand is deleted", 5'000));
    EXPECT_FALSE(offer(queue, "two", 1));
}

using Offered = Queue<std::string>::Offered;

TEST(Queue, who_sleeps_is_woken_by_the_first_of_those_who_offered_that_comes_to_it) {
    Queue<std::string> queue(100'000);
    std::atomic<std::size_t> taken_count = 0;
    std::jthread taker([&] {
        std::vector<std::string> taken;
        while (queue.take(taken, 10)) {
            taken_count += taken.size();
            taken.clear();
        }
    });
    std::size_t offered = 0;
    const auto offer_quietly = [&](const int& by) {
        std::string work = "work";
        ++offered;
        return queue.offer_quietly(work, 0, &by);
    };
    const int busy_loop = 0;
    const int other_loop = 0;
    while (offer_quietly(busy_loop) != Offered::wake_wanted) {}  // it sleeps now
    EXPECT_EQ(offer_quietly(busy_loop), Offered::taken) << "asked before";
    EXPECT_EQ(offer_quietly(other_loop), Offered::wake_wanted) << "its work is not to wait for the busy one";
    queue.wake();
    for (int i = 0; i < 10'000 && taken_count < offered; ++i) std::this_thread::sleep_for(1ms);
    EXPECT_EQ(taken_count, offered);
    queue.wake();  // the busy one's, at last
    queue.close();
}

TEST(Readers, wait_while_too_much_of_what_they_read_has_not_been_taken) {
    TemporaryFolder folder;
    FakeRandom random{4};
    ASSERT_TRUE(Store::open(folder.path(), random));
    Readers readers(folder.path() / "makechat.db", 1);
    constexpr auto much = limits::reads_done_bytes_max + 1;
    std::promise<void> first;
    std::promise<bool> second;
    std::atomic<bool> taken = false;
    ASSERT_TRUE(readers.offer([&](Reader&) {
        readers.done(much);
        first.set_value();
    }));
    ASSERT_TRUE(readers.offer([&](Reader&) { second.set_value(taken); }));
    first.get_future().wait();
    auto next = second.get_future();
    EXPECT_EQ(next.wait_for(50ms), std::future_status::timeout) << "it reads on";
    taken = true;
    readers.taken(much);
    EXPECT_TRUE(next.get());
}

TEST(Readers, end_though_nobody_takes_what_they_read) {
    TemporaryFolder folder;
    FakeRandom random{4};
    ASSERT_TRUE(Store::open(folder.path(), random));
    int done = 0;
    {
        Readers readers(folder.path() / "makechat.db", 1);
        for (int i = 0; i < 3; ++i) {
            ASSERT_TRUE(readers.offer([&](Reader&) {
                readers.done(limits::reads_done_bytes_max + 1);
                ++done;
            }));
        }
    }
    EXPECT_EQ(done, 3);
}

}  // namespace
}  // namespace makechat::sqlite
