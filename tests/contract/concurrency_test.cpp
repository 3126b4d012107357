#include "contract/store_contract.hpp"

#include <algorithm>
#include <set>
#include <thread>

/// Many who write and read at once.
namespace makechat {

using namespace chat;

namespace {

constexpr int threads_max = 4;
constexpr int posts_each = 150;

struct Seen {
    std::vector<Position> positions;
    std::vector<std::size_t> read;
    int failed = 0;
};

/// Posts, and after each answer reads what it has posted.
Task<bool> post_and_read(Store& store, Change change, Seen& seen) {
    const auto room = change.writes.front().log.room();
    const auto commit = co_await store.append(std::move(change));
    if (!commit) co_return false;
    const auto& entry = commit->entries.front();
    seen.positions.push_back(entry.position);
    const auto found = co_await store.messages(room, {Window::Kind::after, {entry.seq.value - 1}, 1});
    co_return found && found->size() == 1 && found->front().seq == entry.seq;
}

}  // namespace

TEST_P(StoreContract, many_threads_append_and_see_what_they_appended) {
    std::vector<Position> told;
    committed = [&](const SharedBatch& batch) {
        for (const auto& entry : *batch) told.push_back(entry.position);
    };
    const auto alice = world.add_user("alice").id;
    const std::vector rooms{world.add_room("one", alice).id, world.add_room("two", alice).id};
    std::vector<std::vector<Change>> changes(threads_max);
    for (int i = 0; i < threads_max * posts_each; ++i) {
        const auto room = rooms[world.random.below(rooms.size())];
        const Write write{LogId::of(room), MessagePosted{world.draft(room, alice, "hi")}};
        changes[static_cast<std::size_t>(i % threads_max)].push_back(world.change(alice, {write}));
    }
    std::vector<Seen> seen(threads_max);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < threads_max; ++t) {
        threads.emplace_back([&, t] {
            std::vector<Task<bool>> tasks;
            for (auto& change : changes[t]) tasks.push_back(post_and_read(store(), std::move(change), seen[t]));
            for (const bool ok : run_all(std::move(tasks))) seen[t].failed += ok ? 0 : 1;
        });
    }
    for (auto& thread : threads) thread.join();
    std::set<Position> answered;
    for (const auto& each : seen) {
        EXPECT_EQ(each.failed, 0);
        EXPECT_TRUE(std::ranges::is_sorted(each.positions)) << "a thread's appends keep their order";
        answered.insert(each.positions.begin(), each.positions.end());
    }
    EXPECT_EQ(answered.size(), static_cast<std::size_t>(threads_max * posts_each));
    EXPECT_TRUE(std::ranges::is_sorted(told));
    EXPECT_EQ(world.load().position, told.back());
    for (const auto& room : rooms) {
        std::int64_t ordinal = 0;
        for (const auto& message : world.messages(room)) EXPECT_EQ(message.ordinal, ++ordinal);
    }
}

}  // namespace makechat
