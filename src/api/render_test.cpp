#include "api/render.hpp"

#include "chat/profile.hpp"
#include "chat/reading.hpp"
#include "chat/room_settings.hpp"
#include "support/chat_fixture.hpp"

#include <gtest/gtest.h>

#include <string>
#include <unordered_map>

namespace makechat::api {
namespace {

using namespace chat;

/// What is written, with ids, dates and the cursor as short words, so that a test can say all of it.
struct World {
    TestChat t;
    UserId alice = t.make_user("alice");
    UserId bob = t.make_user("bob");
    RoomId room = t.make_room(alice, "general");
    Cursors cursors{SecretHash{}};
    std::unordered_map<std::string, std::string> names{
        {to_hex(alice), "ALICE"}, {to_hex(bob), "BOB"}, {to_hex(room), "ROOM"}};

    void call(std::string hex, std::string name) { names[std::move(hex)] = std::move(name); }

    std::string shorten(std::string text) const {
        const auto replace = [&text](const std::string& from, const std::string& to) {
            for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
                text.replace(at, from.size(), to);
        };
        for (const auto& [hex, name] : names) replace(R"({"$oid": ")" + hex + "\"}", name);
        replace(R"({"$date": ")" + to_iso8601(t.clock.now()) + "\"}", "NOW");
        return text;
    }

    /// The events of what `what` commits in this log.
    template <class What>
    std::string events(What what, LogId::Kind kind = LogId::Kind::room) {
        const auto mark = t.mark();
        what();
        std::string text;
        for (const auto& entry : t.since(mark)) {
            if (entry.log.kind != kind) continue;
            auto event = event_of(entry, t.directory.accounts, cursors);
            const auto cursor = "\"cursor\": \"" + cursors.write(entry.position) + "\"";
            EXPECT_TRUE(event.ends_with(cursor + "}")) << event;
            event.replace(event.size() - cursor.size() - 1, cursor.size(), "CURSOR");
            text += event + "\n";
        }
        return shorten(text);
    }
};

const std::string state =
    R"("state": {"_id": ROOM, "name": "general", "topic": "", "is_open": true, "is_visible": true, )"
    R"("mention_all_by": "members", "kind": "room", "created": NOW})";

TEST(Event, of_each_kind_of_room_entry) {
    World w;
    w.call(to_hex(w.t.member_id(w.room, w.alice)), "M_ALICE");
    w.call(to_hex(member_id_of(w.bob, Role::member)), "M_BOB");
    w.call(to_hex(member_id_of(w.bob, Role::guest)), "G_BOB");
    Message hi;
    EXPECT_EQ(w.events([&] { w.t.join(w.room, w.bob); }),
              R"({"type": "member", "room": ROOM, "action": "join", "member": M_BOB, "user": BOB, "username": "bob", )"
              R"("role": "member", "by": BOB, "created": NOW, "seq": 3, CURSOR})"
              "\n");
    EXPECT_EQ(w.events([&] { w.t.give(w.room, w.alice, w.bob, Role::guest); }),
              R"({"type": "member", "room": ROOM, "action": "role", "member": G_BOB, "user": BOB, "username": "bob", )"
              R"("role": "guest", "by": ALICE, "created": NOW, "was": "member", "was_member": M_BOB, "seq": 4, CURSOR})"
              "\n");
    const auto message = [&](std::string_view type, std::string_view rest) {
        return R"({"type": ")" + std::string(type) +
               R"(", "room": ROOM, "message": {"_id": HI, "room": ROOM, "seq": 5, "sender": ALICE, "username": "alice", )" +
               std::string(rest);
    };
    const auto posted = w.events([&] {
        hi = w.t.post(w.room, w.alice, "hi @bob \"x\" @all");
        w.call(to_hex(hi.id), "HI");
    });
    EXPECT_EQ(posted,
              message("message", R"("text": "hi @bob \"x\" @all", "created": NOW, "edited": null, "deleted": null, )"
                                 R"("mentions": [BOB], "mentions_all": "all", "reply_to": null}, "seq": 5, CURSOR})"
                                 "\n"));
    EXPECT_EQ(w.events([&] { must(run(edit_message(w.t.chat, w.alice, hi.id, "bye"))); }),
              message("edit", R"("text": "bye", "created": NOW, "edited": NOW, "deleted": null, "mentions": [], )"
                              R"("reply_to": null}, "seq": 6, CURSOR})"
                              "\n"));
    EXPECT_EQ(w.events([&] { must(run(delete_message(w.t.chat, w.alice, hi.id))); }),
              R"({"type": "delete", "room": ROOM, "_id": HI, "by": ALICE, "seq": 7, CURSOR})"
              "\n");
    EXPECT_EQ(w.events([&] { w.t.leave(w.room, w.bob); }),
              R"({"type": "member", "room": ROOM, "action": "leave", "member": G_BOB, "user": BOB, "username": "bob", )"
              R"("role": "guest", "by": BOB, "created": NOW, "seq": 8, CURSOR})"
              "\n");
    EXPECT_EQ(
        w.events([&] { must(run(change_room(w.t.chat, w.alice, w.room, {.topic = "news", .is_open = false}))); }),
        R"({"type": "room", "room": ROOM, "action": "changed", "state": {"_id": ROOM, "name": "general", )"
        R"("topic": "news", "is_open": false, "is_visible": true, "mention_all_by": "members", "kind": "room", )"
        R"("created": NOW}, "was": {"topic": "", "is_open": true}, "by": ALICE, "created": NOW, "seq": 9, CURSOR})"
        "\n");
}

