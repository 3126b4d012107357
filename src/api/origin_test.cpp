#include "api/origin.hpp"

#include "support/refusal.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace makechat::api {
namespace {

using Fields = std::vector<std::pair<std::string_view, std::string_view>>;

http::Head head_of(std::string_view peer, Fields fields) {
    http::Head head;
    head.peer = peer;
    head.fields = std::move(fields);
    return head;
}

struct AddressCase {
    std::string_view name;
    std::string_view peer;
    Fields fields;
    std::string_view address;
};

TEST(ClientSide, has_the_address_that_trusted_proxies_report) {
    const AddressCase cases[] = {
        {"a direct connection", "203.0.113.9", {}, "203.0.113.9"},
        {"a stranger's word counts for nothing", "203.0.113.9", {{"X-Forwarded-For", "1.2.3.4"}}, "203.0.113.9"},
        {"behind a proxy", "10.0.0.1", {{"X-Forwarded-For", "203.0.113.9"}}, "203.0.113.9"},
        {"a proxy that says nothing", "10.0.0.1", {}, "10.0.0.1"},
        {"what the client itself had sent stands to the left",
         "10.0.0.1",
         {{"X-Forwarded-For", "1.2.3.4, 203.0.113.9"}},
         "203.0.113.9"},
        {"and so it does where the proxy adds a line of its own",
         "10.0.0.1",
         {{"X-Forwarded-For", "1.2.3.4"}, {"Accept", "*/*"}, {"X-Forwarded-For", "203.0.113.9"}},
         "203.0.113.9"},
        {"through two proxies", "10.0.0.1", {{"X-Forwarded-For", "203.0.113.9, 10.0.0.2"}}, "203.0.113.9"},
        {"through two proxies, with a lie",
         "10.0.0.1",
         {{"X-Forwarded-For", "1.2.3.4,203.0.113.9 ,\t10.0.0.2"}},
         "203.0.113.9"},
        {"from within the network of the proxies", "10.0.0.1", {{"X-Forwarded-For", "10.0.0.3, 10.0.0.2"}}, "10.0.0.3"},
        {"with a port, which differs for each connection",
         "10.0.0.1",
         {{"X-Forwarded-For", "203.0.113.9:4711"}},
         "203.0.113.9"},
        {"IPv6", "10.0.0.1", {{"X-Forwarded-For", "2001:db8::7"}}, "2001:db8::7"},
        {"IPv6 with a port", "10.0.0.1", {{"X-Forwarded-For", "[2001:db8::7]:4711"}}, "2001:db8::7"},
        {"IPv6 in brackets", "10.0.0.1", {{"X-Forwarded-For", "[2001:db8::7]"}}, "2001:db8::7"},
        {"a proxy by its IPv6 address", "fd00::1", {{"X-Forwarded-For", "203.0.113.9"}}, "203.0.113.9"},
        {"a proxy by its mapped address", "::ffff:10.0.0.1", {{"X-Forwarded-For", "203.0.113.9"}}, "203.0.113.9"},
        {"what is no address is nobody's", "10.0.0.1", {{"X-Forwarded-For", "unknown"}}, "10.0.0.1"},
        {"nor to the left of it", "10.0.0.1", {{"X-Forwarded-For", "1.2.3.4, unknown, 10.0.0.2"}}, "10.0.0.2"},
        {"an empty part ends the list", "10.0.0.1", {{"X-Forwarded-For", "1.2.3.4,, 10.0.0.2"}}, "10.0.0.2"},
        {"nothing but commas", "10.0.0.1", {{"X-Forwarded-For", " , ,"}}, "10.0.0.1"},
        {"bytes that are no text", "10.0.0.1", {{"X-Forwarded-For", "\xFF\xFE[:"}}, "10.0.0.1"},
        {"a bracket that does not close", "10.0.0.1", {{"X-Forwarded-For", "[2001:db8::7"}}, "2001:db8::7"},
        {"an interface says nothing here", "10.0.0.1", {{"X-Forwarded-For", "fe80::7%eth0"}}, "fe80::7"},
        {"nor does what a client puts in its place", "10.0.0.1", {{"X-Forwarded-For", "[3::77%\xFF\xFE]:1"}}, "3::77"},
        {"a socket without address", "", {{"X-Forwarded-For", "1.2.3.4"}}, ""},
        {"the name of the field in any case", "10.0.0.1", {{"x-forwarded-for", "203.0.113.9"}}, "203.0.113.9"},
    };
    const auto proxies = must(Networks::parse("10.0.0.0/8, fd00::/8"));
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(client_side_of(head_of(c.peer, c.fields), proxies).address, c.address);
    }
}

struct OriginCase {
    std::string_view name;
    std::string_view peer;
    Fields fields;
    std::string_view own_origin;
    bool secure;
};

