#include "contract/store_contract.hpp"

#include <algorithm>
#include <atomic>

/// What append promises: order, numbers, nonces, facts.
namespace makechat {

using namespace chat;

namespace {

Change post_once(StoreWorld& world, const Message& message, const std::string& nonce) {
    auto change = world.change(message.sender, {{LogId::of(message.room), MessagePosted{message}}});
    change.nonce = nonce;
    return change;
}

Change resting_on(Change change, std::vector<Fact> facts, Position as_of) {
    change.rests_on = std::move(facts);
    change.as_of = as_of;
    return change;
}

Message message_of(const Commit& commit) { return std::get<MessagePosted>(commit.entries.at(0).body).message; }

}  // namespace

TEST_P(StoreContract, a_log_is_dense_and_positions_grow) {
    const auto alice = world.add_user("alice").id;
    const auto room = world.add_room("one", alice).id;
    const auto other = world.add_room("two", alice).id;
    for (int i = 0; i < 5; ++i) {
        world.post(room, alice, "a");
        world.post(other, alice, "b");
    }
    for (const auto& log : {LogId::server(), LogId::of(room), LogId::of(other)}) {
        Seq seq;
        Position position;
        for (const auto& entry : world.entries(log)) {
            seq = seq.next();
            EXPECT_EQ(entry.seq, seq);
            EXPECT_GT(entry.position, position);
            position = entry.position;
        }
    }
    EXPECT_EQ(world.entries(LogId::of(room)).size(), 7U);
}

TEST_P(StoreContract, messages_are_numbered_apart_from_other_entries) {
    const auto alice = world.add_user("alice").id;
    const auto bob = world.add_user("bob").id;
    const auto room = world.add_room("one", alice).id;
    const auto first = world.post(room, alice, "a");
    world.join(room, bob);
    const auto second = world.post(room, bob, "b");
    EXPECT_EQ(first.seq, Seq{3});
    EXPECT_EQ(first.ordinal, 1);
    EXPECT_EQ(second.seq, Seq{5});
    EXPECT_EQ(second.ordinal, 2);
    EXPECT_EQ(world.messages(room), (std::vector<Message>{first, second}));
}

TEST_P(StoreContract, a_change_comes_back_as_its_entries_in_order) {
    const auto alice = world.add_user("alice").id;
    const auto room = world.add_room("one", alice);
    const auto commit = world.delete_room(room, alice);
    ASSERT_EQ(commit.entries.size(), 2U);
    EXPECT_FALSE(commit.repeated);
    EXPECT_EQ(commit.entries[0].log, LogId::server());
    EXPECT_EQ(commit.entries[0].seq, Seq{2});
    EXPECT_EQ(commit.entries[1].log, LogId::of(alice));
    EXPECT_EQ(commit.entries[1].seq, Seq{1});
    EXPECT_GT(commit.entries[1].position, commit.entries[0].position);
    EXPECT_TRUE(std::holds_alternative<LostDeletedRoom>(commit.entries[1].body));
}

TEST_P(StoreContract, a_retry_with_the_same_nonce_returns_the_first_entry) {
    const auto alice = world.add_user("alice").id;
    const auto room = world.add_room("one", alice).id;
    const auto first = world.append(post_once(world, world.draft(room, alice, "hello"), "n1"));
    const auto again = world.append(post_once(world, world.draft(room, alice, "hello"), "n1"));
    EXPECT_FALSE(first.repeated);
    EXPECT_TRUE(again.repeated);
    ASSERT_EQ(again.entries.size(), 1U);
    EXPECT_EQ(describe(again.entries[0]), describe(first.entries[0]));
    EXPECT_EQ(world.messages(room).size(), 1U);
}

TEST_P(StoreContract, a_retry_after_a_restart_is_the_first_message) {
    const auto alice = world.add_user("alice").id;
    const auto room = world.add_room("one", alice).id;
    const auto first = world.append(post_once(world, world.draft(room, alice, "hello"), "n1"));
    world.append(post_once(world, world.draft(room, alice, "and more"), "n2"));
    reopen();
    const auto again = world.append(post_once(world, world.draft(room, alice, "hello"), "n1"));
    EXPECT_TRUE(again.repeated);
    EXPECT_EQ(describe(again.entries.at(0)), describe(first.entries.at(0)));
    EXPECT_EQ(world.messages(room).size(), 2U);
}

TEST_P(StoreContract, a_retry_into_a_room_that_was_deleted_is_stale) {
    const auto alice = world.add_user("alice").id;
    const auto room = world.add_room("one", alice);
    world.append(post_once(world, world.draft(room.id, alice, "hello"), "n1"));
    world.delete_room(room, alice);
    const auto again = run(store().append(post_once(world, world.draft(room.id, alice, "hello"), "n1")));
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Code::stale);
}

