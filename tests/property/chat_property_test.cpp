#include "property/generators.hpp"
#include "property/play.hpp"
#include "store/memory/store.hpp"
#include "store/sqlite/store.hpp"
#include "support/failing_disk.hpp"
#include "support/property.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace makechat::property {
namespace {

/// Lives as long as the object, as if nothing could happen to it.
class MemoryBacking final : public Backing {
public:
    chat::Store& open(chat::Committed committed) override {
        store_ = std::make_unique<memory::Store>(random_, std::move(committed));
        return *store_;
    }
    chat::Store& reopen() override { return *store_; }

private:
    FakeRandom random_{2};
    std::unique_ptr<memory::Store> store_;
};

/// A database in a folder of its own, with a disk that may fail.
class SqliteBacking final : public Backing {
public:
    chat::Store& open(chat::Committed committed) override {
        committed_ = std::move(committed);
        return reopen();
    }
    chat::Store& reopen() override {
        store_.reset();
        store_ = must(sqlite::Store::open(folder_.path(), random_, committed_));
        return *store_;
    }
    void begin_fault(int at_write) override { disk_.fail_writes_from(at_write); }
    void end_fault() override { disk_.heal(); }

private:
    FailingDisk disk_;
    TemporaryFolder folder_;
    FakeRandom random_{2};
    chat::Committed committed_;
    std::unique_ptr<sqlite::Store> store_;
};

template <class Store = MemoryBacking>
void play(const History& history) {
    Store backing;
    Play(backing).play(history);
}

TEST(Chat, does_what_the_contract_says_and_tells_at_once_who_may_know) {
    check_property({.tries = 400}, [] {
        History history{true, *actions({.faults = false})};
        play(history);
    });
}

TEST(Chat, loses_nothing_acknowledged_and_does_nothing_twice_where_the_store_fails) {
    check_property({.tries = 400}, [] {
        History history{true, *actions({.faults = true})};
        play(history);
    });
}

TEST(Chat, brings_everything_once_to_who_may_read_it_over_late_loops_and_lost_connections) {
    check_property({.tries = 400}, [] {
        History history{false, *actions({.faults = true})};
        play(history);
    });
}

TEST(Chat, does_at_the_same_moment_what_it_does_one_after_the_other) {
    check_property({.tries = 1'000}, [] {
        History history{false, *actions({.faults = false, .together = true})};
        play(history);
    });
}

TEST(Chat, survives_the_failing_of_each_call_of_a_history_in_turn) {
    check_property({.tries = 8, .size_max = 60}, [] {
        const History history{true, *actions({.faults = false})};
        for (const auto how : {Fault::How::refused, Fault::How::unknown}) {
            for (int call = 1;; ++call) {
                MemoryBacking backing;
                Play play(backing);
                play.fail_at(call, how);
                play.play(history);
                if (play.faults() == 0) break;
            }
        }
    });
}

TEST(ChatOnDisk, loses_nothing_acknowledged_where_the_disk_is_full_at_times) {
    check_property({.tries = 60}, [] {
        History history{false, *actions({.faults = true, .disk = true})};
        play<SqliteBacking>(history);
    });
}

}  // namespace
}  // namespace makechat::property