TEST(Event, of_a_new_room) {
    World w;
    RoomId made;
    const auto text = w.events([&] { made = w.t.make_room(w.bob, "new"); });
    w.call(to_hex(made), "NEW");
    EXPECT_TRUE(w.shorten(text).starts_with(
        R"({"type": "room", "room": NEW, "action": "created", "state": {"_id": NEW, "name": "new", "topic": "", )"
        R"("is_open": true, "is_visible": true, "mention_all_by": "members", "kind": "room", "created": NOW}, "was": {}, )"
        R"("by": BOB, "created": NOW, "seq": 1, CURSOR})"))
        << w.shorten(text);
}

TEST(Event, of_what_a_change_was_names_only_what_changed) {
    World w;
    struct Case {
        RoomChange change;
        std::string_view was;
    };
    const Case cases[] = {
        {{.name = "lobby"}, R"("was": {"name": "general"})"},
        {{.topic = "t"}, R"("was": {"topic": ""})"},
        {{.is_open = false}, R"("was": {"is_open": true})"},
        {{.is_visible = false}, R"("was": {"is_visible": true})"},
        {{.mention_all_by = MentionAllBy::owners}, R"("was": {"mention_all_by": "members"})"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.was);
        EXPECT_TRUE(w.events([&] { must(run(change_room(w.t.chat, w.alice, w.room, c.change))); }).contains(c.was));
    }
}

TEST(Event, of_a_users_own_log_has_no_seq) {
    World w;
    w.t.join(w.room, w.bob);
    w.call(to_hex(w.t.member_id(w.room, w.bob)), "M_BOB");
    w.t.post(w.room, w.alice, "@bob");
    const auto own = LogId::Kind::user;
    EXPECT_EQ(w.events([&] { must(run(mark_read(w.t.chat, w.bob, w.room, Seq{4}, false))); }, own),
              R"({"type": "read", "room": ROOM, "read_seq": 4, "unread": 0, "mentions": 0, CURSOR})"
              "\n");
    EXPECT_EQ(w.events([&] { must(run(mark_read(w.t.chat, w.bob, w.room, Seq{1}, true))); }, own),
              R"({"type": "read", "room": ROOM, "read_seq": 1, "unread": 1, "mentions": 1, CURSOR})"
              "\n");
    EXPECT_EQ(w.events([&] { must(run(set_notify_level(w.t.chat, w.bob, w.room, NotifyLevel::mentions))); }, own),
              R"({"type": "settings", "room": ROOM, "level": "mentions", CURSOR})"
              "\n");
    EXPECT_EQ(
        w.events(
            [&] {
                must(run(change_profile(w.t.chat, {w.t.user(w.bob), TokenId{}, false}, {.settings = R"({"a":1})"})));
            },
            own),
        R"({"type": "settings", "settings": {"a":1}, CURSOR})"
        "\n");
    EXPECT_EQ(w.events([&] { w.t.remove(w.room, w.alice, w.bob); }, own),
              R"({"type": "member", "room": ROOM, "action": "leave", "member": M_BOB, "user": BOB, "username": "bob", )"
              R"("role": "member", "by": ALICE, "created": NOW, CURSOR})"
              "\n");
}

TEST(Event, of_a_deletion_is_the_same_live_and_in_a_replay) {
    World w;
    const auto mark = w.t.mark();
    must(run(delete_room(w.t.chat, w.alice, w.room)));
    std::string live;
    std::string replayed;
    for (const auto& entry : w.t.since(mark)) {
        auto event = event_of(entry, w.t.directory.accounts, w.cursors);
        event.resize(event.find("\"cursor\""));
        if (std::holds_alternative<RoomDeleted>(entry.body)) live = w.shorten(event);
        if (std::holds_alternative<LostDeletedRoom>(entry.body)) replayed = w.shorten(event);
    }
    EXPECT_EQ(live, R"({"type": "room", "room": ROOM, "action": "deleted", )" + state +
                        R"(, "was": {}, "by": ALICE, "created": NOW, )");
    EXPECT_EQ(replayed, live);
}

