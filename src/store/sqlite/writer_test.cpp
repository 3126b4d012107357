#include "store/sqlite/writer.hpp"

#include "store/sqlite/store.hpp"
#include "support/failing_disk.hpp"
#include "support/run.hpp"
#include "support/store_world.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>

/// A disk that is full, or breaks, at any moment.
namespace makechat::sqlite {
namespace {

using namespace chat;

class FullDisk : public testing::Test {
protected:
    FullDisk() {
        open();
        alice = world->add_user("alice").id;
        room = world->add_room("one", alice).id;
    }

    void open() {
        auto opened = Store::open(folder.path(), random, [this](const SharedBatch& batch) { told += batch->size(); });
        if (!opened) throw std::runtime_error(opened.error().text);
        store = std::move(*opened);
        world = std::make_unique<StoreWorld>(*store, ++seed);
    }
    void reopen() {
        store.reset();
        open();
    }

    std::vector<Result<Commit>> post(int count) {
        std::vector<Task<Result<Commit>>> tasks;
        for (int i = 0; i < count; ++i) {
            const Write write{LogId::of(room), MessagePosted{world->draft(room, alice, std::string(2'000, 'x'))}};
            tasks.push_back(store->append(world->change(alice, {write})));
        }
        return run_all(std::move(tasks));
    }
    std::size_t posted(int count) {
        std::size_t committed = 0;
        for (const auto& result : post(count)) {
            committed += result ? 1 : 0;
            EXPECT_TRUE(result || result.error() == refusal);
        }
        return committed;
    }

    const Error refusal{Code::overloaded, "The store cannot write at the moment.", 1};
    std::uint64_t seed = 0;
    FailingDisk disk;
    TemporaryFolder folder;
    FakeRandom random{4};
    std::atomic<std::size_t> told = 0;
    std::unique_ptr<Store> store;
    std::unique_ptr<StoreWorld> world;
    UserId alice;
    RoomId room;
};

TEST_F(FullDisk, refuses_leaves_no_trace_and_works_again) {
    EXPECT_EQ(posted(5), 5U);
    const auto before = describe(world->load());
    const auto told_before = told.load();
    disk.fail_writes_from(1);
    EXPECT_EQ(posted(5), 0U);
    EXPECT_EQ(run(store->record({{}, {}, {{alice, world->clock.now()}}})).error(), refusal);
    EXPECT_EQ(describe(world->load()), before);
    EXPECT_EQ(told, told_before);
    EXPECT_TRUE(run(store->check()).value()) << "what is there can be read";
    disk.heal();
    const auto next = post(1);
    ASSERT_TRUE(next[0]);
    EXPECT_EQ(next[0]->entries[0].seq, Seq{8});
    EXPECT_EQ(std::get<MessagePosted>(next[0]->entries[0].body).message.ordinal, 6);
    EXPECT_EQ(told, told_before + 1);
}

TEST_F(FullDisk, fails_at_any_write_without_a_trace) {
    for (int n = 1; n < 40; ++n) {
        SCOPED_TRACE(n);
        const auto before = world->load().rooms.at(0).messages;
        disk.fail_writes_from(n);
        const auto committed = posted(20);
        disk.heal();
        EXPECT_EQ(world->load().rooms.at(0).messages, before + static_cast<std::int64_t>(committed));
        EXPECT_EQ(posted(1), 1U);
    }
    const auto before = describe(world->load());
    reopen();
    EXPECT_EQ(describe(world->load()), before);
    std::int64_t seq = 0;
    for (const auto& entry : world->entries(LogId::of(room))) EXPECT_EQ(entry.seq.value, ++seq);
}

TEST_F(FullDisk, what_the_disk_does_not_confirm_is_not_acknowledged) {
    EXPECT_EQ(posted(3), 3U);
    const auto before = describe(world->load());
    disk.fail_syncs(true);
    EXPECT_EQ(posted(3), 0U);
    EXPECT_EQ(posted(1), 0U);
    EXPECT_EQ(describe(world->load()), before);
    disk.heal();
    EXPECT_EQ(posted(2), 2U);
    const auto after = describe(world->load());
    reopen();
    EXPECT_EQ(describe(world->load()), after);
    EXPECT_EQ(world->messages(room).size(), 5U);
}

TEST_F(FullDisk, a_retry_after_a_refusal_is_the_first_message) {
    auto change = world->change(alice, {{LogId::of(room), MessagePosted{world->draft(room, alice, "hi")}}});
    change.nonce = "n1";
    disk.fail_writes_from(1);
    EXPECT_FALSE(run(store->append(change)));
    disk.heal();
    EXPECT_FALSE(run(store->append(change)).value().repeated);
    EXPECT_TRUE(run(store->append(change)).value().repeated);
}

TEST_F(FullDisk, facts_of_what_was_not_written_have_not_changed) {
    const auto as_of = world->load().position;
    const auto take_name = [&] {
        const Room made{.id = world->ids.next<RoomId>(), .name = "two", .topic = ""};
        auto change = world->change(alice, {{LogId::of(made.id), RoomCreated{made, {}}}});
        change.rests_on = {Fact::room_name("two")};
        change.as_of = as_of;
        return run(store->append(change));
    };
    disk.fail_writes_from(1);
    EXPECT_EQ(take_name().error(), refusal);
    disk.heal();
    EXPECT_TRUE(take_name());
    EXPECT_EQ(take_name().error().code, Code::stale);
}

TEST_F(FullDisk, closes_without_losing_what_it_has) {
    EXPECT_EQ(posted(30), 30U);
    disk.fail_writes_from(1);
    store.reset();
    disk.heal();
    open();
    EXPECT_EQ(world->messages(room).size(), 30U);
}

}  // namespace
}  // namespace makechat::sqlite
