#include "chat/log_tails.hpp"

#include "base/limits.hpp"
#include "base/task.hpp"
#include "support/run.hpp"

#include <gtest/gtest.h>

#include <string>

/// What is kept, and for how long. What a replay makes of it is in replay_test.cpp.
namespace makechat::chat {
namespace {

using Turn = LogTails::Turn;

const LogId room = LogId::of(RoomId{{1}});
const LogId other = LogId::of(RoomId{{2}});

Message message_of(std::int64_t seq, std::string text) {
    Message message;
    message.seq = {seq};
    message.text = std::move(text);
    return message;
}

/// The seq and position of a log with nothing else beside it are the same number.
Entry post(const LogId& log, std::int64_t number, std::string text) {
    return {{number}, log, {number}, {}, {}, MessagePosted{message_of(number, std::move(text))}};
}
Entry edit(const LogId& log, std::int64_t number, std::int64_t of, std::string text) {
    return {{number}, log, {number}, {}, {}, MessageEdited{message_of(of, std::move(text))}};
}

/// "hi, there", or "unknown".
std::string found(const LogTails& tails, const LogId& log, std::int64_t after, std::size_t max = 1'000) {
    const auto entries = tails.find(log, {after}, max);
    if (!entries) return "unknown";
    std::string texts;
    for (const auto& entry : *entries) {
        if (!texts.empty()) texts += ", ";
        if (const auto* posted = std::get_if<MessagePosted>(&entry.body)) texts += posted->message.text;
        if (const auto* edited = std::get_if<MessageEdited>(&entry.body)) texts += "*" + edited->message.text;
    }
    return texts;
}

TEST(LogTails, hold_what_was_read_and_what_is_committed_later) {
    LogTails tails;
    tails.apply({post(room, 6, "nobody asked for")});
    EXPECT_EQ(found(tails, room, 6), "unknown");
    ASSERT_EQ(tails.take_turn(room, {7}), Turn::read);
    tails.fill(room, {post(room, 7, "seven"), post(room, 8, "eight")}, {6}, false);
    tails.apply({post(room, 9, "nine"), post(other, 10, "elsewhere")});
    EXPECT_EQ(found(tails, room, 6), "seven, eight, nine");
    EXPECT_EQ(found(tails, room, 7), "eight, nine");
    EXPECT_EQ(found(tails, room, 6, 2), "seven, eight") << "the oldest of them";
    EXPECT_EQ(found(tails, room, 9), "");
    EXPECT_EQ(found(tails, room, 5), "unknown") << "what lies before was not read";
    EXPECT_EQ(found(tails, other, 9), "unknown");
}

TEST(LogTails, miss_nothing_that_is_committed_while_they_are_read) {
    LogTails tails;
    ASSERT_EQ(tails.take_turn(room, {7}), Turn::read);
    tails.apply({post(room, 8, "eight")});
    tails.apply({edit(room, 9, 7, "SEVEN")});
    EXPECT_EQ(found(tails, room, 8), "unknown") << "not before all is here";
    // The store has told of 8, and not yet of the edit.
    tails.fill(room, {post(room, 7, "seven"), post(room, 8, "eight")}, {6}, false);
    tails.apply({post(room, 10, "ten")});
    EXPECT_EQ(found(tails, room, 6), "SEVEN, eight, *SEVEN, ten");
}

TEST(LogTails, take_what_was_read_before_it_was_told_only_once) {
    LogTails tails;
    ASSERT_EQ(tails.take_turn(room, {7}), Turn::read);
    tails.fill(room, {post(room, 7, "SEVEN"), post(room, 8, "eight"), edit(room, 9, 7, "SEVEN")}, {6}, false);
    tails.apply({post(room, 8, "eight"), edit(room, 9, 7, "SEVEN")});
    tails.apply({edit(room, 10, 7, "Seven")});
    EXPECT_EQ(found(tails, room, 6), "Seven, eight, *Seven, *Seven");
}

TEST(LogTails, are_read_by_one_at_a_time_and_further_back_by_the_next) {
    LogTails tails;
    EXPECT_EQ(tails.take_turn(room, {7}), Turn::read);
    EXPECT_EQ(tails.take_turn(room, {7}), Turn::wait);
    tails.fill(room, {post(room, 8, "eight")}, {7}, false);
    EXPECT_EQ(tails.take_turn(room, {5}), Turn::read);
    tails.fill(room, {post(room, 6, "six"), post(room, 7, "seven"), post(room, 8, "eight")}, {5}, true);
    EXPECT_EQ(found(tails, room, 5), "six, seven, eight");
    EXPECT_EQ(tails.take_turn(room, {4}), Turn::none) << "whole: there is too much before it";
    EXPECT_EQ(found(tails, room, 5), "six, seven, eight");
}

TEST(LogTails, that_could_not_be_read_are_tried_anew) {
    LogTails tails;
    EXPECT_EQ(tails.take_turn(room, {7}), Turn::read);
    tails.give_up(room);
    EXPECT_EQ(tails.take_turn(room, {7}), Turn::read);
}

Task<bool> waited_for(LogTails& tails) {
    auto waiting = suspend_for<bool>([&](Completion<bool>& done) { tails.wait(room, done); });
    co_return co_await waiting;
}

TEST(LogTails, that_were_read_before_one_began_to_wait_are_not_waited_for) {
    LogTails tails;
    EXPECT_TRUE(run(waited_for(tails))) << "nobody reads it";
    ASSERT_EQ(tails.take_turn(room, {7}), Turn::read);
    ASSERT_EQ(tails.take_turn(room, {7}), Turn::wait);
    tails.fill(room, {post(room, 8, "eight")}, {7}, false);
    EXPECT_TRUE(run(waited_for(tails)));
}

TEST(LogTails, of_a_deleted_room_are_gone) {
    LogTails tails;
    ASSERT_EQ(tails.take_turn(room, {7}), Turn::read);
    tails.fill(room, {post(room, 8, "eight")}, {7}, false);
    ASSERT_EQ(tails.take_turn(other, {7}), Turn::read);
    Room gone;
    gone.id = room.room();
    Room unread;
    unread.id = other.room();
    tails.apply({{{9}, LogId::server(), {1}, {}, {}, RoomDeleted{gone}},
                 {{10}, LogId::server(), {2}, {}, {}, RoomDeleted{unread}}});
    EXPECT_EQ(found(tails, room, 7), "unknown");
    tails.fill(other, {post(other, 8, "read before it was deleted")}, {7}, false);
    EXPECT_EQ(found(tails, other, 7), "unknown");
}

TEST(LogTails, let_the_oldest_go_when_they_are_too_large) {
    LogTails tails;
    const std::string text(limits::text_bytes_max, 'x');
    ASSERT_EQ(tails.take_turn(room, {0}), Turn::read);
    tails.fill(room, {post(room, 1, text)}, {0}, false);
    const auto last = static_cast<std::int64_t>(2 * limits::tails_bytes_max / text.size());
    for (std::int64_t number = 2; number <= last; ++number) tails.apply({post(room, number, text)});
    EXPECT_EQ(found(tails, room, 0), "unknown");
    EXPECT_EQ(tails.take_turn(room, {0}), Turn::none);
    std::int64_t known = 0;
    while (!tails.find(room, {known}, 1)) ++known;
    const auto kept = static_cast<std::size_t>(last - known);
    EXPECT_LE(kept * text.size(), limits::tails_bytes_max);
    EXPECT_GT(kept * text.size(), limits::tails_bytes_max / 2);
    EXPECT_EQ(tails.find(room, {known}, 10'000)->size(), kept) << "without holes";
}

TEST(LogTails, show_messages_as_they_are_now_also_where_an_older_edit_was_let_go) {
    LogTails tails;
    const std::string text(limits::text_bytes_max, 'x');
    const auto fitting = static_cast<std::int64_t>(limits::tails_bytes_max / text.size());
    ASSERT_EQ(tails.take_turn(room, {0}), Turn::read);
    tails.fill(room, {post(room, 1, "first")}, {0}, false);
    tails.apply({edit(room, 2, 1, text), edit(room, 3, 0, "of a message from before")});
    std::int64_t number = 4;
    while (number < fitting / 2) tails.apply({post(room, number++, text)});
    const auto kept = number++;
    tails.apply({edit(room, kept, 1, "second"), edit(room, number++, 1, "third")});
    for (const auto last = kept + fitting * 3 / 4; number < last;) tails.apply({post(room, number++, text)});
    EXPECT_EQ(found(tails, room, 2), "unknown");
    EXPECT_EQ(found(tails, room, kept - 1, 2), "*third, *third");
}

TEST(LogTails, cut_while_they_are_read_are_not_trusted) {
    LogTails tails;
    const std::string text(limits::text_bytes_max, 'x');
    ASSERT_EQ(tails.take_turn(room, {0}), Turn::read);
    const auto last = static_cast<std::int64_t>(2 * limits::tails_bytes_max / text.size());
    for (std::int64_t number = 2; number <= last; ++number) tails.apply({post(room, number, text)});
    tails.fill(room, {post(room, 1, text), post(room, 2, text)}, {0}, false);
    for (std::int64_t after = 0; after < last; ++after) {
        const auto entries = tails.find(room, {after}, 1);
        EXPECT_TRUE(!entries || entries->front().seq == Seq{after + 1}) << "a hole after " << after;
    }
}

}  // namespace
}  // namespace makechat::chat
