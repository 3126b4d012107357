#include "store/sqlite/nonces.hpp"

#include "store/sqlite/migrate.hpp"
#include "store/sqlite/migrations.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/store.hpp"
#include "support/fake_random.hpp"
#include "support/run.hpp"
#include "support/store_world.hpp"
#include "support/temporary_folder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <optional>

/// What is forgotten, what a restart and an upgrade keep. That a retry is the first message is in tests/contract.
namespace makechat::sqlite {
namespace {

using namespace chat;

class NoncesTest : public testing::Test {
protected:
    NoncesTest() {
        FakeRandom random{4};
        EXPECT_TRUE(migrate(file(), random));
        database.emplace(file(), Database::Mode::read_write);
    }
    [[nodiscard]] std::filesystem::path file() const { return folder.path() / "makechat.db"; }
    /// Each nonce in a commit of its own.
    void use(Nonces& nonces, int first, int last) {
        for (int i = first; i <= last; ++i) {
            nonces.note(hash(nonces, i), {i});
            nonces.write({i});
            nonces.keep();
        }
    }
    static Nonces::Hash hash(const Nonces& nonces, int i) { return nonces.hash({}, {}, fmt::format("nonce {}", i)); }
    static bool knows(const Nonces& nonces, int i) {
        const auto found = nonces.find(hash(nonces, i));
        return std::ranges::find(found, Seq{i}) != found.end();
    }
    std::int64_t rows() { return database->number("SELECT count(*) FROM recent_nonces"); }

    TemporaryFolder folder;
    std::optional<Database> database;
};

TEST_F(NoncesTest, are_the_senders_own_in_each_room) {
    const Nonces nonces(*database);
    const RoomId room{{1}};
    const UserId sender{{2}};
    const auto hash = nonces.hash(room, sender, "n");
    EXPECT_EQ(nonces.hash(room, sender, "n"), hash);
    EXPECT_NE(nonces.hash(RoomId{{3}}, sender, "n"), hash);
    EXPECT_NE(nonces.hash(room, UserId{{3}}, "n"), hash);
    EXPECT_NE(nonces.hash(room, sender, "m"), hash);
}

TEST_F(NoncesTest, of_a_transaction_that_failed_were_not_used) {
    Nonces nonces(*database);
    nonces.note(1, {1});
    const auto before = nonces.noted();
    nonces.note(2, {2});
    nonces.drop_from(before);
    EXPECT_EQ(nonces.find(1), std::vector{Seq{1}}) << "known within the transaction";
    EXPECT_TRUE(nonces.find(2).empty());
    nonces.drop();
    EXPECT_TRUE(nonces.find(1).empty());
}

TEST_F(NoncesTest, that_share_a_hash_are_all_found) {
    Nonces nonces(*database);
    for (const auto seq : {1, 2}) {
        nonces.note(7, {seq});
        nonces.write({seq});
        nonces.keep();
    }
    nonces.note(7, {3});
    auto found = nonces.find(7);
    std::ranges::sort(found);
    EXPECT_EQ(found, (std::vector{Seq{1}, Seq{2}, Seq{3}}));
}

TEST_F(NoncesTest, are_kept_as_promised_and_then_forgotten_on_disk_too) {
    constexpr int kept_min = 100;
    Nonces nonces(*database, kept_min);
    for (int last = 1; last <= 5 * kept_min; ++last) {
        use(nonces, last, last);
        for (const int i : {last, std::max(1, last - kept_min / 2), std::max(1, last - kept_min + 1)})
            ASSERT_TRUE(knows(nonces, i)) << i << " after " << last;
    }
    EXPECT_FALSE(knows(nonces, 2 * kept_min));
    EXPECT_LE(rows(), 3 * kept_min);
}

TEST_F(NoncesTest, are_there_after_a_restart) {
    constexpr int kept_min = 100;
    {
        Nonces nonces(*database, kept_min);
        use(nonces, 1, 3 * kept_min);
    }
    Nonces again(*database, kept_min);
    for (int i = 2 * kept_min + 1; i <= 3 * kept_min; ++i) ASSERT_TRUE(knows(again, i)) << i;
    use(again, 3 * kept_min + 1, 6 * kept_min);
    EXPECT_LE(rows(), 3 * kept_min) << "what an earlier run has left goes too";
}

/// A database of the first schema: alice has said hello in a room, once with the nonce n1.
void make_old_database(const std::filesystem::path& file, RoomId room, UserId alice) {
    std::ofstream(file).close();
    Database database(file, Database::Mode::read_write);
    database.run("PRAGMA journal_mode = WAL; PRAGMA user_version = 1");
    database.run(fmt::format("PRAGMA application_id = {}", 0x6D6B6368));
    database.run(std::string(migrations().front().sql));
    database.run("INSERT INTO meta VALUES (1, 3, '0123456789abcdef01234567', zeroblob(32))");
    Statement{database, "INSERT INTO users VALUES (?1, 'alice', 'alice', '', NULL, '', '', '', '', 0, 0, 0, 0, 0)"}.run(
        alice);
    Statement{database, "INSERT INTO rooms VALUES (?1, 'room', 'one', 'one', NULL, '', 1, 1, 'members', 0)"}.run(room);
    Statement entry{database, "INSERT INTO entries VALUES (?1, ?2, ?2, 13, ?3, 0, NULL, NULL)"};
    Statement message{database,
                      "INSERT INTO messages (room, seq, id, ordinal, sender, created, text)"
                      " VALUES (?1, ?2, ?3, ?2, ?4, 0, 'hello')"};
    for (std::uint8_t seq = 1; seq <= 3; ++seq) {
        entry.run(key_of(LogId::of(room)), Seq{seq}, alice);
        message.run(room, Seq{seq}, MessageId{{seq}}, alice);
    }
    Statement{database, "INSERT INTO nonces VALUES (?1, ?2, 'n1', 2)"}.run(room, alice);
}

TEST(NoncesMigration, keeps_the_nonces_of_before) {
    const TemporaryFolder folder;
    const RoomId room{{1, 0, 2}};
    const UserId alice{{3, 0, 4}};
    make_old_database(folder.path() / "makechat.db", room, alice);

    FakeRandom random{4};
    const auto store = Store::open(folder.path(), random);
    ASSERT_TRUE(store) << store.error().text;
    StoreWorld world(**store);
    const auto post = [&](const std::string& nonce) {
        auto change = world.change(alice, {{LogId::of(room), MessagePosted{world.draft(room, alice, "hello")}}});
        change.nonce = nonce;
        return world.append(std::move(change));
    };
    const auto again = post("n1");
    EXPECT_TRUE(again.repeated);
    EXPECT_EQ(again.entries.at(0).seq, Seq{2});
    const auto another = post("n2");
    EXPECT_FALSE(another.repeated);
    EXPECT_EQ(another.entries.at(0).seq, Seq{4});
    EXPECT_TRUE(std::filesystem::exists(folder.path() / "makechat.db.before-2"));
}

}  // namespace
}  // namespace makechat::sqlite
