#include "contract/store_contract.hpp"

/// What is read: windows, messages as they are now, history.
namespace makechat {

using namespace chat;

namespace {

using Seqs = std::vector<std::int64_t>;

template <class T>
Seqs seqs_of(const std::vector<T>& all) {
    Seqs seqs;
    for (const auto& each : all) seqs.push_back(each.seq.value);
    return seqs;
}

struct WindowCase {
    const char* name;
    Window window;
    Seqs messages;
    Seqs entries;
};

constexpr auto latest = Window::Kind::latest;
constexpr auto before = Window::Kind::before;
constexpr auto after = Window::Kind::after;
constexpr auto around = Window::Kind::around;

/// Of a log of 12 entries whose messages are 3, 4, 5, 7, 8, 9, 10, 12.
const WindowCase window_cases[] = {
    {"the latest", {latest, {}, 3}, {9, 10, 12}, {10, 11, 12}},
    {"the latest of fewer", {latest, {}, 100}, {3, 4, 5, 7, 8, 9, 10, 12}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}},
    {"none wanted", {latest, {}, 0}, {}, {}},
    {"before one", {before, {8}, 3}, {4, 5, 7}, {5, 6, 7}},
    {"before the first", {before, {1}, 3}, {}, {}},
    {"before one near the first", {before, {4}, 3}, {3}, {1, 2, 3}},
    {"before past the end", {before, {99}, 2}, {10, 12}, {11, 12}},
    {"after one", {after, {5}, 3}, {7, 8, 9}, {6, 7, 8}},
    {"after nothing", {after, {0}, 2}, {3, 4}, {1, 2}},
    {"after the last", {after, {12}, 3}, {}, {}},
    {"after one near the last", {after, {10}, 3}, {12}, {11, 12}},
    {"around one: half before, the rest from it on", {around, {8}, 4}, {5, 7, 8, 9}, {6, 7, 8, 9}},
    {"around with an odd limit", {around, {8}, 3}, {7, 8, 9}, {7, 8, 9}},
    {"around one that is no message", {around, {6}, 4}, {4, 5, 7, 8}, {4, 5, 6, 7}},
    {"around the first: what is missing before comes after", {around, {1}, 4}, {3, 4, 5, 7}, {1, 2, 3, 4}},
    {"around the last: what is missing after comes before", {around, {12}, 4}, {8, 9, 10, 12}, {9, 10, 11, 12}},
    {"around past the end", {around, {50}, 2}, {10, 12}, {11, 12}},
    {"around, of fewer", {around, {5}, 100}, {3, 4, 5, 7, 8, 9, 10, 12}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}},
    {"only the middle", {around, {8}, 1}, {8}, {8}},
};

}  // namespace

/// More than a store may want to delete at once.
TEST_P(StoreContract, a_large_room_is_gone_at_once) {
    const auto alice = world.add_user("alice").id;
    const auto bob = world.add_user("bob").id;
    const auto room = world.add_room("one", alice);
    const auto other = world.add_room("two", alice).id;
    world.join(room.id, bob);
    std::vector<Write> writes;
    for (int i = 0; i < 2'000; ++i) {
        auto mention = world.draft(room.id, alice, "@bob hi");
        mention.mentions = {bob};
        writes.push_back({LogId::of(room.id), MessagePosted{std::move(mention)}});
    }
    world.append(alice, std::move(writes));
    const auto edited = world.post(room.id, alice, "the last");
    world.edit(edited, "the very last");
    const auto position = world.load().position;
    world.delete_room(room, alice);
    for (int again = 0; again < 2; ++again) {
        EXPECT_TRUE(world.messages(room.id).empty());
        EXPECT_TRUE(world.entries(LogId::of(room.id)).empty());
        EXPECT_TRUE(run(store().entries_since(LogId::of(room.id), {}, 10))->empty());
        EXPECT_EQ(run(store().message(edited.id)).error().code, Code::not_found);
        EXPECT_EQ(run(store().history(edited.id)).error().code, Code::not_found);
        EXPECT_EQ(world.unread(bob, room.id, {}), (Unread{room.id, 0, 0}));
        EXPECT_EQ(world.load().rooms.size(), 1U);
        EXPECT_EQ(world.post(other, alice, "goes on").ordinal, again + 1);
        reopen();
    }
    EXPECT_GT(world.load().position, position);
}

TEST_P(StoreContract, a_window_shows_its_part_of_a_log) {
    const auto alice = world.add_user("alice").id;
    const auto bob = world.add_user("bob").id;
    const auto room = world.add_room("one", alice).id;
    for (int i = 0; i < 3; ++i) world.post(room, alice, "a");
    world.join(room, bob);
    for (int i = 0; i < 4; ++i) world.post(room, bob, "b");
    world.leave(room, bob, bob);
    world.post(room, alice, "c");
    for (const auto& each : window_cases) {
        SCOPED_TRACE(each.name);
        EXPECT_EQ(seqs_of(world.messages(room, each.window)), each.messages);
        EXPECT_EQ(seqs_of(world.entries(LogId::of(room), each.window)), each.entries);
    }
}

