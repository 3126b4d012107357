#include "base/sha256.hpp"

#include <sodium.h>

namespace makechat {

SecretHash sha256(std::string_view bytes) {
    SecretHash hash{};
    crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    return hash;
}

std::string sha256_hex(std::string_view bytes) {
    const auto hash = sha256(bytes);
    std::string hex(hash.size() * 2 + 1, '\0');  // sodium writes a final zero
    sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
    hex.pop_back();
    return hex;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace makechat
