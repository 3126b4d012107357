#include "api/routes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace makechat::api {
namespace {

using enum http::Method;
using testing::ElementsAre;

/// The contract's list (api.md), hooks and the documents excepted.
struct Row {
    http::Method method;
    std::string_view path;
    Need need;
    std::size_t body_bytes_max;
    Rating rating;
};
constexpr std::size_t none = 0;
constexpr std::size_t small = 16 * 1024;
constexpr std::size_t large = 128 * 1024;
const Row contract[] = {
    {post, "/api/register", Need::anyone, small, Rating::sign_up},
    {post, "/api/setup", Need::anyone, small, Rating::sign_up},
    {post, "/api/login", Need::anyone, small, Rating::sign_in},
    {get, "/api/logout", Need::anyone, none, Rating::none},
    {post, "/api/logout", Need::anyone, small, Rating::none},
    {get, "/api/ping", Need::user, none, Rating::read},
    {get, "/api/users/me", Need::user, none, Rating::read},
    {patch, "/api/users/me", Need::user, small, Rating::write},
    {get, "/api/users", Need::user, none, Rating::read},
    {post, "/api/users", Need::admin, small, Rating::write},
    {patch, "/api/users/{id}", Need::admin, small, Rating::write},
    {get, "/api/sessions", Need::user, none, Rating::read},
    {delete_, "/api/sessions/{id}", Need::user, none, Rating::write},
    {get, "/api/tokens", Need::user, none, Rating::read},
    {post, "/api/tokens", Need::user, small, Rating::write},
    {delete_, "/api/tokens/{id}", Need::user, none, Rating::write},
    {get, "/api/rooms", Need::user, none, Rating::read},
    {post, "/api/rooms", Need::user, small, Rating::write},
    {get, "/api/rooms/{id}", Need::user, none, Rating::read},
    {put, "/api/rooms/{id}", Need::user, small, Rating::write},
    {patch, "/api/rooms/{id}", Need::user, small, Rating::write},
    {delete_, "/api/rooms/{id}", Need::user, none, Rating::write},
    {put, "/api/rooms/{id}/notify", Need::user, small, Rating::write},
    {put, "/api/rooms/{id}/read", Need::user, small, Rating::write},
    {get, "/api/members", Need::user, none, Rating::read},
    {post, "/api/members", Need::user, small, Rating::write},
    {patch, "/api/members/{id}", Need::user, small, Rating::write},
    {delete_, "/api/members/{id}", Need::user, none, Rating::write},
    {get, "/api/messages", Need::user, none, Rating::read},
    {post, "/api/messages", Need::user, large, Rating::write},
    {get, "/api/messages/{id}", Need::user, none, Rating::read},
    {patch, "/api/messages/{id}", Need::user, large, Rating::write},
    {delete_, "/api/messages/{id}", Need::user, none, Rating::write},
    {get, "/api/messages/{id}/history", Need::user, none, Rating::read},
    {get, "/api/unread", Need::user, none, Rating::read},
    {get, "/api/live", Need::user, none, Rating::read},
    {get, "/api/events", Need::user, none, Rating::read},
    {get, "/healthz", Need::anyone, none, Rating::none},
    {get, "/readyz", Need::anyone, none, Rating::none},
    {get, "/metrics", Need::admin, none, Rating::none},
    {get, "/api/about", Need::anyone, none, Rating::none},
    {get, "/api/server", Need::admin, none, Rating::read},
};

const Route* find(http::Method method, std::string_view path) {
    const auto rows = routes();
    const auto found = std::ranges::find_if(rows, [&](const Route& r) { return r.method == method && r.path == path; });
    return found == rows.end() ? nullptr : &*found;
}

TEST(Routes, are_those_of_the_contract) {
    for (const auto& row : contract) {
        SCOPED_TRACE(std::string(http::name_of(row.method)) + " " + std::string(row.path));
        const auto* route = find(row.method, row.path);
        ASSERT_NE(route, nullptr);
        EXPECT_EQ(route->need, row.need);
        EXPECT_EQ(route->body_bytes_max, row.body_bytes_max);
        EXPECT_EQ(route->rating, row.rating);
    }
}

TEST(Routes, have_no_two_rows_alike) {
    std::set<std::pair<http::Method, std::string_view>> seen;
    for (const auto& route : routes())
        EXPECT_TRUE(seen.emplace(route.method, route.path).second) << http::name_of(route.method) << " " << route.path;
}

TEST(Routes, of_one_path_stand_together) {
    std::set<std::string_view> left_behind;
    std::string_view last;
    for (const auto& route : routes()) {
        EXPECT_FALSE(left_behind.contains(route.path)) << route.path;
        if (route.path != last) left_behind.insert(last);
        last = route.path;
    }
}

/// "/api/rooms/{id}" in the words of a request.
std::string example(std::string_view path) {
    std::string text{path};
    while (text.contains('{')) text.replace(text.find('{'), text.find('}') - text.find('{') + 1, std::string(24, 'a'));
    return text;
}

TEST(Routes, are_all_found_by_their_own_path) {
    for (const auto& route : routes()) {
        SCOPED_TRACE(route.path);
        const auto found = match(example(route.path));
        ASSERT_TRUE(found);
        EXPECT_EQ(found->row_for(route.method), &route) << "another row stands in front of it";
    }
}

TEST(Routes, that_change_something_have_a_rate) {
    for (const auto& route : routes()) {
        SCOPED_TRACE(route.path);
        if (route.method != get && route.path != "/api/logout") {
            EXPECT_NE(route.rating, Rating::none);
        }
        if (route.method == get) {
            EXPECT_TRUE(route.rating == Rating::read || route.rating == Rating::none);
        }
    }
}

TEST(Match, tells_the_methods_of_a_path) {
    struct Case {
        std::string_view path;
        std::string_view allow;
    };
    const Case cases[] = {
        {"/api/rooms", "GET, POST, OPTIONS"},
        {"/api/rooms/5706dac4d55cfe00010944ad", "GET, PUT, PATCH, DELETE, OPTIONS"},
        {"/api/rooms/5706dac4d55cfe00010944ad/read", "PUT, OPTIONS"},
        {"/api/rooms/5706dac4d55cfe00010944ad/notify", "PUT, OPTIONS"},
        {"/api/members", "GET, POST, OPTIONS"},
        {"/api/members/5706dac4d55cfe00010944ad", "PATCH, DELETE, OPTIONS"},
        {"/api/messages", "GET, POST, OPTIONS"},
        {"/api/messages/5706dac4d55cfe00010944ad", "GET, PATCH, DELETE, OPTIONS"},
        {"/api/messages/5706dac4d55cfe00010944ad/history", "GET, OPTIONS"},
        {"/api/users", "GET, POST, OPTIONS"},
        {"/api/users/me", "GET, PATCH, OPTIONS"},
        {"/api/users/5706dac4d55cfe00010944ad", "PATCH, OPTIONS"},
        {"/api/sessions", "GET, OPTIONS"},
        {"/api/sessions/5706dac4d55cfe00010944ad", "DELETE, OPTIONS"},
        {"/api/tokens", "GET, POST, OPTIONS"},
        {"/api/tokens/5706dac4d55cfe00010944ad", "DELETE, OPTIONS"},
        {"/api/register", "POST, OPTIONS"},
        {"/api/setup", "POST, OPTIONS"},
        {"/api/login", "POST, OPTIONS"},
        {"/api/logout", "GET, POST, OPTIONS"},
        {"/api/ping", "GET, OPTIONS"},
        {"/api/unread", "GET, OPTIONS"},
        {"/api/live", "GET, OPTIONS"},
        {"/api/events", "GET, OPTIONS"},
        {"/api/about", "GET, OPTIONS"},
        {"/api/server", "GET, OPTIONS"},
        {"/healthz", "GET, OPTIONS"},
        {"/readyz", "GET, OPTIONS"},
        {"/metrics", "GET, OPTIONS"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.path);
        const auto found = match(c.path);
        ASSERT_TRUE(found);
        EXPECT_EQ(found->allow(), c.allow);
    }
}

TEST(Match, finds_the_row_of_a_method) {
    const auto found = match("/api/rooms");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->row_for(get)->method, get);
    EXPECT_EQ(found->row_for(head)->method, get) << "HEAD works wherever GET does";
    EXPECT_EQ(found->row_for(post)->method, post);
    for (const auto method : {put, patch, delete_, options, other}) EXPECT_EQ(found->row_for(method), nullptr);
    EXPECT_EQ(match("/api/login")->row_for(head), nullptr);
}

