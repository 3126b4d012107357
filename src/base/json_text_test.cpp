#include "base/json_text.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace makechat {
namespace {

using namespace std::string_literals;
using TestId = Id<struct TestTag>;

struct Case {
    const char* name;
    std::string text;
    std::string json;
};

const Case cases[] = {
    {"nothing", "", R"("")"},
    {"plain text", "hello", R"("hello")"},
    {"quotes and backslashes", R"(a"b\c)", R"("a\"b\\c")"},
    {"line ends and tabs", "a\r\n\tb", R"("a\r\n\tb")"},
    {"other control characters", "\x01\x1F\b\f", R"("\u0001\u001f\u0008\u000c")"},
    {"a zero byte", "a\0b"s, R"("a\u0000b")"},
    {"a slash stays", "</script>", R"("</script>")"},
    {"DEL stays", "\x7F", "\"\x7F\""},
    {"other scripts stay", "привет 你好 😀", R"("привет 你好 😀")"},
    {"only escapes", "\n\n", R"("\n\n")"},
    {"an escape first and last", "\"a\"", R"("\"a\"")"},
};

TEST(JsonText, escapes_what_rfc_8259_demands_and_nothing_else) {
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        std::string out = "before ";
        append_json_string(out, c.text);
        EXPECT_EQ(out, "before " + c.json);
        EXPECT_EQ(JsonText{}.string(c.text).text(), c.json);
    }
}

TEST(JsonText, is_one_line_with_a_space_behind_colons_and_commas) {
    JsonText json;
    json.begin_object();
    json.key("name").string("room1");
    json.key("is_open").boolean(true);
    json.key("topic").null();
    json.key("seq").number(-7);
    json.end_object();
    EXPECT_EQ(json.text(), R"({"name": "room1", "is_open": true, "topic": null, "seq": -7})");
}

TEST(JsonText, nests) {
    JsonText json;
    json.begin_array();
    json.begin_object().end_object();
    json.begin_array().end_array();
    json.begin_object().key("a").begin_array().number(1).begin_object().key("b").boolean(false).end_object().number(2);
    json.end_array().key("c").begin_object().end_object().end_object();
    json.raw(R"({"raw": 1})").string("last");
    json.end_array();
    EXPECT_EQ(json.text(), R"([{}, [], {"a": [1, {"b": false}, 2], "c": {}}, {"raw": 1}, "last"])");
}

TEST(JsonText, escapes_keys_too) {
    EXPECT_EQ(JsonText{}.begin_object().key("a\"b").number(1).end_object().text(), R"({"a\"b": 1})");
}

TEST(JsonText, writes_ids_and_dates_as_extended_json) {
    JsonText json;
    json.begin_object();
    json.key("_id").id(*parse_id<TestId>("5706DAC4d55cfe00010944ad"));
    json.key("created").date(from_millis(1'795'413'022'123));
    json.end_object();
    EXPECT_EQ(json.text(),
              R"({"_id": {"$oid": "5706dac4d55cfe00010944ad"}, "created": {"$date": "2026-11-23T05:50:22.123Z"}})");
}

TEST(JsonText, writes_the_smallest_and_the_largest_number) {
    JsonText json;
    json.begin_array();
    json.number(std::numeric_limits<std::int64_t>::min()).number(0).number(std::numeric_limits<std::int64_t>::max());
    json.end_array();
    EXPECT_EQ(json.text(), "[-9223372036854775808, 0, 9223372036854775807]");
}

TEST(JsonText, take_leaves_with_the_text) {
    JsonText json;
    json.begin_array().number(1).end_array();
    EXPECT_EQ(json.take(), "[1]");
}

}  // namespace
}  // namespace makechat
