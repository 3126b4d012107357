#include "ws/frame_reader.hpp"

#include "base/limits.hpp"
#include "ws/client_frame.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace makechat::ws {
namespace {

using namespace std::string_literals;

/// Writes down what it is told, one line each: "text hi", "close 1000 bye".
struct Transcript final : FrameVisitor {
    std::vector<std::string> lines;
    bool closed = false;

    bool on_text(std::string_view text) override { return add("text " + std::string(text)); }
    bool on_ping(std::string_view payload) override { return add("ping " + std::string(payload)); }
    bool on_pong(std::string_view payload) override { return add("pong " + std::string(payload)); }
    void on_close(std::uint16_t code, std::string_view reason) override {
        add("close " + std::to_string(code) + " " + std::string(reason));
        closed = true;
    }
    bool add(std::string line) {
        lines.push_back(std::move(line));
        return true;
    }
};

/// What a reader makes of `bytes` when they come in pieces that end at `cuts`; a violation is the last line.
std::vector<std::string> transcript(const std::string& bytes, const std::vector<std::size_t>& cuts = {}) {
    FrameReader reader;
    Transcript seen;
    std::size_t from = 0;
    const auto feed = [&](std::size_t to) {
        std::string piece = bytes.substr(from, to - from);  // of its own size, so that ASan sees a step too far
        from = to;
        return reader.read(piece, seen);
    };
    for (std::size_t i = 0; i <= cuts.size(); ++i) {
        const auto violation = feed(i < cuts.size() ? cuts[i] : bytes.size());
        if (violation) seen.add("violation " + std::to_string(static_cast<int>(violation->code)));
        if (violation || seen.closed) break;
    }
    return seen.lines;
}

std::string fragment(Opcode opcode, std::string_view payload, bool final) { return encode({opcode, payload, final}); }

const std::string largest(limits::ws_message_bytes_max, 'x');

struct Case {
    std::string name;
    std::string bytes;
    std::vector<std::string> seen;
};

const Case well_formed[] = {
    {"the RFC's example", "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"s, {"text Hello"}},
    {"an empty message", text_frame(""), {"text "}},
    {"125 bytes: the last short length", text_frame(std::string(125, 'a')), {"text " + std::string(125, 'a')}},
    {"126 bytes: two bytes of length", text_frame(std::string(126, 'a')), {"text " + std::string(126, 'a')}},
    {"65535 bytes", text_frame(std::string(65535, 'a')), {"text " + std::string(65535, 'a')}},
    {"65536 bytes, the largest: eight bytes of length", text_frame(largest), {"text " + largest}},
    {"two messages at once", text_frame("one") + text_frame("two"), {"text one", "text two"}},
    {"three fragments",
     fragment(Opcode::text, "a", false) + fragment(Opcode::continuation, "b", false) +
         fragment(Opcode::continuation, "c", true),
     {"text abc"}},
    {"empty fragments", fragment(Opcode::text, "", false) + fragment(Opcode::continuation, "", true), {"text "}},
    {"a character cut by a fragment",
     fragment(Opcode::text, "\xd0", false) + fragment(Opcode::continuation, "\x96", true),
     {"text Ж"}},
    {"control frames between fragments",
     fragment(Opcode::text, "a", false) + encode({Opcode::ping, "p"}) + encode({Opcode::pong, "q"}) +
         fragment(Opcode::continuation, "b", true) + text_frame("c"),
     {"ping p", "pong q", "text ab", "text c"}},
    {"a fragmented message of the largest size",
     fragment(Opcode::text, largest.substr(1), false) + fragment(Opcode::continuation, "x", true),
     {"text " + largest}},
    {"a ping of 125 bytes", encode({Opcode::ping, std::string(125, 'p')}), {"ping " + std::string(125, 'p')}},
    {"a close without a code", encode({Opcode::close, ""}), {"close 1005 "}},
    {"a close with a reason, and nothing after it",
     encode({Opcode::close,
             "\x03\xe8"
             "bye"}) +
         text_frame("x"),
     {"close 1000 bye"}},
};

TEST(FrameReader, delivers_what_is_well_formed) {
    for (const auto& c : well_formed) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(transcript(c.bytes), c.seen);
    }
}

TEST(FrameReader, sees_the_same_wherever_the_bytes_are_cut) {
    for (const auto& c : well_formed) {
        SCOPED_TRACE(c.name);
        if (c.bytes.size() > 1000) continue;  // the next test cuts these at random
        for (std::size_t first = 0; first <= c.bytes.size(); ++first) {
            for (std::size_t second = first; second <= c.bytes.size(); ++second) {
                ASSERT_EQ(transcript(c.bytes, {first, second}), c.seen) << first << ", " << second;
            }
        }
    }
}

