#include "base/networks.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string>

namespace makechat {
namespace {

constexpr int ipv6_bits = 128;
constexpr int ipv4_bits = 32;
constexpr std::size_t networks_max = 1'000;
constexpr std::string_view between = ", \t\r\n";

Error not_a_network(std::string_view text) {
    return {Code::bad_parameter, fmt::format("'{}' is no network: write 10.0.0.0/8, 192.168.1.7 or fd00::/8", text)};
}

}  // namespace

bool Networks::parse_bytes(std::string_view address, Bytes& bytes) {
    const std::string text(address.substr(0, address.find('%')));  // the interface of a link-local address
    if (in6_addr six{}; inet_pton(AF_INET6, text.c_str(), &six) == 1) {
        std::memcpy(bytes.data(), &six, bytes.size());
        return true;
    }
    in_addr four{};
    if (inet_pton(AF_INET, text.c_str(), &four) != 1) return false;
    bytes = {};
    bytes[10] = bytes[11] = 0xFF;
    std::memcpy(bytes.data() + 12, &four, 4);
    return true;
}

std::string one_host(std::string_view address) {
    constexpr int ipv6_host_bits = 64;
    Networks::Bytes bytes{};
    if (!address.contains(':') || !Networks::parse_bytes(address, bytes)) return std::string{address};
    const bool is_ipv4 = std::ranges::all_of(bytes.begin(), bytes.begin() + 10, [](auto byte) { return byte == 0; }) &&
                         bytes[10] == 0xFF && bytes[11] == 0xFF;
    if (is_ipv4) return fmt::format("{}.{}.{}.{}", bytes[12], bytes[13], bytes[14], bytes[15]);
    Networks::clear_behind(bytes, ipv6_host_bits);
    return fmt::format("{:02x}", fmt::join(bytes.begin(), bytes.begin() + ipv6_host_bits / 8, ""));
}

void Networks::clear_behind(Bytes& bytes, int prefix) {
    for (int i = 0; i < static_cast<int>(bytes.size()); ++i) {
        const int kept = std::clamp(prefix - i * 8, 0, 8);
        bytes[static_cast<std::size_t>(i)] &= static_cast<std::uint8_t>(0xFF00U >> kept);
    }
}

Result<Networks::Network> Networks::parse_network(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = text.substr(0, slash);
    Network network;
    if (address.contains('%') || address.contains('\0') || !parse_bytes(address, network.first))
        return fail(not_a_network(text));
    const int bits = address.contains(':') ? ipv6_bits : ipv4_bits;
    int prefix = bits;
    if (slash != std::string_view::npos) {
        const auto digits = text.substr(slash + 1);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
        if (error != std::errc{} || end != digits.data() + digits.size() || prefix < 0 || prefix > bits)
            return fail(not_a_network(text));
    }
    network.prefix = prefix + ipv6_bits - bits;
    clear_behind(network.first, network.prefix);
    return network;
}

Result<Networks> Networks::parse(std::string_view text) {
    Networks list;
    for (;;) {
        text.remove_prefix(std::min(text.find_first_not_of(between), text.size()));
        if (text.empty()) return list;
        const auto word = text.substr(0, text.find_first_of(between));
        const auto network = parse_network(word);
        if (!network) return fail(network.error());
        if (list.networks_.size() == networks_max)
            return fail({Code::bad_parameter, fmt::format("more than {} networks", networks_max)});
        list.networks_.push_back(*network);
        text.remove_prefix(word.size());
    }
}

bool Networks::contains(std::string_view address) const {
    if (networks_.empty()) return false;  // most servers trust no proxy, and this is asked for each request
    Bytes bytes{};
    if (address.contains('\0') || !parse_bytes(address, bytes)) return false;
    return std::ranges::any_of(networks_, [&bytes](const Network& network) {
        Bytes in = bytes;
        clear_behind(in, network.prefix);
        return in == network.first;
    });
}

}  // namespace makechat
