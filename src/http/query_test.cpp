#include "http/query.hpp"

#include <gtest/gtest.h>

namespace makechat::http {
namespace {

TEST(Query, reads_parameters_in_order) {
    struct Case {
        std::string_view query;
        Parameters parameters;
    };
    const Case cases[] = {
        {"", {}},
        {"&&", {}},
        {"a=1&b=2&a=3", {{"a", "1"}, {"b", "2"}, {"a", "3"}}},
        {"a", {{"a", ""}}},
        {"a=", {{"a", ""}}},
        {"=b", {{"", "b"}}},
        {"a=b=c", {{"a", "b=c"}}},
        {"a+b=c+d%2B", {{"a b", "c d+"}}},
        {"q=%D0%96%e5%8c%97", {{"q", "Ж北"}}},
        {"q=Ж", {{"q", "Ж"}}},
        {"a=%26%3D", {{"a", "&="}}},
    };
    for (const auto& c : cases) {
        const auto read = parse_query(c.query);
        ASSERT_TRUE(read) << c.query;
        EXPECT_EQ(*read, c.parameters) << c.query;
    }
}

TEST(Query, refuses_what_is_not_encoded_text) {
    for (const auto* query :
         {"a=%", "a=%1", "a=%zz", "%=1", "a=1&b=%G0", "a=%ff", "a=%C0%80", "a=%ED%A0%80", "a=\xff"}) {
        const auto read = parse_query(query);
        ASSERT_FALSE(read) << query;
        EXPECT_EQ(read.error().code, Code::bad_parameter);
    }
}

TEST(Query, a_plus_in_a_path_is_a_plus) {
    EXPECT_EQ(percent_decode("a+b%20c").value(), "a+b c");
    EXPECT_FALSE(percent_decode("%f").has_value());
}

TEST(Query, encodes_so_that_decoding_gives_it_back) {
    std::string all = "Ж北 ";
    for (char c = 1; c != 127; ++c) all += c;
    EXPECT_EQ(percent_decode(percent_encode(all)).value(), all);
    EXPECT_EQ(percent_encode("a b&Ж~"), "a%20b%26%D0%96~");
}

}  // namespace
}  // namespace makechat::http