TEST_P(StoreContract, a_retry_beside_the_first_try_is_one_message) {
    const auto alice = world.add_user("alice").id;
    const auto room = world.add_room("one", alice).id;
    std::vector<Task<Result<Commit>>> tries;
    for (int i = 0; i < 10; ++i)
        tries.push_back(store().append(post_once(world, world.draft(room, alice, "hello"), "n1")));
    const auto commits = run_all(std::move(tries));
    for (const auto& commit : commits) {
        ASSERT_TRUE(commit);
        EXPECT_EQ(message_of(*commit), message_of(*commits.front()));
    }
    EXPECT_EQ(std::ranges::count_if(commits, [](const auto& commit) { return commit->repeated; }), 9);
    EXPECT_EQ(world.messages(room).size(), 1U);
}

TEST_P(StoreContract, a_retry_shows_the_message_as_it_is_now) {
    const auto alice = world.add_user("alice").id;
    const auto room = world.add_room("one", alice).id;
    const auto first = message_of(world.append(post_once(world, world.draft(room, alice, "helo"), "n1")));
    const auto edited = world.edit(first, "hello");
    const auto again = world.append(post_once(world, world.draft(room, alice, "helo"), "n1"));
    EXPECT_TRUE(again.repeated);
    EXPECT_EQ(message_of(again), edited);
    const auto deleted = world.remove(edited, alice);
    EXPECT_EQ(message_of(world.append(post_once(world, world.draft(room, alice, "helo"), "n1"))), deleted);
}

TEST_P(StoreContract, a_nonce_is_the_senders_own_in_each_room) {
    const auto alice = world.add_user("alice").id;
    const auto bob = world.add_user("bob").id;
    const auto room = world.add_room("one", alice).id;
    const auto other = world.add_room("two", alice).id;
    world.join(room, bob);
    EXPECT_FALSE(world.append(post_once(world, world.draft(room, alice, "1"), "n")).repeated);
    EXPECT_FALSE(world.append(post_once(world, world.draft(room, bob, "2"), "n")).repeated);
    EXPECT_FALSE(world.append(post_once(world, world.draft(other, alice, "3"), "n")).repeated);
    EXPECT_FALSE(world.append(post_once(world, world.draft(room, alice, "4"), "m")).repeated);
    EXPECT_FALSE(world.append(post_once(world, world.draft(room, alice, "5"), "")).repeated);
    EXPECT_FALSE(world.append(post_once(world, world.draft(room, alice, "6"), "")).repeated);
}

TEST_P(StoreContract, a_decision_on_a_fact_that_has_changed_is_stale_and_leaves_no_trace) {
    const auto alice = world.add_user("alice").id;
    const auto bob = world.add_user("bob").id;
    const auto room = world.add_room("one", alice).id;
    const auto before = world.load().position;
    world.join(room, bob);
    const auto after = world.load();
    const std::vector<Fact> facts{Fact::room(room), Fact::member(room, bob)};
    const auto post = [&](Position as_of) {
        const Write write{LogId::of(room), MessagePosted{world.draft(room, bob, "hi")}};
        return run(store().append(resting_on(world.change(bob, {write}), facts, as_of)));
    };
    const auto refused = post(before);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::stale);
    EXPECT_EQ(describe(world.load()), describe(after));
    EXPECT_TRUE(world.messages(room).empty());
    EXPECT_TRUE(post(after.position));
    EXPECT_TRUE(post(after.position)) << "a message changes nothing that decisions rest on";
}

