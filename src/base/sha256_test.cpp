#include "base/sha256.hpp"

#include <gtest/gtest.h>

#include <string>

namespace makechat {
namespace {

using namespace std::string_literals;

struct Vector {
    const char* name;
    std::string bytes;
    const char* hex;
};

// FIPS 180-4 and NIST's examples.
const Vector vectors[] = {
    {"nothing", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"two blocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"a million letters", std::string(1'000'000, 'a'),
     "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
};

TEST(Sha256, gives_the_standards_vectors) {
    for (const auto& c : vectors) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(sha256_hex(c.bytes), c.hex);
    }
}

TEST(Sha256, takes_in_what_follows_a_zero_byte) { EXPECT_NE(sha256("a\0b"s), sha256("a\0c"s)); }

struct Pair {
    const char* name;
    std::string a;
    std::string b;
    bool equal;
};

const Pair pairs[] = {
    {"two of nothing", "", "", true},
    {"the same", "secret", "secret", true},
    {"another first byte", "secret", "Secret", false},
    {"another last byte", "secret", "secreT", false},
    {"a beginning of it", "secret", "secre", false},
    {"more than it", "secret", "secrets", false},
    {"a difference behind a zero byte", "a\0b"s, "a\0c"s, false},
};

TEST(EqualInConstantTime, compares_all_bytes) {
    for (const auto& c : pairs) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(equal_in_constant_time(c.a, c.b), c.equal);
    }
}

}  // namespace
}  // namespace makechat
