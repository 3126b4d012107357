#include "base/id.hpp"

#include <gtest/gtest.h>

#include <string>
#include <unordered_set>

namespace makechat {
namespace {

using TestId = Id<struct TestTag>;

const TestId id{{0x57, 0x06, 0xda, 0xc4, 0xd5, 0x5c, 0xfe, 0x00, 0x01, 0x09, 0x44, 0xad}};

struct Case {
    const char* name;
    std::string_view text;
    bool is_id;
};

// clang-format off
const Case cases[] = {
    {"24 lower-case digits",            "5706dac4d55cfe00010944ad",   true},
    {"24 upper-case digits",            "5706DAC4D55CFE00010944AD",   true},
    {"both cases",                      "5706Dac4d55CFe00010944aD",   true},
    {"nothing",                         "",                           false},
    {"23 digits",                       "5706dac4d55cfe00010944a",    false},
    {"25 digits",                       "5706dac4d55cfe00010944ad0",  false},
    {"a letter past f",                 "5706dac4d55cfe00010944ag",   false},
    {"a letter before a",               "5706dac4d55cfe00010944`d",   false},
    {"a sign before 9 and after it",    "5706dac4d55cfe0001094/:d",   false},
    {"a sign first",                    "+706dac4d55cfe00010944ad",   false},
    {"a space first",                   " 5706dac4d55cfe00010944a",   false},
    {"0x first",                        "0x06dac4d55cfe00010944ad",   false},
    {"24 bytes of another script",      "цццццццццццц",               false},
};
// clang-format on

TEST(Id, is_read_from_exactly_24_hex_digits_of_either_case) {
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto parsed = parse_id<TestId>(c.text);
        ASSERT_EQ(parsed.has_value(), c.is_id);
        if (parsed) {
            EXPECT_EQ(*parsed, id);
        }
    }
}

TEST(Id, is_shown_in_lower_case_and_read_back) {
    EXPECT_EQ(to_hex(id), "5706dac4d55cfe00010944ad");
    EXPECT_EQ(parse_id<TestId>(to_hex(id)), id);
    EXPECT_EQ(to_hex(TestId{}), "000000000000000000000000");
}

TEST(Id, sorts_as_its_hex_does) {
    const char* ascending[] = {"000000000000000000000000", "00000000000000000000000a", "7fffffffffffffffffffffff",
                               "800000000000000000000000", "ffffffffffffffffffffffff"};
    for (std::size_t i = 1; i < std::size(ascending); ++i) {
        EXPECT_LT(parse_id<TestId>(ascending[i - 1]), parse_id<TestId>(ascending[i])) << ascending[i];
    }
}

TEST(Id, spreads_over_a_hash_table_when_only_the_counter_differs) {
    std::unordered_set<std::size_t> low_bits;
    for (int count = 0; count < 256; ++count) {
        TestId next = id;
        next.bytes[11] = static_cast<std::uint8_t>(count);
        low_bits.insert(std::hash<TestId>{}(next) >> 56U);
    }
    EXPECT_GT(low_bits.size(), 100u);
}

}  // namespace
}  // namespace makechat
