#include "api/api.hpp"

#include "api/routes.hpp"
#include "chat/profile.hpp"
#include "support/api_fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace makechat::api {
namespace {

using enum http::Method;
using namespace std::chrono_literals;

constexpr std::string_view json = "application/json";

std::string example(std::string_view path) {
    std::string text{path};
    while (text.contains('{')) text.replace(text.find('{'), text.find('}') - text.find('{') + 1, std::string(24, 'a'));
    return text;
}

/// The word behind "title" in a refusal.
std::string title_in(const http::Reply& reply) {
    constexpr std::string_view before = "\"title\": \"";
    const auto at = reply.body.find(before);
    if (at == std::string::npos) return {};
    const auto begin = at + before.size();
    return reply.body.substr(begin, reply.body.find('"', begin) - begin);
}

TEST(Gate, asks_who_he_is_on_every_route_that_is_not_for_anyone) {
    TestApi server;
    for (const auto& route : routes()) {
        SCOPED_TRACE(std::string(http::name_of(route.method)) + " " + std::string(route.path));
        const auto reply = server.answer({route.method, example(route.path), {{"Content-Type", std::string(json)}}});
        if (route.need == Need::anyone) {
            EXPECT_NE(reply.status, 401);
        } else {
            EXPECT_EQ(reply.status, 401);
        }
        EXPECT_EQ(reply.route, route.path) << "the access log has the pattern, not the path";
        if (route.need != Need::anyone) {
            EXPECT_EQ(reply.body.size(), 99U);
        }
    }
}

TEST(Gate, keeps_admins_routes_for_admins) {
    TestApi server;
    const auto token = server.token_of(server.t.make_user("alice"));
    for (const auto& route : routes()) {
        if (route.need != Need::admin) continue;
        SCOPED_TRACE(route.path);
        const auto reply = server.answer(token, route.method, example(route.path));
        EXPECT_EQ(reply.status, 403);
        EXPECT_EQ(reply.body.size(), 74U) << reply.body;
    }
    const auto admin = server.token_of(server.t.make_admin("root"));
    EXPECT_EQ(server.answer(admin, get, "/api/server").status, 200);
    EXPECT_EQ(server.answer(admin, get, "/metrics").status, 200);
}

/// A server with one of each kind of caller.
struct People {
    explicit People(Settings settings = {}) : server(std::move(settings)) {}
    TestApi server;
    chat::UserId alice = server.t.make_user("alice");
    chat::UserId root = server.t.make_admin("root");
    std::string token = server.token_of(alice);
    std::string admin = server.token_of(root);
    std::string reader = server.token_of(alice, "read");
    std::string session = server.session_of(alice);

