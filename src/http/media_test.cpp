#include "http/media.hpp"

#include <gtest/gtest.h>

namespace makechat::http {
namespace {

TEST(Media, an_accept_header_admits_json_or_not) {
    for (const auto* yes :
         {"", " ", "*/*", "application/*", "application/json", "Application/JSON", "text/html, */*;q=0.1",
          "application/json;q=0.001", "application/json; charset=utf-8", "text/html,application/json",
          "*/*;q=0, application/json", "application/json;v=1;q=1", "application/json ; q=1.0"}) {
        EXPECT_TRUE(admits_json(yes)) << yes;
    }
    for (const auto* no : {"text/html", "text/*", "application/xml", "application/json;q=0", "*/*;q=0", "*/*; q=0.000",
                           "application/json;q=0, */*", "application/*;q=0, */*", "application/json+x", ","}) {
        EXPECT_FALSE(admits_json(no)) << no;
    }
}

TEST(Media, a_content_type_is_json_or_not) {
    for (const auto* yes :
         {"application/json", "application/json; charset=utf-8", "APPLICATION/JSON;x", " application/json "})
        EXPECT_TRUE(is_json(yes)) << yes;
    for (const auto* no :
         {"", "text/json", "application/ld+json", "application/jsonp", "application/x-www-form-urlencoded"})
        EXPECT_FALSE(is_json(no)) << no;
}

TEST(Media, an_accept_encoding_header_admits_gzip_or_not) {
    for (const auto* yes : {"gzip", "deflate, gzip;q=0.5", "*", "GZIP", "br;q=1.0, gzip;q=0.8, *;q=0", "x-gzip"})
        EXPECT_TRUE(admits_gzip(yes)) << yes;
    for (const auto* no : {"", "deflate", "gzip;q=0", "gzip; q=0.0, *", "*;q=0", "identity", "gzipped"})
        EXPECT_FALSE(admits_gzip(no)) << no;
}

TEST(Media, an_accept_encoding_header_admits_brotli_or_not) {
    for (const auto* yes : {"br", "gzip, deflate, br, zstd", "BR;q=0.1", "*"}) EXPECT_TRUE(admits_brotli(yes)) << yes;
    for (const auto* no : {"", "gzip", "br;q=0", "*;q=0", "brotli"}) EXPECT_FALSE(admits_brotli(no)) << no;
}

}  // namespace
}  // namespace makechat::http
