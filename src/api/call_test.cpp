#include "api/call.hpp"

#include "http/query.hpp"
#include "support/api_fixture.hpp"

#include <gtest/gtest.h>

#include <string>

namespace makechat::api {
namespace {

using enum http::Method;

Query query_of(std::string_view text) { return Query{must(http::parse_query(text))}; }

TEST(Query, gives_the_first_of_a_name_and_all_of_it) {
    const auto query = query_of("a=1&b=%20x&a=2&c");
    EXPECT_EQ(query.find("a"), "1");
    EXPECT_EQ(query.find("b"), " x");
    EXPECT_EQ(query.find("c"), "");
    EXPECT_EQ(query.find("A"), std::nullopt);
    EXPECT_EQ(query.all("a"), (std::vector<std::string_view>{"1", "2"}));
    EXPECT_TRUE(query.all("d").empty());
}

struct NumberCase {
    std::string_view name;
    std::string_view query;
    std::optional<std::int64_t> number;
    bool refused = false;
};

TEST(Query, numbers_are_whole_and_not_negative) {
    const NumberCase cases[] = {
        {"absent", "", {}},
        {"zero", "n=0", 0},
        {"leading zeros", "n=007", 7},
        {"the largest", "n=9223372036854775807", 9'223'372'036'854'775'807},
        {"one more", "n=9223372036854775808", {}, true},
        {"negative", "n=-1", {}, true},
        {"a plus, which is a space", "n=+1", {}, true},
        {"an encoded plus", "n=%2B1", {}, true},
        {"a space behind it", "n=1%20", {}, true},
        {"a fraction", "n=1.5", {}, true},
        {"hexadecimal", "n=0x10", {}, true},
        {"a word", "n=many", {}, true},
        {"empty", "n=", {}, true},
        {"without a value", "n", {}, true},
        {"the first decides", "n=1&n=x", 1},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto number = query_of(c.query).number("n");
        EXPECT_EQ(refusal(number), c.refused ? std::optional(Code::bad_parameter) : std::nullopt);
        if (number) {
            EXPECT_EQ(*number, c.number);
        } else {
            EXPECT_EQ(number.error().text, "The 'n' parameter is a whole number of at least 0.");
        }
    }
}

TEST(Query, ids_are_24_hexadecimal_digits) {
    EXPECT_EQ(to_hex(*query_of("room=5706dac4d55cfe00010944ad").id<chat::RoomId>("room")), "5706dac4d55cfe00010944ad");
    EXPECT_EQ(to_hex(*query_of("room=5706DAC4D55CFE00010944AD").id<chat::RoomId>("room")), "5706dac4d55cfe00010944ad");
    EXPECT_EQ(refusal(query_of("").id<chat::RoomId>("room")), Code::missing);
    for (const auto* text : {"room=", "room=1", "room=5706dac4d55cfe00010944adx", "room=5706dac4d55cfe00010944a",
                             "room=x706dac4d55cfe00010944ad", "room={\"$oid\":\"5706dac4d55cfe00010944ad\"}"}) {
        SCOPED_TRACE(text);
        const auto id = query_of(text).id<chat::RoomId>("room");
        EXPECT_EQ(refusal(id), Code::bad_parameter);
        EXPECT_EQ(id.error().text, "The 'room' parameter is not an id: 24 hexadecimal digits.");
    }
}

struct PageCase {
    std::string_view query;
    std::size_t offset;
    std::size_t limit;
    bool refused = false;
};

TEST(Page, has_an_offset_and_a_limit_within_bounds) {
    const PageCase cases[] = {
        {"", 0, 100},
        {"offset=7", 7, 100},
        {"limit=1", 0, 1},
        {"limit=1000", 0, 1'000},
        {"limit=1001", 0, 1'000},
        {"limit=9223372036854775807&offset=9223372036854775807", 9'223'372'036'854'775'807U, 1'000},
        {"limit=0", 0, 0, true},
        {"limit=-1", 0, 0, true},
        {"limit=all", 0, 0, true},
        {"limit=", 0, 0, true},
        {"offset=-1", 0, 0, true},
        {"offset=x&limit=1", 0, 0, true},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.query);
        const auto page = page_of(query_of(c.query), 100, 1'000);
        ASSERT_EQ(page.has_value(), !c.refused);
        if (!page) {
            EXPECT_EQ(page.error().code, Code::bad_parameter);
            continue;
        }
        EXPECT_EQ(page->offset, c.offset);
        EXPECT_EQ(page->limit, c.limit);
    }
    EXPECT_EQ(page_of(query_of("limit=0"), 100, 1'000).error().text,
              "The 'limit' parameter is a whole number of at least 1.");
}

struct LinkCase {
    std::string_view name;
    std::string_view query;
    std::size_t total;
    std::string_view link;
};

TEST(Page, links_to_the_pages_before_and_after) {
    const LinkCase cases[] = {
        {"all of it", "", 100, ""},
        {"the first page", "", 101, R"(</api/tokens?offset=100>; rel="next")"},
        {"the last page", "offset=100", 101, R"(</api/tokens?offset=0>; rel="prev")"},
        {"a page in the middle", "limit=10&offset=20", 101,
         R"(</api/tokens?limit=10&offset=30>; rel="next", </api/tokens?limit=10&offset=10>; rel="prev")"},
        {"exactly the end", "limit=10&offset=10", 20, R"(</api/tokens?limit=10&offset=0>; rel="prev")"},
        {"less than a page before it", "limit=10&offset=3", 13, R"(</api/tokens?limit=10&offset=0>; rel="prev")"},
        {"past the end", "offset=5000", 3, R"(</api/tokens?offset=4900>; rel="prev")"},
        {"far past the end", "offset=9223372036854775807", 3,
         R"(</api/tokens?offset=9223372036854775707>; rel="prev")"},
        {"what else was asked is kept, encoded", "query=a%26b%3D%3E%20%C3%A9&x&limit=1", 2,
         R"(</api/tokens?query=a%26b%3D%3E%20%C3%A9&x=&limit=1&offset=1>; rel="next")"},
        {"nothing", "", 0, ""},
    };
    TestApi server;
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const Ask ask{get, "/api/tokens?" + std::string(c.query)};
        const auto head = TestApi::head_of(ask);
        Call call{server.services, server.t.chat, head, {}, {}, query_of(c.query), {}, {}, false, nullptr};
        const auto page = must(page_of(call.query, 100, 1'000));
        const auto reply = ok_page(call, "[]", page, c.total);
        EXPECT_EQ(field_of(reply, "Link"), c.link);
        EXPECT_EQ(field_of(reply, "X-Total-Count"), std::to_string(c.total));
        EXPECT_EQ(reply.body, "[]");
    }
}

TEST(ToUser, takes_an_id_or_a_name) {
    TestApi server;
    const auto alice = server.t.make_user("alice");
    const auto& accounts = server.t.directory.accounts;
    EXPECT_EQ(*to_user(accounts, "user", to_hex(alice)), alice);
    EXPECT_EQ(*to_user(accounts, "user", "alice"), alice);
    EXPECT_EQ(*to_user(accounts, "user", "ALICE"), alice);
    for (const auto* nobody : {"bob", "", "aaaaaaaaaaaaaaaaaaaaaaaa"}) {
        SCOPED_TRACE(nobody);
        EXPECT_EQ(refusal(to_user(accounts, "user", nobody)), Code::not_found);
    }
}

TEST(Resources, list_page_by_page_without_holes) {
    TestApi server;
    const auto alice = server.t.make_user("alice");
    const auto token = server.token_of(alice);
    for (int i = 0; i < 4; ++i) server.token_of(alice);
    std::string seen;
    std::string target = "/api/tokens?limit=2";
    for (int pages = 0; !target.empty(); ++pages) {
        ASSERT_LT(pages, 5);
        const auto reply = server.answer(token, get, target);
        ASSERT_EQ(reply.status, 200);
        EXPECT_EQ(field_of(reply, "X-Total-Count"), "5");
        seen += reply.body;
        const auto link = field_of(reply, "Link");
        const auto next = link.find("; rel=\"next\"");
        target = next == std::string::npos ? "" : link.substr(1, next - 2);
    }
    std::size_t count = 0;
    for (auto at = seen.find("\"prefix\""); at != std::string::npos; at = seen.find("\"prefix\"", at + 1)) ++count;
    EXPECT_EQ(count, 5U);
}

TEST(Resources, messages_link_to_older_and_newer_ones) {
    TestApi server;
    const auto alice = server.t.make_user("alice");
    const auto room = server.t.make_room(alice, "general");  // entries 1 and 2: made, joined
    for (int i = 0; i < 5; ++i) server.t.post(room, alice, std::to_string(i));
    const auto token = server.token_of(alice);
    const auto target = "/api/messages?room=" + to_hex(room);
    struct Case {
        std::string_view query;
        std::string next;
        std::string prev;
    };
    const Case cases[] = {
        {"", "", ""},
        {"&limit=2", "", "&limit=2&before=6"},
        {"&limit=2&before=6", "&limit=2&after=5", "&limit=2&before=4"},
        {"&limit=2&before=5", "&limit=2&after=4", ""},
        {"&limit=2&after=3", "&limit=2&after=5", "&limit=2&before=4"},
        {"&limit=3&around=5", "&limit=3&after=6", "&limit=3&before=4"},
        {"&entries=all&limit=2&before=3", "&limit=2&entries=all&after=2", ""},
        {"&before=1", "", ""},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.query);
        const auto reply = server.answer(token, get, target + std::string(c.query));
        ASSERT_EQ(reply.status, 200) << reply.body;
        std::string links;
        if (!c.next.empty()) links = "<" + target + c.next + ">; rel=\"next\"";
        if (!c.prev.empty()) links += (links.empty() ? "<" : ", <") + target + c.prev + ">; rel=\"prev\"";
        EXPECT_EQ(field_of(reply, "Link"), links);
    }
    for (const auto* query : {"&limit=0", "&before=-1", "&before=x", "&before=1&after=1", "&entries=some", "&after="})
        EXPECT_EQ(server.answer(token, get, target + query).status, 400) << query;
}

struct PostCase {
    std::string_view name;
    std::string body;
    int status;
    std::string_view says;
};

TEST(Resources, a_message_goes_to_a_room_or_to_a_person) {
    TestApi server;
    const auto alice = server.t.make_user("alice");
    const auto bob = server.t.make_user("bob");
    const auto room = server.t.make_room(alice, "general");
    const auto token = server.token_of(alice);
    const auto id = to_hex(room);
    const auto direct_rooms = [&] {
        return server.t.directory.rooms.find_direct({std::min(alice, bob), std::max(alice, bob)});
    };
    const PostCase refused[] = {
        {"nowhere", R"({"text": "hi"})", 400, "The 'room' parameter is required."},
        {"nowhere, spelled out", R"({"text": "hi", "room": null, "recipient": null})", 400,
         "The 'room' parameter is required."},
        {"no text", R"({"recipient": "bob"})", 400, "The 'text' parameter is required."},
        {"no text to nobody: 400 comes before 404", R"({"recipient": "nobody"})", 400,
         "The 'text' parameter is required."},
        {"to nobody", R"({"recipient": "nobody", "text": "hi"})", 404, "The 'recipient' parameter names nobody."},
        {"an empty text makes no room", R"({"recipient": "bob", "text": ""})", 400, "'text'"},
        {"nor does a text that is too long", R"({"recipient": "bob", "text": ")" + std::string(16'001, 'x') + R"("})",
         400, "'text'"},
        {"an id that is none", R"({"room": "general", "text": "hi"})", 400, "'room'"},
        {"a room that is none", R"({"room": "aaaaaaaaaaaaaaaaaaaaaaaa", "text": "hi"})", 404, "no such room"},
    };
    for (const auto& c : refused) {
        SCOPED_TRACE(c.name);
        const auto reply = server.answer(token, post, "/api/messages", c.body);
        EXPECT_EQ(reply.status, c.status);
        EXPECT_TRUE(reply.body.contains(c.says)) << reply.body;
        EXPECT_EQ(direct_rooms(), std::nullopt) << "what is refused leaves nothing behind";
    }
    const PostCase posted[] = {
        {"to a room", R"({"text": "hi", "room": ")" + id + R"("})", 201, "hi"},
        {"to a room by its object", R"({"text": "hi", "room": {"$oid": ")" + id + R"("}})", 201, id},
        {"to a person by name", R"({"text": "hi", "recipient": "BOB"})", 201, "hi"},
        {"to a person by id", R"({"text": "hi", "recipient": ")" + to_hex(bob) + R"("})", 201, "hi"},
        {"a room that is null is none", R"({"text": "hi", "recipient": "bob", "room": null})", 201, "hi"},
        {"the room decides", R"({"text": "hi", "recipient": "bob", "room": ")" + id + R"("})", 201, id},
    };
    for (const auto& c : posted) {
        SCOPED_TRACE(c.name);
        const auto reply = server.answer(token, post, "/api/messages", c.body);
        EXPECT_EQ(reply.status, c.status) << reply.body;
        EXPECT_TRUE(reply.body.contains(c.says)) << reply.body;
    }
    EXPECT_NE(direct_rooms(), std::nullopt);
}

TEST(Resources, a_session_is_listed_as_json_whatever_the_browser_calls_itself) {
    struct Case {
        std::string agent;
        std::string_view shown;
    };
    const Case cases[] = {
        {"curl/8", "curl/8"},
        {"caf\xC3\xA9", "caf\xC3\xA9"},
        {"x\xFFy\xC3", "x?y?"},
        {std::string(255, 'a') + "\xC3\xA9", "a?"},
        {"\"quoted\"", "\\\"quoted\\\""},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.agent);
        TestApi server;
        const auto alice = server.t.make_user("alice");
        const auto reply = server.answer({post,
                                          "/api/login",
                                          {{"Content-Type", "application/json"}, {"User-Agent", c.agent}},
                                          R"({"username": "alice", "password": "password of alice"})"});
        ASSERT_EQ(reply.status, 200) << reply.body;
        const auto list = server.answer(server.token_of(alice), get, "/api/sessions").body;
        EXPECT_TRUE(list.contains(std::string(c.shown) + "\", \"current\"")) << list;
    }
}

}  // namespace
}  // namespace makechat::api