TEST_P(StoreContract, of_two_decisions_on_one_name_at_the_same_moment_one_is_stale) {
    const auto alice = world.add_user("alice").id;
    const auto as_of = world.load().position;
    std::vector<Task<Result<Commit>>> tries;
    for (int i = 0; i < 2; ++i) {
        const Room room{.id = world.ids.next<RoomId>(), .name = "same", .topic = ""};
        auto change = world.change(alice, {{LogId::of(room.id), RoomCreated{room, {}}}});
        tries.push_back(store().append(resting_on(std::move(change), {Fact::room_name("same")}, as_of)));
    }
    const auto results = run_all(std::move(tries));
    ASSERT_TRUE(results[0]);
    ASSERT_FALSE(results[1]);
    EXPECT_EQ(results[1].error().code, Code::stale);
    EXPECT_EQ(world.load().rooms.size(), 1U);
}

TEST_P(StoreContract, a_repeat_is_answered_whatever_has_changed) {
    const auto alice = world.add_user("alice").id;
    const auto room = world.add_room("one", alice).id;
    const auto as_of = world.load().position;
    const auto once = [&] {
        auto change = post_once(world, world.draft(room, alice, "hello"), "n1");
        return world.append(resting_on(std::move(change), {Fact::member(room, alice)}, as_of));
    };
    EXPECT_FALSE(once().repeated);
    world.change_role(room, alice, Role::owner, Role::member);
    EXPECT_TRUE(once().repeated);
}

TEST_P(StoreContract, nothing_is_written_into_a_room_that_is_not_there) {
    const auto alice = world.add_user("alice").id;
    const auto room = world.add_room("one", alice);
    world.delete_room(room, alice);
    const auto before = describe(world.load());
    const auto refusal = [&](const LogId& log, Body body) {
        const auto result = run(store().append(world.change(alice, {{log, std::move(body)}})));
        return result ? std::nullopt : std::optional(result.error().code);
    };
    EXPECT_EQ(refusal(LogId::of(room.id), MessagePosted{world.draft(room.id, alice, "late")}), Code::stale);
    EXPECT_EQ(refusal(LogId::of(room.id), Joined{alice, {}, Role::member, alice}), Code::stale);
    EXPECT_EQ(refusal(LogId::server(), RoomDeleted{room}), Code::stale);
    EXPECT_EQ(describe(world.load()), before);
    EXPECT_TRUE(world.entries(LogId::of(room.id)).empty());
}

TEST_P(StoreContract, batches_are_told_in_commit_order_before_their_writers_resume) {
    std::atomic<std::int64_t> told{0};
    std::atomic<bool> in_order{true};
    committed = [&](const SharedBatch& batch) {
        for (const auto& entry : *batch) {
            if (entry.position.value <= told.load()) in_order = false;
            told = entry.position.value;
        }
    };
    const auto alice = world.add_user("alice").id;
    const auto room = world.add_room("one", alice).id;
    std::atomic<int> early{0};
    const auto post = [](Store& to, Change change, std::atomic<std::int64_t>& heard,
                         std::atomic<int>& too_early) -> Task<bool> {
        const auto commit = co_await to.append(std::move(change));
        if (!commit) co_return false;
        if (commit->entries.back().position.value > heard.load()) ++too_early;
        co_return true;
    };
    std::vector<Task<bool>> tasks;
    for (int i = 0; i < 500; ++i) {
        const Write write{LogId::of(room), MessagePosted{world.draft(room, alice, "hi")}};
        tasks.push_back(post(store(), world.change(alice, {write}), told, early));
    }
    for (const bool ok : run_all(std::move(tasks))) EXPECT_TRUE(ok);
    EXPECT_TRUE(in_order);
    EXPECT_EQ(early, 0);
    EXPECT_EQ(told, world.load().position.value);
}

TEST_P(StoreContract, a_repeat_and_a_refusal_are_not_told) {
    std::atomic<int> told{0};
    committed = [&](const SharedBatch& batch) { told += static_cast<int>(batch->size()); };
    const auto alice = world.add_user("alice").id;
    const auto room = world.add_room("one", alice).id;
    world.append(post_once(world, world.draft(room, alice, "hello"), "n1"));
    const int before = told;
    world.append(post_once(world, world.draft(room, alice, "hello"), "n1"));
    auto late = world.change(alice, {{LogId::server(), UserChanged{}}});
    EXPECT_FALSE(run(store().append(resting_on(std::move(late), {Fact::admins()}, {}))));
    EXPECT_EQ(told, before);
}

}  // namespace makechat