struct Refused {
    std::string name;
    std::string bytes;
    Close code;
};

std::string close_frame(unsigned code, const std::string& reason = "") {
    return encode({Opcode::close, std::string{static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)} + reason});
}

const Refused refused[] = {
    {"no mask", "\x81\x02hi"s, Close::protocol_error},
    {"first reserved bit (a compressed message)", "\xc1\x80"s, Close::protocol_error},
    {"second reserved bit", "\xa1\x80"s, Close::protocol_error},
    {"third reserved bit", "\x91\x80"s, Close::protocol_error},
    {"reserved data opcode 3", "\x83\x80"s, Close::protocol_error},
    {"reserved data opcode 7", "\x87\x80"s, Close::protocol_error},
    {"reserved control opcode 11", "\x8b\x80"s, Close::protocol_error},
    {"reserved control opcode 15", "\x8f\x80"s, Close::protocol_error},
    {"a ping that is fragmented", "\x09\x80"s, Close::protocol_error},
    {"a close that is fragmented", "\x08\x80"s, Close::protocol_error},
    {"a ping of 126 bytes", "\x89\xfe"s, Close::protocol_error},
    {"a close of 126 bytes", "\x88\xfe"s, Close::protocol_error},
    {"a continuation of nothing", "\x80\x80"s, Close::protocol_error},
    {"a continuation after the last", text_frame("a") + "\x80\x80", Close::protocol_error},
    {"a new message inside a message", fragment(Opcode::text, "a", false) + "\x81\x80", Close::protocol_error},
    {"a new fragmented message inside one", fragment(Opcode::text, "a", false) + "\x01\x80", Close::protocol_error},
    {"125 bytes in two bytes of length", "\x81\xfe\x00\x7d"s, Close::protocol_error},
    {"65535 bytes in eight bytes of length", "\x81\xff\x00\x00\x00\x00\x00\x00\xff\xff"s, Close::protocol_error},
    {"a length over 63 bits", "\x81\xff\x80\x00\x00\x00\x00\x00\x00\x00"s, Close::protocol_error},
    {"a close of one byte", encode({Opcode::close, "x"}), Close::protocol_error},
    {"binary", "\x82\x80"s, Close::unsupported},
    {"one byte too large, told by the length alone", "\x81\xff\x00\x00\x00\x00\x00\x01\x00\x01"s, Close::too_big},
    {"as large as can be said", "\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff"s, Close::too_big},
    {"fragments that are together one byte too large", fragment(Opcode::text, largest, false) + "\x80\x81",
     Close::too_big},
    {"a byte that is never UTF-8", text_frame("a\xff"), Close::not_utf8},
    {"an overlong form", text_frame("\xc0\xaf"), Close::not_utf8},
    {"a surrogate", text_frame("\xed\xa0\x80"), Close::not_utf8},
    {"a message that ends inside a character", text_frame("\xd0"), Close::not_utf8},
    {"a fragmented message that ends inside a character",
     fragment(Opcode::text, "a", false) + fragment(Opcode::continuation, "\xd0", true), Close::not_utf8},
    {"a close reason that is not UTF-8", close_frame(1000, "\xff"), Close::not_utf8},
};

TEST(FrameReader, refuses_what_the_protocol_forbids) {
    for (const auto& c : refused) {
        SCOPED_TRACE(c.name);
        const auto code = "violation " + std::to_string(static_cast<int>(c.code));
        EXPECT_EQ(transcript(c.bytes).back(), code);
        std::vector<std::size_t> everywhere;
        if (c.bytes.size() < 1000) {
            for (std::size_t i = 1; i < c.bytes.size(); ++i) everywhere.push_back(i);
        }
        EXPECT_EQ(transcript(c.bytes, everywhere).back(), code) << "byte by byte";
    }
}

TEST(FrameReader, takes_only_close_codes_that_may_be_sent) {
    for (unsigned code = 0; code <= 0xFFFF; ++code) {
        const bool known = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
        const bool registered_or_private = code >= 3000 && code <= 4999;
        const auto expected =
            known || registered_or_private ? "close " + std::to_string(code) + " " : std::string("violation 1002");
        ASSERT_EQ(transcript(close_frame(code)).back(), expected) << code;
    }
}

