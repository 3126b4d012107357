#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace makechat::net {

/// Where to listen. Numeric addresses only: a name may mean several, or another one tomorrow.
struct Address {
    std::string host;        ///< "127.0.0.1", "::1"; empty: every address of the machine, IPv4 and IPv6
    std::uint16_t port = 0;  ///< 0: a free one

    bool operator==(const Address&) const = default;
};

/// Reads "127.0.0.1:8000", "[::1]:8000", ":8000", "localhost:8000". Error: bad_parameter, with a text for the person who
/// wrote it.
Result<Address> parse_address(std::string_view text);

/// What parse_address reads.
std::string to_string(const Address& address);

}  // namespace makechat::net
