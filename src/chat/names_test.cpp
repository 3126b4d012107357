#include "chat/names.hpp"

#include "base/limits.hpp"
#include "support/refusal.hpp"

#include <gtest/gtest.h>

#include <string>

namespace makechat::chat {
namespace {

using namespace std::string_literals;

/// `text` `times` over.
std::string times(std::size_t times, std::string_view text) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) all += text;
    return all;
}

struct Case {
    const char* name;
    std::string text;
    std::optional<Code> refused;
};

const Case usernames[] = {
    {"one character", "a", {}},
    {"every kind of character", "aZ09_-", {}},
    {"only signs", "-_-", {}},
    {"120 characters", times(120, "a"), {}},
    {"121 characters", times(121, "a"), Code::bad_username},
    {"nothing", "", Code::bad_username},
    {"a space", "a b", Code::bad_username},
    {"a dot", "a.b", Code::bad_username},
    {"an at sign", "@alice", Code::bad_username},
    {"a line end", "alice\n", Code::bad_username},
    {"a zero byte", "alice\0"s, Code::bad_username},
    {"Cyrillic that looks like Latin", "аlice", Code::bad_username},
    {"Chinese", "爱丽丝", Code::bad_username},
    {"not UTF-8", "alic\xE9", Code::bad_username},
    {"24 hex digits are an id", "5706dac4d55cfe00010944ad", Code::bad_username},
    {"also in upper case", "5706DAC4D55CFE00010944AD", Code::bad_username},
    {"23 hex digits are a name", "5706dac4d55cfe00010944a", {}},
    {"25 hex digits are a name", "5706dac4d55cfe00010944ad0", {}},
    {"a word of mentions", "all", Code::bad_username},
    {"the other word of mentions in another case", "Here", Code::bad_username},
    {"a name that begins like one", "allison", {}},
    {"24 digits, one of them past f", "5706dac4d55cfe00010944ag", {}},
};

TEST(Names, usernames_are_letters_digits_and_two_signs_and_never_an_id) {
    for (const auto& c : usernames) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(refusal(check_username(c.text)), c.refused);
    }
}

const Case emails[] = {
    {"a plain one", "alice@example.com", {}},
    {"with a tag and dots", "a.l+tag@mail.example.com", {}},
    {"of one's own machine", "root@localhost", {}},
    {"in another script", "почта@пример.рф", {}},
    {"254 bytes", times(242, "a") + "@example.com", {}},
    {"255 bytes", times(243, "a") + "@example.com", Code::bad_email},
    {"nothing", "", Code::bad_email},
    {"no at sign", "alice.example.com", Code::bad_email},
    {"two at signs", "alice@bob@example.com", Code::bad_email},
    {"nothing before", "@example.com", Code::bad_email},
    {"nothing behind", "alice@", Code::bad_email},
    {"a space", "alice smith@example.com", Code::bad_email},
    {"a line end: another header of the mail", "alice@example.com\r\nBcc: all@example.com", Code::bad_email},
    {"a zero byte", "alice\0@example.com"s, Code::bad_email},
    {"not UTF-8", "alic\xE9@example.com", Code::bad_email},
};

TEST(Names, emails_have_something_on_both_sides_of_one_at_sign) {
    for (const auto& c : emails) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(refusal(check_email(c.text)), c.refused);
    }
}

const Case passwords[] = {
    {"8 bytes", "12345678", {}},
    {"7 bytes", "1234567", Code::bad_password},
    {"nothing", "", Code::bad_password},
    {"1024 bytes", times(1024, "x"), {}},
    {"1025 bytes", times(1025, "x"), Code::bad_password},
    {"any script", "пароль", {}},
    {"spaces and zero bytes", "  \0     "s, {}},
};

TEST(Names, passwords_have_8_to_1024_bytes) {
    for (const auto& c : passwords) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(refusal(check_password(c.text)), c.refused);
    }
}

TEST(Names, the_command_line_may_set_short_passwords_but_not_none) {
    EXPECT_EQ(refusal(check_any_password("1")), std::nullopt);
    EXPECT_EQ(refusal(check_any_password(times(1024, "x"))), std::nullopt);
    EXPECT_EQ(refusal(check_any_password("")), Code::bad_password);
    EXPECT_EQ(refusal(check_any_password(times(1025, "x"))), Code::bad_password);
}

