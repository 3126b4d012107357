#include "support/store_on_failing_disk.hpp"

#include <sqlite3.h>

#include <map>
#include <optional>

/// Computers that stop at any moment, with disks that have then what chance has brought to them, and some of whose syncs
/// have failed before.
namespace makechat::sqlite {
namespace {

using namespace chat;

class PowerLoss : public StoreOnFailingDisk, public testing::WithParamInterface<int> {
protected:
    /// Posts, of which some go through; remembers which for sure.
    void post_some() {
        std::vector<Task<Result<Commit>>> tasks;
        std::vector<std::string> nonces;
        const auto count = 1 + dice->below(20);
        for (std::size_t i = 0; i < count; ++i) {
            const auto message = world->draft(room, alice, std::string(dice->below(6'000), 'x'));
            auto change = world->change(alice, {{LogId::of(room), MessagePosted{message}}});
            change.nonce = nonces.emplace_back("n" + std::to_string(++nonce));
            offered.emplace(change.nonce, change);
            tasks.push_back(store->append(std::move(change)));
        }
        const auto results = run_all(std::move(tasks));
        for (std::size_t i = 0; i < count; ++i) {
            if (!results[i]) continue;
            const auto& posted = std::get<MessagePosted>(results[i]->entries[0].body).message;
            acknowledged.emplace(nonces[i], describe(posted));
        }
    }

    /// What was acknowledged is there as it was, once; what was not, at most once, and once after a retry.
    void check() {
        expect_sound_file();
        ASSERT_NO_FATAL_FAILURE(expect_dense());
        for (const auto& [id, change] : offered) {
            const auto again = run(store->append(change));
            ASSERT_TRUE(again) << id << ": " << again.error().text;
            const auto found = describe(std::get<MessagePosted>(again->entries[0].body).message);
            const auto known = acknowledged.find(id);
            if (known == acknowledged.end()) continue;
            ASSERT_TRUE(again->repeated) << id << " was acknowledged and is lost";
            ASSERT_EQ(found, known->second);
        }
        messages += static_cast<std::int64_t>(offered.size());
        ASSERT_EQ(world->load().rooms.at(0).messages, messages) << "each of them once";
        offered.clear();
        acknowledged.clear();
    }

    void expect_sound_file() const {
        sqlite3* connection = nullptr;
        ASSERT_EQ(sqlite3_open(file().c_str(), &connection), SQLITE_OK);
        std::string verdict;
        const auto keep = [](void* to, int, char** columns, char**) {
            *static_cast<std::string*>(to) += columns[0];
            return 0;
        };
        sqlite3_exec(connection, "PRAGMA integrity_check", keep, &verdict, nullptr);
        sqlite3_close(connection);
        ASSERT_EQ(verdict, "ok");
    }

    /// One life of the computer: some posts, faults now and then, its end, and what is there afterwards.
    void live_and_die() {
        for (auto lives = dice->below(3); lives > 0; --lives) {
            post_some();
            if (dice->below(3) == 0) {
                disk.fail_syncs(true);
                post_some();
                disk.fail_syncs(false);
            }
            if (dice->below(3) == 0) {  // kill -9: the kernel still shows what the disk may not have
                disk.cut_power_at(1);
                reopen_after([&] { disk.heal(); });
            }
        }
        disk.cut_power_at(static_cast<int>(1 + dice->below(60)));
        for (int i = 0; i < 3; ++i) post_some();
        reopen_after([&] { disk.start_again(*dice); });
    }

    template <class Restart>
    void reopen_after(Restart restart) {
        store.reset();
        restart();
        open();
    }

    std::optional<FakeRandom> dice;
    std::map<std::string, Change> offered;
    std::map<std::string, std::string> acknowledged;
    std::int64_t messages = 0;
    int nonce = 0;
};

constexpr int lives_of_a_computer = 10;

TEST_P(PowerLoss, loses_nothing_acknowledged_whatever_the_disk_had) {
    for (int life = 0; life < lives_of_a_computer; ++life) {
        SCOPED_TRACE("life " + std::to_string(life));
        dice.emplace(static_cast<std::uint64_t>(GetParam() * lives_of_a_computer + life));
        ASSERT_NO_FATAL_FAILURE(live_and_die());
        ASSERT_NO_FATAL_FAILURE(check());
    }
}

INSTANTIATE_TEST_SUITE_P(Computers, PowerLoss, testing::Range(0, 20));

}  // namespace
}  // namespace makechat::sqlite
