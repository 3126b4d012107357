#include "http/body_reader.hpp"

#include <gtest/gtest.h>

#include <string>

namespace makechat::http {
namespace {

using State = BodyReader::State;

Request chunked() {
    Request request;
    request.chunked = true;
    return request;
}

Request counted(std::uint64_t length) {
    Request request;
    request.content_length = length;
    return request;
}

struct Case {
    std::string_view name;
    std::string bytes;
    State state;
    std::string body;
    std::size_t left_over = 0;
};

const Case cases[] = {
    {"one chunk", "5\r\nhello\r\n0\r\n\r\n", State::whole, "hello"},
    {"two chunks", "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", State::whole, "hello"},
    {"nothing", "0\r\n\r\n", State::whole, ""},
    {"hex in both cases, zeros in front", "00A\r\n0123456789\r\n0000000b\r\n0123456789a\r\n0\r\n\r\n", State::whole,
     "01234567890123456789a"},
    {"extensions are passed over", "5;a=b;c=\"d\"\r\nhello\r\n0;e\r\n\r\n", State::whole, "hello"},
    {"trailer fields are passed over", "5\r\nhello\r\n0\r\nA: b\r\nC: d\r\n\r\n", State::whole, "hello"},
    {"the next request is left", "0\r\n\r\nGET /", State::whole, "", 5},
    {"half a body", "5\r\nhel", State::more, "hel"},
    {"no size", "\r\nhello", State::malformed, ""},
    {"no hex", "g\r\n", State::malformed, ""},
    {"a sign", "+5\r\nhello\r\n0\r\n\r\n", State::malformed, ""},
    {"0x", "0x5\r\nhello\r\n0\r\n\r\n", State::malformed, ""},
    {"a space before the semicolon", "5 ;a\r\nhello\r\n0 \t;a\r\n\r\n", State::whole, "hello"},
    {"spaces without end", "5" + std::string(5'000, ' '), State::malformed, ""},
    {"a size in two", "5 0\r\n", State::malformed, ""},
    {"a space behind the size", "5 \r\nhello\r\n0\r\n\r\n", State::malformed, ""},
    {"a size of nine digits", "000000005\r\n", State::malformed, ""},
    {"LF alone behind the size", "5\nhello\r\n0\r\n\r\n", State::malformed, ""},
    {"LF alone behind the data", "5\r\nhello\n0\r\n\r\n", State::malformed, "hello"},
    {"LF alone in an extension", "5;a\nb\r\nhello\r\n0\r\n\r\n", State::malformed, ""},
    {"LF alone in a trailer", "0\r\nA: b\nC: d\r\n\r\n", State::malformed, ""},
    {"CR alone at the end", "0\r\n\rx", State::malformed, ""},
    {"more data than said", "4\r\nhello\r\n0\r\n\r\n", State::malformed, "hell"},
    {"extensions without end", "5;" + std::string(5'000, 'a'), State::malformed, ""},
    {"trailers without end", "0\r\nA:" + std::string(5'000, 'a'), State::malformed, ""},
};

TEST(BodyReader, reads_chunks_however_they_are_split) {
    for (const auto& c : cases) {
        for (const std::size_t step :
             {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}, c.bytes.size()}) {
            SCOPED_TRACE(std::string(c.name) + " in steps of " + std::to_string(step));
            BodyReader reader(chunked());
            std::string body;
            std::size_t taken = 0;
            for (std::size_t at = 0; at < c.bytes.size() && reader.state() == State::more; at += step) {
                taken += reader.take(std::string_view(c.bytes).substr(at, step), &body);
            }
            EXPECT_EQ(reader.state(), c.state);
            EXPECT_EQ(body, c.body);
            EXPECT_EQ(reader.size(), c.body.size());
            if (c.state != State::whole) continue;
            EXPECT_EQ(c.bytes.size() - taken, c.left_over);
        }
    }
}

TEST(BodyReader, many_small_extensions_are_bounded_together) {
    BodyReader reader(chunked());
    std::string bytes;
    for (int i = 0; i < 1'000; ++i) bytes += "1;abcdefgh\r\nx\r\n";
    std::string body;
    reader.take(bytes, &body);
    EXPECT_EQ(reader.state(), State::malformed);
    EXPECT_LT(body.size(), 600u);
}

TEST(BodyReader, reads_what_was_counted_and_no_more) {
    BodyReader reader(counted(5));
    std::string body;
    EXPECT_EQ(reader.take("hel", &body), 3u);
    EXPECT_EQ(reader.left(), 2u);
    EXPECT_EQ(reader.take("loGET", &body), 2u);
    EXPECT_EQ(reader.state(), State::whole);
    EXPECT_EQ(body, "hello");
    EXPECT_EQ(BodyReader(counted(0)).state(), State::whole);
}

}  // namespace
}  // namespace makechat::http
