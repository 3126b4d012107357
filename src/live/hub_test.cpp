#include "live/hub.hpp"

#include "chat/profile.hpp"
#include "chat/reading.hpp"
#include "chat/room_settings.hpp"
#include "chat/sign_in.hpp"
#include "support/chat_fixture.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <limits>
#include <string>
#include <vector>

namespace makechat::live {
namespace {

using namespace chat;

using Words = std::vector<std::string>;

/// A connection that keeps what it is told.
class Ear final : public Watcher {
public:
    Ear(Coverage coverage, Credential credential) : Watcher(std::move(coverage), credential) {}

    void deliver(std::span<const FrameIndex> frames) override {
        ++deliveries;
        heard.insert(heard.end(), frames.begin(), frames.end());
    }
    void sign_out() override { ++sign_outs; }

    std::vector<FrameIndex> heard;
    int deliveries = 0;
    int sign_outs = 0;
};

struct World {
    TestChat t;
    UserId alice = t.make_user("alice");
    UserId bob = t.make_user("bob");
    UserId carol = t.make_user("carol");
    RoomId general = t.make_room(alice, "general");
    Hub hub{t.directory};
    std::deque<Ear> ears;
    std::size_t offered = t.mark();
    Words palette;             ///< what each frame says
    std::vector<bool> wanted;  ///< whether the hub wanted it encoded

    Ear& listen(UserId user, std::vector<RoomId> rooms = {}, Credential credential = TokenId{}) {
        auto& ear = ears.emplace_back(Coverage{user, std::move(rooms)}, credential);
        hub.add(ear);
        return ear;
    }

    std::string name_of_log(const Entry& entry) const {
        if (entry.log.kind == LogId::Kind::user) return "own";
        if (entry.log.kind == LogId::Kind::server) return "server";
        const auto view = t.directory.rooms.find(entry.log.room());
        return view ? view->room->name : "gone";
    }

    FrameIndex put(std::string word) {
        palette.push_back(std::move(word));
        wanted.push_back(true);
        return static_cast<FrameIndex>(palette.size() - 1);
    }

    /// What has been committed since the last time, as one batch.
    void offer() {
        for (const auto& entry : t.since(offered)) {
            const auto frame = put(name_of_log(entry) + " " + std::string(name_of(entry.body)));
            wanted.back() = hub.wants(entry);
            hub.offer(entry, frame);
        }
        offered = t.mark();
    }

    /// All that `ear` has heard since the last time.
    Words heard(Ear& ear) {
        offer();
        hub.drain();
        Words words;
        for (const auto frame : std::exchange(ear.heard, {})) {
            EXPECT_TRUE(wanted.at(frame)) << palette.at(frame) << " was not to be encoded";
            words.push_back(palette.at(frame));
        }
        return words;
    }

