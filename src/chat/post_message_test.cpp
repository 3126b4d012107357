#include "chat/post_message.hpp"

#include "chat/room_settings.hpp"
#include "support/chat_fixture.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace makechat::chat {
namespace {

using namespace std::chrono_literals;

/// A room with somebody in each standing to it.
struct World {
    TestChat t;
    UserId owner = t.make_user("owner");
    UserId admin = t.make_user("admin");
    UserId member = t.make_user("member");
    UserId other = t.make_user("other");
    UserId guest = t.make_user("guest");
    UserId stranger = t.make_user("stranger");
    UserId superuser = t.make_admin("superuser");
    RoomId room;

    explicit World(TestChat::RoomShape shape = {true, true}) : room(t.make_room(owner, "general", shape)) {
        t.add(room, admin, Role::admin);
        t.add(room, member, Role::member);
        t.add(room, other, Role::member);
        t.add(room, guest, Role::guest);
    }
    Result<Posted> post(UserId user, Draft draft) {
        draft.room = room;
        return run(post_message(t.chat, user, std::move(draft)));
    }
    Result<Posted> post(UserId user, std::string text, std::string nonce = {}) {
        return post(user, {{}, std::move(text), std::move(nonce), {}});
    }
    Result<Message> edit(UserId user, const Message& message, std::string text) {
        return run(edit_message(t.chat, user, message.id, std::move(text)));
    }
    Result<bool> remove(UserId user, const Message& message) { return run(delete_message(t.chat, user, message.id)); }
};

struct Who {
    const char* name;
    UserId World::* user;
    std::optional<Error> in_visible;
    std::optional<Code> in_hidden;
};

const Error only_read{Code::forbidden, "Guests can only read."};
const Error no_member{Code::forbidden, "You are not a member of this room."};

const Who writers[] = {
    {"owner", &World::owner, {}, {}},
    {"admin", &World::admin, {}, {}},
    {"member", &World::member, {}, {}},
    {"guest", &World::guest, only_read, Code::forbidden},
    {"stranger", &World::stranger, no_member, Code::not_found},
    {"superuser who is no member", &World::superuser, no_member, Code::forbidden},
};

TEST(Post, is_for_members_who_are_no_guests) {
    for (const auto& who : writers) {
        SCOPED_TRACE(who.name);
        World visible;
        const auto posted = visible.post(visible.*who.user, "hi");
        EXPECT_EQ(posted ? std::nullopt : std::optional(posted.error()), who.in_visible);
        World hidden({false, false});
        EXPECT_EQ(refusal(hidden.post(hidden.*who.user, "hi")), who.in_hidden);
    }
}

TEST(Post, gives_each_message_the_next_seq_and_ordinal) {
    World w;
    const auto last = w.t.directory.rooms.find(w.room)->last_seq;
    const auto first = must(w.post(w.member, "first")).message;
    w.t.join(w.room, w.stranger);
    const auto second = must(w.post(w.other, "second")).message;
    EXPECT_EQ(first.seq, last.next());
    EXPECT_EQ(first.ordinal, 1);
    EXPECT_EQ(second.seq, first.seq.next().next()) << "a join is an entry";
    EXPECT_EQ(second.ordinal, 2) << "and no message";
    EXPECT_EQ(first.sender, w.member);
    EXPECT_EQ(first.text, "first");
    EXPECT_EQ(first.created, w.t.clock.now());
    EXPECT_EQ(w.t.message(first.id), first);
}

TEST(Post, stands_in_the_order_of_the_log_when_the_clock_is_set_back_and_says_what_the_clock_said) {
    TestChat t;
    const auto alice = t.make_user("alice");
    const auto room = t.make_room(alice, "general");
    const auto first = t.post(room, alice, "at noon");
    const auto noon = t.clock.now();
    t.clock.set(noon - std::chrono::hours{3});
    const auto second = t.post(room, alice, "three hours before noon");
    EXPECT_EQ(second.seq, first.seq.next());
    EXPECT_EQ(second.ordinal, first.ordinal + 1);
    EXPECT_EQ(second.created, noon - std::chrono::hours{3}) << "not frozen until the clock is at noon again";
    const auto page = must(run(t.store.messages(room, {Window::Kind::latest, {}, 10})));
    ASSERT_EQ(page.size(), 2u);
    EXPECT_EQ(page[1].id, second.id);
    EXPECT_GT(t.committed.back().position, t.committed[t.committed.size() - 2].position);
}

TEST(Post, keeps_the_text_as_it_was_sent) {
    World w;
    for (const std::string text : {"  spaces  ", "a\r\nb", "<b>&amp;</b>", "*kept* `as` _is_", "👨‍👩‍👧"})
        EXPECT_EQ(w.t.message(must(w.post(w.member, text)).message.id).text, text);
}

struct DraftCase {
    const char* name;
    std::string text;
    std::string nonce;
    std::optional<Code> refused;
};

const DraftCase drafts[] = {
    {"16,000 bytes", std::string(16'000, 'a'), "", {}},
    {"16,001 bytes", std::string(16'001, 'a'), "", Code::bad_parameter},
    {"no text", "", "", Code::bad_parameter},
    {"not UTF-8", "\xFF", "", Code::bad_parameter},
    {"a nonce of 64", "hi", std::string(64, 'n'), {}},
    {"a nonce of 65", "hi", std::string(65, 'n'), Code::bad_parameter},
};

TEST(Post, has_1_to_16000_bytes_and_a_short_nonce) {
    for (const auto& c : drafts) {
        SCOPED_TRACE(c.name);
        World w;
        EXPECT_EQ(refusal(w.post(w.member, c.text, c.nonce)), c.refused);
    }
}

TEST(Nonce, sent_again_gives_the_first_message_and_nothing_new) {
    World w;
    const auto first = must(w.post(w.member, "hi", "n1"));
    EXPECT_FALSE(first.repeated);
    const auto mark = w.t.mark();
    w.t.clock.advance(1h);
    const auto again = must(w.post(w.member, "another text", "n1"));
    EXPECT_TRUE(again.repeated);
    EXPECT_EQ(again.message, first.message);
    EXPECT_EQ(again.position, first.position);
    EXPECT_EQ(w.t.since(mark).size(), 0u);
}

TEST(Nonce, sent_again_gives_the_message_as_it_is_now) {
    World w;
    const auto first = must(w.post(w.member, "hi", "n1")).message;
    must(w.edit(w.member, first, "changed"));
    EXPECT_EQ(must(w.post(w.member, "hi", "n1")).message.text, "changed");
    must(w.remove(w.member, first));
    const auto again = must(w.post(w.member, "hi", "n1"));
    EXPECT_TRUE(again.repeated);
    EXPECT_EQ(again.message.text, "");
    EXPECT_TRUE(again.message.deleted);
}

TEST(Nonce, is_of_one_sender_in_one_room) {
    World w;
    must(w.post(w.member, "hi", "n1"));
    EXPECT_FALSE(must(w.post(w.other, "hi", "n1")).repeated);
    EXPECT_FALSE(must(w.post(w.member, "hi", "n2")).repeated);
    EXPECT_FALSE(must(w.post(w.member, "hi")).repeated) << "without one each is new";
    EXPECT_FALSE(must(w.post(w.member, "hi")).repeated);
    const auto elsewhere = w.t.make_room(w.member, "elsewhere");
    EXPECT_FALSE(must(run(post_message(w.t.chat, w.member, {elsewhere, "hi", "n1", {}}))).repeated);
}

TEST(Nonce, makes_one_message_of_two_at_the_same_moment) {
    World w;
    const auto mark = w.t.mark();
    w.t.interleaved.before_append = [&] { must(w.post(w.member, "hi", "n1")); };
    EXPECT_TRUE(must(w.post(w.member, "hi", "n1")).repeated);
    EXPECT_EQ(w.t.since(mark).size(), 1u);
}

TEST(Nonce, is_not_used_up_by_a_refusal) {
    World w;
    w.t.store.fail_next();
    EXPECT_EQ(refusal(w.post(w.member, "hi", "n1")), Code::overloaded);
    EXPECT_FALSE(must(w.post(w.member, "hi", "n1")).repeated);
}

TEST(Post, of_who_is_removed_at_the_same_moment_is_refused) {
    World w({false, false});
    w.t.interleaved.before_append = [&] { w.t.remove(w.room, w.owner, w.member); };
    EXPECT_EQ(refusal(w.post(w.member, "hi")), Code::not_found);
    EXPECT_EQ(bodies<MessagePosted>(w.t.committed).size(), 0u);
}

TEST(Post, mentions_who_is_in_the_room_when_it_is_committed) {
    World w;
    const auto name = w.t.user(w.other)->username;
    w.t.interleaved.before_append = [&] { w.t.remove(w.room, w.owner, w.other); };
    EXPECT_TRUE(must(w.post(w.member, "hi @" + name)).message.mentions.empty());
    w.t.interleaved.before_append = [&] { w.t.add(w.room, w.other); };
    EXPECT_EQ(must(w.post(w.member, "hi again, @" + name)).message.mentions, std::vector{w.other});
}

TEST(Reply, is_to_a_message_of_the_same_room) {
    World w;
    const auto first = must(w.post(w.other, "hi")).message;
    const auto reply = must(w.post(w.member, {{}, "hello", {}, first.id})).message;
    EXPECT_EQ(reply.reply_to, first.id);

    const auto elsewhere = w.t.make_room(w.member, "elsewhere");
    const auto there = w.t.post(elsewhere, w.member, "hi");
    const auto hidden = w.t.make_room(w.owner, "hidden", {false, false});
    const auto unseen = w.t.post(hidden, w.owner, "hi");
    const Error refused{Code::bad_parameter, "The 'reply_to' parameter names no message of this room."};
    for (const auto id : {there.id, unseen.id, w.t.ids.next<MessageId>()})
        EXPECT_EQ(w.post(w.member, {{}, "hello", {}, id}).error(), refused);
}

TEST(Mention, finds_members_of_the_room_by_name_in_any_case) {
    World w;
    const auto message = must(w.post(w.owner, "@Member @GUEST @stranger @nobody @owner")).message;
    EXPECT_EQ(message.mentions, (std::vector{w.member, w.guest, w.owner}));
    EXPECT_EQ(message.mentions_all, MentionsAll::nobody);
}

TEST(Mention, names_each_once_however_he_is_written) {
    World w;
    EXPECT_EQ(must(w.post(w.owner, "@member @Member @MEMBER")).message.mentions, std::vector{w.member});
}

struct AllCase {
    const char* name;
    UserId World::* user;
    MentionAllBy by;
    const char* text;
    MentionsAll expected;
};

const AllCase all_cases[] = {
    {"all by a member", &World::member, MentionAllBy::members, "@all hi", MentionsAll::all},
    {"here by a member", &World::member, MentionAllBy::members, "@here hi", MentionsAll::here},
    {"both are all", &World::member, MentionAllBy::members, "@here @all", MentionsAll::all},
    {"neither", &World::member, MentionAllBy::members, "hi all here", MentionsAll::nobody},
    {"all by a member where owners may", &World::member, MentionAllBy::owners, "@all", MentionsAll::nobody},
    {"here by a member where owners may", &World::member, MentionAllBy::owners, "@here", MentionsAll::nobody},
    {"all by an owner where owners may", &World::owner, MentionAllBy::owners, "@all", MentionsAll::all},
    {"all by the room role admin where owners may", &World::admin, MentionAllBy::owners, "@all", MentionsAll::all},
};

TEST(Mention, of_all_is_for_whom_the_room_lets) {
    for (const auto& c : all_cases) {
        SCOPED_TRACE(c.name);
        World w;
        RoomChange change;
        change.mention_all_by = c.by;
        must(run(change_room(w.t.chat, w.owner, w.room, change)));
        EXPECT_EQ(must(w.post(w.*c.user, c.text)).message.mentions_all, c.expected);
    }
}

TEST(Mention, of_here_is_of_the_members_who_are_online_then) {
    World w;
    w.t.presence.users = {w.other, w.guest, w.stranger};
    const auto message = must(w.post(w.member, "@here")).message;
    EXPECT_EQ(message.here, (std::vector{w.other, w.guest}));
    EXPECT_EQ(must(w.post(w.member, "@all")).message.here, std::vector<UserId>{});
}

TEST(Edit, is_for_the_sender_alone) {
    World w;
    const auto message = must(w.post(w.member, "hi @other")).message;
    for (const auto user : {w.owner, w.admin, w.other, w.guest, w.superuser, w.stranger})
        EXPECT_EQ(refusal(w.edit(user, message, "changed")), Code::forbidden);
    EXPECT_EQ(w.t.message(message.id), message);
    w.t.clock.advance(1min);
    const auto edited = must(w.edit(w.member, message, "hi @guest"));
    Message expected = message;
    expected.text = "hi @guest";
    expected.mentions = {w.guest};
    expected.edited = w.t.clock.now();
    EXPECT_EQ(edited, expected);
    EXPECT_EQ(w.t.message(message.id), expected);
}

TEST(Edit, to_the_same_text_is_no_entry) {
    World w;
    const auto message = must(w.post(w.member, "hi")).message;
    const auto mark = w.t.mark();
    EXPECT_EQ(must(w.edit(w.member, message, "hi")), message);
    EXPECT_EQ(w.t.since(mark).size(), 0u);
}

TEST(Edit, keeps_the_rules_of_texts) {
    World w;
    const auto message = must(w.post(w.member, "hi")).message;
    for (const auto& text : {std::string{}, std::string(16'001, 'a'), std::string("\xFF")})
        EXPECT_EQ(refusal(w.edit(w.member, message, text)), Code::bad_parameter);
}

struct Lost {
    const char* name;
    void (*meanwhile)(World&);
    std::optional<Code> refused;
};

const Lost lost[] = {
    {"still a member", [](World&) {}, {}},
    {"a guest by now", [](World& w) { w.t.give(w.room, w.owner, w.member, Role::guest); }, Code::forbidden},
    {"gone from the room", [](World& w) { w.t.leave(w.room, w.member); }, Code::forbidden},
    {"gone and the room hidden",
     [](World& w) {
         RoomChange hidden;
         hidden.is_visible = false;
         must(run(change_room(w.t.chat, w.owner, w.room, hidden)));
         w.t.leave(w.room, w.member);
     },
     Code::not_found},
    {"the room gone", [](World& w) { must(run(delete_room(w.t.chat, w.owner, w.room))); }, Code::not_found},
};

TEST(Edit, and_deletion_need_the_right_to_write_there_now) {
    for (const auto& c : lost) {
        for (const bool at_the_same_moment : {false, true}) {
            SCOPED_TRACE(std::string(c.name) + (at_the_same_moment ? ", at the same moment" : ""));
            World editing;
            const auto edited = must(editing.post(editing.member, "hi")).message;
            World deleting;
            const auto deleted = must(deleting.post(deleting.member, "hi")).message;
            if (at_the_same_moment) {
                editing.t.interleaved.before_append = [&] { c.meanwhile(editing); };
                deleting.t.interleaved.before_append = [&] { c.meanwhile(deleting); };
            } else {
                c.meanwhile(editing);
                c.meanwhile(deleting);
            }
            EXPECT_EQ(refusal(editing.edit(editing.member, edited, "changed")), c.refused);
            EXPECT_EQ(refusal(deleting.remove(deleting.member, deleted)), c.refused);
        }
    }
}

TEST(Edit, of_what_is_deleted_or_was_never_there_is_not_found) {
    World w;
    const auto message = must(w.post(w.member, "hi")).message;
    must(w.remove(w.member, message));
    EXPECT_EQ(refusal(w.edit(w.member, message, "changed")), Code::not_found);
    EXPECT_EQ(refusal(w.remove(w.member, message)), Code::not_found);
    EXPECT_EQ(refusal(run(edit_message(w.t.chat, w.member, w.t.ids.next<MessageId>(), "hi"))), Code::not_found);
    EXPECT_EQ(refusal(run(delete_message(w.t.chat, w.member, w.t.ids.next<MessageId>()))), Code::not_found);
}

TEST(Edit, of_what_is_deleted_at_the_same_moment_is_not_found) {
    World w;
    const auto message = must(w.post(w.member, "hi")).message;
    w.t.interleaved.before_append = [&] { must(w.remove(w.owner, message)); };
    EXPECT_EQ(refusal(w.edit(w.member, message, "changed")), Code::not_found);
    EXPECT_EQ(w.t.message(message.id).text, "");
}

TEST(Edit, twice_at_the_same_moment_keeps_both_forms) {
    World w;
    const auto message = must(w.post(w.member, "first")).message;
    w.t.interleaved.before_append = [&] { must(w.edit(w.member, message, "second")); };
    must(w.edit(w.member, message, "third"));
    std::vector<std::string> texts;
    for (const auto& version : must(run(message_history(w.t.chat, w.guest, message.id)))) texts.push_back(version.text);
    EXPECT_EQ(texts, (std::vector<std::string>{"first", "second", "third"}));
}

TEST(Edit, of_what_is_changed_again_and_again_asks_for_a_later_try) {
    World w;
    const auto message = must(w.post(w.member, "first")).message;
    int times = 0;
    std::function<void()> change = [&] {
        must(w.edit(w.member, message, "form " + std::to_string(++times)));
        w.t.interleaved.before_append = change;
    };
    w.t.interleaved.before_append = change;
    EXPECT_EQ(refusal(w.edit(w.member, message, "last")), Code::overloaded);
    EXPECT_EQ(times, limits::decisions_max);
    EXPECT_EQ(w.t.message(message.id).text, "form " + std::to_string(times));
}

TEST(Edit, of_a_room_that_he_may_not_know_is_refused_as_if_there_were_none) {
    World w({false, false});
    const auto message = must(w.post(w.member, "hi")).message;
    const auto none = run(edit_message(w.t.chat, w.stranger, w.t.ids.next<MessageId>(), "hi")).error();
    EXPECT_EQ(none.code, Code::not_found);
    EXPECT_EQ(w.edit(w.stranger, message, "changed").error(), none);
    EXPECT_EQ(w.remove(w.stranger, message).error(), none);
    EXPECT_EQ(run(find_message(w.t.chat, w.stranger, message.id)).error(), none);
    EXPECT_EQ(run(message_history(w.t.chat, w.stranger, message.id)).error(), none);
}

struct Deleter {
    const char* name;
    UserId World::* user;
    std::optional<Code> refused;
};

const Deleter deleters[] = {
    {"the sender", &World::member, {}},
    {"an owner", &World::owner, {}},
    {"the room role admin", &World::admin, {}},
    {"a superuser", &World::superuser, {}},
    {"another member", &World::other, Code::forbidden},
    {"a guest", &World::guest, Code::forbidden},
    {"a stranger", &World::stranger, Code::forbidden},
};

TEST(Delete, is_for_the_sender_and_who_manages_the_room) {
    for (const auto& c : deleters) {
        SCOPED_TRACE(c.name);
        World w;
        const auto message = must(w.post(w.member, "hi")).message;
        EXPECT_EQ(refusal(w.remove(w.*c.user, message)), c.refused);
        EXPECT_EQ(w.t.message(message.id).deleted.has_value(), !c.refused);
    }
}

TEST(Delete, takes_the_text_out_of_every_answer) {
    World w;
    const auto answered = must(w.post(w.other, "hi")).message;
    const auto message = must(w.post(w.member, {{}, "secret @other @all", {}, answered.id})).message;
    must(w.edit(w.member, message, "secret again @here"));
    const auto mark = w.t.mark();
    must(w.remove(w.owner, message));

    const auto found = must(run(find_message(w.t.chat, w.guest, message.id)));
    Message expected{message.id, w.room, message.seq,     message.ordinal, w.member,       {}, {}, MentionsAll::nobody,
                     {},         {},     message.created, found.edited,    w.t.clock.now()};
    EXPECT_EQ(found, expected);
    EXPECT_EQ(must(run(message_history(w.t.chat, w.guest, message.id))).size(), 0u);
    EXPECT_EQ(bodies<MessageDeleted>(w.t.since(mark))[0].message.text, "");
    for (const auto& entry : must(run(w.t.store.entries(LogId::of(w.room), {Window::Kind::latest, {}, 100})))) {
        if (const auto* posted = std::get_if<MessagePosted>(&entry.body)) {
            EXPECT_EQ(posted->message.text.find("secret"), std::string::npos);
        }
        if (const auto* edited = std::get_if<MessageEdited>(&entry.body)) {
            EXPECT_EQ(edited->message.text, "");
        }
    }
}

TEST(Edit, and_deletion_tell_nobody_who_may_not_read_that_a_message_is_there) {
    World w({false, true});
    const auto message = must(w.post(w.member, "hi")).message;
    EXPECT_EQ(refusal(w.edit(w.stranger, message, "changed")), Code::not_found);
    EXPECT_EQ(refusal(w.remove(w.stranger, message)), Code::not_found);
    EXPECT_EQ(refusal(w.edit(w.superuser, message, "changed")), Code::not_found);
    w.t.leave(w.room, w.member);
    EXPECT_EQ(refusal(w.edit(w.member, message, "changed")), Code::forbidden) << "he knows what he wrote";
    EXPECT_EQ(refusal(w.remove(w.superuser, message)), std::nullopt) << "he manages the room";
}

TEST(PostDirect, goes_into_the_room_of_the_two) {
    TestChat t;
    const auto alice = t.make_user("alice");
    const auto bob = t.make_user("bob");
    const auto first = must(run(post_direct_message(t.chat, alice, bob, {{}, "psst", {}, {}}))).message;
    const auto answer = must(run(post_direct_message(t.chat, bob, alice, {{}, "yes?", {}, first.id}))).message;
    EXPECT_EQ(answer.room, first.room);
    EXPECT_EQ(answer.reply_to, first.id);
    EXPECT_EQ(t.directory.rooms.find_direct(alice < bob ? std::vector{alice, bob} : std::vector{bob, alice}),
              first.room);
}

TEST(PostDirect, that_is_refused_leaves_no_room) {
    TestChat t;
    const auto alice = t.make_user("alice");
    const auto bob = t.make_user("bob");
    const auto room = t.make_room(alice, "general");
    const auto elsewhere = t.post(room, alice, "hi");
    const Draft refused[] = {
        {{}, "", {}, {}}, {{}, "\xFF", {}, {}}, {{}, "hi", std::string(65, 'n'), {}}, {{}, "hi", {}, elsewhere.id}};
    for (const auto& draft : refused)
        EXPECT_EQ(refusal(run(post_direct_message(t.chat, alice, bob, draft))), Code::bad_parameter);
    EXPECT_EQ(refusal(run(post_direct_message(t.chat, alice, t.ids.next<UserId>(), {{}, "hi", {}, {}}))),
              Code::bad_parameter);
    EXPECT_EQ(t.directory.rooms.room_count_of(bob), 0u);
}

TEST(FindMessage, is_for_who_may_read_the_room) {
    World open;
    const auto message = must(open.post(open.member, "hi")).message;
    EXPECT_EQ(must(run(find_message(open.t.chat, open.stranger, message.id))), message);
    World closed({false, true});
    const auto unread = must(closed.post(closed.member, "hi")).message;
    for (const auto user : {closed.stranger, closed.superuser}) {
        EXPECT_EQ(refusal(run(find_message(closed.t.chat, user, unread.id))), Code::not_found);
        EXPECT_EQ(refusal(run(message_history(closed.t.chat, user, unread.id))), Code::not_found);
    }
    EXPECT_EQ(refusal(run(find_message(closed.t.chat, closed.guest, unread.id))), std::nullopt);
}

}  // namespace
}  // namespace makechat::chat
