#include "http/cookie.hpp"

#include <gtest/gtest.h>

namespace makechat::http {
namespace {

TEST(Cookie, finds_the_first_of_its_name) {
    EXPECT_EQ(cookie("session=abc", "session"), "abc");
    EXPECT_EQ(cookie("a=b; session=abc; session=def", "session"), "abc");
    EXPECT_EQ(cookie("a=b;session=abc=", "session"), "abc=");
    EXPECT_EQ(cookie("session=\"abc\" ", "session"), "abc");
    EXPECT_EQ(cookie("xsession=1; session2=2; sessio=3; Session=4", "session"), "");
    EXPECT_EQ(cookie("session", "session"), "");
    EXPECT_EQ(cookie("session=", "session"), "");
    EXPECT_EQ(cookie(";;", "session"), "");
    EXPECT_EQ(cookie("", "session"), "");
}

}  // namespace
}  // namespace makechat::http
