#include "chat/replay.hpp"
#include "support/refusal.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace makechat::chat {
namespace {

SecretHash key_of(std::string_view word) { return sha256(word); }

TEST(Cursor, comes_back_as_the_place_that_it_was_made_of) {
    const Cursors cursors(key_of("a key"));
    for (const std::int64_t place :
         {std::int64_t{0}, std::int64_t{1}, std::int64_t{255}, std::int64_t{1} << 40U, INT64_MAX}) {
        const auto cursor = cursors.write(Position{place});
        EXPECT_EQ(cursor.size(), 22u);
        EXPECT_EQ(cursor.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"),
                  std::string::npos);
        EXPECT_EQ(must(cursors.read(cursor)), Position{place});
    }
}

TEST(Cursor, with_any_bit_flipped_is_forged) {
    const Cursors cursors(key_of("a key"));
    const auto cursor = cursors.write(Position{123'456});
    for (std::size_t i = 0; i < cursor.size(); ++i) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            auto forged = cursor;
            forged[i] = static_cast<char>(static_cast<unsigned char>(forged[i]) ^ (1U << bit));
            EXPECT_EQ(refusal(cursors.read(forged)), Code::bad_parameter) << i << ", bit " << bit;
        }
    }
}

TEST(Cursor, cut_short_or_made_longer_or_of_another_key_is_forged) {
    const Cursors cursors(key_of("a key"));
    const auto cursor = cursors.write(Position{123'456});
    for (std::size_t length = 0; length < cursor.size(); ++length)
        EXPECT_EQ(refusal(cursors.read(cursor.substr(0, length))), Code::bad_parameter) << length;
    for (const auto* more : {"A", "AA", "=", "==", " ", "\n"})
        EXPECT_EQ(refusal(cursors.read(cursor + more)), Code::bad_parameter) << more;
    EXPECT_EQ(refusal(cursors.read(cursor + cursor)), Code::bad_parameter);
    EXPECT_EQ(refusal(Cursors(key_of("another key")).read(cursor)), Code::bad_parameter);
    EXPECT_EQ(refusal(cursors.read("123456")), Code::bad_parameter);
}

}  // namespace
}  // namespace makechat::chat
