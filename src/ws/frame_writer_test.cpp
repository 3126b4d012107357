#include "ws/frame_writer.hpp"

#include <gtest/gtest.h>

namespace makechat::ws {
namespace {

using namespace std::string_literals;

struct Case {
    std::string name;
    Opcode opcode;
    std::string payload;
    std::string head;  ///< the bytes before the payload
};

const Case cases[] = {
    {"an empty text", Opcode::text, "", "\x81\x00"s},
    {"the RFC's example, 5.7", Opcode::text, "Hello", "\x81\x05"s},
    {"125 bytes", Opcode::text, std::string(125, 'a'), "\x81\x7d"s},
    {"126 bytes", Opcode::text, std::string(126, 'a'), "\x81\x7e\x00\x7e"s},
    {"65535 bytes", Opcode::text, std::string(65535, 'a'), "\x81\x7e\xff\xff"s},
    {"65536 bytes", Opcode::text, std::string(65536, 'a'), "\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"s},
    {"a ping", Opcode::ping, "p", "\x89\x01"s},
    {"a pong", Opcode::pong, "p", "\x8a\x01"s},
};

TEST(FrameWriter, writes_whole_frames_without_a_mask) {
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        std::string out = "before";
        append_frame(out, c.opcode, c.payload);
        EXPECT_EQ(out, "before" + c.head + c.payload);
    }
}

TEST(FrameWriter, cuts_a_close_reason_between_two_characters) {
    const std::string fits(121, 'a');
    std::string out;
    append_close(out, 1013, fits + "Ж" + "more");
    EXPECT_EQ(out, "\x88\x7d\x03\xf5"s + fits + "Ж");
    out.clear();
    append_close(out, 1000, fits + "aЖ");
    EXPECT_EQ(out, "\x88\x7c\x03\xe8"s + fits + "a");
    out.clear();
    append_close(out, 1000, "");
    EXPECT_EQ(out, "\x88\x02\x03\xe8"s);
}

}  // namespace
}  // namespace makechat::ws
