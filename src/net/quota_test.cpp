#include "net/quota.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>

namespace makechat::net {
namespace {

Peer peer(const char* six) {
    Peer result;
    EXPECT_EQ(inet_pton(AF_INET6, six, result.bytes.data()), 1);
    result.known = true;
    return result;
}

TEST(Quota, bounds_connections_in_all) {
    Quota quota(2, 2);
    EXPECT_TRUE(quota.enter(peer("::ffff:10.0.0.1")));
    EXPECT_TRUE(quota.enter(peer("::ffff:10.0.0.2")));
    EXPECT_FALSE(quota.enter(peer("::ffff:10.0.0.3")));
    EXPECT_FALSE(quota.enter(Peer{}));
    quota.leave(peer("::ffff:10.0.0.1"));
    EXPECT_TRUE(quota.enter(peer("::ffff:10.0.0.3")));
    EXPECT_EQ(quota.count(), 2u);
}

TEST(Quota, bounds_connections_of_one_address) {
    Quota quota(100, 2);
    for (int round = 0; round < 2; ++round) {
        EXPECT_TRUE(quota.enter(peer("::ffff:10.0.0.1")));
        EXPECT_TRUE(quota.enter(peer("::ffff:10.0.0.1")));
        EXPECT_FALSE(quota.enter(peer("::ffff:10.0.0.1")));
        EXPECT_TRUE(quota.enter(peer("::ffff:10.0.0.2")));
        quota.leave(peer("::ffff:10.0.0.1"));
        quota.leave(peer("::ffff:10.0.0.1"));
        quota.leave(peer("::ffff:10.0.0.2"));
        EXPECT_EQ(quota.count(), 0u);
    }
}

TEST(Quota, counts_the_64_bits_that_one_host_gets_as_one_address) {
    Quota quota(100, 1);
    EXPECT_TRUE(quota.enter(peer("2001:db8:0:1::1")));
    EXPECT_FALSE(quota.enter(peer("2001:db8:0:1:ffff::2")));
    EXPECT_TRUE(quota.enter(peer("2001:db8:0:2::1")));
}

TEST(Quota, unix_sockets_have_no_address) {
    Quota quota(100, 1);
    EXPECT_TRUE(quota.enter(Peer{}));
    EXPECT_TRUE(quota.enter(Peer{}));
    quota.leave(Peer{});
    EXPECT_EQ(quota.count(), 1u);
    EXPECT_EQ(Peer{}.text(), "");
}

TEST(Quota, shows_an_address_as_people_write_it) {
    EXPECT_EQ(peer("::ffff:127.0.0.1").text(), "127.0.0.1");
    EXPECT_EQ(peer("2001:db8::1").text(), "2001:db8::1");
}

}  // namespace
}  // namespace makechat::net
