#include "store/sqlite/store.hpp"

#include "base/limits.hpp"
#include "store/sqlite/database.hpp"
#include "support/run.hpp"
#include "support/store_world.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <optional>

/// What is this store's own: its folder and file, its queue, and what a kill leaves. The port's promises are in
/// tests/contract.
namespace makechat::sqlite {
namespace {

using namespace chat;

class SqliteStore : public testing::Test {
protected:
    std::unique_ptr<Store> open(Committed committed = {}) {
        auto opened = Store::open(folder.path(), random, std::move(committed));
        EXPECT_TRUE(opened) << opened.error().text;
        return opened ? std::move(*opened) : nullptr;
    }
    Error refusal() {
        const auto opened = Store::open(folder.path(), random);
        return opened ? Error{} : opened.error();
    }
    [[nodiscard]] std::filesystem::path file() const { return folder.path() / "makechat.db"; }
    void run_sql(const std::string& sql) const {
        sqlite3* database = nullptr;
        ASSERT_EQ(sqlite3_open(file().c_str(), &database), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
            << sqlite3_errmsg(database);
        sqlite3_close(database);
    }
    [[nodiscard]] std::int64_t count_of(const std::string& table) const {
        Database database(file(), Database::Mode::read_only);
        return database.number("SELECT count(*) FROM " + table);
    }
    [[nodiscard]] std::string bytes() const {
        std::ifstream in(file(), std::ios::binary);
        return {std::istreambuf_iterator(in), {}};
    }

    TemporaryFolder folder;
    FakeRandom random{3};
};

mode_t mode_of(const std::filesystem::path& path) {
    struct stat status{};
    EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 0777U;
}

TEST_F(SqliteStore, makes_a_folder_for_its_owner_alone) {
    const auto data = folder.path() / "some" / "where" / "data";
    const auto opened = Store::open(data, random);
    ASSERT_TRUE(opened) << opened.error().text;
    EXPECT_EQ(mode_of(data), 0700U);
    for (const auto* name : {"makechat.db", "makechat.db-wal", "makechat.db-shm", "makechat.lock"})
        EXPECT_EQ(mode_of(data / name), 0600U) << name;
    EXPECT_EQ((*opened)->describe().substr(0, 20), "sqlite makechat.db, ");
}

TEST_F(SqliteStore, leaves_one_file_when_it_is_closed) {
    open();
    EXPECT_TRUE(std::filesystem::exists(file()));
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "makechat.db-wal"));
}

TEST_F(SqliteStore, tells_when_the_folder_cannot_be_made) {
    std::ofstream(folder.path() / "file") << "x";
    const auto opened = Store::open(folder.path() / "file" / "data", random);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Code::internal);
    EXPECT_NE(opened.error().text.find("cannot be created: Not a directory"), std::string::npos) << opened.error().text;
}

TEST_F(SqliteStore, refuses_a_second_process_and_names_the_first) {
    auto first = open();
    const auto refused = refusal();
    EXPECT_EQ(refused.code, Code::conflict);
    EXPECT_NE(refused.text.find("the process " + std::to_string(getpid())), std::string::npos) << refused.text;
    EXPECT_NE(refused.text.find(folder.path().string()), std::string::npos) << refused.text;
    first.reset();
    EXPECT_TRUE(open());
}

TEST_F(SqliteStore, refuses_a_newer_schema) {
    open();
    run_sql("PRAGMA user_version = 1000");
    const auto refused = refusal();
    EXPECT_EQ(refused.code, Code::conflict);
    EXPECT_NE(refused.text.find("newer makechat (schema 1000"), std::string::npos) << refused.text;
}

TEST_F(SqliteStore, refuses_the_database_of_another_program) {
    run_sql("CREATE TABLE recipes (name TEXT)");
    const auto refused = refusal();
    EXPECT_EQ(refused.code, Code::conflict);
    EXPECT_NE(refused.text.find("another program"), std::string::npos) << refused.text;
}

