#include "api/fields.hpp"

#include "support/refusal.hpp"

#include <gtest/gtest.h>

#include <ctime>
#include <string>
#include <vector>

namespace makechat::api {
namespace {

constexpr std::string_view hex = "5706dac4d55cfe00010944ad";

Fields fields_of(std::string_view body) { return must(Fields::parse(body)); }

std::string levels(std::size_t depth) { return std::string(depth, '[') + "0" + std::string(depth, ']'); }

/// A body that is `depth` levels deep, its own object counted.
std::string deep(std::size_t depth) { return R"({"a": )" + levels(depth - 1) + "}"; }

struct BodyCase {
    std::string_view name;
    std::string body;
    std::optional<Code> refused;
    std::string_view text = {};
};

TEST(Fields, are_the_keys_of_one_object) {
    const BodyCase cases[] = {
        {"an object", R"({"name": "room1"})", {}},
        {"no body counts as an object without keys", "", {}},
        {"white space around it", " \t\r\n{}\n ", {}},
        {"white space alone is no JSON", " \n ", Code::malformed_json,
         "The body is not valid JSON at line 2, column 2."},
        {"a list", "[]", Code::bad_parameter, "The body is not a JSON object."},
        {"a string", R"("x")", Code::bad_parameter, "The body is not a JSON object."},
        {"a number", "1", Code::bad_parameter, "The body is not a JSON object."},
        {"null", "null", Code::bad_parameter, "The body is not a JSON object."},
        {"a key twice", R"({"a": 1, "b": 2, "a": 1})", Code::bad_parameter,
         "The 'a' parameter stands twice in the body."},
        {"a key twice in another spelling", R"({"name": 1, "n\u0061me": 2})", Code::bad_parameter,
         "The 'name' parameter stands twice in the body."},
        {"keys differ by case", R"({"a": 1, "A": 2})", {}},
        {"a key twice further in is the client's own affair", R"({"settings": {"a": 1, "a": 2}})", {}},
        {"32 levels", deep(32), {}},
        {"33 levels", deep(33), Code::bad_parameter, "The body is nested deeper than 32 levels."},
        {"a thousand levels", deep(1'000), Code::bad_parameter, "The body is nested deeper than 32 levels."},
        {"33 levels of a longer body", R"({"text": ")" + std::string(9'000, 'x') + R"(", "a": )" + levels(32) + "}",
         Code::bad_parameter, "The body is nested deeper than 32 levels."},
        {"32 levels of a longer body",
         R"({"text": ")" + std::string(9'000, 'x') + R"(", "a": )" + levels(31) + "}",
         {}},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto fields = Fields::parse(c.body);
        EXPECT_EQ(refusal(fields), c.refused);
        if (!fields) {
            EXPECT_EQ(fields.error().text, c.text);
        }
    }
}

struct PositionCase {
    std::string_view name;
    std::string_view body;
    int line;
    int column;
};

TEST(Fields, say_where_a_body_stops_being_json) {
    const PositionCase cases[] = {
        {"at the first byte", "x", 1, 1},
        {"a value without quotes", R"({"a": b})", 1, 7},
        {"a key without quotes", "{a: 1}", 1, 2},
        {"single quotes", "{'a': 1}", 1, 2},
        {"a comma too many", R"({"a": 1,})", 1, 9},
        {"no comma", R"({"a": 1 "b": 2})", 1, 9},
        {"no colon", R"({"a" 1})", 1, 6},
        {"on the third line", "{\n  \"a\": 1,\n  \"b\": ?\n}", 3, 8},
        {"behind CR LF", "{\r\n\"a\": ?}", 2, 6},
        {"it ends too early", R"({"a": 1)", 1, 8},
        {"it ends too early on a line of its own", "{\n", 2, 1},
        {"a string that does not end", R"({"a": "bcd)", 1, 11},
        {"something behind the object", R"({"a": 1} x)", 1, 10},
        {"another object behind it", "{}\n{}", 2, 1},
        {"columns count characters, not bytes", "{\"a\": \"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\", b}", 1, 14},
        {"a line break in a string", "{\"a\": \"b\nc\"}", 1, 9},
        {"a tab in a string", "{\"a\": \"b\tc\"}", 1, 9},
        {"an escape that there is not", R"({"a": "\x"})", 1, 9},
        {"half a surrogate pair", R"({"a": "\ud800x"})", 1, 14},
        {"a leading zero", R"({"a": 01})", 1, 8},
        {"a plus sign", R"({"a": +1})", 1, 7},
        {"NaN", R"({"a": NaN})", 1, 7},
        {"a comment", "{} // no", 1, 4},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto fields = Fields::parse(c.body);
        ASSERT_EQ(refusal(fields), Code::malformed_json);
        EXPECT_EQ(fields.error().text, "The body is not valid JSON at line " + std::to_string(c.line) + ", column " +
                                           std::to_string(c.column) + ".");
    }
}

TEST(Fields, say_where_a_body_stops_being_utf8) {
    const PositionCase cases[] = {
        {"a byte that begins nothing", "{\"a\": \"x\xFFy\"}", 1, 9},
        {"behind characters of several bytes", "{\"a\": \"\xC3\xA9\xE2\x82\xAC\xFFy\"}", 1, 10},
        {"half a character at the end of the string", "{\"a\": \"x\xE2\x82\"}", 1, 9},
        {"a surrogate as UTF-8", "{\"a\": \"\xED\xA0\x80\"}", 1, 8},
        {"an overlong form", "{\"a\": \"\xC0\xAF\"}", 1, 8},
        {"in a key", "{\"\x80\": 1}", 1, 3},
        {"on the second line", "{\n\"\xC3\xA9\": \"\x80\"}", 2, 7},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto fields = Fields::parse(c.body);
        ASSERT_EQ(refusal(fields), Code::malformed_json);
        EXPECT_EQ(fields.error().text, "The body is not valid JSON at line " + std::to_string(c.line) + ", column " +
                                           std::to_string(c.column) + ".");
    }
}

TEST(Fields, with_very_many_keys_are_read_at_once) {
    std::string body = "{";
    for (int i = 0; body.size() < 127 * 1024; ++i) body += (i ? ",\"" : "\"") + std::to_string(10'000 + i) + "\":1";
    body += '}';
    const auto before = std::clock();
    EXPECT_EQ(refusal(Fields::parse(body)), std::nullopt);
    EXPECT_LT(std::clock() - before, CLOCKS_PER_SEC) << "each key must not be held against each other";
}

/// What each reader makes of one value.
struct ValueCase {
    std::string_view name;
    std::string_view value;  // empty: the key is not there
    std::optional<Code> text;
    std::optional<Code> optional_text;
    std::optional<Code> integer;
    std::optional<Code> optional_boolean;
    std::optional<Code> reference;
    std::optional<Code> optional_reference;
    std::optional<Code> references;
    std::optional<Code> optional_object;
};

TEST(Fields, take_each_type_for_what_it_is) {
    constexpr auto bad = Code::bad_parameter;
    constexpr auto missing = Code::missing;
    const ValueCase cases[] = {
        {"absent", "", missing, {}, missing, {}, missing, {}, missing, {}},
        {"null", "null", bad, bad, bad, bad, missing, {}, bad, bad},
        {"a string", R"("x")", {}, {}, bad, bad, {}, {}, bad, bad},
        {"an empty string", R"("")", {}, {}, bad, bad, {}, {}, bad, bad},
        {"a number", "7", bad, bad, {}, bad, bad, bad, bad, bad},
        {"true", "true", bad, bad, bad, {}, bad, bad, bad, bad},
        {"an empty list", "[]", bad, bad, bad, bad, bad, bad, {}, bad},
        {"a list of strings", R"(["a", "b"])", bad, bad, bad, bad, bad, bad, {}, bad},
        {"a list of numbers", "[1]", bad, bad, bad, bad, bad, bad, bad, bad},
        {"a list with a null", R"(["a", null])", bad, bad, bad, bad, bad, bad, bad, bad},
        {"an id", R"({"$oid": "5706dac4d55cfe00010944ad"})", bad, bad, bad, bad, {}, {}, bad, {}},
        {"a list of ids", R"([{"$oid": "a"}, "b"])", bad, bad, bad, bad, bad, bad, {}, bad},
        {"an empty object", "{}", bad, bad, bad, bad, bad, bad, bad, {}},
        {"an id with something beside it", R"({"$oid": "a", "b": 1})", bad, bad, bad, bad, bad, bad, bad, {}},
        {"an id that is a number", R"({"$oid": 1})", bad, bad, bad, bad, bad, bad, bad, {}},
        {"another object", R"({"_id": "a"})", bad, bad, bad, bad, bad, bad, bad, {}},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto body = c.value.empty() ? std::string("{}") : R"({"key": )" + std::string(c.value) + "}";
        const auto fields = fields_of(body);
        EXPECT_EQ(refusal(fields.text("key")), c.text);
        EXPECT_EQ(refusal(fields.optional_text("key")), c.optional_text);
        EXPECT_EQ(refusal(fields.integer("key")), c.integer);
        EXPECT_EQ(refusal(fields.optional_boolean("key")), c.optional_boolean);
        EXPECT_EQ(refusal(fields.reference("key")), c.reference);
        EXPECT_EQ(refusal(fields.optional_reference("key")), c.optional_reference);
        EXPECT_EQ(refusal(fields.references("key")), c.references);
        EXPECT_EQ(refusal(fields.optional_object("key")), c.optional_object);
        EXPECT_EQ(fields.has("key"), !c.value.empty()) << "null is there, too";
    }
}

TEST(Fields, name_the_parameter_and_the_rule) {
    const auto fields = fields_of(R"({"key": [1]})");
    EXPECT_EQ(fields.text("key").error().text, "The 'key' parameter is a string.");
    EXPECT_EQ(fields.integer("key").error().text, "The 'key' parameter is a whole number.");
    EXPECT_EQ(fields.optional_boolean("key").error().text, "The 'key' parameter is true or false.");
    EXPECT_EQ(fields.reference("key").error().text,
              R"(The 'key' parameter is an id: {"$oid": "24 hexadecimal digits"} or the digits alone.)");
    EXPECT_EQ(fields.references("key").error().text, "The 'key' parameter is a list of ids.");
    EXPECT_EQ(fields.optional_object("key").error().text, "The 'key' parameter is an object.");
    EXPECT_EQ(fields.text("name").error(), missing("name"));
    EXPECT_EQ(missing("name").text, "The 'name' parameter is required.");
}

TEST(Fields, give_texts_without_their_escapes) {
    const auto fields = fields_of(R"({"a": "\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\u0000", "b": "€"})");
    EXPECT_EQ(*fields.text("a"), std::string("\"\\/\b\f\n\r\t\xC3\xA9\xF0\x9F\x98\x80\0", 15));
    EXPECT_EQ(*fields.text("b"), "\xE2\x82\xAC");
    EXPECT_EQ(**fields.optional_text("b"), "\xE2\x82\xAC");
}

TEST(Fields, find_keys_whatever_their_spelling) {
    EXPECT_EQ(*fields_of(R"({"n\u0061me": "x"})").text("name"), "x");
    EXPECT_FALSE(fields_of(R"({"Name": "x"})").has("name"));
    EXPECT_FALSE(fields_of(R"({"a": {"name": "x"}})").has("name"));
    EXPECT_TRUE(fields_of(R"({"": 1})").has(""));
}

struct NumberCase {
    std::string_view value;
    std::optional<std::int64_t> number;
};

TEST(Fields, take_whole_numbers_of_64_bits) {
    const NumberCase cases[] = {
        {"0", 0},
        {"-0", 0},
        {"-7", -7},
        {"9223372036854775807", 9'223'372'036'854'775'807},
        {"-9223372036854775808", std::numeric_limits<std::int64_t>::min()},
        {"9223372036854775808", {}},
        {"18446744073709551615", {}},
        {"1.0", {}},
        {"1.5", {}},
        {"1e3", {}},
        {R"("7")", {}},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.value);
        const auto number = fields_of(R"({"n": )" + std::string(c.value) + "}").integer("n");
        if (c.number) {
            EXPECT_EQ(*number, *c.number);
        } else {
            EXPECT_EQ(refusal(number), Code::bad_parameter);
        }
    }
}

TEST(Fields, refuse_numbers_that_nothing_can_hold) {
    for (const std::string_view value : {"18446744073709551616", "123456789012345678901234567890", "1e400"}) {
        SCOPED_TRACE(value);
        const auto fields = Fields::parse(R"({"n": )" + std::string(value) + R"(, "m": 1})");
        ASSERT_FALSE(fields);
        EXPECT_EQ(fields.error().text, "The body has a number that is too large.");
        EXPECT_EQ(refusal(fields), Code::bad_parameter);
    }
}

TEST(Fields, take_an_id_in_either_form) {
    const auto fields =
        fields_of(R"({"a": {"$oid": "5706dac4d55cfe00010944ad"}, "b": "5706dac4d55cfe00010944ad", "c": "bob",
                                      "d": ["x", {"$oid": "y"}]})");
    EXPECT_EQ(*fields.reference("a"), hex);
    EXPECT_EQ(*fields.reference("b"), hex);
    EXPECT_EQ(**fields.optional_reference("c"), "bob") << "what it names is for others to find";
    EXPECT_EQ(*fields.references("d"), (std::vector<std::string>{"x", "y"}));
}

TEST(Fields, give_an_object_as_compact_text) {
    EXPECT_EQ(**fields_of("{\"s\": { \"a\" : [ 1, 2.5, null ],\n \"b\\n\": \"\\u00e9\" } }").optional_object("s"),
              "{\"a\":[1,2.5,null],\"b\\n\":\"\xC3\xA9\"}");
    EXPECT_EQ(**fields_of(R"({"s": {}})").optional_object("s"), "{}");
    EXPECT_EQ(*fields_of("{}").optional_object("s"), std::nullopt);
}

TEST(Fields, outlive_the_body) {
    auto body = std::make_unique<std::string>(R"({"name": "a name that is too long to stand in the object itself"})");
    auto fields = fields_of(*body);
    body.reset();
    const auto moved = std::move(fields);
    EXPECT_EQ(*moved.text("name"), "a name that is too long to stand in the object itself");
}

}  // namespace
}  // namespace makechat::api
