#include "app/ini.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace makechat::app {

void PrintTo(const IniFile::Setting& setting, std::ostream* out) {
    *out << setting.line << ": " << setting.key << " = <" << setting.value << ">";
}
void PrintTo(const IniFile::Remark& remark, std::ostream* out) { *out << remark.line << ": " << remark.text; }

namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Setting = IniFile::Setting;
using Remark = IniFile::Remark;

IniFile read(std::string_view text) { return read_ini(text, "DEFAULT"); }

/// The one value of a file that has one key.
std::string value(std::string_view line) {
    const auto file = read("[DEFAULT]\n" + std::string(line));
    EXPECT_THAT(file.errors, IsEmpty());
    EXPECT_EQ(file.settings.size(), 1U);
    return file.settings.empty() ? "none" : file.settings.front().value;
}

TEST(Ini, reads_the_old_makechats_file) {
    const auto file = read(
        "[DEFAULT]\n"
        "test_mode = off\n"
        "mongo_uri = mongodb://makechat-mongo/makechat\n"
        "secret_key = 1A4g0O1*3SbW350x$?^_.D1dL-1eW1:\n"
        "session_ttl = 3600\n"
        "\n"
        "[uwsgi]\n"
        "http-socket = 0.0.0.0:8000\n"
        "pidfile = /tmp/uwsgi-%U.pid\n"
        "what uwsgi alone understands\n");
    EXPECT_THAT(
        file.settings,
        ElementsAre(Setting{"test_mode", "off", 2}, Setting{"mongo_uri", "mongodb://makechat-mongo/makechat", 3},
                    Setting{"secret_key", "1A4g0O1*3SbW350x$?^_.D1dL-1eW1:", 4}, Setting{"session_ttl", "3600", 5}));
    EXPECT_THAT(file.errors, IsEmpty());
    EXPECT_THAT(file.other_sections, ElementsAre(Remark{7, "uwsgi"}));
}

TEST(Ini, takes_a_value_as_it_stands) {
    EXPECT_EQ(value("a = b ; c"), "b ; c");
    EXPECT_EQ(value("a = b # c"), "b # c");
    EXPECT_EQ(value("a = #b"), "#b");
    EXPECT_EQ(value("a: b"), "b");
    EXPECT_EQ(value("a = b: c = d"), "b: c = d");
    EXPECT_EQ(value("a:b=c"), "b=c");
    EXPECT_EQ(value("a=  b  "), "b");
    EXPECT_EQ(value("a ="), "");
    EXPECT_EQ(value("a = \"b\""), "\"b\"");
    EXPECT_EQ(value("a = 100%s"), "100%s");
    EXPECT_EQ(value("a = имя \xE2\x82\xAC"), "имя \xE2\x82\xAC");
    EXPECT_EQ(value("a = " + std::string(10'000, 'x')), std::string(10'000, 'x'));
}

TEST(Ini, goes_on_with_a_value_in_deeper_lines) {
    EXPECT_EQ(value("a = 10.0.0.0/8\n    fd00::/8\n# not this\n\n  b = c\n"), "10.0.0.0/8\nfd00::/8\nb = c");
    EXPECT_EQ(value("a =\n  b\n"), "b");
    EXPECT_THAT(read("[DEFAULT]\n  a = 1\n  b = 2\n").settings,
                ElementsAre(Setting{"a", "1", 2}, Setting{"b", "2", 3}));
    EXPECT_THAT(read("  [DEFAULT]\n  a = 1\n b = 2\n").settings,
                ElementsAre(Setting{"a", "1", 2}, Setting{"b", "2", 3}));
    EXPECT_THAT(read("[DEFAULT]\na = 1\n  [x]\nb = 2").settings,
                ElementsAre(Setting{"a", "1\n[x]", 2}, Setting{"b", "2", 4}));
}

TEST(Ini, knows_keys_in_any_case) {
    EXPECT_EQ(read("[DEFAULT]\nSession_TTL = 1\n").settings.front().key, "session_ttl");
}

TEST(Ini, passes_over_comments_crlf_and_a_byte_order_mark) {
    EXPECT_THAT(read("\xEF\xBB\xBF[DEFAULT]\r\n# a = 1\r\n  ; b = 1\r\nc = 2\r\n\r\nd = 3").settings,
                ElementsAre(Setting{"c", "2", 4}, Setting{"d", "3", 6}));
}

TEST(Ini, joins_a_section_that_comes_twice) {
    const auto file = read("[DEFAULT]\na = 1\n[x]\nb = 2\n[DEFAULT]\nc = 3\n");
    EXPECT_THAT(file.settings, ElementsAre(Setting{"a", "1", 2}, Setting{"c", "3", 6}));
}

TEST(Ini, of_nothing_is_nothing) {
    for (const char* text : {"", "\n", "\xEF\xBB\xBF", "# only\n", "[DEFAULT]", "[DEFAULT] ; settings\n"}) {
        EXPECT_THAT(read(text).settings, IsEmpty()) << text;
        EXPECT_THAT(read(text).errors, IsEmpty()) << text;
    }
}

TEST(Ini, tells_every_line_that_it_cannot_read) {
    const auto file =
        read("a = 1\n[DEFAULT]\nthis is no setting\nb = 1\nB = 2\n  3\n= 4\n[\n[]\nc = \xFF\nd = 1\n  \xFF\n");
    EXPECT_THAT(file.errors,
                ElementsAre(Remark{1, "stands before any section: begin with [DEFAULT]"},
                            Remark{3, "is no setting: write KEY = VALUE, or # before a comment"},
                            Remark{5, "b: is given twice, first in line 4"},
                            Remark{7, "is no setting: write KEY = VALUE, or # before a comment"},
                            Remark{8, "a section is written as [NAME]"}, Remark{9, "a section is written as [NAME]"},
                            Remark{10, "is not valid UTF-8 text"}, Remark{12, "is not valid UTF-8 text"}));
    EXPECT_THAT(file.settings, ElementsAre(Setting{"b", "1", 4}, Setting{"d", "1", 11}));
}

TEST(Ini, tells_once_that_the_section_is_missing) {
    EXPECT_THAT(read("a = 1\nb = 2\n").errors,
                ElementsAre(Remark{1, "stands before any section: begin with [DEFAULT]"}));
}

TEST(Ini, refuses_control_characters) {
    using namespace std::string_view_literals;
    EXPECT_THAT(read("[DEFAULT]\na = b\0c\n"sv).errors, ElementsAre(Remark{2, "is not valid UTF-8 text"}));
    EXPECT_THAT(read("[DEFAULT]\ra = b\rc = d\n").errors, IsEmpty());  // one line, a section's
    EXPECT_THAT(read("[DEFAULT]\na = b\rc = d\n").errors, ElementsAre(Remark{2, "is not valid UTF-8 text"}));
    EXPECT_THAT(read("\xFF\xFE[\0D\0"sv).errors, testing::SizeIs(1));  // UTF-16
}

}  // namespace
}  // namespace makechat::app
