#pragma once

#include "base/result.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace makechat {

/// Who counts as one where somebody's tries are counted: an IPv4 address, or of an IPv6 address its first 64 bits, for
/// within them a host may change its address at will. What is no address is itself.
std::string one_host(std::string_view address);

/// A list of IP networks: whom to trust, where hooks may go. IPv4 and IPv6; an IPv4 address that arrives in its IPv6 form
/// (::ffff:10.0.0.1) is the same address.
class Networks {
public:
    /// "10.0.0.0/8, 192.168.1.7 fd00::/8": separated by commas or white space; a single address is a network of one; bits
    /// behind the prefix do not matter. Empty: no network. Error: bad_parameter, with a text for who wrote it.
    static Result<Networks> parse(std::string_view text);

    /// Whether `address` ("10.1.2.3", "fd00::1", "fe80::1%eth0"; no port) lies in one of them. What is no address lies
    /// nowhere.
    [[nodiscard]] bool contains(std::string_view address) const;

    [[nodiscard]] bool empty() const { return networks_.empty(); }

    bool operator==(const Networks&) const = default;

private:
    friend std::string one_host(std::string_view address);
    using Bytes = std::array<std::uint8_t, 16>;  // IPv4 in its IPv6 form

    struct Network {
        Bytes first{};   ///< zeros behind the prefix
        int prefix = 0;  ///< of 128 bits
        bool operator==(const Network&) const = default;
    };

    static bool parse_bytes(std::string_view address, Bytes& bytes);
    static Result<Network> parse_network(std::string_view text);
    static void clear_behind(Bytes& bytes, int prefix);

    std::vector<Network> networks_;
};

}  // namespace makechat
