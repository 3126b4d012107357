#pragma once

#include "store/sqlite/store.hpp"
#include "support/failing_disk.hpp"
#include "support/run.hpp"
#include "support/store_world.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace makechat {

/// An SQLite store with alice's room in it, whose disk fails when told.
class StoreOnFailingDisk : public testing::Test {
protected:
    StoreOnFailingDisk() {
        open();
        alice = world->add_user("alice").id;
        room = world->add_room("one", alice).id;
    }

    void open() {
        auto opened = sqlite::Store::open(folder.path(), random,
                                          [this](const chat::SharedBatch& batch) { told += batch->size(); });
        if (!opened) throw std::runtime_error(opened.error().text);
        store = std::move(*opened);
        world = std::make_unique<StoreWorld>(*store, ++seed);
    }
    void reopen() {
        store.reset();
        open();
    }
    [[nodiscard]] std::filesystem::path file() const { return folder.path() / "makechat.db"; }

    std::vector<Result<chat::Commit>> post(int count, std::size_t bytes = 2'000) {
        std::vector<Task<Result<chat::Commit>>> tasks;
        for (int i = 0; i < count; ++i) {
            const auto message = world->draft(room, alice, std::string(bytes, 'x'));
            tasks.push_back(
                store->append(world->change(alice, {{chat::LogId::of(room), chat::MessagePosted{message}}})));
        }
        return run_all(std::move(tasks));
    }
    /// How many of them were committed; the others must have been told to come again.
    std::size_t posted(int count, std::size_t bytes = 2'000) {
        std::size_t committed = 0;
        for (const auto& result : post(count, bytes)) {
            committed += result ? 1 : 0;
            EXPECT_TRUE(result || result.error() == refusal);
        }
        return committed;
    }
    void expect_dense() {
        std::int64_t seq = 0;
        const chat::Window all{chat::Window::Kind::latest, {}, 1'000'000};
        for (const auto& entry : world->entries(chat::LogId::of(room), all)) ASSERT_EQ(entry.seq.value, ++seq);
    }

    const Error refusal{Code::overloaded, "The store cannot write at the moment.", 1};
    std::uint64_t seed = 0;
    FailingDisk disk;
    TemporaryFolder folder;
    FakeRandom random{4};
    std::atomic<std::size_t> told = 0;
    std::unique_ptr<sqlite::Store> store;
    std::unique_ptr<StoreWorld> world;
    chat::UserId alice;
    chat::RoomId room;
};

}  // namespace makechat