    void change(RoomId room, RoomChange wish) { must(run(change_room(t.chat, alice, room, std::move(wish)))); }
    void set_open(RoomId room, bool is_open) { change(room, {.is_open = is_open}); }
};

TEST(Hub, tells_of_a_room_those_who_are_in_it) {
    World w;
    w.t.join(w.general, w.bob);
    const auto others = w.t.make_room(w.carol, "others");
    w.offer();
    auto& alice = w.listen(w.alice);
    auto& bob = w.listen(w.bob);
    auto& carol = w.listen(w.carol);
    w.t.post(w.general, w.alice, "hi");
    w.t.post(others, w.carol, "not here");
    EXPECT_EQ(w.heard(alice), Words{"general MessagePosted"});
    EXPECT_EQ(w.heard(bob), Words{"general MessagePosted"});
    EXPECT_EQ(w.heard(carol), Words{"others MessagePosted"});
}

TEST(Hub, tells_each_connection_of_a_user) {
    World w;
    w.offer();
    auto& desk = w.listen(w.alice);
    auto& phone = w.listen(w.alice);
    w.t.post(w.general, w.alice, "hi");
    EXPECT_EQ(w.heard(desk), Words{"general MessagePosted"});
    EXPECT_EQ(w.heard(phone), Words{"general MessagePosted"});
}

TEST(Hub, hands_out_what_came_of_a_batch_in_one_piece_and_in_order) {
    World w;
    w.offer();
    auto& alice = w.listen(w.alice);
    w.t.post(w.general, w.alice, "one");
    w.t.join(w.general, w.bob);
    w.t.post(w.general, w.bob, "two");
    EXPECT_EQ(w.heard(alice), (Words{"general MessagePosted", "general Joined", "general MessagePosted"}));
    EXPECT_EQ(alice.deliveries, 1);
    EXPECT_EQ(w.heard(alice), Words{});
    EXPECT_EQ(alice.deliveries, 1) << "who has nothing to hear is not called";
}

TEST(Hub, who_joins_hears_of_it_first_and_of_all_that_follows) {
    World w;
    w.t.post(w.general, w.alice, "before");
    w.offer();
    auto& bob = w.listen(w.bob);
    w.t.post(w.general, w.alice, "still before");
    w.t.join(w.general, w.bob);
    w.t.post(w.general, w.alice, "hi bob");
    EXPECT_EQ(w.heard(bob), (Words{"general Joined", "general MessagePosted"}));
}

TEST(Hub, who_makes_a_room_hears_his_own_joining) {
    World w;
    w.offer();
    auto& bob = w.listen(w.bob);
    const auto room = w.t.make_room(w.bob, "bobs");
    w.t.post(room, w.bob, "hi");
    EXPECT_EQ(w.heard(bob), (Words{"bobs Joined", "bobs MessagePosted"}));
}

TEST(Hub, a_direct_room_reaches_both) {
    World w;
    w.offer();
    auto& alice = w.listen(w.alice);
    auto& bob = w.listen(w.bob);
    auto& carol = w.listen(w.carol);
    const auto direct = w.t.make_direct_room(w.alice, {w.bob});
    w.t.post(direct, w.alice, "psst");
    EXPECT_EQ(w.heard(alice).back(), " MessagePosted");
    EXPECT_EQ(w.heard(bob).back(), " MessagePosted");
    EXPECT_EQ(w.heard(carol), Words{});
}

TEST(Hub, who_leaves_hears_it_by_his_own_log_and_nothing_after) {
    World w;
    w.t.join(w.general, w.bob);
    w.offer();
    auto& alice = w.listen(w.alice);
    auto& bob = w.listen(w.bob);
    w.t.leave(w.general, w.bob);
    w.t.post(w.general, w.alice, "without him");
    EXPECT_EQ(w.heard(alice), (Words{"general Left", "general MessagePosted"}));
    EXPECT_EQ(w.heard(bob), Words{"own LostRoom"});
    w.t.join(w.general, w.bob);
    w.t.post(w.general, w.alice, "hi again");
    EXPECT_EQ(w.heard(bob), (Words{"general Joined", "general MessagePosted"}));
}

TEST(Hub, who_is_removed_is_cut_on_all_his_connections) {
    World w;
    w.t.join(w.general, w.bob);
    w.offer();
    auto& desk = w.listen(w.bob);
    auto& phone = w.listen(w.bob);
    w.t.remove(w.general, w.alice, w.bob);
    w.t.post(w.general, w.alice, "without him");
    EXPECT_EQ(w.heard(desk), Words{"own LostRoom"});
    EXPECT_EQ(w.heard(phone), Words{"own LostRoom"});
}

TEST(Hub, who_left_and_came_back_within_a_batch_stays) {
    World w;
    w.t.join(w.general, w.bob);
    w.offer();
    auto& bob = w.listen(w.bob);
    w.t.leave(w.general, w.bob);
    w.t.join(w.general, w.bob);
    w.t.post(w.general, w.alice, "hi again");
    EXPECT_EQ(w.heard(bob), (Words{"own LostRoom", "general Joined", "general MessagePosted"}));
}

TEST(Hub, who_came_and_left_within_a_batch_is_out) {
    World w;
    w.offer();
    auto& bob = w.listen(w.bob);
    w.t.join(w.general, w.bob);
    w.t.leave(w.general, w.bob);
    w.t.post(w.general, w.alice, "without him");
    EXPECT_EQ(w.heard(bob), (Words{"general Joined", "own LostRoom"}));
}

TEST(Hub, a_guest_goes_on_hearing) {
    World w;
    w.t.join(w.general, w.bob);
    w.offer();
    auto& bob = w.listen(w.bob);
    w.t.give(w.general, w.alice, w.bob, Role::guest);
    w.t.post(w.general, w.alice, "hi");
    EXPECT_EQ(w.heard(bob), (Words{"general RoleChanged", "general MessagePosted"}));
}

TEST(Hub, named_rooms_and_no_others_are_told) {
    World w;
    const auto random = w.t.make_room(w.alice, "random");
    w.offer();
    auto& alice = w.listen(w.alice, {random});
    w.t.post(w.general, w.alice, "no");
    w.t.post(random, w.alice, "yes");
    const auto room = w.t.make_room(w.alice, "new");
    w.t.post(room, w.alice, "no");
    EXPECT_EQ(w.heard(alice), Words{"random MessagePosted"});
}

TEST(Hub, of_his_own_log_who_named_rooms_hears_what_concerns_them) {
    World w;
    const auto random = w.t.make_room(w.alice, "random");
    w.t.post(w.general, w.alice, "one");
    w.t.post(random, w.alice, "one");
    w.offer();
    auto& named = w.listen(w.alice, {random});
    auto& all = w.listen(w.alice);
    auto& bob = w.listen(w.bob);
    must(run(mark_read(w.t.chat, w.alice, w.general, Seq{1}, true)));
    must(run(mark_read(w.t.chat, w.alice, random, Seq{1}, true)));
    must(run(set_notify_level(w.t.chat, w.alice, w.general, NotifyLevel::none)));
    EXPECT_EQ(w.heard(named), Words{"own ReadMoved"});
    EXPECT_EQ(w.heard(all), (Words{"own ReadMoved", "own ReadMoved", "own NotifyChanged"}));
    EXPECT_EQ(w.heard(bob), Words{});
}

TEST(Hub, a_stranger_may_name_an_open_room) {
    World w;
    w.offer();
    auto& bob = w.listen(w.bob, {w.general});
    w.t.post(w.general, w.alice, "in the open");
    EXPECT_EQ(w.heard(bob), Words{"general MessagePosted"});
    w.t.join(w.general, w.bob);
    w.t.leave(w.general, w.bob);
    w.t.post(w.general, w.alice, "still in the open");
    EXPECT_EQ(w.heard(bob), (Words{"general Joined", "own LostRoom", "general MessagePosted"}));
}

TEST(Hub, a_room_that_he_may_not_read_is_not_told_though_he_named_it) {
    World w;
    const auto hidden = w.t.make_room(w.alice, "hidden", {false, false});
    w.offer();
    auto& bob = w.listen(w.bob, {hidden, w.general});
    w.t.post(hidden, w.alice, "no");
    w.t.post(w.general, w.alice, "yes");
    EXPECT_EQ(w.heard(bob), Words{"general MessagePosted"});
}

TEST(Hub, strangers_are_cut_before_they_hear_how_a_room_became_private) {
    World w;
    w.t.join(w.general, w.bob);
    w.offer();
    auto& bob = w.listen(w.bob, {w.general});
    auto& carol = w.listen(w.carol, {w.general});
    w.change(w.general, {.name = "secret", .is_open = false});
    w.t.post(w.general, w.alice, "behind the door");
    EXPECT_EQ(w.heard(bob), (Words{"secret RoomChanged", "secret MessagePosted"}));
    EXPECT_EQ(w.heard(carol), Words{});
}

TEST(Hub, strangers_of_a_room_that_becomes_invisible_are_cut) {
    World w;
    w.offer();
    auto& carol = w.listen(w.carol, {w.general});
    w.change(w.general, {.is_visible = false});
    w.t.post(w.general, w.alice, "unseen");
    EXPECT_EQ(w.heard(carol), Words{});
}

TEST(Hub, strangers_of_a_room_that_is_only_renamed_stay) {
    World w;
    w.offer();
    auto& carol = w.listen(w.carol, {w.general});
    w.change(w.general, {.name = "lobby"});
    EXPECT_EQ(w.heard(carol), Words{"lobby RoomChanged"});
}

TEST(Hub, who_named_a_room_hears_it_again_when_it_opens_again) {
    World w;
    w.offer();
    auto& carol = w.listen(w.carol, {w.general});
    w.set_open(w.general, false);
    w.t.post(w.general, w.alice, "behind the door");
    EXPECT_EQ(w.heard(carol), Words{});
    w.set_open(w.general, true);
    w.t.post(w.general, w.alice, "in the open");
    EXPECT_EQ(w.heard(carol), (Words{"general RoomChanged", "general MessagePosted"}));
}

TEST(Hub, who_named_a_room_hears_it_again_when_he_is_added_again) {
    World w;
    const auto inner = w.t.make_room(w.alice, "inner", {false, true});
    w.t.add(inner, w.bob);
    w.offer();
    auto& bob = w.listen(w.bob, {inner});
    w.t.remove(inner, w.alice, w.bob);
    w.t.post(inner, w.alice, "without him");
    EXPECT_EQ(w.heard(bob), Words{"own LostRoom"});
    w.t.add(inner, w.bob);
    w.t.post(inner, w.alice, "hi again");
    EXPECT_EQ(w.heard(bob), (Words{"inner Joined", "inner MessagePosted"}));
}

TEST(Hub, a_deletion_is_told_once_to_all_who_watched) {
    World w;
    w.t.join(w.general, w.bob);
    w.offer();
    auto& alice = w.listen(w.alice);
    auto& bob = w.listen(w.bob, {w.general});
    auto& stranger = w.listen(w.carol, {w.general});
    auto& other = w.listen(w.carol);
    must(run(delete_room(w.t.chat, w.alice, w.general)));
    for (auto* ear : {&alice, &bob, &stranger}) EXPECT_EQ(w.heard(*ear), Words{"server RoomDeleted"});
    EXPECT_EQ(w.heard(other), Words{});
    EXPECT_FALSE(w.hub.watched(w.general));
}

TEST(Hub, a_deletion_is_told_to_who_had_lost_the_room_before_by_nothing) {
    World w;
    w.t.join(w.general, w.bob);
    w.offer();
    auto& bob = w.listen(w.bob);
    w.t.remove(w.general, w.alice, w.bob);
    must(run(delete_room(w.t.chat, w.alice, w.general)));
    EXPECT_EQ(w.heard(bob), Words{"own LostRoom"});
}

struct SignedOut {
    int alice_by_token;
    int alice_by_other_token;
    int alice_by_session;
    int bob;
};

TEST(Hub, signs_out_only_who_loses_his_credential) {
    struct Case {
        std::string_view name;
        std::function<void(World&, const Token&, const Session&)> what;
        SignedOut signed_out;
    };
    const Case cases[] = {
        {"a token is revoked",
         [](World& w, const Token& token, const Session&) { must(run(revoke_token(w.t.chat, w.alice, token.id))); },
         {1, 0, 0, 0}},
        {"a session ends",
         [](World& w, const Token&, const Session& session) { must(run(end_session(w.t.chat, w.alice, session.id))); },
         {0, 0, 1, 0}},
        {"the profile changes",
         [](World& w, const Token& token, const Session&) {
             must(run(change_profile(w.t.chat, {w.t.user(w.alice), token.id, false}, {.display_name = "Alice"})));
         },
         {0, 0, 0, 0}},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        World w;
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
    World w;
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
    World w;
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
    World w;
    w.offer();
    auto& alice = w.listen(w.alice);
    w.hub.offer_to_peers(w.alice, w.put("online"), 500);
    w.hub.offer_to_peers(w.alice, w.put("offline"), 500);
    EXPECT_EQ(w.heard(alice), (Words{"online", "offline"}));
}

TEST(Hub, peers_are_those_of_small_rooms_only) {
    World w;
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
    World w;
    w.t.make_room(w.bob, "bobs");
    w.offer();
    auto& bob = w.listen(w.bob);
    w.hub.offer_to_peers(w.alice, w.put("alice is online"), 500);
    EXPECT_EQ(w.heard(bob), Words{});
}

TEST(Hub, typing_is_told_to_all_in_the_room_but_himself) {
    World w;
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
    World w;
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
    World w;
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
    World w;
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
    World w;
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

TEST(Hub, frame_numbers_may_come_again_after_a_drain) {
    World w;
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
