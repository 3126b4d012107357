#include "base/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace makechat {
namespace {

using namespace std::string_literals;

struct Count {
    const char* name;
    std::string text;
    std::size_t code_points;
};

const Count counts[] = {
    {"nothing", "", 0},
    {"ASCII", "hello", 5},
    {"a zero byte is a character", "a\0b"s, 3},
    {"Cyrillic, two bytes each", "привет", 6},
    {"Chinese, three bytes each", "你好", 2},
    {"emoji, four bytes each", "😀😀😀", 3},
    {"a combining mark is one of its own", "e\u0301", 2},
    {"a family joined by ZWJ is five", "👨‍👩‍👧", 5},
    {"the last code point", "\U0010FFFF", 1},
};

TEST(Utf8, counts_code_points) {
    for (const auto& c : counts) {
        SCOPED_TRACE(c.name);
        EXPECT_TRUE(is_valid_utf8(c.text));
        EXPECT_EQ(count_code_points(c.text), c.code_points);
    }
}

struct Malformed {
    const char* name;
    std::string bytes;
};

const Malformed malformed[] = {
    {"a continuation alone", "\x80"},
    {"a two-byte form cut short", "a\xC3"},
    {"a three-byte form cut short", "\xE4\xBD"},
    {"a four-byte form cut short", "\xF0\x9F\x98"},
    {"a letter inside a form", "\xC3("},
    {"an overlong slash", "\xC0\xAF"},
    {"an overlong zero", "\xC0\x80"},
    {"an overlong euro", "\xF0\x82\x82\xAC"},
    {"a high surrogate", "\xED\xA0\x80"},
    {"a pair of surrogates (CESU-8)", "\xED\xA0\xBD\xED\xB8\x80"},
    {"past U+10FFFF", "\xF4\x90\x80\x80"},
    {"a five-byte form", "\xF8\x88\x80\x80\x80"},
    {"UTF-16's mark", "\xFF\xFE"},
    {"Latin-1", "caf\xE9"},
    {"a fault behind 64 good bytes", std::string(64, 'a') + "\xC3"},
};

TEST(Utf8, refuses_what_rfc_3629_refuses) {
    for (const auto& c : malformed) {
        SCOPED_TRACE(c.name);
        EXPECT_FALSE(is_valid_utf8(c.bytes));
    }
}

}  // namespace
}  // namespace makechat
