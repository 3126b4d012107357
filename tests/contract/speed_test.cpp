#include "contract/store_contract.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

/// Figures, not promises; run by hand on a quiet machine:
///     build/release/test_contract --gtest_also_run_disabled_tests --gtest_filter='*messages_per_second*'
namespace makechat {

using namespace chat;

namespace {

using Elapsed = std::chrono::duration<double>;

Task<bool> post_many(Store& store, std::vector<Change> changes, std::vector<double>& waits) {
    for (auto& change : changes) {
        const auto begun = std::chrono::steady_clock::now();
        const auto commit = co_await store.append(std::move(change));
        if (!commit) co_return false;
        waits.push_back(Elapsed(std::chrono::steady_clock::now() - begun).count());
    }
    co_return true;
}

}  // namespace

/// Not a test of right and wrong, so it runs only when asked for: --gtest_also_run_disabled_tests, in a release build.
TEST_P(StoreContract, DISABLED_messages_per_second) {
    constexpr std::size_t messages_max = 200'000;
    const auto nonces = std::getenv("MAKECHAT_BENCH_NONCES") != nullptr;
    std::vector<UserId> users;
    for (int i = 0; i < 64; ++i) users.push_back(world.add_user(fmt::format("user{}", i)).id);
    std::vector<RoomId> rooms;
    for (int i = 0; i < 16; ++i) {
        rooms.push_back(world.add_room(fmt::format("room{}", i), users.front()).id);
        for (std::size_t k = 1; k < users.size(); ++k) world.join(rooms.back(), users[k]);
    }
    for (const std::size_t waiting : {1U, 64U, 256U, 1'024U}) {
        const auto each = std::min<std::size_t>(waiting * 1'000, messages_max) / waiting;
        std::vector<std::vector<Change>> changes(waiting);
        for (std::size_t i = 0; i < waiting * each; ++i) {
            const auto user = users[i % users.size()];
            auto message = world.draft(rooms[world.random.below(rooms.size())], user, std::string(100, 'x'));
            const auto log = LogId::of(message.room);
            auto change = world.change(user, {});
            change.writes.push_back({log, MessagePosted{std::move(message)}});
            if (nonces) change.nonce = random_word(world.random, 20);
            changes[i % waiting].push_back(std::move(change));
        }
        std::vector<double> waits;
        waits.reserve(waiting * each);
        std::vector<Task<bool>> tasks;
        for (auto& own : changes) tasks.push_back(post_many(store(), std::move(own), waits));
        const auto begun = std::chrono::steady_clock::now();
        run_all(std::move(tasks));
        const auto seconds = Elapsed(std::chrono::steady_clock::now() - begun).count();
        ASSERT_EQ(waits.size(), waiting * each);
        std::ranges::sort(waits);
        fmt::print("{:5} waiting: {:7.0f}/s, p50 {:.2f} ms, p99 {:.2f} ms\n", waiting,
                   static_cast<double>(waits.size()) / seconds, waits[waits.size() / 2] * 1e3,
                   waits[waits.size() * 99 / 100] * 1e3);
    }
}

}  // namespace makechat
