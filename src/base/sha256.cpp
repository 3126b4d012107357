#include "base/sha256.hpp"

#include <openssl/evp.h>
#include <sodium.h>

#include <memory>
#include <stdexcept>

namespace makechat {
namespace {

struct Free {
    void operator()(EVP_MD* algorithm) const { EVP_MD_free(algorithm); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

/// Fetched once: OpenSSL 3 looks an algorithm up among its providers each time, which costs more than the hash.
const EVP_MD* algorithm() {
    static const std::unique_ptr<EVP_MD, Free> sha256{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
    return sha256.get();
}

}  // namespace

/// OpenSSL's, for it uses what the processor has for this; a token is hashed at each request.
SecretHash sha256(std::string_view bytes) {
    thread_local const std::unique_ptr<EVP_MD_CTX, Free> context{EVP_MD_CTX_new()};
    SecretHash hash{};
    if (!EVP_DigestInit_ex2(context.get(), algorithm(), nullptr) ||
        !EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) ||
        !EVP_DigestFinal_ex(context.get(), hash.data(), nullptr))
        throw std::runtime_error("OpenSSL has no SHA-256");
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
