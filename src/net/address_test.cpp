#include "net/address.hpp"

#include <gtest/gtest.h>

namespace makechat::net {
namespace {

TEST(Address, reads_what_a_person_writes) {
    EXPECT_EQ(parse_address("127.0.0.1:8000").value(), (Address{"127.0.0.1", 8000}));
    EXPECT_EQ(parse_address("localhost:8000").value(), (Address{"127.0.0.1", 8000}));
    EXPECT_EQ(parse_address("[::1]:8000").value(), (Address{"::1", 8000}));
    EXPECT_EQ(parse_address("[::]:65535").value(), (Address{"::", 65535}));
    EXPECT_EQ(parse_address(":8000").value(), (Address{"", 8000}));
    EXPECT_EQ(parse_address("*:0").value(), (Address{"", 0}));
}

TEST(Address, says_what_is_wrong) {
    for (const auto* text : {"", "8000", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:80x",
                             "127.0.0.1:+80", "::1:8000", "[::1]", "[::1", "[]:8000", "[127.0.0.1]:8000",
                             "example.org:8000", "127.0.0:8000", "300.0.0.1:80", " 127.0.0.1:80"}) {
        const auto address = parse_address(text);
        ASSERT_FALSE(address) << text;
        EXPECT_EQ(address.error().code, Code::bad_parameter);
        EXPECT_NE(address.error().text.find("'" + std::string(text) + "'"), std::string::npos);
    }
}

TEST(Address, is_written_as_it_is_read) {
    for (const auto* text : {"127.0.0.1:8000", "[::1]:8000", ":8000"}) {
        EXPECT_EQ(to_string(parse_address(text).value()), text);
    }
}

}  // namespace
}  // namespace makechat::net
