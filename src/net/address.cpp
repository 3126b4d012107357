#include "net/address.hpp"

#include <arpa/inet.h>

#include <array>
#include <charconv>
#include <optional>

namespace makechat::net {

namespace {

bool is_numeric(int family, const std::string& host) {
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    return inet_pton(family, host.c_str(), bytes.data()) == 1;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return port;
}

std::unexpected<Error> bad(std::string_view text, std::string_view why) {
    return fail(
        {Code::bad_parameter, "'" + std::string(text) + "' is not an address to listen on: " + std::string(why)});
}

}  // namespace

Result<Address> parse_address(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return bad(text, "the port is missing, as in 127.0.0.1:8000.");
    const auto port = parse_port(text.substr(colon + 1));
    if (!port) return bad(text, "the port must be a number from 0 to 65535.");

    auto host = text.substr(0, colon);
    const bool bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    if (!bracketed && host.find(':') != std::string_view::npos) {
        return bad(text, "an IPv6 address stands in brackets, as in [::1]:8000.");
    }
    if (host == "localhost") host = "127.0.0.1";
    if (!bracketed && (host.empty() || host == "*")) return Address{"", *port};
    Address address{std::string(host), *port};
    if (!is_numeric(bracketed ? AF_INET6 : AF_INET, address.host)) {
        return bad(text, "the host must be an IP address, as in 127.0.0.1:8000 or [::1]:8000.");
    }
    return address;
}

std::string to_string(const Address& address) {
    const bool six = address.host.find(':') != std::string::npos;
    return (six ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

}  // namespace makechat::net
