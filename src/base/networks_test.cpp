#include "base/networks.hpp"

#include <gtest/gtest.h>

#include <string>

namespace makechat {
namespace {

TEST(Networks, tell_who_is_in_them) {
    struct Case {
        const char* networks;
        const char* address;
        bool inside;
    };
    const Case cases[] = {
        {"10.0.0.0/8", "10.255.0.1", true},
        {"10.0.0.0/8", "11.0.0.1", false},
        {"10.1.2.3/8", "10.9.9.9", true},  // bits behind the prefix do not matter
        {"192.168.1.7", "192.168.1.7", true},
        {"192.168.1.7", "192.168.1.8", false},
        {"172.16.0.0/12", "172.31.255.255", true},
        {"172.16.0.0/12", "172.32.0.0", false},
        {"10.0.0.0/31", "10.0.0.1", true},
        {"10.0.0.0/31", "10.0.0.2", false},
        {"0.0.0.0/0", "203.0.113.7", true},
        {"0.0.0.0/0", "2001:db8::1", false},
        {"::/0", "2001:db8::1", true},
        {"fd00::/8", "fd12:3456::1", true},
        {"fd00::/8", "fe80::1", false},
        {"fe80::/10", "fe80::1%eth0", true},
        {"10.0.0.0/8", "::ffff:10.0.0.1", true},  // a dual-stack socket shows IPv4 in this form
        {"::ffff:10.0.0.0/104", "10.0.0.1", true},
        {"1.2.3.4, 10.0.0.0/8\n fd00::/8 ", "fd00::1", true},
        {"1.2.3.4,,10.0.0.0/8", "10.0.0.1", true},
        {"", "127.0.0.1", false},
        {" ", "127.0.0.1", false},
        {"127.0.0.1", "", false},
        {"127.0.0.1", "127.0.0.1:80", false},
        {"127.0.0.1", "localhost", false},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(std::string(c.networks) + " | " + c.address);
        const auto networks = Networks::parse(c.networks);
        ASSERT_TRUE(networks.has_value());
        EXPECT_EQ(networks->contains(c.address), c.inside);
    }
}

TEST(Networks, an_address_with_a_zero_byte_is_none) {
    using namespace std::string_view_literals;
    EXPECT_FALSE(Networks::parse("127.0.0.1")->contains("127.0.0.1\0x"sv));
    EXPECT_FALSE(Networks::parse("127.0.0.1\0"sv).has_value());
}

TEST(Networks, refuse_what_is_none) {
    for (const char* text : {"everybody", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8x", "10.0.0",
                             "fd00::/129", "fe80::1%eth0", "10.0.0.1:80", "/8", "10.0.0.0/8;fd00::/8"}) {
        const auto networks = Networks::parse(text);
        ASSERT_FALSE(networks.has_value()) << text;
        EXPECT_EQ(networks.error().code, Code::bad_parameter);
        EXPECT_TRUE(networks.error().text.contains(text)) << networks.error().text;
    }
}

TEST(OneHost, is_an_ipv4_address_or_the_first_half_of_an_ipv6_address) {
    EXPECT_EQ(one_host("203.0.113.7"), "203.0.113.7");
    EXPECT_EQ(one_host("::ffff:203.0.113.7"), "203.0.113.7") << "the same in its IPv6 form";
    EXPECT_NE(one_host("203.0.113.7"), one_host("203.0.113.8"));
    EXPECT_EQ(one_host("2001:db8:1:2::1"), one_host("2001:db8:1:2:ffff:ffff:ffff:ffff"));
    EXPECT_NE(one_host("2001:db8:1:2::1"), one_host("2001:db8:1:3::1"));
    EXPECT_EQ(one_host("unknown"), "unknown");
    EXPECT_EQ(one_host(""), "");
}

TEST(Networks, empty_when_none_is_named) {
    EXPECT_TRUE(Networks::parse("")->empty());
    EXPECT_FALSE(Networks::parse("::1")->empty());
}

}  // namespace
}  // namespace makechat