/// A message in the wild: fragmented anyhow, with pings between, under any masks.
class RandomTraffic {
public:
    explicit RandomTraffic(unsigned seed) : random_(seed) {}

    std::size_t below(std::size_t bound) { return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random_); }

    void add_message(std::string& bytes, std::vector<std::string>& seen) {
        static const char* const letters[] = {"a", "é", "Ж", "京", "😀"};
        std::string text;
        const std::size_t size = below(10) == 0 ? below(60'000) : below(300);
        while (text.size() < size) text += letters[below(std::size(letters))];
        const std::size_t fragments = 1 + below(4);
        std::size_t from = 0;
        for (std::size_t i = 1; i <= fragments; ++i) {
            const std::size_t to = i == fragments ? text.size() : from + below(text.size() - from + 1);
            const auto opcode = i == 1 ? Opcode::text : Opcode::continuation;
            const auto payload = std::string_view(text).substr(from, to - from);
            bytes += encode({opcode, payload, i == fragments, mask()});
            from = to;
            if (i == fragments || below(2) == 0) continue;
            bytes += encode({Opcode::ping, "between", true, mask()});
            seen.emplace_back("ping between");
        }
        seen.push_back("text " + text);
    }

private:
    std::array<std::uint8_t, 4> mask() {
        std::array<std::uint8_t, 4> bytes;
        for (auto& byte : bytes) byte = static_cast<std::uint8_t>(below(256));
        return bytes;
    }

    std::mt19937 random_;
};

TEST(FrameReader, reads_random_traffic_cut_at_random) {
    for (unsigned seed = 1; seed <= 300; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        RandomTraffic traffic(seed);
        std::string bytes;
        std::vector<std::string> seen;
        for (std::size_t i = 0; i < 8; ++i) traffic.add_message(bytes, seen);
        std::vector<std::size_t> cuts;
        const std::size_t step_max = seed % 3 == 0 ? 16 : 20'000;
        for (std::size_t at = 0; at < bytes.size(); at += 1 + traffic.below(step_max)) cuts.push_back(at);
        ASSERT_EQ(transcript(bytes, cuts), seen);
    }
}

TEST(FrameReader, survives_noise) {
    for (unsigned seed = 1; seed <= 2000; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        RandomTraffic traffic(seed);
        std::string bytes;
        std::vector<std::string> seen;
        traffic.add_message(bytes, seen);
        for (int i = 0; i < 3; ++i) bytes[traffic.below(bytes.size())] = static_cast<char>(traffic.below(256));
        (void)transcript(bytes, {bytes.size() / 3, bytes.size() / 2});
    }
}

/// Sees where the views that it is given lie.
struct Addresses final : FrameVisitor {
    const char* text = nullptr;
    bool go_on = true;

    bool on_text(std::string_view view) override { return text = view.data(), go_on; }
    bool on_ping(std::string_view) override { return go_on; }
    bool on_pong(std::string_view) override { return go_on; }
    void on_close(std::uint16_t, std::string_view) override {}
};

TEST(FrameReader, reads_a_whole_message_where_it_lies_and_holds_no_memory) {
    FrameReader reader;
    Addresses seen;
    std::string bytes = text_frame("hello") + text_frame("again");
    EXPECT_FALSE(reader.read(bytes, seen));
    EXPECT_EQ(seen.text, bytes.data() + bytes.size() - 5);
    EXPECT_FALSE(reader.has_partial());
    EXPECT_LE(sizeof reader, sizeof(void*));
}

TEST(FrameReader, holds_memory_only_while_a_frame_or_message_is_unfinished) {
    const std::string bytes = fragment(Opcode::text, "a", false) + encode({Opcode::ping, "p"}) +
                              fragment(Opcode::continuation, "b", true) + encode({Opcode::ping, "p"});
    const std::size_t message_ends = bytes.size() - encode({Opcode::ping, "p"}).size();
    FrameReader reader;
    Addresses seen;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        std::string byte = bytes.substr(i, 1);
        ASSERT_FALSE(reader.read(byte, seen));
        EXPECT_EQ(reader.has_partial(), i + 1 != message_ends && i + 1 != bytes.size()) << i;
    }
}

TEST(FrameReader, stops_where_the_visitor_says_so) {
    FrameReader reader;
    Addresses seen;
    seen.go_on = false;
    std::string bytes = text_frame("one") + text_frame("two");
    EXPECT_FALSE(reader.read(bytes, seen));
    EXPECT_EQ(seen.text, bytes.data() + text_frame("one").size() - 3);
}

}  // namespace
}  // namespace makechat::ws
