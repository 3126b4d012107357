#include "bus/local/bus.hpp"

#include "base/limits.hpp"
#include "support/run.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace makechat::local {
namespace {

using chat::Batch;
using chat::Entry;
using chat::Position;

chat::SharedBatch batch_of(const std::vector<std::int64_t>& positions) {
    Batch batch;
    for (const auto position : positions)
        batch.push_back(Entry{.position = Position{position}, .body = chat::RoomDeleted{}});
    return std::make_shared<const Batch>(std::move(batch));
}

/// What one loop is told, in words.
struct Loop {
    explicit Loop(Bus& bus) {
        bus.subscribe({executor,
                       [this](const Batch& batch) {
                           for (const auto& entry : batch) told.push_back(std::to_string(entry.position.value));
                           told.emplace_back("end");
                       },
                       [this](const chat::Signal& signal) {
                           told.emplace_back(std::holds_alternative<chat::Typing>(signal) ? "typing" : "presence");
                       }});
    }
    QueueExecutor executor;
    std::vector<std::string> told;
};

using Words = std::vector<std::string>;

TEST(Bus, takes_each_batch_once_to_each_loop) {
    Bus bus;
    Loop one(bus);
    Loop two(bus);
    bus.publish(batch_of({1, 2}));
    for (auto* loop : {&one, &two}) {
        EXPECT_EQ(loop->told, Words{}) << "not within the call: the writer does not wait";
        loop->executor.run_ready();
        EXPECT_EQ(loop->told, (Words{"1", "2", "end"}));
    }
}

TEST(Bus, keeps_the_order_of_publishing) {
    Bus bus;
    Loop loop(bus);
    bus.publish(batch_of({1}));
    bus.signal(chat::Typing{});
    bus.publish(batch_of({2, 3}));
    bus.signal(chat::PresenceChanged{});
    loop.executor.run_ready();
    EXPECT_EQ(loop.told, (Words{"1", "end", "typing", "2", "3", "end", "presence"}));
}

TEST(Bus, keeps_a_batch_until_the_slowest_loop_has_had_it) {
    Bus bus;
    Loop fast(bus);
    Loop slow(bus);
    auto batch = batch_of({1});
    const std::weak_ptr<const Batch> alive = batch;
    bus.publish(std::move(batch));
    fast.executor.run_ready();
    EXPECT_FALSE(alive.expired());
    slow.executor.run_ready();
    EXPECT_EQ(slow.told, (Words{"1", "end"}));
    EXPECT_TRUE(alive.expired());
}

TEST(Bus, is_content_without_loops) {
    Bus bus;
    bus.publish(batch_of({1}));
    bus.signal(chat::Typing{});
}

TEST(Bus, takes_signals_from_many_threads) {
    Bus bus;
    Loop loop(bus);
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                for (int j = 0; j < 100; ++j) bus.signal(chat::Typing{});
            });
        }
    }
    loop.executor.run_ready();
    EXPECT_EQ(loop.told.size(), 400U);
}

TEST(Bus, is_behind_while_too_much_waits_for_one_loop) {
    Bus bus;
    Loop slow(bus);
    Loop quick(bus);
    chat::Message message;
    message.text = std::string(limits::text_bytes_max, 'x');
    const auto batch = std::make_shared<const Batch>(Batch(64, Entry{.body = chat::MessagePosted{message}}));
    std::size_t published = 0;
    while (!bus.is_behind()) {
        ASSERT_LT(published, 2 * limits::published_bytes_max);
        bus.publish(batch);
        quick.executor.run_ready();
        published += chat::bytes_of(*batch);
    }
    EXPECT_GT(published, limits::published_bytes_max) << "what is committed is never lost";
    slow.executor.run_ready();
    EXPECT_FALSE(bus.is_behind());
}

TEST(Bus, tells_no_more_typing_to_a_loop_that_is_behind_and_all_of_presence) {
    Bus bus;
    Loop slow(bus);
    for (std::size_t i = 0; i < limits::signals_waiting_max + 10; ++i) bus.signal(chat::Typing{});
    bus.signal(chat::PresenceChanged{});
    slow.executor.run_ready();
    EXPECT_EQ(slow.told.size(), limits::signals_waiting_max + 1);
    EXPECT_EQ(slow.told.back(), "presence");
    bus.signal(chat::Typing{});
    slow.executor.run_ready();
    EXPECT_EQ(slow.told.back(), "typing");
}

}  // namespace
}  // namespace makechat::local
