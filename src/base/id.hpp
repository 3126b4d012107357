#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace makechat {

/// A 12-byte ObjectId (4 bytes of Unix seconds, 5 of randomness, 3 of a counter; big-endian, so that ids sort by time).
/// Ids of different things do not mix: no arithmetic, no conversion. On the wire: 24 hex digits.
template <class Tag>
struct Id {
    std::array<std::uint8_t, 12> bytes{};
    auto operator<=>(const Id&) const = default;
};

namespace detail {
std::string hex_of(const std::array<std::uint8_t, 12>& bytes);
std::optional<std::array<std::uint8_t, 12>> bytes_of_hex(std::string_view hex);
}  // namespace detail

/// 24 lower-case hex digits.
template <class Tag>
std::string to_hex(const Id<Tag>& id) {
    return detail::hex_of(id.bytes);
}

/// Exactly 24 hex digits of either case; anything else is none.
template <class IdType>
std::optional<IdType> parse_id(std::string_view hex) {
    const auto bytes = detail::bytes_of_hex(hex);
    if (!bytes) return std::nullopt;
    return IdType{*bytes};
}

}  // namespace makechat

template <class Tag>
struct std::hash<makechat::Id<Tag>> {
    /// The random part and the counter differ most; the last eight bytes hold both.
    std::size_t operator()(const makechat::Id<Tag>& id) const noexcept {
        std::uint64_t last;
        std::memcpy(&last, id.bytes.data() + 4, sizeof last);
        return last * 0x9E3779B97F4A7C15U;
    }
};
