#include "chat/profile.hpp"
#include "chat/sign_in.hpp"
#include "live/hub.hpp"
#include "support/hub_fixture.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>
#include <string_view>

namespace makechat::live {
namespace {

struct SignedOut {
    int alice_by_token;
    int alice_by_other_token;
    int alice_by_session;
    int bob;
};

TEST(Hub, signs_out_only_who_loses_his_credential) {
    struct Case {
        std::string_view name;
        std::function<void(HubWorld&, const Token&, const Session&)> what;
        SignedOut signed_out;
    };
    const Case cases[] = {
        {"a token is revoked",
         [](HubWorld& w, const Token& token, const Session&) { must(run(revoke_token(w.t.chat, w.alice, token.id))); },
         {1, 0, 0, 0}},
        {"a session ends",
         [](HubWorld& w, const Token&, const Session& session) {
             must(run(end_session(w.t.chat, w.alice, session.id)));
         },
         {0, 0, 1, 0}},
        {"the profile changes",
         [](HubWorld& w, const Token& token, const Session&) {
             must(run(change_profile(w.t.chat, {w.t.user(w.alice), token.id, false}, {.display_name = "Alice"})));
         },
         {0, 0, 0, 0}},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        HubWorld w;
        const auto token = must(run(token_create(w.t.chat, w.alice, "bot", "all"))).token;
        const auto other = must(run(token_create(w.t.chat, w.alice, "other", "all"))).token;
        const auto session = must(run(session_create(w.t.chat, w.alice, {}))).session;
        const auto bobs = must(run(token_create(w.t.chat, w.bob, "bot", "all"))).token;
        w.offer();
        auto& by_token = w.listen(w.alice, {}, token.id);
        auto& by_other = w.listen(w.alice, {w.general}, other.id);
        auto& by_session = w.listen(w.alice, {}, session.id);
        auto& bob = w.listen(w.bob, {}, bobs.id);
        c.what(w, token, session);
        w.offer();
        EXPECT_EQ(by_token.sign_outs, c.signed_out.alice_by_token);
        EXPECT_EQ(by_other.sign_outs, c.signed_out.alice_by_other_token);
        EXPECT_EQ(by_session.sign_outs, c.signed_out.alice_by_session);
        EXPECT_EQ(bob.sign_outs, c.signed_out.bob);
    }
}

TEST(Hub, a_disabled_user_is_signed_out_on_all_his_connections) {
    HubWorld w;
    const auto admin = w.t.make_admin("root");
    const auto session = must(run(session_create(w.t.chat, w.bob, {}))).session;
    w.offer();
    auto& by_session = w.listen(w.bob, {}, session.id);
    auto& by_token = w.listen(w.bob, {w.general});
    auto& alice = w.listen(w.alice);
    must(run(change_account(w.t.chat, admin, w.bob, {.is_disabled = true})));
    w.offer();
    EXPECT_GE(by_session.sign_outs, 1);
    EXPECT_GE(by_token.sign_outs, 1);
    EXPECT_EQ(alice.sign_outs, 0);
}

TEST(Hub, peers_hear_once_though_they_share_several_rooms) {
    HubWorld w;
    const auto random = w.t.make_room(w.alice, "random");
    for (const auto room : {w.general, random}) w.t.join(room, w.bob);
    w.t.join(random, w.carol);
    w.offer();
    auto& alice = w.listen(w.alice);
    auto& alices_phone = w.listen(w.alice, {random, w.general});
    auto& bob = w.listen(w.bob);
    auto& carol = w.listen(w.carol);
    w.hub.offer_to_peers(w.bob, w.put("bob is online"), 500);
    for (auto* ear : {&alice, &alices_phone, &bob, &carol}) EXPECT_EQ(w.heard(*ear), Words{"bob is online"});
}

TEST(Hub, two_words_about_one_user_are_two) {
    HubWorld w;
    w.offer();
    auto& alice = w.listen(w.alice);
    w.hub.offer_to_peers(w.alice, w.put("online"), 500);
    w.hub.offer_to_peers(w.alice, w.put("offline"), 500);
    EXPECT_EQ(w.heard(alice), (Words{"online", "offline"}));
}

TEST(Hub, peers_are_those_of_small_rooms_only) {
    HubWorld w;
    const auto small = w.t.make_room(w.alice, "small");
    for (const auto user : {w.bob, w.carol}) w.t.join(w.general, user);
    w.t.join(small, w.bob);
    w.offer();
    auto& bob = w.listen(w.bob);
    auto& carol = w.listen(w.carol);
    w.hub.offer_to_peers(w.alice, w.put("alice is online"), 2);
    EXPECT_EQ(w.heard(bob), Words{"alice is online"}) << "by the room of two";
    EXPECT_EQ(w.heard(carol), Words{}) << "the room of three is large here";
    w.hub.offer_to_peers(w.alice, w.put("alice has a new name"), std::numeric_limits<std::size_t>::max());
    EXPECT_EQ(w.heard(carol), Words{"alice has a new name"});
}

TEST(Hub, strangers_are_no_peers) {
    HubWorld w;
    w.t.make_room(w.bob, "bobs");
    w.offer();
    auto& bob = w.listen(w.bob);
    w.hub.offer_to_peers(w.alice, w.put("alice is online"), 500);
    EXPECT_EQ(w.heard(bob), Words{});
}

TEST(Hub, typing_is_told_to_all_in_the_room_but_himself) {
    HubWorld w;
    w.t.join(w.general, w.bob);
    w.offer();
    auto& alice = w.listen(w.alice);
    auto& bob = w.listen(w.bob);
    auto& bobs_phone = w.listen(w.bob);
    auto& carol = w.listen(w.carol);
    w.hub.offer_to_room(w.general, w.put("bob types"), w.bob);
    EXPECT_EQ(w.heard(alice), Words{"bob types"});
    for (auto* ear : {&bob, &bobs_phone, &carol}) EXPECT_EQ(w.heard(*ear), Words{});
    w.hub.offer_to_room(w.general, w.put("to all"), {});
    EXPECT_EQ(w.heard(bob), Words{"to all"});
}

TEST(Hub, who_is_removed_while_something_waits_gets_nothing) {
    HubWorld w;
    w.t.join(w.general, w.bob);
    w.offer();
    auto& alice = w.listen(w.alice);
    auto& bob = w.listen(w.bob);
    auto& bobs_phone = w.listen(w.bob);
    w.t.post(w.general, w.alice, "hi");
    w.offer();
    w.hub.remove(bob);
    EXPECT_EQ(w.heard(alice), Words{"general MessagePosted"});
    EXPECT_EQ(w.heard(bobs_phone), Words{"general MessagePosted"});
    EXPECT_EQ(bob.deliveries, 0);
    EXPECT_EQ(w.hub.watchers(), 2U);
}

TEST(Hub, knows_which_rooms_are_watched) {
    HubWorld w;
    EXPECT_FALSE(w.hub.watched(w.general));
    auto& alice = w.listen(w.alice);
    auto& bob = w.listen(w.bob, {w.general});
    EXPECT_TRUE(w.hub.watched(w.general));
    w.hub.remove(alice);
    EXPECT_TRUE(w.hub.watched(w.general));
    w.hub.remove(bob);
    EXPECT_FALSE(w.hub.watched(w.general));
    EXPECT_EQ(w.hub.watchers(), 0U);
}

TEST(Hub, wants_nothing_where_nobody_listens) {
    HubWorld w;
    const auto mark = w.t.mark();
    w.t.join(w.general, w.bob);
    w.t.post(w.general, w.alice, "hi");
    w.t.give(w.general, w.alice, w.bob, Role::guest);
    must(run(mark_read(w.t.chat, w.alice, w.general, Seq{1}, true)));
    w.set_open(w.general, false);
    w.set_open(w.general, true);
    must(run(delete_room(w.t.chat, w.alice, w.general)));
    for (const auto& entry : w.t.since(mark)) EXPECT_FALSE(w.hub.wants(entry)) << name_of(entry.body);
}

TEST(Hub, an_ear_that_is_gone_leaves_no_trace_in_rooms_joined_later) {
    HubWorld w;
    w.offer();
    auto& bob = w.listen(w.bob);
    const auto random = w.t.make_room(w.alice, "random");
    w.t.join(random, w.bob);
    w.offer();
    w.hub.drain();
    w.hub.remove(bob);
    EXPECT_FALSE(w.hub.watched(random));
    w.t.post(random, w.alice, "nobody hears");
    w.offer();
    w.hub.drain();
    EXPECT_EQ(bob.deliveries, 1);
}

TEST(Hub, drains_a_part_at_a_time_and_all_in_the_end) {
    HubWorld w;
    w.t.join(w.general, w.bob);
    w.offer();
    w.hub.drain();
    auto& first = w.listen(w.alice);
    auto& second = w.listen(w.alice);
    auto& third = w.listen(w.bob);
    w.t.post(w.general, w.alice, "hi");
    w.offer();
    EXPECT_FALSE(w.hub.drain(2));
    EXPECT_EQ(first.deliveries + second.deliveries + third.deliveries, 2);
    w.t.post(w.general, w.alice, "there");
    w.offer();  // comes behind, for who has got the first and for who has not
    EXPECT_FALSE(w.hub.drain(1));
    EXPECT_TRUE(w.hub.drain());
    for (const auto* ear : {&first, &second, &third}) EXPECT_EQ(ear->heard.size(), 2U);
    EXPECT_TRUE(w.hub.drain()) << "nothing waits any more";
}

TEST(Hub, drains_for_one_who_is_to_be_told_something_else) {
    HubWorld w;
    w.t.join(w.general, w.bob);
    w.offer();
    w.hub.drain();
    auto& alice = w.listen(w.alice);
    auto& bob = w.listen(w.bob);
    w.t.post(w.general, w.alice, "hi");
    w.offer();
    w.hub.drain(alice);
    EXPECT_EQ(alice.deliveries, 1);
    EXPECT_EQ(bob.deliveries, 0);
    w.hub.drain(alice);
    EXPECT_TRUE(w.hub.drain());
    EXPECT_EQ(alice.deliveries, 1) << "once is enough";
    EXPECT_EQ(bob.deliveries, 1);
}

TEST(Hub, forgets_who_goes_while_it_drains) {
    HubWorld w;
    w.t.join(w.general, w.bob);
    w.offer();
    w.hub.drain();
    auto& alice = w.listen(w.alice);
    auto& bob = w.listen(w.bob);
    w.t.post(w.general, w.alice, "hi");
    w.offer();
    EXPECT_FALSE(w.hub.drain(1));
    for (auto* ear : {&alice, &bob}) w.hub.remove(*ear);
    EXPECT_TRUE(w.hub.drain());
    EXPECT_EQ(alice.deliveries + bob.deliveries, 1);
}

TEST(Hub, frame_numbers_may_come_again_after_a_drain) {
    HubWorld w;
    w.offer();
    auto& alice = w.listen(w.alice);
    for (int i = 0; i < 3; ++i) {
        w.hub.offer_to_peers(w.alice, 0, 500);
        w.hub.drain();
    }
    EXPECT_EQ(alice.heard, (std::vector<FrameIndex>{0, 0, 0}));
}

}  // namespace
}  // namespace makechat::live