    void use_up(TokenBuckets& buckets, chat::UserId user) {
        while (!buckets.take(std::hash<chat::UserId>{}(user), server.t.clock.monotonic())) {}
    }
};

struct OrderCase {
    std::string_view name;
    Ask ask;
    int status;
    bool tired = false;  ///< alice has used up her rates
};

TEST(Gate, makes_the_checks_in_the_contracts_order) {
    People p({.write = {1, 60s, false}, .read = {1, 60s, false}});
    p.use_up(p.server.services.rates.read_by_user, p.alice);
    p.use_up(p.server.services.rates.write_by_user, p.alice);
    const std::string tired = p.token;
    const std::string fresh = p.server.token_of(p.server.t.make_user("bob"));
    const OrderCase cases[] = {
        {"404 comes before 406, 405 and 401", {put, "/api/nothing", {{"Accept", "text/html"}}}, 404},
        {"406 comes before 405 and 401", {put, "/api/rooms", {}}, 406},
        {"the manual's example: a PUT without type",
         {put, "/api/rooms", {{"Accept", "*/*"}, {"X-Auth-Token", tired}}},
         406},
        {"405 comes before 401", {put, "/api/rooms", {{"Content-Type", "application/json"}}}, 405},
        {"405 comes before 429",
         {put, "/api/rooms", {{"Content-Type", "application/json"}, {"X-Auth-Token", tired}}},
         405},
        {"401 comes before 429 and 403",
         {post, "/api/users", {{"Content-Type", "application/json"}, {"X-Auth-Token", "x"}}},
         401},
        {"429 comes before 403",
         {post, "/api/users", {{"Content-Type", "application/json"}, {"X-Auth-Token", tired}}, "{"},
         429},
        {"403 of the route comes before 413",
         {post,
          "/api/users",
          {{"Content-Type", "application/json"}, {"X-Auth-Token", fresh}},
          std::string(20'000, ' ')},
         403},
        {"413 comes before 400",
         {post,
          "/api/members",
          {{"Content-Type", "application/json"}, {"X-Auth-Token", p.admin}},
          std::string(20'000, '{')},
         413},
        {"OPTIONS needs nobody", {options, "/api/rooms", {}}, 204},
        {"OPTIONS of what there is not", {options, "/api/nothing", {}}, 404},
        {"406 for OPTIONS too", {options, "/api/rooms", {{"Accept", "text/html"}}}, 406},
        {"an unknown method", {other, "/api/rooms", {}}, 405},
        {"HEAD where there is no GET", {head, "/api/login", {}}, 405},
        {"HEAD where there is one", {head, "/api/ping", {}}, 401},
        {"HEAD of a user", {head, "/api/unread", {{"X-Auth-Token", p.admin}}}, 200},
        {"a bad query is told after the body's size",
         {post,
          "/api/members?a=%",
          {{"Content-Type", "application/json"}, {"X-Auth-Token", p.server.token_of(p.root)}},
          std::string(20'000, ' ')},
         429},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(p.server.answer(c.ask).status, c.status);
    }
}

TEST(Gate, answers_405_and_options_with_the_methods_of_the_path) {
    TestApi server;
    for (const auto method : {put, options}) {
        const auto reply = server.answer({method, "/api/rooms", {{"Content-Type", std::string(json)}}});
        EXPECT_EQ(reply.status, method == put ? 405 : 204);
        EXPECT_EQ(field_of(reply, "allow"), "GET, POST, OPTIONS");
        EXPECT_EQ(reply.body, "");
        EXPECT_EQ(reply.fields.size(), 1U);
    }
    EXPECT_EQ(server.answer({options, "*", {}}).status, 204) << "of the server as a whole";
}

struct MediaCase {
    std::string_view name;
    Ask ask;
    bool acceptable;
};

TEST(Gate, speaks_json_alone) {
    const MediaCase cases[] = {
        {"no Accept at all", {get, "/api/rooms", {}}, true},
        {"anything", {get, "/api/rooms", {{"Accept", "*/*"}}}, true},
        {"JSON", {get, "/api/rooms", {{"Accept", "application/json"}}}, true},
        {"a browser that takes everything in the end",
         {get, "/api/rooms", {{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}}},
         true},
        {"HTML only", {get, "/api/rooms", {{"Accept", "text/html"}}}, false},
        {"two lines are one list", {get, "/api/rooms", {{"Accept", "text/html"}, {"Accept", "*/*"}}}, true},
        {"JSON refused by its weight", {get, "/api/rooms", {{"Accept", "application/json;q=0, */*"}}}, false},
        {"a POST of JSON", {post, "/api/rooms", {{"Content-Type", "application/json"}}}, true},
        {"with its character set", {post, "/api/rooms", {{"Content-Type", "application/json; charset=utf-8"}}}, true},
        {"a POST of a form", {post, "/api/rooms", {{"Content-Type", "application/x-www-form-urlencoded"}}}, false},
        {"a POST of text, as any page may send it", {post, "/api/rooms", {{"Content-Type", "text/plain"}}}, false},
        {"a POST of nothing", {post, "/api/rooms", {}}, false},
        {"a PATCH of nothing", {patch, "/api/users/me", {}}, false},
        {"a DELETE needs no type", {delete_, "/api/tokens/aaaaaaaaaaaaaaaaaaaaaaaa", {}}, true},
        {"events have a type of their own", {get, "/api/events", {{"Accept", "text/event-stream"}}}, true},
        {"so has health", {get, "/healthz", {{"Accept", "text/plain"}}}, true},
        {"and metrics", {get, "/metrics", {{"Accept", "text/plain"}}}, true},
    };
    TestApi server;
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto reply = server.answer(c.ask);
        EXPECT_EQ(reply.status == 406, !c.acceptable) << reply.status;
        if (!c.acceptable) {
            EXPECT_EQ(reply.body.size(), 267U);
        }
    }
}

struct CredentialCase {
    std::string_view name;
    std::vector<std::pair<std::string_view, std::string>> fields;
    int status;
};

TEST(Gate, lets_the_first_credential_that_is_present_decide) {
    People p;
    const std::string bad(32, 'x');
    const std::string cookie = "session=" + p.session;
    const CredentialCase cases[] = {
        {"nothing", {}, 401},
        {"a token", {{"X-Auth-Token", p.token}}, 200},
        {"the field in any case", {{"x-auth-token", p.token}}, 200},
        {"a bearer", {{"Authorization", "Bearer " + p.token}}, 200},
        {"a bearer in any case", {{"Authorization", "bearer " + p.token}}, 200},
        {"a bearer behind several spaces", {{"Authorization", "BEARER   " + p.token}}, 200},
        {"a cookie", {{"Cookie", cookie}}, 200},
        {"a cookie among others", {{"Cookie", "a=b; " + cookie + "; c=d"}}, 200},
        {"a bad token and a good bearer", {{"X-Auth-Token", bad}, {"Authorization", "Bearer " + p.token}}, 401},
        {"a bad token and a good cookie", {{"X-Auth-Token", bad}, {"Cookie", cookie}}, 401},
        {"an empty token and a good cookie", {{"X-Auth-Token", ""}, {"Cookie", cookie}}, 401},
        {"a bad bearer and a good cookie", {{"Authorization", "Bearer " + bad}, {"Cookie", cookie}}, 401},
        {"a bad bearer in small letters and a good cookie",
         {{"Authorization", "bearer " + bad}, {"Cookie", cookie}},
         401},
        {"an empty bearer and a good cookie", {{"Authorization", "Bearer"}, {"Cookie", cookie}}, 401},
        {"another scheme, as of a proxy, is none of ours", {{"Authorization", "Basic YTpi"}, {"Cookie", cookie}}, 200},
        {"a scheme that only begins alike", {{"Authorization", "BearerX " + p.token}}, 401},
        {"a good token and a bad cookie", {{"X-Auth-Token", p.token}, {"Cookie", "session=x"}}, 200},
        {"a token as a session", {{"Cookie", "session=" + p.token}}, 401},
        {"a session as a token", {{"X-Auth-Token", p.session}}, 401},
        {"an empty cookie", {{"Cookie", "session="}}, 401},
        {"another cookie", {{"Cookie", "Session=" + p.session}}, 401},
        {"the first of two cookies", {{"Cookie", "session=x; " + cookie}}, 401},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(p.server.answer({get, "/api/ping", c.fields}).status, c.status);
    }
    EXPECT_EQ(p.server.answer({get, "/api/ping?token=" + p.token, {}}).status, 401) << "never in a URL";
}

struct PageCase {
    std::string_view name;
    http::Method method;
    std::string_view target;
    std::vector<std::pair<std::string_view, std::string>> fields;
    int status;
};

TEST(Gate, takes_writes_by_the_cookie_from_our_own_pages_alone) {
    People p({.trusted_proxies = must(Networks::parse("10.0.0.0/8"))});
    const std::pair<std::string_view, std::string> cookie{"Cookie", "session=" + p.session};
    const PageCase cases[] = {
        {"a read needs no origin", get, "/api/ping", {cookie}, 200},
        {"a read from elsewhere cannot be read there",
         get,
         "/api/ping",
         {cookie, {"Origin", "http://evil.example"}},
         200},
        {"a write without a word", patch, "/api/users/me", {cookie}, 403},
        {"a write from our page", patch, "/api/users/me", {cookie, {"Origin", "http://chat.example"}}, 400},
        {"a write from another", patch, "/api/users/me", {cookie, {"Origin", "http://evil.example"}}, 403},
        {"a write by the browser's word", patch, "/api/users/me", {cookie, {"Sec-Fetch-Site", "same-origin"}}, 400},
        {"a deletion", delete_, "/api/tokens/aaaaaaaaaaaaaaaaaaaaaaaa", {cookie}, 403},
        {"a live stream without a word", get, "/api/live", {cookie}, 403},
        {"a live stream from another page", get, "/api/live", {cookie, {"Origin", "http://evil.example"}}, 403},
        {"a live stream from our page", get, "/api/live", {cookie, {"Origin", "http://chat.example"}}, 426},
        {"a live stream by a token", get, "/api/live", {{"X-Auth-Token", p.token}}, 426},
        {"a write by a token from anywhere",
         patch,
         "/api/users/me",
         {{"X-Auth-Token", p.token}, {"Origin", "http://evil.example"}},
         400},
        {"a write by a token that comes with the cookie",
         patch,
         "/api/users/me",
         {{"X-Auth-Token", p.token}, cookie, {"Origin", "http://evil.example"}},
         400},
        {"signing out by POST without a word", post, "/api/logout", {cookie}, 403},
        {"signing out by POST from another page",
         post,
         "/api/logout",
         {cookie, {"Origin", "http://evil.example"}},
         403},
        {"signing out by a link on another page", get, "/api/logout", {cookie, {"Sec-Fetch-Site", "cross-site"}}, 403},
        {"signing out without a session", post, "/api/logout", {}, 200},
        {"signing out by POST from our page", post, "/api/logout", {cookie, {"Origin", "http://chat.example"}}, 200},
        {"the session is over", get, "/api/ping", {cookie}, 401},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        auto fields = c.fields;
        fields.emplace_back("Host", "chat.example");
        fields.emplace_back("Content-Type", "application/json");
        const auto reply = p.server.answer({c.method, std::string(c.target), fields});
        EXPECT_EQ(reply.status, c.status) << reply.body;
    }
}

TEST(Gate, knows_its_origin_behind_a_trusted_proxy) {
    People p({.trusted_proxies = must(Networks::parse("10.0.0.0/8"))});
    const auto status = [&](std::string peer, std::string origin) {
        return p.server
            .answer({patch,
                     "/api/users/me",
                     {{"Cookie", "session=" + p.session},
                      {"Host", "backend"},
                      {"X-Forwarded-Proto", "https"},
                      {"X-Forwarded-Host", "chat.example"},
                      {"Content-Type", "application/json"},
                      {"Origin", std::move(origin)}},
                     {},
                     std::move(peer)})
            .status;
    };
    EXPECT_EQ(status("10.1.2.3", "https://chat.example"), 400);
    EXPECT_EQ(status("10.1.2.3", "http://backend"), 403);
    EXPECT_EQ(status("203.0.113.9", "https://chat.example"), 403) << "its word counts for nothing";
}

TEST(Gate, lets_a_token_that_may_only_read_do_nothing_else) {
    People p;
    struct Case {
        http::Method method;
        std::string_view target;
        int status;
    };
    const Case cases[] = {
        {get, "/api/ping", 200},
        {head, "/api/ping", 200},
        {get, "/api/rooms?member=me", 200},
        {post, "/api/rooms", 403},
        {patch, "/api/users/me", 403},
        {post, "/api/tokens", 403},
        {delete_, "/api/tokens/aaaaaaaaaaaaaaaaaaaaaaaa", 403},
        {put, "/api/rooms/aaaaaaaaaaaaaaaaaaaaaaaa/read", 403},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.target);
        EXPECT_EQ(p.server.answer(p.reader, c.method, std::string(c.target)).status, c.status);
    }
}

TEST(Gate, knows_a_disabled_user_no_more) {
    People p;
    ASSERT_EQ(p.server.answer(p.token, get, "/api/ping").status, 200);
    must(run(change_account(p.server.t.chat, p.root, p.alice, {.is_disabled = true})));
    EXPECT_EQ(p.server.answer(p.token, get, "/api/ping").status, 401);
    EXPECT_EQ(p.server.answer({get, "/api/ping", {{"Cookie", "session=" + p.session}}}).status, 401);
}

TEST(Gate, looks_at_the_right_again_when_the_body_has_come) {
    People p;
    const Ask posts{post, "/api/tokens", {{"X-Auth-Token", p.token}, {"Content-Type", "application/json"}}};
    const auto head = TestApi::head_of(posts);
    auto admitted = p.server.api.admit(head);
    must(run(change_account(p.server.t.chat, p.root, p.alice, {.is_disabled = true})));
    auto& exchange = *std::get<std::unique_ptr<http::Exchange>>(admitted);
    EXPECT_EQ(run(exchange.answer(R"({"name": "a way back in"})")).status, 401);
    EXPECT_EQ(p.server.t.directory.credentials.token_count(p.alice), 0u);
}

TEST(Gate, slows_down_who_asks_too_often_and_nobody_else) {
    People p({.write = {2, 60s, false}, .read = {3, 60s, false}});
    const auto write = [&](const std::string& token) { return p.server.answer(token, patch, "/api/users/me"); };
    for (int i = 0; i < 3; ++i) EXPECT_EQ(p.server.answer(p.token, get, "/api/ping").status, 200);
    const auto refused = p.server.answer(p.token, get, "/api/ping");
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(field_of(refused, "Retry-After"), "20");
    EXPECT_EQ(title_in(refused), "Too many requests");
    EXPECT_EQ(p.server.answer(p.reader, get, "/api/ping").status, 429) << "by user, whatever he shows";
    EXPECT_EQ(p.server.answer(p.admin, get, "/api/ping").status, 200);
    EXPECT_EQ(write(p.token).status, 400) << "writes have a bucket of their own";
    EXPECT_EQ(write(p.token).status, 400);
    EXPECT_EQ(write(p.token).status, 429);
    p.server.t.clock.advance(19s);
    EXPECT_EQ(p.server.answer(p.token, get, "/api/ping").status, 429);
    p.server.t.clock.advance(1s);
    EXPECT_EQ(p.server.answer(p.token, get, "/api/ping").status, 200);
    EXPECT_EQ(p.server.answer(p.token, get, "/api/ping").status, 429);
}

TEST(Gate, counts_sign_ups_by_address_before_it_looks_at_anything_else) {
    TestApi server({.trusted_proxies = must(Networks::parse("10.0.0.0/8")), .register_ = {2, 60s, false}});
    const auto sign_up = [&](std::string peer, std::string forwarded) {
        return server.answer(
            {post, "/api/register", {{"X-Forwarded-For", std::move(forwarded)}}, "{", std::move(peer)});
    };
    EXPECT_EQ(sign_up("203.0.113.9", "").status, 406) << "no Content-Type, but counted";
    EXPECT_EQ(sign_up("203.0.113.9", "1.2.3.4").status, 406);
    EXPECT_EQ(sign_up("203.0.113.9", "1.2.3.5").status, 429);
    EXPECT_EQ(sign_up("10.0.0.1", "198.51.100.1").status, 406) << "another address";
    EXPECT_EQ(sign_up("10.0.0.1", "9.9.9.9, 203.0.113.9").status, 429) << "the same, behind our proxy";
    server.t.clock.advance(30s);
    EXPECT_EQ(sign_up("203.0.113.9", "").status, 406);
}

TEST(Gate, counts_failed_sign_ins_of_one_account_from_one_address) {
    TestApi server({.login = {2, 60s, false}});
    const auto alice = server.t.make_user("alice");
    server.t.make_user("bob");
    ASSERT_TRUE(server.t.user(alice));
    const auto sign_in = [&](const std::string& name, const std::string& password, std::string peer) {
        return server.answer({post,
                              "/api/login",
                              {{"Content-Type", "application/json"}},
                              R"({"username": ")" + name + R"(", "password": ")" + password + R"("})",
                              std::move(peer)});
    };
    const auto right = [](const std::string& name) { return "password of " + name; };
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(sign_in("alice", right("alice"), "1.1.1.1").status, 200) << "successes do not count";
    EXPECT_EQ(sign_in("alice", "wrong", "1.1.1.1").status, 401);
    EXPECT_EQ(sign_in("ALICE", "wrong", "1.1.1.1").status, 401);
    const auto refused = sign_in("alice", right("alice"), "1.1.1.1");
    EXPECT_EQ(refused.status, 429) << "though the password is right";
    EXPECT_EQ(field_of(refused, "Retry-After"), "30");
    EXPECT_EQ(sign_in("alice", right("alice"), "2.2.2.2").status, 200) << "nobody can lock out another";
    EXPECT_EQ(sign_in("bob", right("bob"), "1.1.1.1").status, 200);
}

TEST(Gate, counts_failed_sign_ins_of_one_address_ten_times_as_many) {
    TestApi server({.login = {1, 60s, false}});
    server.t.make_user("alice");
    const auto sign_in = [&](const std::string& name) {
        return server
            .answer({post,
                     "/api/login",
                     {{"Content-Type", "application/json"}},
                     R"({"username": ")" + name + R"(", "password": "password of alice"})"})
            .status;
    };
    for (int i = 0; i < 10; ++i) EXPECT_EQ(sign_in("nobody" + std::to_string(i)), 401);
    EXPECT_EQ(sign_in("alice"), 429);
    EXPECT_EQ(server.answer({post, "/api/login", {}}).status, 429) << "first of all, before 406";
    server.t.clock.advance(6s);
    EXPECT_EQ(sign_in("alice"), 200);
}

TEST(Gate, tells_the_bodies_bound_of_each_route) {
    People p;
    struct Case {
        http::Method method;
        std::string_view target;
        std::size_t bytes;
    };
    const Case cases[] = {
        {post, "/api/messages", 131'072}, {patch, "/api/messages/aaaaaaaaaaaaaaaaaaaaaaaa", 131'072},
        {post, "/api/rooms", 16'384},     {post, "/api/members", 16'384},
        {post, "/api/logout", 16'384},    {get, "/api/ping", 16'384},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.target);
        EXPECT_NE(p.server.answer(p.token, c.method, std::string(c.target), std::string(c.bytes, ' ')).status, 413);
        const auto refused = p.server.answer(p.token, c.method, std::string(c.target), std::string(c.bytes + 1, ' '));
        EXPECT_EQ(refused.status, 413);
        EXPECT_TRUE(refused.body.contains("The body is over " + std::to_string(c.bytes) + " bytes.")) << refused.body;
    }
}

TEST(Gate, counts_what_it_answers) {
    People p;
    auto& metrics = p.server.services.metrics;
    p.server.answer(p.token, get, "/api/ping");
    EXPECT_EQ(metrics.requests, 1U);
    EXPECT_EQ(metrics.refused, 0U);
    p.server.answer({get, "/api/ping", {}});
    p.server.answer({get, "/nothing", {}});
    p.server.answer(p.token, post, "/api/members", "{");
    p.server.answer(p.token, post, "/api/members", std::string(20'000, ' '));
    EXPECT_EQ(metrics.requests, 5U);
    EXPECT_EQ(metrics.refused, 4U);
    EXPECT_EQ(p.server.api.refuse(500, "A bug.").status, 500);
    EXPECT_EQ(metrics.failed, 1U);
}

TEST(Gate, answers_what_is_no_request_with_the_standard_phrase) {
    TestApi server;
    const auto reply = server.api.refuse(431, "The header is larger than 16 KiB.");
    EXPECT_EQ(reply.status, 431);
    EXPECT_EQ(title_in(reply), "Request Header Fields Too Large");
    EXPECT_EQ(reply.route, "-");
}

TEST(Gate, success_has_the_manuals_fields) {
    People p;
    const auto reply = p.server.answer(p.admin, get, "/api/rooms");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(field_of(reply, "Content-Type"), "application/json; charset=utf-8");
    EXPECT_EQ(field_of(reply, "Cache-Control"), "max-age=86400, must-revalidate, no-store");
    EXPECT_EQ(field_of(reply, "Vary"), "Accept-Encoding");
}

}  // namespace
}  // namespace makechat::api