TEST_F(SqliteStore, refuses_a_damaged_file_and_says_what_to_do) {
    open();
    std::fstream(file(), std::ios::binary | std::ios::in | std::ios::out) << "These are no longer the first bytes.";
    auto refused = refusal();
    EXPECT_EQ(refused.code, Code::internal);
    EXPECT_NE(refused.text.find(file().string() + " is damaged"), std::string::npos) << refused.text;
    EXPECT_NE(refused.text.find("Restore the data folder from a backup"), std::string::npos) << refused.text;
    std::filesystem::resize_file(file(), 5'000);
    EXPECT_NE(refusal().text.find("is damaged"), std::string::npos);
}

TEST_F(SqliteStore, copies_an_older_database_before_it_changes_it) {
    open();
    // No older schema has been released: this one only says that it is, and its migration must fail, and change nothing.
    run_sql("PRAGMA user_version = 0");
    const auto before = bytes();
    const auto refused = refusal();
    EXPECT_EQ(refused.code, Code::internal);
    EXPECT_TRUE(std::filesystem::exists(folder.path() / "makechat.db.before-1"));
    EXPECT_EQ(mode_of(folder.path() / "makechat.db.before-1"), 0600U);
    EXPECT_EQ(bytes(), before);
}

TEST_F(SqliteStore, opens_a_database_of_before_servers_had_names) {
    {
        auto store = open();
        StoreWorld(*store).add_user("alice");
    }
    run_sql("ALTER TABLE meta DROP COLUMN server_name; ALTER TABLE meta DROP COLUMN registration_open");
    run_sql("PRAGMA user_version = 2");
    auto store = open();
    StoreWorld world(*store);
    EXPECT_EQ(world.load().users.size(), 1U);
    EXPECT_EQ(world.load().server, ServerSettings{});
    EXPECT_TRUE(std::filesystem::exists(folder.path() / "makechat.db.before-3"));
}

TEST_F(SqliteStore, a_deleted_text_is_not_in_the_file) {
    const std::string secret = "a secret that nobody may find";
    {
        auto store = open();
        StoreWorld world(*store);
        const auto alice = world.add_user("alice").id;
        const auto room = world.add_room("one", alice).id;
        auto message = world.post(room, alice, secret);
        const auto large = world.post(room, alice, std::string(15'000, 'x') + secret);
        world.post(room, alice, "something that stays");
        message = world.edit(message, secret + ", edited");
        world.remove(message, alice);
        world.remove(large, alice);
    }
    EXPECT_NE(bytes().find("something that stays"), std::string::npos);
    EXPECT_EQ(bytes().find(secret), std::string::npos);
}

TEST_F(SqliteStore, a_clock_set_back_between_two_runs_changes_no_order) {
    auto store = open();
    StoreWorld world(*store);
    const auto alice = world.add_user("alice").id;
    const auto room = world.add_room("one", alice).id;
    const auto first = world.post(room, alice, "first");
    const auto position = world.load().position;
    store.reset();
    store = open();
    world.move_to(*store);
    world.clock.set(world.clock.now() - std::chrono::hours(48));
    const auto second = world.post(room, alice, "second");
    EXPECT_EQ(second.seq, first.seq.next());
    EXPECT_LT(second.created, first.created);
    const auto since = run(store->entries_since(LogId::of(room), position, 10)).value();
    ASSERT_EQ(since.size(), 1U);
    EXPECT_EQ(since[0].seq, second.seq);
    EXPECT_EQ(since[0].position, position.next());
    const auto messages = world.messages(room);
    ASSERT_EQ(messages.size(), 2U);
    EXPECT_EQ(messages[1].id, second.id);
}

/// Of a deleted room nothing may stay, whatever the size, also when the server stops meanwhile.
TEST_F(SqliteStore, a_deleted_room_leaves_nothing_in_the_file) {
    const std::string secret = "a secret that nobody may find";
    {
        auto store = open();
        StoreWorld world(*store);
        const auto alice = world.add_user("alice").id;
        const auto room = world.add_room("one", alice);
        std::vector<Write> writes;
        for (int i = 0; i < 1'200; ++i)
            writes.push_back({LogId::of(room.id), MessagePosted{world.draft(room.id, alice, secret)}});
        world.append(alice, std::move(writes));
        world.edit(world.messages(room.id).back(), secret + ", edited");
        world.delete_room(room, alice);
    }
    for (int starts = 0; count_of("deleted_rooms") > 0; ++starts) {
        ASSERT_LT(starts, 100) << "each start goes on with it";
        open();
    }
    for (const auto* table : {"messages", "message_versions", "mentions"}) EXPECT_EQ(count_of(table), 0) << table;
    EXPECT_EQ(bytes().find(secret), std::string::npos);
}

TEST_F(SqliteStore, a_password_is_in_the_file_only_once) {
    {
        auto store = open();
        StoreWorld world(*store);
        world.add_user("alice");
    }
    const auto first = bytes().find("$argon2id$alice");
    ASSERT_NE(first, std::string::npos);
    EXPECT_EQ(bytes().find("$argon2id$alice", first + 1), std::string::npos);
}

TEST_F(SqliteStore, one_broken_write_does_not_harm_those_beside_it) {
    auto store = open();
    StoreWorld world(*store);
    const auto alice = world.add_user("alice");
    const auto room = world.add_room("one", alice.id).id;
    const auto post = [&] {
        const Write write{LogId::of(room), MessagePosted{world.draft(room, alice.id, "hi")}};
        return store->append(world.change(alice.id, {write}));
    };
    auto twin = alice;
    twin.id = world.ids.next<UserId>();  // the same name: the domain would never
    const Write good{LogId::of(room), MessagePosted{world.draft(room, alice.id, "gone with it")}};
    std::vector<Task<Result<Commit>>> tasks;
    tasks.push_back(post());
    tasks.push_back(store->append(world.change(twin.id, {good, {LogId::server(), UserCreated{twin}}})));
    tasks.push_back(post());
    const auto results = run_all(std::move(tasks));
    EXPECT_TRUE(results[0]);
    ASSERT_FALSE(results[1]);
    EXPECT_EQ(results[1].error(), (Error{Code::internal, "Internal error.", 0}));
    ASSERT_TRUE(results[2]);
    EXPECT_EQ(results[2]->entries[0].seq, Seq{4});
    EXPECT_EQ(world.messages(room).size(), 2U);
    EXPECT_EQ(world.messages(room).back().ordinal, 2);
    EXPECT_EQ(world.load().users.size(), 1U);
    EXPECT_EQ(world.load().rooms.at(0).members.at(0).read, Seq{4});
}

/// Something that a thread waits before until another opens it.
class Gate {
public:
    void open() {
        const std::lock_guard lock(mutex_);
        open_ = true;
        opened_.notify_all();
    }
    void pass() {
        std::unique_lock lock(mutex_);
        opened_.wait(lock, [&] { return open_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable opened_;
    bool open_ = false;
};

Task<Result<Commit>> open_gate(Gate& gate) {
    gate.open();
    co_return Commit{};
}

TEST_F(SqliteStore, past_its_bound_the_queue_refuses) {
    Gate gate;
    gate.open();
    Gate* before_handing_on = &gate;
    auto store = open([&](const SharedBatch&) { before_handing_on->pass(); });
    StoreWorld world(*store);
    const auto alice = world.add_user("alice").id;
    const auto room = world.add_room("one", alice).id;
    Gate closed;
    before_handing_on = &closed;
    std::vector<Task<Result<Commit>>> tasks;
    constexpr auto more = limits::writes_waiting_max + limits::writes_per_commit_max + 100;
    for (std::size_t i = 0; i < more; ++i) {
        const Write write{LogId::of(room), MessagePosted{world.draft(room, alice, "hi")}};
        tasks.push_back(store->append(world.change(alice, {write})));
    }
    tasks.push_back(open_gate(closed));
    std::size_t refused = 0;
    for (const auto& result : run_all(std::move(tasks))) {
        if (result) continue;
        ++refused;
        ASSERT_EQ(result.error().code, Code::overloaded);
        ASSERT_EQ(result.error().retry_after_s, 1);
    }
    EXPECT_GE(refused, 100U);
    EXPECT_EQ(world.load().rooms.at(0).messages, static_cast<std::int64_t>(more - refused));
}

/// In some rounds the writer sleeps when the first comes, and the store is gone before this loop's turn to wake it.
TEST_F(SqliteStore, what_waits_when_it_closes_is_written_and_answered) {
    auto store = open();
    StoreWorld world(*store);
    const auto alice = world.add_user("alice").id;
    const auto room = world.add_room("one", alice).id;
    const auto close = [](std::unique_ptr<Store>& closing) -> Task<Result<Commit>> {
        closing.reset();
        co_return Commit{};
    };
    for (std::size_t round = 1; round <= 20; ++round) {
        std::vector<Task<Result<Commit>>> tasks;
        for (int i = 0; i < 50; ++i) {
            const Write write{LogId::of(room), MessagePosted{world.draft(room, alice, "hi")}};
            tasks.push_back(store->append(world.change(alice, {write})));
        }
        tasks.push_back(close(store));
        for (const auto& result : run_all(std::move(tasks))) EXPECT_TRUE(result);
        store = open();
        world.move_to(*store);
        EXPECT_EQ(world.messages(room).size(), round * 50);
    }
}

/// Writes to `acknowledged` the id of each message that the store says it has.
Task<bool> post_for_ever(Store& store, StoreWorld& world, RoomId room, UserId user, int acknowledged) {
    for (;;) {
        const auto message = world.draft(room, user, "hi");
        const Write posted{LogId::of(room), MessagePosted{message}};
        auto change = world.change(user, {posted});
        const auto commit = co_await store.append(std::move(change));
        if (!commit) co_return false;
        if (write(acknowledged, message.id.bytes.data(), message.id.bytes.size()) < 0) co_return false;
    }
}

[[noreturn]] void post_until_killed(const std::filesystem::path& folder, std::uint64_t seed, int acknowledged) {
    FakeRandom random{seed};
    const auto store = Store::open(folder, random);
    if (!store) _exit(1);
    StoreWorld world(**store, seed);
    const auto user = world.add_user("user" + std::to_string(seed)).id;
    const auto room = world.add_room("room" + std::to_string(seed), user).id;
    std::vector<Task<bool>> tasks;
    for (int i = 0; i < 32; ++i) tasks.push_back(post_for_ever(**store, world, room, user, acknowledged));
    run_all(std::move(tasks));
    _exit(1);
}

TEST_F(SqliteStore, what_was_acknowledged_survives_kill_9) {
    for (std::uint64_t seed = 10; seed < 14; ++seed) {
        std::array<int, 2> ends{};
        ASSERT_EQ(pipe(ends.data()), 0);
        const pid_t child = fork();
        if (child == 0) post_until_killed(folder.path(), seed, ends[1]);
        close(ends[1]);
        std::vector<MessageId> acknowledged;
        MessageId id;
        const auto enough = 200 + random.below(800);
        while (read(ends[0], id.bytes.data(), id.bytes.size()) == static_cast<ssize_t>(id.bytes.size())) {
            acknowledged.push_back(id);
            if (acknowledged.size() == enough) kill(child, SIGKILL);
        }
        close(ends[0]);
        int status = 0;
        waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself";
        ASSERT_GE(acknowledged.size(), enough);

        const auto store = open();
        ASSERT_TRUE(store);
        for (const auto& each : acknowledged) ASSERT_TRUE(run(store->message(each)));
        StoreWorld world(*store, seed + 100);
        for (const auto& room : world.load().rooms) {
            EXPECT_EQ(room.last_seq.value, room.messages + 2) << "no hole, no entry without its message";
            EXPECT_EQ(world.entries(LogId::of(room.room.id)).back().seq, room.last_seq);
        }
    }
}

}  // namespace
}  // namespace makechat::sqlite
