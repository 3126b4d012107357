#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace makechat {

/// What is kept of a secret (token, session): its SHA-256. The secrets are 165 bits of chance, so that neither a salt nor
/// a slow hash adds anything.
using SecretHash = std::array<std::uint8_t, 32>;

SecretHash sha256(std::string_view bytes);

/// Lower-case hex.
std::string sha256_hex(std::string_view bytes);

/// Compares in a time that depends on the length alone.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace makechat

template <>
struct std::hash<makechat::SecretHash> {
    std::size_t operator()(const makechat::SecretHash& secret) const noexcept {
        std::size_t first = 0;
        for (std::size_t i = 0; i < sizeof first; ++i) first = first << 8U | secret[i];
        return first;
    }
};