TEST(ClientSide, knows_under_which_origin_the_client_sees_us) {
    const OriginCase cases[] = {
        {"a direct connection", "203.0.113.9", {{"Host", "chat.example:8080"}}, "http://chat.example:8080", false},
        {"names are the same in any case", "203.0.113.9", {{"Host", "Chat.Example"}}, "http://chat.example", false},
        {"the default port is not written", "203.0.113.9", {{"Host", "chat.example:80"}}, "http://chat.example", false},
        {"443 is not the default of http",
         "203.0.113.9",
         {{"Host", "chat.example:443"}},
         "http://chat.example:443",
         false},
        {"IPv6", "::1", {{"Host", "[::1]:8080"}}, "http://[::1]:8080", false},
        {"a stranger's word counts for nothing",
         "203.0.113.9",
         {{"Host", "chat.example"}, {"X-Forwarded-Proto", "https"}, {"X-Forwarded-Host", "evil.example"}},
         "http://chat.example",
         false},
        {"TLS at the proxy",
         "10.0.0.1",
         {{"Host", "chat.example"}, {"X-Forwarded-Proto", "https"}},
         "https://chat.example",
         true},
        {"443 is the default of https",
         "10.0.0.1",
         {{"Host", "chat.example:443"}, {"X-Forwarded-Proto", "HTTPS"}},
         "https://chat.example",
         true},
        {"a port that is the default of neither",
         "10.0.0.1",
         {{"Host", "chat.example:8443"}, {"X-Forwarded-Proto", "https"}},
         "https://chat.example:8443",
         true},
        {"the host at the proxy",
         "10.0.0.1",
         {{"Host", "backend:8080"}, {"X-Forwarded-Proto", "https"}, {"X-Forwarded-Host", "chat.example"}},
         "https://chat.example",
         true},
        {"what our proxy added stands on the right",
         "10.0.0.1",
         {{"Host", "backend"},
          {"X-Forwarded-Proto", "http, https"},
          {"X-Forwarded-Host", "evil.example, chat.example"}},
         "https://chat.example",
         true},
        {"or on the last line",
         "10.0.0.1",
         {{"X-Forwarded-Proto", "http"}, {"X-Forwarded-Proto", "https"}, {"Host", "chat.example"}},
         "https://chat.example",
         true},
        {"the proxy serves without TLS",
         "10.0.0.1",
         {{"Host", "chat.example"}, {"X-Forwarded-Proto", "http"}},
         "http://chat.example",
         false},
        {"no host", "203.0.113.9", {}, "http://", false},
    };
    const auto proxies = must(Networks::parse("10.0.0.0/8"));
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto side = client_side_of(head_of(c.peer, c.fields), proxies);
        EXPECT_EQ(side.own_origin(), c.own_origin);
        EXPECT_EQ(side.secure, c.secure);
    }
}

struct PageCase {
    std::string_view name;
    Fields fields;
    bool own;
};

TEST(OwnPage, is_known_by_origin_or_by_the_browsers_word) {
    const PageCase cases[] = {
        {"our origin", {{"Origin", "https://chat.example"}}, true},
        {"our origin in capitals", {{"Origin", "HTTPS://Chat.Example"}}, true},
        {"our origin with its default port", {{"Origin", "https://chat.example:443"}}, true},
        {"another scheme", {{"Origin", "http://chat.example"}}, false},
        {"another port", {{"Origin", "https://chat.example:8443"}}, false},
        {"the default port of another scheme", {{"Origin", "https://chat.example:80"}}, false},
        {"another site", {{"Origin", "https://evil.example"}}, false},
        {"ours as a prefix", {{"Origin", "https://chat.example.evil.example"}}, false},
        {"ours as a suffix", {{"Origin", "https://evil-chat.example"}}, false},
        {"ours as a user", {{"Origin", "https://chat.example@evil.example"}}, false},
        {"a subdomain", {{"Origin", "https://a.chat.example"}}, false},
        {"a path behind it", {{"Origin", "https://chat.example/"}}, false},
        {"null, as from a sandboxed frame", {{"Origin", "null"}}, false},
        {"an empty origin", {{"Origin", ""}}, false},
        {"a host without scheme", {{"Origin", "chat.example"}}, false},
        {"no field at all", {}, false},
        {"the browser says same-origin", {{"Sec-Fetch-Site", "same-origin"}}, true},
        {"same-site is another page", {{"Sec-Fetch-Site", "same-site"}}, false},
        {"cross-site", {{"Sec-Fetch-Site", "cross-site"}}, false},
        {"typed by the user", {{"Sec-Fetch-Site", "none"}}, false},
        {"behind a proxy that we do not know the browser knows better",
         {{"Origin", "https://public.example"}, {"Sec-Fetch-Site", "same-origin"}},
         true},
        {"our origin is enough", {{"Origin", "https://chat.example"}, {"Sec-Fetch-Site", "same-site"}}, true},
        {"another site in both", {{"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}}, false},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(is_from_own_page(head_of("", c.fields), "https://chat.example"), c.own);
    }
}

}  // namespace
}  // namespace makechat::api