const Case names[] = {
    {"one character", "a", {}},
    {"spaces inside", "room of ours", {}},
    {"120 Latin letters", times(120, "a"), {}},
    {"121 Latin letters", times(121, "a"), Code::bad_parameter},
    {"120 Cyrillic letters, 240 bytes", times(120, "ж"), {}},
    {"121 Cyrillic letters", times(121, "ж"), Code::bad_parameter},
    {"120 Chinese characters, 360 bytes", times(120, "聊"), {}},
    {"121 Chinese characters", times(121, "聊"), Code::bad_parameter},
    {"120 emoji, 480 bytes", times(120, "😀"), {}},
    {"121 emoji", times(121, "😀"), Code::bad_parameter},
    {"60 letters with a combining mark each", times(60, "e\u0301"), {}},
    {"a letter under 120 combining marks", "e" + times(120, "\u0301"), Code::bad_parameter},
    {"an emoji of several, joined", "👨‍👩‍👧", {}},
    {"nothing", "", Code::bad_parameter},
    {"only a space", " ", Code::bad_parameter},
    {"a space first", " a", Code::bad_parameter},
    {"a space last", "a ", Code::bad_parameter},
    {"an ideographic space last", "聊天\u3000", Code::bad_parameter},
    {"only ideographic spaces", "\u3000\u3000", Code::bad_parameter},
    {"only no-break spaces", "\u00A0", Code::bad_parameter},
    {"only what nobody sees", "\u200B\u00AD\u2060", Code::bad_parameter},
    {"a line end", "a\nb", Code::bad_parameter},
    {"a tab", "a\tb", Code::bad_parameter},
    {"a zero byte", "a\0b"s, Code::bad_parameter},
    {"an escape", "a\x1B[31m", Code::bad_parameter},
    {"DEL", "a\x7F", Code::bad_parameter},
    {"the first C1 control", "a\u0080", Code::bad_parameter},
    {"the next line of C1",
     "a\u0085"
     "b",
     Code::bad_parameter},
    {"the last C1 control", "a\u009F", Code::bad_parameter},
    {"the first character past C1", "a\u00A0b", {}},
    {"a letter with a byte as of C1", "РАБОТА", {}},  // Р is D0 A0, А is D0 90
    {"not UTF-8", "a\xC3", Code::bad_parameter},
};

TEST(Names, names_are_one_visible_line_of_1_to_120_characters) {
    for (const auto& c : names) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(refusal(check_name("name", c.text)), c.refused);
    }
}

TEST(Names, a_line_may_be_empty_and_counts_characters) {
    EXPECT_EQ(refusal(check_line("topic", "", 1'000)), std::nullopt);
    EXPECT_EQ(refusal(check_line("topic", times(1'000, "聊"), 1'000)), std::nullopt);
    EXPECT_EQ(refusal(check_line("topic", times(1'001, "聊"), 1'000)), Code::bad_parameter);
    EXPECT_EQ(refusal(check_line("topic", "\xFF", 1'000)), Code::bad_parameter);
    EXPECT_EQ(refusal(check_line("topic", "two\nlines", 1'000)), Code::bad_parameter);
}

const Case texts[] = {
    {"one byte", "a", {}},
    {"only a space", " ", {}},
    {"lines, tabs and zero bytes are the sender's", "a\r\n\t\0b"s, {}},
    {"16,000 bytes", times(16'000, "a"), {}},
    {"16,001 bytes", times(16'001, "a"), Code::bad_parameter},
    {"16,000 bytes of Cyrillic", times(8'000, "ж"), {}},
    {"16,002 bytes of Cyrillic", times(8'001, "ж"), Code::bad_parameter},
    {"nothing", "", Code::bad_parameter},
    {"not UTF-8", "a\xED\xA0\x80", Code::bad_parameter},
};

TEST(Names, texts_have_1_to_16000_bytes_of_utf8) {
    for (const auto& c : texts) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(refusal(check_text(c.text)), c.refused);
    }
}

TEST(Names, a_refusal_names_the_parameter) {
    EXPECT_NE(check_name("display_name", "").error().text.find("'display_name'"), std::string::npos);
    EXPECT_NE(check_line("topic", "\xFF", 9).error().text.find("'topic'"), std::string::npos);
}

}  // namespace
}  // namespace makechat::chat