TEST_P(StoreContract, an_unknown_room_is_empty) {
    const auto room = world.ids.next<RoomId>();
    EXPECT_TRUE(world.messages(room).empty());
    EXPECT_TRUE(world.entries(LogId::of(room)).empty());
    EXPECT_TRUE(run(store().entries_since(LogId::of(room), {}, 10))->empty());
    EXPECT_EQ(world.unread(world.ids.next<UserId>(), room, {}), (Unread{room, 0, 0}));
}

TEST_P(StoreContract, entries_since_a_position_are_the_oldest_after_it) {
    const auto alice = world.add_user("alice").id;
    const auto room = world.add_room("one", alice).id;
    const auto other = world.add_room("two", alice).id;
    std::vector<Position> positions;
    for (int i = 0; i < 40; ++i) {
        world.post(room, alice, "a");
        for (int k = 0; k < i % 3; ++k) world.post(other, alice, "b");
    }
    const auto all = world.entries(LogId::of(room));
    for (std::int64_t position = 0; position <= world.load().position.value; ++position) {
        Seqs expected;
        for (const auto& entry : all) {
            if (entry.position.value > position && expected.size() < 5) expected.push_back(entry.seq.value);
        }
        const auto found = run(store().entries_since(LogId::of(room), {position}, 5));
        ASSERT_TRUE(found);
        EXPECT_EQ(seqs_of(*found), expected) << "after " << position;
    }
    EXPECT_EQ(run(store().entries_since(LogId::of(room), {}, 1'000))->size(), all.size());
}

TEST_P(StoreContract, a_message_is_found_by_its_id) {
    const auto alice = world.add_user("alice").id;
    const auto bob = world.add_user("bob").id;
    const auto room = world.add_room("one", alice).id;
    const auto first = world.post(room, alice, "a");
    auto message = world.draft(room, bob, "тест \"quoted\" 北京\n\\ \x01");
    message.mentions = {alice, bob};
    message.mentions_all = MentionsAll::here;
    message.here = {bob};
    message.reply_to = first.id;
    message = world.post(message);
    EXPECT_EQ(run(store().message(message.id)).value(), message);
    EXPECT_EQ(run(store().message(first.id)).value(), first);
    EXPECT_EQ(run(store().message(world.ids.next<MessageId>())).error().code, Code::not_found);
    EXPECT_EQ(run(store().history(world.ids.next<MessageId>())).error().code, Code::not_found);
}

TEST_P(StoreContract, an_edit_shows_everywhere_and_keeps_the_earlier_forms) {
    const auto alice = world.add_user("alice").id;
    const auto room = world.add_room("one", alice).id;
    const auto first = world.post(room, alice, "one");
    const auto second = world.edit(first, "two");
    const auto third = world.edit(second, "three");
    EXPECT_EQ(run(store().message(first.id)).value(), third);
    EXPECT_EQ(world.messages(room), std::vector<Message>{third});
    const auto entries = world.entries(LogId::of(room), {Window::Kind::after, {2}, 10});
    ASSERT_EQ(entries.size(), 3U);
    EXPECT_EQ(std::get<MessagePosted>(entries[0].body).message, third);
    EXPECT_EQ(std::get<MessageEdited>(entries[1].body).message, third);
    EXPECT_EQ(std::get<MessageEdited>(entries[2].body).message, third);
    const std::vector<MessageVersion> versions{
        {"one", first.created}, {"two", *second.edited}, {"three", *third.edited}};
    EXPECT_EQ(run(store().history(first.id)).value(), versions);
}

TEST_P(StoreContract, an_unedited_message_has_one_form) {
    const auto alice = world.add_user("alice").id;
    const auto message = world.post(world.add_room("one", alice).id, alice, "one");
    EXPECT_EQ(run(store().history(message.id)).value(), (std::vector<MessageVersion>{{"one", message.created}}));
}

TEST_P(StoreContract, a_deleted_text_is_in_no_answer) {
    const auto alice = world.add_user("alice").id;
    const auto room = world.add_room("one", alice).id;
    const auto first = world.post(room, alice, "secret one");
    const auto second = world.edit(first, "secret two");
    const auto gone = world.remove(second, alice);
    EXPECT_EQ(run(store().message(first.id)).value(), gone);
    EXPECT_EQ(world.messages(room), std::vector<Message>{gone});
    EXPECT_TRUE(run(store().history(first.id))->empty());
    const auto entries = world.entries(LogId::of(room), {Window::Kind::after, {2}, 10});
    ASSERT_EQ(entries.size(), 3U);
    for (const auto& entry : entries) EXPECT_EQ(describe(entry).find("secret"), std::string::npos);
    EXPECT_EQ(std::get<MessageDeleted>(entries[2].body).by, alice);
    EXPECT_EQ(std::get<MessageDeleted>(entries[2].body).message, gone);
}

}  // namespace makechat
