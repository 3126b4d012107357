#include "store/sqlite/writer.hpp"

#include "support/log_lines.hpp"
#include "support/store_on_failing_disk.hpp"

#include <sqlite3.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <thread>

/// A disk that is full, or breaks, at any moment.
namespace makechat::sqlite {
namespace {

using namespace chat;

using FullDisk = StoreOnFailingDisk;

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
    expect_dense();
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

/// A foreign program that reads: while it does, the write-ahead log cannot begin anew and must grow.
class ForeignReader {
public:
    explicit ForeignReader(const std::filesystem::path& file) {
        EXPECT_EQ(sqlite3_open(file.c_str(), &connection_), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(connection_, "BEGIN; SELECT * FROM meta", nullptr, nullptr, nullptr), SQLITE_OK);
    }
    ForeignReader(const ForeignReader&) = delete;
    ForeignReader& operator=(const ForeignReader&) = delete;
    ~ForeignReader() { sqlite3_close(connection_); }

private:
    sqlite3* connection_ = nullptr;
};

TEST_F(FullDisk, is_told_once_with_file_and_cause_and_once_when_it_is_over) {
    LogLines log;
    disk.fill(FailingDisk::Part::log);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(posted(3), 0U);
    disk.heal();
    EXPECT_EQ(posted(3), 3U) << "a small one may go through on a full disk";
    disk.fill(FailingDisk::Part::log);
    EXPECT_EQ(posted(3), 0U);
    disk.heal();
    for (int i = 1; i < FaultReport::in_a_row; ++i) EXPECT_EQ(posted(1), 1U);
    EXPECT_EQ(log.count("again."), 0U) << log.text();
    EXPECT_EQ(posted(1), 1U);
    EXPECT_EQ(posted(1), 1U);
    EXPECT_EQ(log.count("cannot be written"), 1U) << log.text();
    EXPECT_EQ(log.count(file().string() + " cannot be written: database or disk is full. Make room"), 1U) << log.text();
    EXPECT_EQ(log.count(file().string() + " can be written again."), 1U) << log.text();
}

TEST_F(FullDisk, without_room_for_the_logs_index_leaves_no_trace) {
    auto reader = std::make_optional<ForeignReader>(file());
    const auto before = world->load().rooms.at(0).messages;
    disk.fill(FailingDisk::Part::index);
    std::size_t committed = 0;
    // A piece of the index has room for 4,096 pages; the first is there since the start.
    for (std::size_t now = 1; now > 0; committed += now) now = posted(100, 15'000);
    EXPECT_EQ(world->load().rooms.at(0).messages, before + static_cast<std::int64_t>(committed));
    EXPECT_EQ(told, static_cast<std::size_t>(world->load().position.value));
    disk.heal();
    EXPECT_EQ(posted(100, 15'000), 100U);
    reader.reset();
    reopen();
    EXPECT_EQ(world->load().rooms.at(0).messages, before + static_cast<std::int64_t>(committed) + 100);
    expect_dense();
}

TEST_F(FullDisk, without_room_for_a_checkpoint_writing_goes_on_in_the_log) {
    LogLines log;
    disk.fill(FailingDisk::Part::database);
    const auto why = "cannot be brought up to date from its write-ahead log: database or disk is full";
    std::int64_t messages = 0;
    const auto post_until_told = [&](const char* words) {
        for (int i = 0; i < 60 && log.count(words) == 0; ++i)
            messages += static_cast<std::int64_t>(posted(200, 15'000));
        EXPECT_GT(log.count(words), 0U) << words;
    };
    post_until_told(why);
    messages += static_cast<std::int64_t>(posted(1'000, 15'000));
    EXPECT_EQ(log.count(why), 1U) << log.text();
    EXPECT_EQ(log.count("cannot be written"), 0U) << log.text();
    disk.heal();
    post_until_told("can be brought up to date");
    reopen();
    EXPECT_EQ(world->load().rooms.at(0).messages, messages);
    expect_dense();
}

using AllIsWell = StoreOnFailingDisk;

TEST_F(AllIsWell, a_long_log_is_copied_beside_the_writer) {
    const auto before = std::filesystem::file_size(file());
    EXPECT_EQ(posted(1'000, 15'000), 1'000U);  // more pages than the checkpointer waits for, fewer than the writer does
    EXPECT_EQ(posted(100, 15'000), 100U);
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (std::filesystem::file_size(file()) < before + 10'000'000) {
        ASSERT_LT(std::chrono::steady_clock::now(), give_up);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

TEST_F(FullDisk, a_file_system_made_read_only_refuses_and_works_again) {
    LogLines log;
    EXPECT_EQ(posted(3), 3U);
    disk.make_read_only();
    EXPECT_EQ(posted(3), 0U);
    EXPECT_EQ(world->messages(room).size(), 3U) << "reads go on";
    disk.heal();
    EXPECT_EQ(posted(3), 3U);
    EXPECT_EQ(log.count("Read-only file system. Its file system is read-only: mount it writable."), 1U) << log.text();
}

TEST_F(FullDisk, at_the_start_is_told_with_the_file_and_what_to_do) {
    store.reset();
    disk.fill(FailingDisk::Part::all);
    const auto refused = Store::open(folder.path(), random);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::internal);
    EXPECT_NE(refused.error().text.find(file().string() + " cannot be used: "), std::string::npos);
    EXPECT_NE(refused.error().text.find("Make room on its disk."), std::string::npos) << refused.error().text;
    disk.heal();
    open();
    EXPECT_EQ(posted(1), 1U);
}

TEST_F(FullDisk, a_commit_whose_outcome_cannot_be_read_is_settled_by_the_next) {
    EXPECT_EQ(posted(3), 3U);
    disk.fail_syncs(true);
    disk.fail_reads(
        FailingDisk::Reads::fail);  // what the commit needs is in the writer's cache, what comes after is not
    EXPECT_EQ(posted(3), 0U);
    EXPECT_EQ(posted(1), 0U);
    disk.heal();
    EXPECT_EQ(posted(3), 3U);
    EXPECT_EQ(told, static_cast<std::size_t>(world->load().position.value));
    reopen();
    EXPECT_EQ(world->messages(room).size(), 6U);
    expect_dense();
}

TEST_F(FullDisk, a_read_that_fails_is_refused_and_the_next_one_works) {
    EXPECT_EQ(posted(50), 50U);
    reopen();
    LogLines log;
    disk.fail_reads(FailingDisk::Reads::fail);
    const Window page{Window::Kind::latest, {}, 50};
    for (int i = 0; i < 3; ++i) {
        const auto refused = run(store->messages(room, page));
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error(), (Error{Code::overloaded, "The store cannot read at the moment.", 1}));
    }
    EXPECT_EQ(posted(3), 0U) << "the writer reads where the log ends";
    disk.heal();
    for (int i = 0; i < FaultReport::in_a_row; ++i) EXPECT_EQ(world->messages(room).size(), 50U);
    EXPECT_EQ(posted(3), 3U);
    EXPECT_EQ(log.count(file().string() + " cannot be read: disk I/O error"), 1U) << log.text();
    EXPECT_EQ(log.count("Input/output error. The disk fails"), 2U) << log.text();
    EXPECT_EQ(log.count(file().string() + " can be read again."), 1U) << log.text();
}

TEST_F(FullDisk, a_read_that_comes_short_gives_nothing_wrong_and_is_forgotten) {
    EXPECT_EQ(posted(50), 50U);
    const auto messages = world->messages(room);
    reopen();
    disk.fail_reads(FailingDisk::Reads::come_short);
    const Window page{Window::Kind::latest, {}, 50};
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(run(store->messages(room, page)));
    for (const auto& result : post(3)) EXPECT_FALSE(result);
    disk.heal();
    for (int i = 0; i < 5; ++i) EXPECT_EQ(world->messages(room), messages) << "by each of the readers";
    EXPECT_EQ(posted(3), 3U);
    expect_dense();
}

}  // namespace
}  // namespace makechat::sqlite