TEST(Match, takes_the_words_for_the_variables) {
    struct Case {
        std::string_view name;
        std::string_view path;
        std::string_view pattern;  // empty: there is nothing
        std::vector<std::string> segments;
    };
    const Case cases[] = {
        {"an id", "/api/rooms/5706dac4d55cfe00010944ad", "/api/rooms/{id}", {"5706dac4d55cfe00010944ad"}},
        {"what is no id is for the handler to refuse", "/api/rooms/x", "/api/rooms/{id}", {"x"}},
        {"in the middle", "/api/rooms/abc/read", "/api/rooms/{id}/read", {"abc"}},
        {"percent-encoded", "/api/rooms/%61%C3%A9", "/api/rooms/{id}", {"a\xC3\xA9"}},
        {"an encoded slash divides nothing", "/api/rooms/a%2Fread", "/api/rooms/{id}", {"a/read"}},
        {"an encoded question mark asks nothing", "/api/rooms/a%3Fb", "/api/rooms/{id}", {"a?b"}},
        {"a plus is a plus", "/api/rooms/a+b", "/api/rooms/{id}", {"a+b"}},
        {"an encoded zero byte", "/api/rooms/%00", "/api/rooms/{id}", {std::string(1, '\0')}},
        {"the fixed word comes before the variable", "/api/users/me", "/api/users/me", {}},
        {"a trailing slash is the same resource", "/api/rooms/", "/api/rooms", {}},
        {"behind an id too", "/api/rooms/abc/", "/api/rooms/{id}", {"abc"}},
        {"but not two", "/api/rooms//", "", {}},
        {"nor two in the middle", "/api//rooms", "", {}},
        {"nor two in front", "//api/rooms", "", {}},
        {"an empty variable", "/api/rooms//read", "", {}},
        {"a bad percent", "/api/rooms/%zz", "", {}},
        {"half a percent", "/api/rooms/%4", "", {}},
        {"bytes that are no UTF-8", "/api/rooms/%FF", "", {}},
        {"raw bytes that are no UTF-8", "/api/rooms/\xFF", "", {}},
        {"another case", "/API/rooms", "", {}},
        {"a segment too many", "/api/rooms/abc/read/more", "", {}},
        {"a word too many", "/api/ping/pong", "", {}},
        {"a prefix of a path", "/api", "", {}},
        {"a prefix of a word", "/api/room", "", {}},
        {"a word and more", "/api/roomsx", "", {}},
        {"dots are no way up", "/api/../api/rooms", "", {}},
        {"the root", "/", "", {}},
        {"nothing", "", "", {}},
        {"the server itself", "*", "", {}},
        {"the pattern itself is no id but fits", "/api/rooms/{id}", "/api/rooms/{id}", {"{id}"}},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto found = match(c.path);
        ASSERT_EQ(found.has_value(), !c.pattern.empty());
        if (!found) continue;
        EXPECT_EQ(found->rows.front().path, c.pattern);
        EXPECT_EQ(found->segments, c.segments);
    }
}

TEST(Match, gives_the_rows_in_the_tables_order) {
    std::vector<http::Method> methods;
    for (const auto& row : match("/api/rooms/abc")->rows) methods.push_back(row.method);
    EXPECT_THAT(methods, ElementsAre(get, put, patch, delete_));
}

}  // namespace
}  // namespace makechat::api
