#include "http/request_parser.hpp"

#include "base/limits.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>

namespace makechat::http {
namespace {

/// The status that refuses `bytes`, 0 when they are a head, -1 when they could become one.
int verdict(std::string_view bytes, Request& request) {
    HeadFinder finder;
    const auto size = finder.find(bytes);
    if (!size) return size.error().status;
    if (*size == 0) return -1;
    const auto parsed = parse_head(bytes.substr(0, *size), request);
    return parsed ? 0 : parsed.error().status;
}

int verdict(std::string_view bytes) {
    Request request;
    return verdict(bytes, request);
}

struct Case {
    std::string_view name;
    std::string bytes;
    int status;  ///< 0: accepted; -1: more is needed
};

std::string get(std::string_view target, std::string_view fields = "") {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n" + std::string(fields) + "\r\n";
}

std::string post(std::string_view fields) { return "POST / HTTP/1.1\r\nHost: x\r\n" + std::string(fields) + "\r\n"; }

const Case cases[] = {
    {"a plain request", get("/"), 0},
    {"half a request is waited for", "GET / HTTP/1.1\r\nHost: x\r\n", -1},
    {"a lone CR at the end is waited for", "GET / HTTP/1.1\r\nHost: x\r\n\r", -1},
    {"HTTP/1.0 needs no Host", "GET / HTTP/1.0\r\n\r\n", 0},
    {"HTTP/1.1 needs a Host", "GET / HTTP/1.1\r\n\r\n", 400},
    {"one Host, not two", get("/", "Host: y\r\n"), 400},
    {"a Host with a user", "GET / HTTP/1.1\r\nHost: a@x\r\n\r\n", 400},
    {"a Host with a path", "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n", 400},
    {"two hosts in one field", "GET / HTTP/1.1\r\nHost: x y\r\n\r\n", 400},
    {"no host in the field", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
    {"a Host by address and port", "GET / HTTP/1.1\r\nHost: [2001:db8::1]:8000\r\n\r\n", 0},
    {"a URL needs a host", get("http:///a"), 400},
    {"and no user", get("http://user@x/a"), 400},
    {"and no fragment", get("http://x#a"), 400},
    {"an expectation that is met", post("Expect: 100-Continue\r\nContent-Length: 1\r\n"), 0},
    {"one that is not", post("Expect: 100-continue, tea\r\nContent-Length: 1\r\n"), 417},
    {"HTTP/2.0 is not spoken", "GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505},
    {"nor is its preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
    {"a version must look like one", "GET / HTTP/x\r\nHost: x\r\n\r\n", 400},
    {"HTTP/0.9 is not spoken", "GET /\r\n\r\n", 400},
    {"a TLS hello is refused at once", "\x16\x03\x01\x02", 400},
    {"so is a line that ends in LF alone", "GET / HTTP/1.1\nHost: x\n\n", 400},
    {"in a field too", "GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n", 400},
    {"CR alone ends no line", "GET / HTTP/1.1\r\nHost: x\rA: b\r\n\r\n", 400},
    {"no folded fields", get("/", "A: b\r\n c\r\n"), 400},
    {"no folded fields by tab", get("/", "A: b\r\n\tc\r\n"), 400},
    {"no space before the colon", get("/", "A : b\r\n"), 400},
    {"no field without a name", get("/", ": b\r\n"), 400},
    {"no field without a colon", get("/", "A\r\n"), 400},
    {"no NUL in a value", get("/", std::string_view("A: b\0c\r\n", 8)), 400},
    {"an unknown method is the router's matter", "BREW / HTTP/1.1\r\nHost: x\r\n\r\n", 0},
    {"a method is a token", "G(T / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
    {"CONNECT is not for us", "CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n", 501},
    {"nor is TRACE", "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", 501},
    {"a target begins with a slash", get("a"), 400},
    {"a query alone is no target", get("?a"), 400},
    {"a target has no fragment", get("/a#b"), 400},
    {"a target has no control characters", get("/a\x01"), 400},
    {"two spaces are one too many", get(" /a"), 400},
    {"behind the target too", get("/a "), 400},
    {"nor is there one in it", get("/a b"), 400},
    {"and CR is none", "GET / HTTP/1.1\rHost: x\r\n\r\n", 400},
    {"a broken percent-encoding is the router's matter", get("/%zz"), 0},
    {"raw UTF-8 is taken, as curl sends it", get("/?query=\xd0\x96"), 0},
    {"* is for OPTIONS", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 0},
    {"and not for GET", get("*"), 400},
    {"a body with a length", post("Content-Length: 5\r\n"), 0},
    {"a body in chunks", post("Transfer-Encoding: Chunked\r\n"), 0},
    {"no body is an empty one", post(""), 0},
    {"both framings at once", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400},
    {"both framings, the other way round", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400},
    {"two lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n"), 400},
    {"the same length twice", post("Content-Length: 5\r\nContent-Length: 5\r\n"), 400},
    {"a list of lengths", post("Content-Length: 5, 5\r\n"), 400},
    {"a signed length", post("Content-Length: +5\r\n"), 400},
    {"a negative length", post("Content-Length: -5\r\n"), 400},
    {"a hex length", post("Content-Length: 0x5\r\n"), 400},
    {"an empty length", post("Content-Length:\r\n"), 400},
    {"a length past 64 bits", post("Content-Length: 99999999999999999999999\r\n"), 400},
    {"another coding", post("Transfer-Encoding: gzip\r\n"), 501},
    {"another coding before chunked", post("Transfer-Encoding: gzip, chunked\r\n"), 501},
    {"chunked is not last", post("Transfer-Encoding: chunked, identity\r\n"), 501},
    {"almost chunked", post("Transfer-Encoding: xchunked\r\n"), 501},
    {"chunked twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400},
    {"a coding and a length", post("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n"), 501},
    {"chunks in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
    {"the longest target", get("/" + std::string(limits::target_bytes_max - 1, 'a')), 0},
    {"a target too long", get("/" + std::string(limits::target_bytes_max, 'a')), 414},
    {"one without an end", "GET /" + std::string(limits::target_bytes_max + 100, 'a'), 414},
    {"a header too large", get("/", "A: " + std::string(limits::header_bytes_max, 'a') + "\r\n"), 431},
    {"one without an end", "GET / HTTP/1.1\r\nA: " + std::string(limits::header_bytes_max, 'a'), 431},
};

TEST(RequestParser, accepts_and_refuses) {
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(verdict(c.bytes), c.status);
    }
}

TEST(RequestParser, comes_to_the_same_verdict_however_the_bytes_are_split) {
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto step = std::max<std::size_t>(1, c.bytes.size() / 200);
        HeadFinder finder;
        std::expected<std::size_t, Refusal> found = 0;
        for (std::size_t size = 1; size <= c.bytes.size() && found && *found == 0; size += step) {
            found = finder.find(std::string_view(c.bytes).substr(0, size));
        }
        if (found && *found == 0) found = finder.find(c.bytes);
        Request request;
        const int status = !found        ? found.error().status
                           : *found == 0 ? -1
                                         : verdict(std::string_view(c.bytes).substr(0, *found), request);
        EXPECT_EQ(status, c.status);
    }
}

TEST(RequestParser, takes_the_target_apart) {
    struct Target {
        std::string_view sent, path, query;
    };
    for (const auto& c : {Target{"/a/b?c=d?e", "/a/b", "c=d?e"}, Target{"/", "/", ""}, Target{"/?", "/", ""},
                          Target{"http://other:80/a?b", "/a", "b"}, Target{"HTTP://other", "/", ""},
                          Target{"https://other?b", "/", "b"}}) {
        SCOPED_TRACE(c.sent);
        Request request;
        const auto bytes = get(c.sent);
        ASSERT_EQ(verdict(bytes, request), 0);
        EXPECT_EQ(request.head.target, c.sent);
        EXPECT_EQ(request.head.path, c.path);
        EXPECT_EQ(request.head.query, c.query);
    }
}

TEST(RequestParser, knows_what_the_connection_and_the_body_will_be) {
    Request request;
    ASSERT_EQ(verdict(post("Content-Length: 5\r\nExpect: 100-Continue\r\n"), request), 0);
    EXPECT_TRUE(request.keep_alive && request.expects_continue && request.head.has_body && !request.chunked);
    EXPECT_EQ(request.content_length, 5u);
    ASSERT_EQ(verdict(post("Transfer-Encoding: chunked\r\nConnection: close\r\n"), request), 0);
    EXPECT_TRUE(!request.keep_alive && !request.expects_continue && request.head.has_body && request.chunked);
    EXPECT_EQ(request.content_length, 0u);
    ASSERT_EQ(verdict(post("Content-Length: 0\r\nExpect: 100-continue\r\n"), request), 0);
    EXPECT_TRUE(request.keep_alive && !request.expects_continue && !request.head.has_body && !request.chunked);
    ASSERT_EQ(verdict("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", request), 0);
    EXPECT_FALSE(request.keep_alive);
}

TEST(RequestParser, finds_fields_in_any_case) {
    Request request;
    const auto bytes = get("/", "X-Auth-Token:abc\r\nEmpty:\r\nx-auth-token: second\r\n");
    ASSERT_EQ(verdict(bytes, request), 0);
    EXPECT_EQ(request.head.field("x-AUTH-token"), "abc");
    EXPECT_TRUE(request.head.has_field("empty"));
    EXPECT_EQ(request.head.field("empty"), "");
    EXPECT_FALSE(request.head.has_field("other"));
}

TEST(RequestParser, makes_one_list_of_several_lines) {
    Request request;
    const auto bytes = get("/", "Connection: keep-alive\r\nA: b\r\nconnection: Upgrade\r\n");
    ASSERT_EQ(verdict(bytes, request), 0);
    EXPECT_EQ(request.head.list("Connection"), "keep-alive, Upgrade");
    EXPECT_EQ(request.head.list("A"), "b");
    EXPECT_EQ(request.head.list("other"), "");
}

TEST(RequestParser, believes_the_target_and_not_the_host_field) {
    Request request;
    const auto both = get("http://target:8000/a");
    ASSERT_EQ(verdict(both, request), 0);
    EXPECT_EQ(request.head.field("Host"), "target:8000");
    const std::string alone = "GET http://target HTTP/1.0\r\n\r\n";
    ASSERT_EQ(verdict(alone, request), 0);
    EXPECT_EQ(request.head.field("Host"), "target");
}

TEST(RequestParser, ends_the_head_where_the_next_request_begins) {
    const auto first = get("/a");
    HeadFinder finder;
    const auto size = finder.find(first + get("/b"));
    ASSERT_TRUE(size);
    EXPECT_EQ(*size, first.size());
}

TEST(RequestParser, takes_the_longest_request_line_also_cut_between_cr_and_lf) {
    const auto line_of = [](std::size_t size) {
        const std::string rest = " /" + std::string(limits::target_bytes_max - 1, 'a') + " HTTP/1.1";
        return std::string(size - rest.size(), 'M') + rest;
    };
    constexpr auto longest = limits::target_bytes_max + 64;
    for (const auto& [size, fits] : {std::pair{longest, true}, std::pair{longest + 1, false}}) {
        SCOPED_TRACE(size);
        const auto bytes = line_of(size) + "\r\nHost: x\r\n\r\n";
        HeadFinder at_once;
        EXPECT_EQ(at_once.find(bytes).has_value(), fits);
        HeadFinder in_pieces;
        EXPECT_EQ(in_pieces.find(std::string_view(bytes).substr(0, size + 1)).has_value(), fits);
    }
}

}  // namespace
}  // namespace makechat::http
