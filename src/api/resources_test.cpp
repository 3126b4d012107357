#include "api/resources.hpp"

#include "chat/profile.hpp"
#include "support/api_fixture.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <utility>

namespace makechat::api {
namespace {

using enum http::Method;

/// The values of a key in a JSON text, in order: "bert anna".
std::string all_of(const std::string& json, const std::string& key) {
    const std::regex pair('"' + key + R"re(": "?([^",}\]]*))re");
    std::string values;
    for (auto at = std::sregex_iterator(json.begin(), json.end(), pair); at != std::sregex_iterator(); ++at)
        values += (values.empty() ? "" : " ") + (*at)[1].str();
    return values;
}

struct World {
    TestApi server;
    chat::TestChat& t = server.t;
    chat::UserId root = t.make_admin("root");
    chat::UserId alice = t.make_user("alice");
    chat::UserId bob = t.make_user("bob");
    std::string admin = server.token_of(root);
    std::string token = server.token_of(alice);

    http::Reply get(const std::string& as, std::string target) {
        return server.answer(as, http::Method::get, std::move(target));
    }
    std::string usernames(const std::string& query) {
        return all_of(get(admin, "/api/users" + query).body, "username");
    }
};

TEST(UserList, is_narrowed_down_and_ordered_as_an_admin_asks) {
    World w;
    chat::AccountChange disabling;
    disabling.is_disabled = true;
    must(run(change_account(w.t.chat, w.root, w.bob, disabling)));
    EXPECT_EQ(w.usernames(""), "alice bob root");
    EXPECT_EQ(w.usernames("?sort=-username"), "root bob alice");
    EXPECT_EQ(w.usernames("?is_superuser=true"), "root");
    EXPECT_EQ(w.usernames("?is_disabled=false"), "alice root");
    EXPECT_EQ(w.usernames("?is_disabled=true&query=b"), "bob");
    const auto reply = w.get(w.admin, "/api/users?is_superuser=false&sort=-username&limit=1");
    EXPECT_EQ(all_of(reply.body, "username"), "bob");
    EXPECT_EQ(field_of(reply, "X-Total-Count"), "2");
    EXPECT_EQ(field_of(reply, "Link"), "</api/users?is_superuser=false&sort=-username&limit=1&offset=1>; rel=\"next\"");
}

TEST(UserList, refuses_what_it_cannot_be_ordered_by) {
    World w;
    for (const auto* query : {"?sort=email", "?sort=", "?sort=--username", "?is_superuser=yes", "?is_disabled="})
        EXPECT_EQ(w.get(w.admin, std::string("/api/users") + query).status, 400) << query;
}

TEST(UserList, tells_an_admin_who_is_online) {
    World w;
    w.t.presence.users.insert(w.alice);
    EXPECT_EQ(all_of(w.get(w.admin, "/api/users").body, "online"), "true false false");
    EXPECT_EQ(all_of(w.get(w.token, "/api/users?query=b").body, "online"), "") << "for mentions";
}

TEST(UserProfiles, tell_everybody_when_somebody_was_last_here) {
    World w;
    const auto path = "/api/users?ids=" + to_hex(w.bob);
    EXPECT_TRUE(w.get(w.token, path).body.contains("\"last_seen\": null")) << "never";
    const auto seen = w.t.clock.now();
    w.t.directory.accounts.saw(w.bob, seen);
    EXPECT_TRUE(w.get(w.token, path).body.contains("\"last_seen\": {\"$date\": \"" + to_iso8601(seen)));
}

TEST(TokenList, of_another_is_for_admins) {
    World w;
    must(run(token_create(w.t.chat, w.bob, "bobs", "read")));
    EXPECT_EQ(all_of(w.get(w.admin, "/api/tokens?user=" + to_hex(w.bob)).body, "name"), "bobs");
    EXPECT_EQ(all_of(w.get(w.admin, "/api/tokens?user=bob").body, "name"), "bobs");
    EXPECT_EQ(all_of(w.get(w.admin, "/api/tokens").body, "name"), "test") << "his own";
    EXPECT_EQ(w.get(w.admin, "/api/tokens?user=nobody").status, 404);
    EXPECT_EQ(w.get(w.token, "/api/tokens?user=bob").status, 403);
    EXPECT_EQ(w.get(w.token, "/api/tokens?user=nobody").status, 403) << "who there is, is nothing to learn here";
    EXPECT_EQ(all_of(w.get(w.token, "/api/tokens?user=alice").body, "name"), "test");
}

TEST(TokenList, lets_an_admin_revoke_anybodys) {
    World w;
    const auto token = must(run(token_create(w.t.chat, w.bob, "bobs", "all")));
    const auto path = "/api/tokens/" + to_hex(token.token.id);
    EXPECT_EQ(w.server.answer(w.token, delete_, path).status, 404);
    EXPECT_EQ(w.server.answer(w.admin, delete_, path).status, 200);
    EXPECT_EQ(w.get(token.value, "/api/ping").status, 401);
}

TEST(RoomList, tells_of_each_room_what_it_holds_and_what_one_is_there) {
    World w;
    const auto open = w.t.make_room(w.bob, "open");
    w.t.make_room(w.bob, "other");
    w.t.add(open, w.alice, chat::Role::guest);
    w.t.post(open, w.bob, "hi");
    const auto visible = w.get(w.token, "/api/rooms?is_visible=true").body;
    EXPECT_EQ(all_of(visible, "name"), "open other");
    EXPECT_EQ(all_of(visible, "role"), "guest") << "in the other he is nobody";
    EXPECT_EQ(all_of(visible, "messages_total"), "1 0");
    EXPECT_EQ(all_of(w.get(w.token, "/api/rooms?member=me").body, "role"), "guest");
    EXPECT_EQ(all_of(w.get(w.token, "/api/rooms/" + to_hex(open)).body, "role"), "guest");
    EXPECT_EQ(all_of(w.get(w.admin, "/api/rooms").body, "role"), "") << "an admin is not in all of them";
}

TEST(RoomList, tells_who_is_in_a_direct_room) {
    World w;
    const auto direct = w.t.make_direct_room(w.bob, {w.alice});
    const auto posted = w.t.post(direct, w.bob, "hi");
    const auto body = w.get(w.token, "/api/rooms?member=me").body;
    for (const auto user : {w.alice, w.bob}) EXPECT_TRUE(body.contains(to_hex(user))) << body;
    EXPECT_TRUE(body.contains("\"last_message\": {\"$date\": \"" + to_iso8601(posted.created))) << body;
}

TEST(ServerReport, counts_what_there_is) {
    World w;
    w.t.post(w.t.make_room(w.bob, "one"), w.bob, "hi");
    w.t.post(w.t.make_direct_room(w.bob, {w.alice}), w.bob, "hi");
    const auto report = w.get(w.admin, "/api/server").body;
    EXPECT_EQ(all_of(report, "messages_total"), "2");
    EXPECT_EQ(all_of(report, "store_bytes"), "0") << "in memory";
    EXPECT_EQ(all_of(report, "rooms"), "1");
}

}  // namespace
}  // namespace makechat::api
