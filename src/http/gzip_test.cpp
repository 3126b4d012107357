#include "http/gzip.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

namespace makechat::http {
namespace {

std::string gunzip(std::string_view bytes) {
    z_stream z{};
    EXPECT_EQ(inflateInit2(&z, 15 + 16), Z_OK);
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    z.avail_in = static_cast<uInt>(bytes.size());
    std::string out(1'000'000, '\0');
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(inflate(&z, Z_FINISH), Z_STREAM_END);
    EXPECT_EQ(z.avail_in, 0u);
    out.resize(z.total_out);
    inflateEnd(&z);
    return out;
}

TEST(Gzip, gives_back_what_was_put_in_and_can_be_used_again) {
    Gzip gzip;
    std::string noise;  // does not shrink
    std::uint32_t seed = 1;
    for (int i = 0; i < 200'000; ++i) noise += static_cast<char>((seed = seed * 1'664'525 + 1'013'904'223) >> 24U);
    for (const auto& text : {std::string("a"), std::string(300'000, 'a'), noise}) {
        gzip.begin();
        for (std::string_view rest = text; !rest.empty();) {
            const auto piece = rest.substr(0, Gzip::piece_bytes);
            rest.remove_prefix(piece.size());
            gzip.add(piece, rest.empty());
        }
        EXPECT_EQ(gunzip(gzip.take()), text);
    }
}

}  // namespace
}  // namespace makechat::http
