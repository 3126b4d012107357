#include "support/api_fixture.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace makechat::api {
namespace {

using enum http::Method;

const std::string code = "one-time-code";

std::string setup_body(const std::string& more = {}, const std::string& with_code = code) {
    return R"({"code": ")" + with_code + R"(", "username": "root", "email": "root@example.com", )" +
           R"("password1": "a good password", "password2": "a good password")" + more + "}";
}

struct NewServer : TestApi {
    explicit NewServer(chat::Policy policy = {}) : TestApi({}, std::move(policy)) { services.setup_code.set(code); }
    http::Reply setup(std::string body) {
        return answer({post, "/api/setup", {{"Content-Type", "application/json"}}, std::move(body)});
    }
    std::string about() { return answer({get, "/api/about"}).body; }
};

TEST(Setup, names_the_server_and_closes_it_where_it_says_so) {
    NewServer server;
    const auto made = server.setup(setup_body(R"(, "server_name": "Our chat", "registration": "closed")"));
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_TRUE(server.about().contains(R"("name": "Our chat")")) << server.about();
    EXPECT_TRUE(server.about().contains(R"("registration": "closed")")) << server.about();
    const auto refused = server.answer({post, "/api/register", {{"Content-Type", "application/json"}}, setup_body()});
    EXPECT_EQ(refused.status, 403);
}

TEST(Setup, leaves_both_alone_where_it_says_nothing) {
    NewServer server;
    ASSERT_EQ(server.setup(setup_body()).status, 201);
    EXPECT_TRUE(server.about().contains(R"("name": "makechat")"));
    EXPECT_TRUE(server.about().contains(R"("registration": "open")"));
}

TEST(Setup, refuses_what_names_no_server_and_can_be_tried_again) {
    NewServer server;
    for (const auto* wrong : {R"(, "server_name": "")", R"(, "server_name": 7)", R"(, "registration": "perhaps")"}) {
        const auto refused = server.setup(setup_body(wrong));
        EXPECT_EQ(refused.status, 400) << wrong;
        EXPECT_TRUE(refused.body.contains("Bad parameter")) << refused.body;
    }
    EXPECT_EQ(server.setup(setup_body()).status, 201);
}

TEST(Setup, tells_a_used_link_from_a_wrong_one) {
    NewServer server;
    const auto wrong = server.setup(setup_body({}, "guessed"));
    EXPECT_EQ(wrong.status, 404);
    EXPECT_TRUE(wrong.body.contains("is not the one that the server has printed")) << wrong.body;
    ASSERT_EQ(server.setup(setup_body()).status, 201);
    const auto used = server.setup(setup_body());
    EXPECT_EQ(used.status, 404);
    EXPECT_TRUE(used.body.contains("has been set up already")) << used.body;
}

TEST(About, tells_anybody_what_a_page_needs_before_it_offers_something) {
    NewServer server;
    server.services.version = "1.2.3";
    EXPECT_EQ(server.about(), R"({"name": "makechat", "version": "1.2.3", "registration": "open", )"
                              R"("rooms_created_by": "admins", "setup": "open"})");
    server.t.chat.policy.everyone_creates_rooms = true;
    EXPECT_TRUE(server.about().contains(R"("rooms_created_by": "everyone")"));
    server.t.make_admin("root");
    EXPECT_TRUE(server.about().contains(R"("setup": "done")")) << "however he was made";
}

TEST(About, can_be_asked_as_often_as_one_likes) {
    NewServer server;
    for (int i = 0; i < 100; ++i) ASSERT_EQ(server.answer({get, "/api/about"}).status, 200);
    EXPECT_EQ(server.setup(setup_body()).status, 201) << "it takes nothing of the rate of sign-up";
}

TEST(About, tells_what_is_in_force_and_not_what_was_said) {
    NewServer server({.server_name = "Configured", .registration_open = true});
    ASSERT_EQ(server.setup(setup_body(R"(, "server_name": "Our chat", "registration": "closed")")).status, 201);
    EXPECT_TRUE(server.about().contains(R"("name": "Configured")")) << server.about();
    EXPECT_TRUE(server.about().contains(R"("registration": "open")")) << server.about();
}

}  // namespace
}  // namespace makechat::api
