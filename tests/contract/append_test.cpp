#include "contract/store_contract.hpp"

/// What append promises: order, numbers, nonces, facts.
namespace makechat {

using namespace chat;

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

}  // namespace makechat