TEST(Event, of_no_log_is_as_short_as_that) {
    World w;
    EXPECT_EQ(w.shorten(hello_event(w.alice, "C", "makechat", 500)),
              R"({"type": "hello", "user": ALICE, "cursor": "C", "server": "makechat", "retry_ms": 500})");
    EXPECT_EQ(resync_event("C"), R"({"type": "resync", "cursor": "C"})");
    EXPECT_EQ(w.shorten(typing_event(w.room, w.bob)), R"({"type": "typing", "room": ROOM, "user": BOB})");
    EXPECT_EQ(w.shorten(presence_event(w.bob, true)), R"({"type": "presence", "user": BOB, "status": "online"})");
    EXPECT_EQ(w.shorten(presence_event(w.bob, false)), R"({"type": "presence", "user": BOB, "status": "offline"})");
    EXPECT_EQ(w.shorten(presence_count_event(w.room, 7)), R"({"type": "presence", "room": ROOM, "online": 7})");
    EXPECT_EQ(
        w.shorten(user_event(*w.t.user(w.bob))),
        R"({"type": "user", "user": {"_id": BOB, "username": "bob", "display_name": "", "avatar": "", "bot": false, )"
        R"("is_disabled": false}})");
}

template <class Write>
std::string written(Write write) {
    JsonText json;
    write(json);
    return json.take();
}

TEST(Render, an_account_shows_no_password) {
    World w;
    const auto text = written([&](JsonText& json) { write_account(json, *w.t.user(w.alice)); });
    EXPECT_EQ(w.shorten(text),
              R"({"_id": ALICE, "username": "alice", "email": "alice@example.com", "display_name": "", "avatar": "", )"
              R"("settings": {}, "is_superuser": false, "is_disabled": false, "bot": false, "created": NOW})");
}

TEST(Render, a_room_as_the_manual_shows_it_and_more) {
    World w;
    w.call(to_hex(w.t.member_id(w.room, w.alice)), "M_ALICE");
    const auto text = [&](RoomId id, std::size_t members_max) {
        return w.shorten(
            written([&](JsonText& json) { write_room(json, *w.t.directory.rooms.find(id, members_max)); }));
    };
    EXPECT_EQ(text(w.room, 10),
              R"({"_id": ROOM, "name": "general", "topic": "", "is_open": true, "is_visible": true, )"
              R"("mention_all_by": "members", "members": [M_ALICE], "members_total": 1, "messages_total": 0, )"
              R"("last_message": null, "kind": "room", "last_seq": 2, )"
              R"("created": NOW})");
    w.t.join(w.room, w.bob);
    w.t.post(w.room, w.bob, "hi");
    EXPECT_TRUE(text(w.room, 1).contains(
        R"("members": [M_ALICE], "members_total": 2, "messages_total": 1, "last_message": NOW, )"));
    const auto mine =
        written([&](JsonText& json) { write_room(json, *w.t.directory.rooms.find(w.room), Role::guest); });
    EXPECT_TRUE(mine.contains(R"("role": "guest")")) << mine;
    const auto direct = w.t.make_direct_room(w.alice, {w.bob});
    EXPECT_TRUE(text(direct, 0).contains(R"("name": null, )")) << text(direct, 0);
    EXPECT_TRUE(text(direct, 0).contains(R"("kind": "direct")"));
    EXPECT_TRUE(text(direct, 2).contains(R"("users": [ALICE, BOB], )")) << text(direct, 2);
}

TEST(Render, a_member) {
    World w;
    const auto membership = *w.t.directory.rooms.membership(w.room, w.alice);
    w.call(to_hex(membership.id), "M_ALICE");
    EXPECT_EQ(
        w.shorten(written([&](JsonText& json) { write_member(json, membership, *w.t.user(w.alice), true); })),
        R"({"_id": M_ALICE, "role": "owner", "profile": ALICE, "username": "alice", "display_name": "", "online": true})");
}

TEST(Render, a_deleted_message_has_no_text) {
    World w;
    const auto message = w.t.post(w.room, w.alice, "a secret for @alice");
    w.call(to_hex(message.id), "M");
    must(run(delete_message(w.t.chat, w.alice, message.id)));
    EXPECT_EQ(w.shorten(written(
                  [&](JsonText& json) { write_message(json, w.t.message(message.id), w.t.directory.accounts); })),
              R"({"_id": M, "room": ROOM, "seq": 3, "sender": ALICE, "username": "alice", "text": "", "created": NOW, )"
              R"("edited": null, "deleted": NOW, "mentions": [], "reply_to": null})");
}

TEST(Render, a_message_of_a_bot_and_of_one_who_is_not_known) {
    World w;
    auto message = w.t.post(w.room, w.alice, "hi");
    message.reply_to = message.id;
    message.mentions_all = MentionsAll::here;
    message.sender = UserId{{9}};
    w.call(to_hex(message.id), "M");
    w.call(to_hex(message.sender), "NOBODY");
    const auto text = [&] {
        return w.shorten(written([&](JsonText& json) { write_message(json, message, w.t.directory.accounts); }));
    };
    EXPECT_TRUE(text().ends_with(R"("mentions": [], "mentions_all": "here", "reply_to": M})")) << text();
    EXPECT_TRUE(text().contains(R"("sender": NOBODY, "username": "", )")) << text();
    Accounts bots;
    User bot;
    bot.id = message.sender;
    bot.username = "robot";
    bot.bot = true;
    bots.load({bot});
    const auto by_bot = w.shorten(written([&](JsonText& json) { write_message(json, message, bots); }));
    EXPECT_TRUE(by_bot.ends_with(R"("reply_to": M, "bot": true})")) << by_bot;
}

}  // namespace
}  // namespace makechat::api
