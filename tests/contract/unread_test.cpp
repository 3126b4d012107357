#include "contract/store_contract.hpp"

/// How many messages a member has not read, and how many of them are for him.
namespace makechat {

using namespace chat;

namespace {

/// Alice and Bob in a room, and what Alice writes to Bob there.
class Talk {
public:
    explicit Talk(StoreWorld& in) : world(in) { world.join(room, bob); }

    Message say(UserId sender, MentionsAll all, std::vector<UserId> mentions, std::vector<UserId> here = {}) {
        auto message = world.draft(room, sender, "hi");
        message.mentions_all = all;
        message.mentions = std::move(mentions);
        message.here = std::move(here);
        return world.post(message);
    }

    std::pair<std::int64_t, std::int64_t> unread(UserId user, Seq read = {}) {
        const auto answer = world.unread(user, room, read);
        EXPECT_EQ(answer.room, room);
        return {answer.unread, answer.mentions};
    }

    StoreWorld& world;
    UserId alice = world.add_user("alice").id;
    UserId bob = world.add_user("bob").id;
    RoomId room = world.add_room("one", alice).id;
};

using Counts = std::pair<std::int64_t, std::int64_t>;
constexpr auto nobody = MentionsAll::nobody;
constexpr auto all = MentionsAll::all;
constexpr auto here = MentionsAll::here;

}  // namespace

TEST_P(StoreContract, messages_of_others_past_the_marker_are_unread) {
    Talk talk(world);
    const auto first = talk.say(talk.alice, nobody, {});
    const auto second = talk.say(talk.alice, nobody, {});
    EXPECT_EQ(talk.unread(talk.bob), Counts(2, 0));
    EXPECT_EQ(talk.unread(talk.bob, first.seq), Counts(1, 0));
    EXPECT_EQ(talk.unread(talk.bob, second.seq), Counts(0, 0));
    EXPECT_EQ(talk.unread(talk.bob, {1'000}), Counts(0, 0));
}

TEST_P(StoreContract, own_messages_are_never_unread) {
    Talk talk(world);
    talk.say(talk.alice, nobody, {});
    talk.say(talk.bob, nobody, {});
    const auto third = talk.say(talk.alice, nobody, {});
    talk.say(talk.bob, all, {});
    EXPECT_EQ(talk.unread(talk.bob), Counts(2, 0));
    EXPECT_EQ(talk.unread(talk.bob, third.seq), Counts(0, 0));
    EXPECT_EQ(talk.unread(talk.alice, third.seq), Counts(1, 1));
    EXPECT_EQ(talk.unread(talk.alice), Counts(2, 1));
}

TEST_P(StoreContract, own_messages_are_never_unread_after_moving_the_marker_back) {
    Talk talk(world);
    const auto first = talk.say(talk.alice, nobody, {});
    for (int i = 0; i < 3; ++i) talk.say(talk.bob, nobody, {});
    world.move_read(talk.room, talk.bob, first.seq);
    EXPECT_EQ(talk.unread(talk.bob, first.seq), Counts(0, 0));
    EXPECT_EQ(talk.unread(talk.bob), Counts(1, 0));
}

TEST_P(StoreContract, own_messages_are_never_unread_for_who_has_left_and_come_back) {
    Talk talk(world);
    talk.say(talk.bob, nobody, {});
    world.leave(talk.room, talk.bob, talk.bob);
    EXPECT_EQ(talk.unread(talk.bob), Counts(0, 0));
    talk.say(talk.bob, nobody, {});
    world.join(talk.room, talk.bob);
    talk.say(talk.alice, nobody, {});
    EXPECT_EQ(talk.unread(talk.bob), Counts(1, 0));
    EXPECT_EQ(talk.unread(talk.alice), Counts(2, 0));
}

TEST_P(StoreContract, mentions_count_once_a_message_and_never_for_the_sender) {
    Talk talk(world);
    talk.say(talk.alice, nobody, {talk.bob, talk.alice});
    EXPECT_EQ(talk.unread(talk.bob), Counts(1, 1));
    EXPECT_EQ(talk.unread(talk.alice), Counts(0, 0));
    const auto second = talk.say(talk.alice, all, {talk.bob});
    EXPECT_EQ(talk.unread(talk.bob), Counts(2, 2));
    talk.say(talk.alice, here, {talk.bob}, {talk.bob, talk.alice});
    EXPECT_EQ(talk.unread(talk.bob), Counts(3, 3));
    EXPECT_EQ(talk.unread(talk.bob, second.seq), Counts(1, 1));
    talk.say(talk.alice, nobody, {talk.alice});
    EXPECT_EQ(talk.unread(talk.bob, second.seq), Counts(2, 1));
    EXPECT_EQ(talk.unread(talk.alice), Counts(0, 0));
}

TEST_P(StoreContract, at_here_mentions_who_was_there) {
    Talk talk(world);
    const auto carol = world.add_user("carol").id;
    world.join(talk.room, carol);
    talk.say(talk.alice, here, {}, {talk.bob});
    EXPECT_EQ(talk.unread(talk.bob), Counts(1, 1));
    EXPECT_EQ(talk.unread(carol), Counts(1, 0));
}

TEST_P(StoreContract, deleted_messages_are_unread_but_mention_nobody) {
    Talk talk(world);
    const auto named = talk.say(talk.alice, nobody, {talk.bob});
    const auto to_all = talk.say(talk.alice, all, {});
    EXPECT_EQ(talk.unread(talk.bob), Counts(2, 2));
    world.remove(named, talk.alice);
    world.remove(to_all, talk.alice);
    EXPECT_EQ(talk.unread(talk.bob), Counts(2, 0));
}

TEST_P(StoreContract, an_edit_changes_who_is_mentioned) {
    Talk talk(world);
    const auto carol = world.add_user("carol").id;
    world.join(talk.room, carol);
    auto message = talk.say(talk.alice, nobody, {talk.bob});
    message.mentions = {carol};
    message = world.edit(message, "hi carol");
    EXPECT_EQ(talk.unread(talk.bob), Counts(1, 0));
    EXPECT_EQ(talk.unread(carol), Counts(1, 1));
    message.mentions_all = all;
    message = world.edit(message, "hi all");
    EXPECT_EQ(talk.unread(talk.bob), Counts(1, 1));
    EXPECT_EQ(talk.unread(carol), Counts(1, 1));
}

TEST_P(StoreContract, unread_answers_for_each_place_in_order) {
    Talk talk(world);
    const auto other = world.add_room("two", talk.alice).id;
    const auto unknown = world.ids.next<RoomId>();
    world.post(other, talk.alice, "a");
    talk.say(talk.alice, all, {});
    talk.say(talk.alice, nobody, {});
    const auto answers = run(store().unread(talk.bob, {{other, {}}, {unknown, {}}, {talk.room, {}}, {other, {100}}}));
    EXPECT_EQ(answers.value(), (std::vector<Unread>{{other, 1, 0}, {unknown, 0, 0}, {talk.room, 2, 1}, {other, 0, 0}}));
    EXPECT_TRUE(run(store().unread(talk.bob, {}))->empty());
}

}  // namespace makechat
