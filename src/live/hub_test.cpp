#include "live/hub.hpp"

#include "support/hub_fixture.hpp"

#include <gtest/gtest.h>

#include <string>

namespace makechat::live {
namespace {

TEST(Hub, tells_of_a_room_those_who_are_in_it) {
    HubWorld w;
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
    HubWorld w;
    w.offer();
    auto& desk = w.listen(w.alice);
    auto& phone = w.listen(w.alice);
    w.t.post(w.general, w.alice, "hi");
    EXPECT_EQ(w.heard(desk), Words{"general MessagePosted"});
    EXPECT_EQ(w.heard(phone), Words{"general MessagePosted"});
}

TEST(Hub, who_has_gone_hears_nothing_of_what_waited_for_him) {
    HubWorld w;
    w.offer();
    auto& desk = w.listen(w.alice);
    auto& phone = w.listen(w.alice);
    w.t.post(w.general, w.alice, "hi");
    w.offer();
    w.hub.remove(desk);
    EXPECT_EQ(w.heard(phone), Words{"general MessagePosted"});
    w.hub.drain(desk);  // an operation of his is answered only now
    EXPECT_EQ(desk.deliveries, 0);
}

TEST(Hub, hands_out_what_came_of_a_batch_in_one_piece_and_in_order) {
    HubWorld w;
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
    HubWorld w;
    w.t.post(w.general, w.alice, "before");
    w.offer();
    auto& bob = w.listen(w.bob);
    w.t.post(w.general, w.alice, "still before");
    w.t.join(w.general, w.bob);
    w.t.post(w.general, w.alice, "hi bob");
    EXPECT_EQ(w.heard(bob), (Words{"general Joined", "general MessagePosted"}));
}

TEST(Hub, who_makes_a_room_hears_his_own_joining) {
    HubWorld w;
    w.offer();
    auto& bob = w.listen(w.bob);
    const auto room = w.t.make_room(w.bob, "bobs");
    w.t.post(room, w.bob, "hi");
    EXPECT_EQ(w.heard(bob), (Words{"bobs Joined", "bobs MessagePosted"}));
}

TEST(Hub, a_direct_room_reaches_both) {
    HubWorld w;
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
    HubWorld w;
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
    HubWorld w;
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
    HubWorld w;
    w.t.join(w.general, w.bob);
    w.offer();
    auto& bob = w.listen(w.bob);
    w.t.leave(w.general, w.bob);
    w.t.join(w.general, w.bob);
    w.t.post(w.general, w.alice, "hi again");
    EXPECT_EQ(w.heard(bob), (Words{"own LostRoom", "general Joined", "general MessagePosted"}));
}

TEST(Hub, who_came_and_left_within_a_batch_is_out) {
    HubWorld w;
    w.offer();
    auto& bob = w.listen(w.bob);
    w.t.join(w.general, w.bob);
    w.t.leave(w.general, w.bob);
    w.t.post(w.general, w.alice, "without him");
    EXPECT_EQ(w.heard(bob), (Words{"general Joined", "own LostRoom"}));
}

TEST(Hub, a_guest_goes_on_hearing) {
    HubWorld w;
    w.t.join(w.general, w.bob);
    w.offer();
    auto& bob = w.listen(w.bob);
    w.t.give(w.general, w.alice, w.bob, Role::guest);
    w.t.post(w.general, w.alice, "hi");
    EXPECT_EQ(w.heard(bob), (Words{"general RoleChanged", "general MessagePosted"}));
}

TEST(Hub, named_rooms_and_no_others_are_told) {
    HubWorld w;
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
    HubWorld w;
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
    HubWorld w;
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
    HubWorld w;
    const auto hidden = w.t.make_room(w.alice, "hidden", {false, false});
    w.offer();
    auto& bob = w.listen(w.bob, {hidden, w.general});
    w.t.post(hidden, w.alice, "no");
    w.t.post(w.general, w.alice, "yes");
    EXPECT_EQ(w.heard(bob), Words{"general MessagePosted"});
}

TEST(Hub, strangers_are_cut_before_they_hear_how_a_room_became_private) {
    HubWorld w;
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
    HubWorld w;
    w.offer();
    auto& carol = w.listen(w.carol, {w.general});
    w.change(w.general, {.is_visible = false});
    w.t.post(w.general, w.alice, "unseen");
    EXPECT_EQ(w.heard(carol), Words{});
}

TEST(Hub, strangers_of_a_room_that_is_only_renamed_stay) {
    HubWorld w;
    w.offer();
    auto& carol = w.listen(w.carol, {w.general});
    w.change(w.general, {.name = "lobby"});
    EXPECT_EQ(w.heard(carol), Words{"lobby RoomChanged"});
}

TEST(Hub, who_named_a_room_hears_it_again_when_it_opens_again) {
    HubWorld w;
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
    HubWorld w;
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
    HubWorld w;
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

TEST(Hub, a_deletion_is_told_once_though_what_waits_is_handed_out_within_the_batch) {
    HubWorld w;
    w.t.join(w.general, w.bob);
    w.offer();
    auto& bob = w.listen(w.bob);
    must(run(delete_room(w.t.chat, w.alice, w.general)));
    int wanted = 0;
    for (const auto& entry : w.t.since(w.offered)) {
        wanted += w.hub.wants(entry) ? 1 : 0;
        w.hub.offer(entry, 0);
        w.hub.drain();
    }
    EXPECT_EQ(bob.deliveries, 1);
    EXPECT_EQ(wanted, 1) << "that the others have it no more is encoded for nobody";
}

TEST(Hub, a_deletion_is_told_to_members_though_another_change_of_the_room_came_with_it) {
    HubWorld w;
    w.t.join(w.general, w.bob);
    w.offer();
    auto& bob = w.listen(w.bob);
    auto& stranger = w.listen(w.carol, {w.general});
    w.set_open(w.general, false);
    must(run(delete_room(w.t.chat, w.alice, w.general)));
    EXPECT_EQ(w.heard(bob), Words{"own LostDeletedRoom"});
    EXPECT_EQ(w.heard(stranger), Words{});
}

TEST(Hub, a_deletion_is_told_to_who_had_lost_the_room_before_by_nothing) {
    HubWorld w;
    w.t.join(w.general, w.bob);
    w.offer();
    auto& bob = w.listen(w.bob);
    w.t.remove(w.general, w.alice, w.bob);
    must(run(delete_room(w.t.chat, w.alice, w.general)));
    EXPECT_EQ(w.heard(bob), Words{"own LostRoom"});
}

}  // namespace
}  // namespace makechat::live
